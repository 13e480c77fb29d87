import assert from 'node:assert/strict'
import { ChartFiles } from '../../../../src/values/chart-files.ts'
import { isValuesFile } from '../../../../src/values/values-file.ts'

/** Files in memory, with a count of what was read. */
function filesOf(files: Record<string, string>): { charts: ChartFiles; files: Record<string, string>; read: string[] } {
  const read: string[] = []
  const charts = new ChartFiles({
    read: async (path) => {
      read.push(path)
      const text = files[path]
      if (text === undefined) throw new Error('no such file')
      return text
    },
    exists: async (path) => path in files,
    list: async (folder) => {
      const below = Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1))
      return [...new Set(below.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : path)))]
    },
  })
  return { charts, files, read }
}

const chart = {
  '/w/c/Chart.yaml': 'name: loco\nversion: 1.2.3\n',
  '/w/c/values.yaml': 'a: 1\n',
  '/w/c/values.schema.json': '{"properties": {"a": {"type": "integer"}}}',
  '/w/c/templates/a.yaml': 'x',
  '/w/c/templates/more/b.tpl': 'y',
  '/w/c/envs/values-kind.yaml': 'a: 2\n',
}

describe('charts of files', () => {
  it('the nearest Chart.yaml above, with everything that belongs to it', async () => {
    const { charts } = filesOf({ ...chart })
    const found = await charts.chartOf('/w/c/envs/values-kind.yaml')
    assert.deepEqual([found?.folder, found?.name, found?.version, found?.ours], ['/w/c', 'loco', '1.2.3', true])
    assert.deepEqual(found?.defaults.values, { a: 1 })
    assert.ok(found?.schema)
    assert.deepEqual(
      found?.templates.map(({ file }) => file),
      ['/w/c/templates/a.yaml', '/w/c/templates/more/b.tpl'],
    )
    assert.equal(await charts.chartOf('/w/elsewhere.yaml'), undefined)
  })

  it('is read once, until one of its files changes', async () => {
    const { charts, files, read } = filesOf({ ...chart })
    const first = await charts.chartIn('/w/c')
    const reads = read.length
    assert.equal(await charts.chartOf('/w/c/values.yaml'), first)
    assert.equal(read.length, reads)
    charts.changed('/w/other/values.yaml')
    assert.equal(await charts.chartIn('/w/c'), first)
    files['/w/c/values.yaml'] = 'a: 3\n'
    charts.changed('/w/c/values.yaml')
    assert.deepEqual((await charts.chartIn('/w/c'))?.defaults.values, { a: 3 })
  })

  it('without values, with a broken schema', async () => {
    const { charts } = filesOf({ '/w/d/Chart.yaml': 'name: other', '/w/d/values.schema.json': '{' })
    const found = await charts.chartIn('/w/d')
    assert.deepEqual([found?.ours, found?.schema, found?.schemaProblem?.code, found?.defaults.values], [false, undefined, 'LOCO-VA-22', {}])
  })

  const places: [inChart: string, values: boolean][] = [
    ['values.yaml', true],
    ['values-kind.yml', true],
    ['production.yaml', true],
    ['Chart.yaml', false],
    ['templates/values.yaml', false],
    ['charts/sub/values.yaml', false],
    ['envs/values-dev.yaml', true],
    ['envs/other.yaml', false],
    ['README.md', false],
    ['.hidden.yaml', false],
  ]
  for (const [inChart, values] of places) it(`${inChart}: ${values ? 'values' : 'no values'}`, () => assert.equal(isValuesFile(inChart), values))
})
