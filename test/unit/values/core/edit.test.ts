import assert from 'node:assert/strict'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { applied, insertBlock, moveKey, removeKey, removeKeyAt, renameKey, setValue } from '../../../../src/values/edit.ts'
import { isTable, valueAt } from '../../../../src/values/path.ts'
import type { Edit, ValuePath } from '../../../../src/values/types.ts'
import { sections } from './given.ts'

const lines = (...all: string[]): string => all.join('\n')
type Change = (document: ValuesDocument) => Edit | Edit[]

const cases: [what: string, before: string, change: Change, after: string][] = [
  ['a plain value', 'a: 1 # one\n', (d) => setValue(d, ['a'], 2), 'a: 2 # one\n'],
  ['quotes stay', `a: "x"\nb: 'y'\n`, (d) => setValue(d, ['a'], 'z'), `a: "z"\nb: 'y'\n`],
  ['quotes go with a number', 'a: "5"\n', (d) => setValue(d, ['a'], 5), 'a: 5\n'],
  ['quotes where Helm would read another type', 'a: x\n', (d) => setValue(d, ['a'], 'on'), 'a: "on"\n'],
  ['no value yet', 'a: # what\nb: 1\n', (d) => setValue(d, ['a'], 2), 'a: 2 # what\nb: 1\n'],
  ['a new key of a map', 'a:\n  b: 1 # one\n  # end\nc: 2\n', (d) => setValue(d, ['a', 'x'], 2), 'a:\n  b: 1 # one\n  x: 2\n  # end\nc: 2\n'],
  ['a new key of the root', 'a: 1\n', (d) => setValue(d, ['b'], 2), 'a: 1\nb: 2\n'],
  ['without a last line break', 'a: 1', (d) => setValue(d, ['b'], 2), 'a: 1\nb: 2'],
  ['an empty file', '', (d) => setValue(d, ['a', 'b'], 2), 'a:\n  b: 2\n'],
  ['a file of comments', '# mine\n', (d) => setValue(d, ['a'], 2), '# mine\na: 2\n'],
  ['maps on the way', 'a:\n    b: 1\n', (d) => setValue(d, ['a', 'c', 'd'], 2), 'a:\n    b: 1\n    c:\n        d: 2\n'],
  ['into braces', 'a: {b: 1}\n', (d) => setValue(d, ['a', 'c'], 'x'), 'a: {b: 1, c: x}\n'],
  ['into empty braces', 'a: {} # none\nb: 1\n', (d) => setValue(d, ['a', 'c'], 'x'), 'a: # none\n  c: x\nb: 1\n'],
  ['into null', 'a:\nb: 1\n', (d) => setValue(d, ['a', 'c'], 'x'), 'a:\n  c: x\nb: 1\n'],
  ['a list by a list', 'a: [1]\n', (d) => setValue(d, ['a'], [1, 2]), 'a: [1, 2]\n'],
  ['an entry of a list', 'a:\n  - b: 1\n    c: 2\n', (d) => setValue(d, ['a', 0, 'c'], 3), 'a:\n  - b: 1\n    c: 3\n'],
  ['a new key in an entry of a list', 'a:\n  - b: 1\nz: 1\n', (d) => setValue(d, ['a', 0, 'c'], 3), 'a:\n  - b: 1\n    c: 3\nz: 1\n'],
  ['a map by a word', 'a: # why\n  b:\n    c: 1\nd: 1\n', (d) => setValue(d, ['a'], 'x'), 'a: x # why\nd: 1\n'],
  ['a word by a map', 'a: x # why\nd: 1\n', (d) => setValue(d, ['a'], { b: 1 }), 'a: # why\n  b: 1\nd: 1\n'],
  ['behind an anchor', 'a: &x 1\nb: *x\n', (d) => setValue(d, ['a'], 2), 'a: &x 2\nb: *x\n'],
  ['an alias', 'a: &x 1\nb: *x\n', (d) => setValue(d, ['b'], 2), 'a: &x 1\nb: 2\n'],
  ['beside a merge key', 'a: &x {b: 1}\nc:\n  <<: *x\n', (d) => setValue(d, ['c', 'b'], 2), 'a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n'],
  ['below an alias', 'a: &x {b: 1, c: 2}\nd: *x\n', (d) => setValue(d, ['d', 'b'], 2), 'a: &x {b: 1, c: 2}\nd:\n  b: 2\n  c: 2\n'],
  ['a block text', 'a: |\n  x\n  y\nb: 1\n', (d) => setValue(d, ['a'], 'z'), 'a: z\nb: 1\n'],
  ['carriage returns', 'a:\r\n  b: 1\r\nc: 2\r\n', (d) => setValue(d, ['a', 'd'], 2), 'a:\r\n  b: 1\r\n  d: 2\r\nc: 2\r\n'],
  ['the second document', 'a: 1\n---\nb:\n  c: 1\n', (d) => setValue(d, ['b', 'd'], 2), 'a: 1\n---\nb:\n  c: 1\n  d: 2\n'],
  ['takes a line', 'a: 1\n# about b\nb: 2 # two\nc: 3\n', (d) => removeKey(d, ['b']), 'a: 1\n# about b\nc: 3\n'],
  ['takes the last line', 'a: 1\nb: 2', (d) => removeKey(d, ['b']), 'a: 1\n'],
  ['takes a map', 'a:\n  b: 1\n  c: 2\nd: 1\n', (d) => removeKey(d, ['a']), 'd: 1\n'],
  ['takes the only key', 'a:\n  b: 1\nd: 1\n', (d) => removeKey(d, ['a', 'b']), 'a: {}\nd: 1\n'],
  ['takes from braces', 'a: {b: 1, c: 2, d: 3}\n', (d) => removeKey(d, ['a', 'c']), 'a: {b: 1, d: 3}\n'],
  ['takes the last from braces', 'a: {b: 1, c: 2}\n', (d) => removeKey(d, ['a', 'c']), 'a: {b: 1}\n'],
  ['takes behind a dash', 'a:\n  - b: 1\n    c: 2\n', (d) => removeKey(d, ['a', 0, 'b']), 'a:\n  - c: 2\n'],
  ['takes an entry of a list', 'a:\n  - b\n  - c\n', (d) => removeKey(d, ['a', 0]), 'a:\n  - c\n'],
  ['takes the only entry of a list', 'a:\n  - b\n', (d) => removeKey(d, ['a', 0]), 'a: []\n'],
  ['takes a key without value', 'a: 1\nb:\nc: 2\n', (d) => removeKey(d, ['b']), 'a: 1\nc: 2\n'],
  ['takes the first of two', 'a: 1\nb: 2\na: 3\n', (d) => removeKeyAt(d, 0), 'b: 2\na: 3\n'],
  ['takes what is not there', 'a: 1\n', (d) => removeKey(d, ['b']), 'a: 1\n'],
  ['names anew', 'replicaCount: 3 # three\n', (d) => renameKey(d, ['replicaCount'], 'replicas'), 'replicas: 3 # three\n'],
  ['names anew in quotes', '"a": 3\n', (d) => renameKey(d, ['a'], 'b'), '"b": 3\n'],
  [
    'moves with comments and style',
    lines('a:', '  # about', '  b: "x" # y', '  c:', '    # inside', '    d: 1', 'e: 1', ''),
    (d) => moveKey(d, ['a', 'c'], ['f', 'g']),
    lines('a:', '  # about', '  b: "x" # y', 'e: 1', 'f:', '  g:', '    # inside', '    d: 1', ''),
  ],
  [
    'moves within one map',
    'storage:\n  diskSize: 5Gi\n',
    (d) => moveKey(d, ['storage', 'diskSize'], ['storage', 'persistentVolume', 'size']),
    'storage:\n  persistentVolume:\n    size: 5Gi\n',
  ],
  ['moves upwards', 'a:\n  b:\n    c: 1\n    d: 2\n', (d) => moveKey(d, ['a', 'b', 'c'], ['x']), 'a:\n  b:\n    d: 2\nx: 1\n'],
  [
    'a block of what is missing',
    lines('storage:', '  strategy: hybrid', '  hostPath:', '    sharedDirectory: /data # mine', 'z: 1', ''),
    (d) => insertBlock(d, ['storage'], { strategy: 'x', hostPath: { sharedDirectory: 'y', createIfNotExists: true }, persistentVolume: { size: '10Gi' } }),
    lines(
      'storage:',
      '  strategy: hybrid',
      '  hostPath:',
      '    sharedDirectory: /data # mine',
      '    createIfNotExists: true',
      '  persistentVolume:',
      '    size: 10Gi',
      'z: 1',
      '',
    ),
  ],
  ['a text of several lines', 'a: 1\n', (d) => setValue(d, ['b'], 'x\n  y\n'), 'a: 1\nb: |\n  x\n    y\n'],
  ['a list of maps', 'a: 1\n', (d) => setValue(d, ['b'], [{ c: 1, d: { e: 2 } }, 'f']), 'a: 1\nb:\n  - c: 1\n    d:\n      e: 2\n  - f\n'],
]

describe('edits of a values file', () => {
  for (const [what, before, change, after] of cases) {
    it(what, () => {
      const document = ValuesDocument.parse('values.yaml', before)
      assert.equal(applied(before, [change(document)].flat()), after)
    })
  }

  it('every value of the chart can be set, taken and set again; nothing else changes', function () {
    this.timeout(60_000)
    for (const source of sections.flatMap((text, index) => (index % 3 === 0 ? [text, text.replaceAll('\n', '\r\n')] : [text]))) {
      const document = ValuesDocument.parse('values.yaml', source)
      for (const [index, path] of pathsOf(document.values).entries()) {
        const value = ['on', 7, ['x', { y: 1 }], { k: { l: 'm' } }][index % 4]
        const edit = setValue(document, path, value)
        const changed = ValuesDocument.parse('values.yaml', applied(source, [edit]))
        assert.deepEqual(changed.syntax, [], `${path.join('.')} = ${JSON.stringify(value)}: ${edit.newText}`)
        assert.deepEqual(changed.values, withValue(document.values, path, value), path.join('.'))
        const removed = ValuesDocument.parse('values.yaml', applied(source, [removeKey(document, path)]))
        assert.deepEqual(removed.syntax, [], path.join('.'))
        assert.equal(valueAt(removed.values, path), undefined)
        const again = ValuesDocument.parse('values.yaml', applied(removed.text, [setValue(removed, path, valueAt(document.values, path))]))
        assert.deepEqual(again.syntax, [], path.join('.'))
        assert.deepEqual(again.values, document.values, path.join('.'))
      }
    }
  })
})

function pathsOf(value: unknown, path: ValuePath = []): ValuePath[] {
  if (!isTable(value)) return []
  return Object.entries(value).flatMap(([key, one]) => [[...path, key], ...pathsOf(one, [...path, key])])
}

function withValue(values: unknown, [key, ...rest]: ValuePath, value: unknown): unknown {
  const map = values as Record<string, unknown>
  return { ...map, [key as string]: rest.length === 0 ? value : withValue(map[key as string], rest, value) }
}
