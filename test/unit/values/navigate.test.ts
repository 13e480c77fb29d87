import assert from 'node:assert/strict'
import type { Chart } from '../../../src/values/chart.ts'
import { ValuesDocument } from '../../../src/values/document.ts'
import { applied } from '../../../src/values/edit.ts'
import { deployedHints, inheritedHints } from '../../../src/values/lenses.ts'
import { definitions, definitionsInTemplate, links, references, referencesInTemplate, rename } from '../../../src/values/navigate.ts'
import { Schema } from '../../../src/values/schema.ts'
import type { Location } from '../../../src/values/types.ts'
import { given, otherChart, ourChart } from './rules/given.ts'

const values = 'image: a\nservice:\n  port: 80\n  "on-node": 1\nenv: {}\n'
const template =
  '{{ .Values.image }}\n{{ with .Values.service }}{{ .port }}{{ index . "on-node" }}{{ end }}\n{{ range $k, $v := .Values.env }}{{ $v }}{{ end }}\n'
const schemaText = JSON.stringify(
  {
    type: 'object',
    required: ['image', 'service'],
    properties: { image: { type: 'string' }, service: { $ref: '#/definitions/service' }, extra: { type: 'string' } },
    definitions: { service: { type: 'object', required: ['port'], properties: { port: { type: 'integer' }, 'on-node': { type: 'integer' } } } },
  },
  null,
  2,
)

function chartOf(): Chart {
  const schema = Schema.parse('/other/values.schema.json', schemaText)
  assert.ok(schema instanceof Schema)
  return { ...otherChart(values, { 'a.yaml': template }), schema }
}
const chart = chartOf()
const mine = 'service:\n  port: 8080\n'
const other = ValuesDocument.parse('/mine/values-other.yaml', 'image: c\nservice: { port: 1 }\n')

/** `file: text` of places, files by their last name. */
function shown(places: readonly Location[], texts: Readonly<Record<string, string>> = {}): string[] {
  const known: Record<string, string> = {
    'values.yaml': values,
    'a.yaml': template,
    'values.schema.json': schemaText,
    'values-other.yaml': other.text,
    'values-mine.yaml': mine,
    ...texts,
  }
  return places.map(({ file, range }) => {
    const name = file.split('/').at(-1) ?? ''
    return `${name}: ${known[name]?.slice(range.start, range.end)}`
  })
}
const at = (text: string, word: string): number => text.indexOf(word) + 1

describe('values: from place to place', () => {
  describe('definition', () => {
    it('of an overlay: in the defaults', () => assert.deepEqual(shown(definitions(given({ text: mine, chart }), at(mine, 'port'))), ['values.yaml: port']))
    it('of a value, too', () => assert.deepEqual(shown(definitions(given({ text: mine, chart }), at(mine, '8080'))), ['values.yaml: port']))
    it('without a default: in the schema', () => {
      const text = 'extra: x\n'
      assert.deepEqual(shown(definitions(given({ text, chart }), 1)), ['values.schema.json: "extra"'])
    })
    it('of an alias: its anchor, the last above', () => {
      const text = 'a: &x 1\nb: &x 2\nc: *x\nd: &x 3\n'
      const [place] = definitions(given({ text, chart }), at(text, '*x'))
      assert.deepEqual([place?.range.start, text.slice(place?.range.start, place?.range.end)], [text.indexOf('&x 2'), '&x'])
    })
    it('of nothing', () => assert.deepEqual(definitions(given({ text: '# a\nfoo: 1\n', chart }), 1), []))
    it('without a chart', () => assert.deepEqual(definitions(given({ text: mine, chart: undefined }), at(mine, 'port')), []))

    const inTemplate: [word: string, expected: string[]][] = [
      ['image', ['values.yaml: image']],
      ['service', ['values.yaml: service']],
      ['port', ['values.yaml: port']],
      ['on-node', ['values.yaml: "on-node"']],
      ['env', ['values.yaml: env']],
      ['range', []],
    ]
    for (const [word, expected] of inTemplate)
      it(`from a template: ${word}`, () => assert.deepEqual(shown(definitionsInTemplate(chart, '/other/templates/a.yaml', at(template, word))), expected))
  })

  describe('references', () => {
    it('of a value: defaults, overlays, this file, templates', () =>
      assert.deepEqual(shown(references(given({ text: mine, chart }), at(mine, 'port'), [other])), [
        'values.yaml: port',
        'values-other.yaml: port',
        'values-mine.yaml: port',
        'a.yaml: port',
      ]))
    it('of a key that this file alone has', () =>
      assert.deepEqual(shown(references(given({ text: 'zzz: 1\n', chart }), 1, [other]), { 'values-mine.yaml': 'zzz: 1\n' }), ['values-mine.yaml: zzz']))
    it('from a template', () =>
      assert.deepEqual(shown(referencesInTemplate(chart, '/other/templates/a.yaml', at(template, 'image'), [other])), [
        'values.yaml: image',
        'values-other.yaml: image',
        'a.yaml: image',
      ]))
  })

  describe('rename', () => {
    const renamed = (text: string, offset: number, name: string): Record<string, string> => {
      const edits = rename(given({ text, chart }), offset, name, [other])
      const texts: Record<string, string> = {
        '/other/values.yaml': values,
        '/other/templates/a.yaml': template,
        '/other/values.schema.json': schemaText,
        '/mine/values-other.yaml': other.text,
        '/mine/values-mine.yaml': text,
      }
      return Object.fromEntries(
        Object.entries(texts).map(([file, before]) => [
          file.split('/').at(-1) ?? '',
          applied(
            before,
            edits.filter((edit) => edit.file === file),
          ),
        ]),
      )
    }

    it('everywhere', () => {
      const after = renamed(mine, at(mine, 'port'), 'number')
      assert.equal(after['values-mine.yaml'], 'service:\n  number: 8080\n')
      assert.equal(after['values-other.yaml'], 'image: c\nservice: { number: 1 }\n')
      assert.equal(after['values.yaml'], values.replace('port', 'number'))
      assert.equal(after['a.yaml'], template.replace('.port', '.number'))
      assert.deepEqual(JSON.parse(after['values.schema.json'] ?? ''), JSON.parse(schemaText.replaceAll('"port"', '"number"')))
    })
    it('a map above others', () => {
      const after = renamed(mine, 1, 'svc')
      assert.equal(after['values-mine.yaml'], 'svc:\n  port: 8080\n')
      assert.equal(after['a.yaml'], template.replace('.Values.service', '.Values.svc'))
      assert.deepEqual(JSON.parse(after['values.schema.json'] ?? '').required, ['image', 'svc'])
    })
    it('a key that templates name as a text may have any name', () => {
      const text = 'service:\n  on-node: 2\n'
      const after = renamed(text, at(text, 'on-node'), 'per-node')
      assert.equal(after['a.yaml'], template.replace('"on-node"', '"per-node"'))
      assert.equal(after['values.yaml'], values.replace('"on-node"', '"per-node"'))
    })

    const refused: [name: string, text: string, offset: number, newName: string, why: RegExp][] = [
      ['a name that a template cannot write', mine, at(mine, 'port'), 'the-port', /as \.port/],
      ['a name that is taken', mine, at(mine, 'port'), 'on-node', /is in \/other\/values\.yaml already/],
      ['an empty name', mine, at(mine, 'port'), '', /cannot stand there/],
      ['an item of a list', 'a: [b, c]\n', 4, 'x', /no key/],
      ['a comment', '# a\nb: 1\n', 1, 'x', /no key/],
    ]
    for (const [name, text, offset, newName, why] of refused) {
      it(`${name} is refused`, () =>
        assert.throws(
          () => rename(given({ text, chart }), offset, newName, []),
          (error: { code?: string; message: string }) => error.code === 'LOCO-VA-23' && why.test(error.message),
        ))
    }
  })

  it('links: codes and relative paths in comments', () => {
    const text = '# see LOCO-ST-08 and ../docs/storage.md, not http://a/../b\na: ./b # ./values.yaml\n'
    assert.deepEqual(
      links(given({ text, chart })).map(({ range, target }) => [text.slice(range.start, range.end), target]),
      [
        ['LOCO-ST-08', { code: 'LOCO-ST-08' }],
        ['../docs/storage.md', { relative: '../docs/storage.md' }],
        ['./values.yaml', { relative: './values.yaml' }],
      ],
    )
  })

  describe('of our own chart', () => {
    it('every value of every overlay leads to its default, and every default is found again in the schema', async () => {
      const ours = await ourChart()
      const { text } = ours.defaults
      const text2 = 'emulator:\n  resources:\n    limits:\n      ephemeral-storage: 1Gi\n'
      assert.deepEqual(shown(definitions(given({ text: text2, chart: ours }), at(text2, 'ephemeral')), { 'values.yaml': text }), [
        'values.yaml: ephemeral-storage',
      ])
      const edits = rename(given({ text: text2, chart: ours }), at(text2, 'limits'), 'caps', [])
      assert.ok(
        ['values.yaml', 'values.schema.json', '_resources.tpl', 'values-mine.yaml'].every((name) => edits.some(({ file }) => file.endsWith(name))),
        JSON.stringify(edits),
      )
    })
  })
})

describe('values: hints', () => {
  const facts = { deployed: { revision: 2, emulators: 3, values: { image: 'a', service: { port: 80, 'on-node': 1 }, env: {} } } }

  it('what is deployed, where it differs', () => {
    const text = 'image: a\nservice:\n  port: 8080\nextra: x\n'
    assert.deepEqual(
      deployedHints(given({ text, chart, facts })).map(({ range, text: said }) => [text.slice(range.start, range.end), said]),
      [
        ['port', 'deployed: 80, here: 8080'],
        ['extra', 'deployed: nothing, here: "x"'],
      ],
    )
  })
  it('nothing without a release', () => assert.deepEqual(deployedHints(given({ text: mine, chart })), []))
  it('what a map leaves to the files below', () => {
    const hints = inheritedHints(given({ text: mine, chart })).map(({ range, text }) => [range.start, text])
    assert.deepEqual(hints, [
      [mine.length - 1, 'inherited: on-node: 1'],
      [mine.length - 1, 'inherited: image: "a", env: {}'],
    ])
  })
  it('nothing of the defaults themselves', () => assert.deepEqual(inheritedHints(given({ text: values, chart, role: 'defaults' })), []))
  it('a long list is cut', () => {
    const many = otherChart(Array.from({ length: 9 }, (_, index) => `k${index}: ${index}\n`).join(''), {})
    assert.deepEqual(
      inheritedHints(given({ text: 'k0: 1\n', chart: many })).map(({ text }) => text),
      ['inherited: k1: 1, k2: 2, k3: 3, k4: 4, k5: 5, k6: 6 and 2 more'],
    )
  })
})
