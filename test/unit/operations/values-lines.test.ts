import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { codes } from '../../../src/base/codes.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { findValue, pathsOfCodes, problemsInValues, valuesOf } from '../../../src/operations/values-lines.ts'

const text = `# Our fleet
replicas: 9
emulator:
  "memoryMiB": 4096 # too much
  nodeSelector:
    kubernetes.io/arch: arm64
storage:
  persistentVolume: {size: 10Gi, storageClass: fast}
`
const finding = (code: string, evidence: string[] = [], cause = ''): Finding => ({ code, title: '', cause, evidence, fix: [], severity: 'fatal' })

describe('where a value stands in a values file', () => {
  const rows: [string, string, [number, number, number] | undefined][] = [
    ['at the top', 'replicas', [1, 0, 8]],
    ['nested, in quotes', 'emulator.memoryMiB', [3, 2, 13]],
    ['on one line with others', 'storage.persistentVolume.storageClass', [7, 33, 45]],
    ['a mapping', 'emulator', [2, 0, 8]],
    ['one that is not set', 'emulator.image', undefined],
    ['below one that is no mapping', 'replicas.more', undefined],
    ['nothing', '', undefined],
  ]
  for (const [name, path, expected] of rows) {
    it(name, () => {
      const place = findValue(text, path === '' ? [] : path.split('.'))
      assert.deepEqual(place && [place.line, place.column, place.endColumn], expected)
    })
  }
  it('keys may hold dots', () => assert.equal(findValue(text, ['emulator', 'nodeSelector', 'kubernetes.io/arch'])?.line, 5))
  it('what stands above a mistake is still found', () => assert.equal(findValue(`${text}\n: : :\n  - x: [`, ['replicas'])?.line, 1))
  it('a file that is no mapping has none', () => assert.equal(findValue('- a\n- b\n', ['a']), undefined))
})

describe('findings at the lines of values files', () => {
  const chart = 'replicas: 3\nemulator:\n  memoryMiB: 64\n'
  const schema = "values don't meet the specifications of the schema\n- at '/emulator/memoryMiB': maximum: got 4,096, want 512"
  const rows: [string, Finding, { file: string; text: string | undefined }[], string[]][] = [
    ['the value that decides', finding('LOCO-SCH-002'), [{ file: 'a', text }], ['a:4']],
    ['the next likely value where the first is not set', finding('LOCO-SCH-001'), [{ file: 'a', text }], ['a:2']],
    [
      'the last file that sets it counts',
      finding('LOCO-SCH-002'),
      [
        { file: 'a', text },
        { file: 'b', text: chart },
      ],
      ['b:3'],
    ],
    ['words of the schema name their value', finding('LOCO-CHT-012', [schema]), [{ file: 'a', text }], ['a:4']],
    [
      'words of the chart spell their value out',
      finding('LOCO-CHT-013', ['execution error at (loco/templates/a.yaml:8:4): With storage.class (values.yaml) emulator.memoryMiB is too much.']),
      [{ file: 'a', text }],
      ['a:4'],
    ],
    ['a default of the chart has no line here', finding('LOCO-SCH-002'), [{ file: 'a', text: 'storage: {}\n' }], ['']],
    ['a cause that no value can mend', finding('LOCO-KUB-020'), [{ file: 'a', text }], ['']],
    ['a file that is gone', finding('LOCO-SCH-002'), [{ file: 'a', text: undefined }], ['']],
    [
      'a file that is no YAML',
      finding('LOCO-CHT-015', ['failed to parse /w/a.yaml: yaml: line 7: did not find'], ''),
      [{ file: '/w/a.yaml', text }],
      ['/w/a.yaml:7'],
    ],
    ['no file at all', finding('LOCO-SCH-002'), [], ['']],
  ]
  for (const [name, given, files, expected] of rows) {
    it(name, () => {
      const found = problemsInValues([given], files).map(({ file, place }) => `${file}:${place.line + 1}`)
      assert.deepEqual(found.length === 0 ? [''] : found, expected)
    })
  }

  it('a finding that names its line stands there, at what is written on it', () => {
    const [problem, ...more] = problemsInValues([{ ...finding('LOCO-VA-09'), where: ['/w/a.yaml:4', '/w/b.yaml:1'] }], [{ file: '/w/a.yaml', text }])
    assert.deepEqual([problem?.file, problem?.place, more], ['/w/a.yaml', { line: 3, column: 2, endColumn: 30 }, []])
  })

  it('names only codes that exist and values that the chart has', () => {
    const values = parse(readFileSync(join(packageRoot(), 'helm', 'loco-chart', 'values.yaml'), 'utf8')) as unknown
    for (const [code, paths] of Object.entries(pathsOfCodes)) {
      assert.ok(code in codes, code)
      for (const path of paths) {
        // Below a value that is free to hold anything, the chart says nothing.
        const known = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values)
        assert.ok(known !== undefined || path.join('.').startsWith('emulator.env.'), `${code}: ${path.join('.')}`)
      }
    }
  })

  it('says nothing of a code that it does not know', () => assert.deepEqual(valuesOf(finding('LOCO-USE-003')), []))
})
