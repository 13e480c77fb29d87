import assert from 'node:assert/strict'
import { complete } from '../../../../src/values/complete.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { chartOf, facts, viewOf } from './given.ts'

/** A chart with everything in it that a schema can say. */
const chart = chartOf(
  {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    definitions: {
      port: {
        type: 'object',
        additionalProperties: false,
        required: ['number'],
        properties: { label: { type: 'string' }, number: { type: 'integer', default: 80 } },
      },
    },
    properties: {
      old: { type: 'string', deprecationMessage: 'Use `name`.' },
      mode: { type: 'string', enum: ['on', 'off', 'auto'], default: 'auto', markdownEnumDescriptions: ['Always.', 'Never.', 'As it comes.'] },
      name: { type: 'string', description: 'What it is called.' },
      debug: { type: 'boolean' },
      ports: { type: 'array', items: { $ref: '#/definitions/port' } },
      words: { type: 'array', items: { enum: ['one', 'two'] } },
      box: {
        type: 'object',
        additionalProperties: false,
        properties: { a: { type: 'string' }, b: { type: 'object', properties: { c: { enum: ['x', 'y'] } } } },
      },
      kind: {
        type: 'object',
        properties: { type: { enum: ['disk', 'net'] } },
        if: { properties: { type: { const: 'disk' } } },
        // biome-ignore lint/suspicious/noThenProperty: JSON schema calls it so
        then: { properties: { size: { type: 'string' } } },
        else: { properties: { speed: { type: 'integer' } } },
      },
      text: { type: 'string' },
    },
  },
  'mode: auto\ndebug: false\n',
)

const cases: [what: string, text: string, labels: string[]][] = [
  ['the root: what must be there first, what is old last', '‸', ['name', 'mode', 'debug', 'ports', 'words', 'box', 'kind', 'text', 'old']],
  ['nothing that is there', 'name: x\ntext: y\nmode: auto\ndebug: true\n‸\nbox: {}\nold: x\nkind: {}\n', ['ports', 'words']],
  ['words of a choice', 'mode: ‸', ['on', 'off', 'auto']],
  ['true and false', 'debug: ‸\n', ['true', 'false']],
  ['an entry of a list', 'ports:\n  - ‸\n', ['number', 'label']],
  ['a list in the column of its key', 'ports:\n- label: x\n  ‸\n', ['number']],
  ['below the first key of an entry', 'ports:\n  - label: x\n    ‸\n  - number: 1\n', ['number']],
  ['the second entry', 'ports:\n  - label: x\n  - ‸\n', ['number', 'label']],
  ['half a key behind a dash', 'ports:\n  - la‸\n', ['number', 'label']],
  ['the first key behind a dash with one below', 'ports:\n  - ‸\n    number: 1\n', ['label']],
  ['words of a list', 'words:\n  - ‸\n', ['one', 'two']],
  ['braces', 'box: {‸}', ['a', 'b']],
  ['braces with a key', 'box: {a: x, ‸}', ['b']],
  ['half a key in braces', 'box: { ‸b }', ['a', 'b']],
  ['a value in braces', 'box: {b: {c: ‸}}', ['x', 'y']],
  ['braces over lines', 'box: {\n  a: x,\n  ‸\n}\n', ['b']],
  ['brackets', 'words: [one, ‸]', ['one', 'two']],
  ['a map in brackets', 'ports: [{number: 1}, {‸}]', ['number', 'label']],
  ['braces that are not closed', 'box: {a: x, ‸\nname: y\n', ['b']],
  ['JSON', '{"box": {"‸"}}', ['a', 'b']],
  ['beside a merge key', 'x: &x {a: 1}\nbox:\n  <<: *x\n  ‸\n', ['a', 'b']],
  ['behind an anchor', 'box: &x\n  ‸\n', ['a', 'b']],
  ['a second document', 'name: x\n---\nbox:\n  ‸\n', ['a', 'b']],
  ['what the data makes apply', 'kind:\n  type: disk\n  ‸\n', ['size']],
  ['what the data makes apply otherwise', 'kind:\n  type: net\n  ‸\n', ['speed']],
  ['within a text', 'text: |\n  na‸\n', []],
  ['a blank line within a text', 'text: |\n  one\n  ‸\n  two\nname: x\n', []],
  ['below a text', 'box:\n  a: |\n    one\n\n  ‸\n', ['b']],
  ['a comment', '# na‸\n', []],
  ['a comment behind a value', 'mode: auto # ‸\n', []],
  ['below a finished value', 'name: x\n  ‸\n', []],
  ['behind a finished value', 'mode: auto ‸\n', []],
  ['an alias', 'mode: *x‸\n', []],
  ['a quote over lines', 'text: "one\n  ‸\n  two"\n', []],
  ['between a key and its colon', 'mode ‸: auto\n', []],
  ['a free text', 'name: ‸\n', []],
  ['quotes in a list', 'words: ["‸"]', ['one', 'two']],
]

describe('completion', () => {
  for (const [what, text, labels] of cases) {
    it(what, () => {
      const { view, offset } = viewOf(text, { chart: { ...chart, ours: false } })
      const found = complete(view, offset).toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1))
      assert.deepEqual(
        found.map(({ label }) => label),
        labels,
      )
    })
  }

  const taken: [what: string, text: string, label: string, after: string][] = [
    ['a key', 'na‸\n', 'name', 'name: \n'],
    ['a key with a colon', 'na‸: x\n', 'name', 'name: x\n'],
    ['a key in quotes', '"na‸": x\n', 'name', '"name": x\n'],
    ['a map', 'box‸', 'box', 'box:\n  $0'],
    ['a list', 'ports‸', 'ports', 'ports:\n  - $0'],
    ['a list within an entry', 'box:\n    a: x\nwords‸', 'words', 'box:\n    a: x\nwords:\n    - $0'],
    ['a map in braces', 'box: {‸}', 'b', 'box: {b: {$1}}'],
    ['a word that needs quotes', 'mode: ‸', 'on', 'mode: "on"'],
    ['a word in quotes', "mode: '‸'", 'on', "mode: 'on'"],
    ['a word without a blank', 'mode:‸', 'auto', 'mode: auto'],
    ['a word over a word', 'mode: au‸to # x', 'off', 'mode: "off" # x'],
    ['a blank line too far left', 'box:\n  ‸\n    a: x\n', 'b', 'box:\n    b:\n        $0\n    a: x\n'],
    ['JSON', '{"‸": 1}', 'name', '{"name": 1}'],
  ]
  for (const [what, text, label, after] of taken) {
    it(`takes ${what}`, () => {
      const { view, offset } = viewOf(text, { chart: { ...chart, ours: false } })
      const item = complete(view, offset).find((one) => one.label === label)
      assert.ok(item, `${label} is not offered`)
      const { text: before } = view.document
      assert.equal(before.slice(0, item.range.start) + item.newText + before.slice(item.range.end), after)
    })
  }

  it('tells what a key and a word are', () => {
    const { view, offset } = viewOf('‸', { chart })
    const items = complete(view, offset)
    const mode = items.find(({ label }) => label === 'mode')
    assert.equal(mode?.detail, 'one of 3 words, default auto')
    assert.equal(items.find(({ label }) => label === 'name')?.documentation, 'What it is called.')
    assert.equal(items.find(({ label }) => label === 'old')?.deprecated, true)
    const words = viewOf('mode: ‸', { chart })
    assert.deepEqual(
      complete(words.view, words.offset).map(({ label, documentation, preselect }) => [label, documentation, preselect ?? false]),
      [
        ['on', 'Always.', false],
        ['off', 'Never.', false],
        ['auto', 'As it comes.', true],
      ],
    )
  })

  it('without a schema, what the chart has', () => {
    const plain = { ...chartOf({}, 'a: 1\nb:\n  c: true\n  d: x\n'), schema: undefined, ours: false }
    const labels = (text: string): string[] => {
      const { view, offset } = viewOf(text, { chart: plain })
      return complete(view, offset).map(({ label }) => label)
    }
    assert.deepEqual(labels('‸'), ['a', 'b'])
    assert.deepEqual(labels('b:\n  ‸'), ['c', 'd'])
    assert.deepEqual(labels('b:\n  c: ‸'), ['true', 'false'])
  })

  const cluster: [text: string, labels: string[]][] = [
    ['storage:\n  persistentVolume:\n    storageClass: ‸', ['standard', 'fast']],
    ['emulator:\n  image: ‸', ['compose-emulator-0', 'ghcr.io/acme/qemu']],
    ['emulator:\n  image: compose-emulator-0\n  tag: ‸', ['0.1.0']],
    ['emulator:\n  nodeSelector:\n    ‸', ['disk', 'kubernetes.io/hostname']],
    ['emulator:\n  nodeSelector:\n    disk: ‸', ['ssd']],
  ]
  for (const [text, labels] of cluster) {
    it(`of the cluster: ${text.slice(text.lastIndexOf('\n')).trim()}`, () => {
      const { view, offset } = viewOf(text, { facts })
      assert.deepEqual(
        complete(view, offset)
          .filter(({ kind }) => kind === 'cluster')
          .map(({ label }) => label),
        labels,
      )
      const away = viewOf(text)
      assert.deepEqual(
        complete(away.view, away.offset).filter(({ kind }) => kind === 'cluster'),
        [],
      )
    })
  }

  it('sizes that the schema allows', () => {
    const { view, offset } = viewOf('storage:\n  persistentVolume:\n    size: ‸')
    const labels = complete(view, offset).map(({ label }) => label)
    assert.ok(labels.includes('20Gi') && labels.includes('10Gi'), labels.join())
    assert.ok(
      labels.every((label) => /^\d+(Mi|Gi)$/.test(label)),
      labels.join(),
    )
  })

  for (const text of ['‸', 'storage:\n  ‸', 'storage:\r\n    strat‸\r\n']) {
    it(`whole strategies: ${JSON.stringify(text)}`, () => {
      const { view, offset } = viewOf(text)
      const snippets = complete(view, offset).filter(({ kind }) => kind === 'snippet')
      assert.ok(snippets.length >= 3, `${snippets.length}`)
      for (const { newText, range, label } of snippets) {
        const plain = newText.replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1').replaceAll(/\\(.)/g, '$1')
        const { text: before } = view.document
        const after = ValuesDocument.parse('f', before.slice(0, range.start) + plain + before.slice(range.end))
        assert.deepEqual(after.syntax, [], plain)
        const storage = after.values['storage'] as Record<string, unknown>
        assert.equal(storage['strategy'], label.slice(label.indexOf(': ') + 2))
      }
    })
  }
})
