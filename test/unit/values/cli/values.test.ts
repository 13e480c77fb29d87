import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../../../src/base/package-root.ts'
import { main } from '../../../../src/cli/main.ts'
import { strategyNames } from '../../../../src/cli/values/explain.ts'
import { type FakeTerminal, fakeTerminal } from '../../cli/fake-terminal.ts'

const chart = join(packageRoot(), 'helm', 'loco-chart')
const wrong = '# mine\r\nstorage:\r\n  strategy: persistent\r\n  persistentVolume:\r\n    size: 10GB # enough\r\n'

describe('loco values', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-values-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return name
  }
  const run = async (...words: string[]): Promise<FakeTerminal & { exit: number }> => {
    const terminal: FakeTerminal = { ...fakeTerminal({ env: { HOME: '/nonexistent', LOCO_SANDBOX_ROOT: '/nonexistent' } }), cwd: folder }
    return { ...terminal, exit: await main(['values', ...words], terminal) }
  }
  const json = async (...words: string[]): Promise<Record<string, unknown>> =>
    JSON.parse((await run(...words, '--output', 'json')).out()) as Record<string, unknown>
  const problems = async (...words: string[]): Promise<{ code: string; severity: string; range: { start: { line: number; column: number } } }[]> =>
    (await json('check', ...words))['problems'] as never

  it('check: place, code, sentence and fix of each problem; 38 when there are errors', async () => {
    const { exit, out } = await run('check', put('values.yaml', wrong))
    assert.equal(exit, 38)
    assert.match(out(), /^values\.yaml:5:11: error LOCO-ST-03: .*10GB.*\n {2}→ .*10Gi/)
    assert.match(out(), /Errors: 1, warnings: 0/)
  })

  it('check: right values end with 0, and what was not asked of a cluster is named', async () => {
    const { exit, out } = await run('check', put('values.yaml', 'replicas: 2\n'))
    assert.equal(exit, 0)
    assert.match(out(), /^Errors: 0, warnings: 0, notes: 0\.\nNot checked \(needs a cluster\): LOCO-/)
  })

  it('check --output json: ranges from 1, end exclusive, with fixes as edits', async () => {
    const document = await json('check', put('values.yaml', wrong))
    assert.equal(document['schema'], 'loco.values-check/1')
    const [problem] = document['problems'] as { fixes: { preferred: boolean; edits: object[] }[] }[]
    const range = { start: { line: 5, column: 11 }, end: { line: 5, column: 15 } }
    assert.partialDeepStrictEqual(problem, { code: 'LOCO-ST-03', severity: 'error', file: 'values.yaml', range })
    assert.deepEqual(problem?.fixes.find(({ preferred }) => preferred)?.edits, [{ file: 'values.yaml', range, newText: '10Gi' }])
  })

  it('check --output sarif: one result for each problem', async () => {
    const { exit, out } = await run('check', put('values.yaml', wrong), '--output', 'sarif')
    const { version, runs } = JSON.parse(out()) as { version: string; runs: { results: { ruleId: string }[] }[] }
    assert.deepEqual([exit, version, runs[0]?.results.map(({ ruleId }) => ruleId)], [38, '2.1.0', ['LOCO-ST-03']])
  })

  it('check: several files, each on its own', async () => {
    const found = await problems(put('a.yaml', wrong), put('b.yaml', 'replicas: 2\n'), put('c.yaml', 'replica: 2\n'))
    assert.deepEqual(
      found.map(({ code }) => code),
      ['LOCO-ST-03', 'LOCO-VA-02'],
    )
  })

  it('check -f: what an earlier file says counts', async () => {
    put('base.yaml', 'emulator: {memoryMiB: 512}\n')
    put('values.yaml', 'emulator: {resources: {limits: {memory: 512Mi}}}\n')
    assert.deepEqual(await problems('values.yaml'), [])
    assert.deepEqual(
      (await problems('values.yaml', '-f', 'base.yaml')).map(({ code }) => code),
      ['LOCO-VA-08'],
    )
  })

  it('check: no problem in our own files', async () => {
    const own = readdirSync(chart).filter((name) => /^values.*\.yaml$/.test(name))
    assert.ok(own.length > 1)
    const found = await problems(...own.map((name) => join(chart, name)))
    assert.deepEqual(
      found.filter(({ severity }) => severity === 'error'),
      [],
    )
  })

  it('--schema serves any chart: its words count, our rules do not', async () => {
    put(
      'schema.json',
      JSON.stringify({ type: 'object', additionalProperties: false, properties: { colour: { enum: ['red', 'blue'] }, storage: { type: 'object' } } }),
    )
    put('values.yaml', 'colour: green\nstorage: {strategy: floppy}\n')
    assert.deepEqual(
      (await problems('values.yaml', '--schema', 'schema.json')).map(({ code, range }) => `${code} ${range.start.line}`),
      ['LOCO-VA-05 1'],
    )
  })

  it('--chart: a chart of a person, with what its templates read', async () => {
    mkdirSync(join(folder, 'other', 'templates'), { recursive: true })
    put('other/Chart.yaml', 'apiVersion: v2\nname: other\nversion: 1.0.0\n')
    put('other/values.yaml', 'colour: red\nunused: 1\n')
    put('other/templates/a.yaml', 'kind: ConfigMap\ndata: {colour: {{ .Values.colour }}}\n')
    assert.deepEqual(
      (await problems('other/values.yaml')).map(({ code, range }) => `${code} ${range.start.line}`),
      ['LOCO-VA-03 2'],
    )
    const hover = await json('hover', `${put('mine.yaml', 'colour: blue\n')}:1:3`, '--chart', 'other')
    assert.match(String(hover['contents']), /templates\/a\.yaml/)
  })

  it('complete: what can be written, most wanted first, with where it goes', async () => {
    put('values.yaml', 'storage:\n  strategy: h\n')
    const document = await json('complete', 'values.yaml:2:14')
    assert.equal(document['schema'], 'loco.values-complete/1')
    const items = document['items'] as { label: string; kind: string; range: object; newText: string }[]
    const range = { start: { line: 2, column: 13 }, end: { line: 2, column: 14 } }
    assert.partialDeepStrictEqual(
      items.find(({ label }) => label === 'hostpath'),
      { kind: 'enum', newText: 'hostpath', range },
    )
  })

  it('hover: Markdown with the range of the value; null where there is nothing to say', async () => {
    put('values.yaml', 'replicas: 4\n\n')
    const document = await json('hover', 'values.yaml:1:2')
    assert.deepEqual([document['schema'], document['range']], ['loco.values-hover/1', { start: { line: 1, column: 1 }, end: { line: 1, column: 9 } }])
    assert.match(String(document['contents']), /emulators/i)
    assert.equal(await json('hover', 'values.yaml:2:1'), null)
  })

  it('fix: shows what it would change and changes nothing', async () => {
    const { exit, out } = await run('fix', put('values.yaml', wrong))
    assert.equal(exit, 0)
    assert.match(out(), /^values\.yaml:5\n- {5}size: 10GB # enough\n\+ {5}size: 10Gi # enough\nNothing was written: --write does\./)
    assert.equal(readFileSync(join(folder, 'values.yaml'), 'utf8'), wrong)
  })

  it('fix --write: keeps comments, line ends and rights, and leaves nothing beside', async () => {
    put('values.yaml', wrong)
    const { mode } = statSync(join(folder, 'values.yaml'))
    assert.equal((await run('fix', 'values.yaml', '--write')).exit, 0)
    assert.equal(readFileSync(join(folder, 'values.yaml'), 'utf8'), wrong.replace('10GB', '10Gi'))
    assert.equal(statSync(join(folder, 'values.yaml')).mode, mode)
    assert.deepEqual(readdirSync(folder), ['values.yaml'])
    assert.deepEqual(await problems('values.yaml'), [])
  })

  it('fix --rule: only the problems of one code; what is left decides the exit', async () => {
    put('values.yaml', 'replica: 2\nstorage: {persistentVolume: {size: 10GB}}\n')
    const { exit, out } = await run('fix', 'values.yaml', '--rule', 'LOCO-ST-03', '--output', 'json')
    const document = JSON.parse(out()) as { schema: string; written: boolean; edits: { newText: string }[]; problems: { code: string }[] }
    assert.deepEqual([exit, document.schema, document.written], [38, 'loco.values-fix/1', false])
    assert.deepEqual([document.edits.map(({ newText }) => newText), document.problems.map(({ code }) => code)], [['10Gi'], ['LOCO-VA-02']])
  })

  for (const strategy of strategyNames) {
    it(`explain ${strategy}: the values that it names are right ones`, async () => {
      const document = await json('explain', strategy)
      assert.equal(document['schema'], 'loco.values-explain/1')
      assert.ok(String(document['summary']).length > 10)
      assert.deepEqual(Object.keys(document['survives'] as object), ['podRestart', 'nodeRestart', 'upgrade', 'uninstall', 'clusterDeletion'])
      put('values.yaml', String(document['values']))
      const { out } = await run('check', 'values.yaml', '--output', 'json')
      const { problems: found } = JSON.parse(out()) as { problems: { code: string; severity: string }[] }
      assert.deepEqual(
        found.filter(({ code, severity }) => severity === 'error' && code === 'LOCO-VA-02'),
        [],
      )
    })
  }

  const refused: [words: string[], exit: number, code: string][] = [
    [['check', 'nothing.yaml'], 38, 'LOCO-CHT-015'],
    [['check'], 2, 'LOCO-USE-001'],
    [['check', 'values.yaml', '--chart', '.'], 35, 'LOCO-CHT-010'],
    [['check', 'values.yaml', '--role', 'king'], 2, 'LOCO-USE-001'],
    [['check', 'values.yaml', '--schema', 'schema.json', '--rendered'], 35, 'LOCO-CHT-010'],
    [['complete', 'values.yaml'], 2, 'LOCO-USE-001'],
    [['complete', 'values.yaml:9:1'], 2, 'LOCO-USE-001'],
    [['hover', 'values.yaml:1:99'], 2, 'LOCO-USE-001'],
    [['explain', 'floppy'], 2, 'LOCO-USE-001'],
    [['fix', 'values.yaml', '--output', 'sarif'], 2, 'LOCO-USE-001'],
    [['check', 'values.yaml', '--context', 'nowhere'], 48, 'LOCO-KUB-001'],
  ]
  for (const [words, exit, code] of refused)
    it(`${words.join(' ')} → ${code}`, async () => {
      put('values.yaml', 'replicas: 2\n')
      put('schema.json', '{}')
      const ended = await run(...words)
      assert.match(ended.err(), new RegExp(`^${code}`))
      assert.equal(ended.exit, exit)
    })

  const broken: [what: string, text: string][] = [
    ['an open bracket', 'a: [\n'],
    ['a tab', 'a:\n\tb: 1\n'],
    ['a list', '- a\n'],
    ['nothing', ''],
    ['many aliases', `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [${i === 0 ? '*a' : `*b${i - 1}, *b${i - 1}`}]`).join('\n')}\n`],
    ['deep nesting', `a: ${'['.repeat(400)}\n`],
  ]
  for (const [what, text] of broken)
    it(`a broken file: ${what}`, async () => {
      put('values.yaml', text)
      const { exit, err } = await run('check', 'values.yaml')
      assert.ok(exit === 0 || exit === 38, err())
      assert.equal((await run('hover', 'values.yaml:1:1')).exit, 0)
      assert.equal((await run('complete', 'values.yaml:1:1')).exit, 0)
    })
})
