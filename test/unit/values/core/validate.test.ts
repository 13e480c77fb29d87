import assert from 'node:assert/strict'
import { makeView } from '../../../../src/values/chart.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { mergeValues } from '../../../../src/values/merge.ts'
import { nearestName } from '../../../../src/values/near.ts'
import { Schema } from '../../../../src/values/schema.ts'
import { validate } from '../../../../src/values/validate.ts'
import { chart, chartOf, viewOf } from './given.ts'

const document = (text: string, file = 'f'): ValuesDocument => ValuesDocument.parse(file, text)

describe('files laid over one another', () => {
  const cases: [what: string, texts: string[], values: unknown][] = [
    ['maps are joined', ['a: {b: 1, c: 1}', 'a: {c: 2}'], { a: { c: 2, b: 1 } }],
    ['lists are replaced', ['a: [1, 2]', 'a: [3]'], { a: [3] }],
    ['null takes a default away', ['a: {b: 1, c: 2}', 'a: {b: null}'], { a: { c: 2 } }],
    ['null without a default stays', ['a: {}', 'a: {b: null}'], { a: { b: null } }],
    ['a later file gives it again', ['a: 1', 'a: null', 'a: 2'], { a: 2 }],
    ['null of a map', ['a: {b: 1}', 'a: null'], {}],
    ['null in the defaults', ['a: null\nb: 1'], { b: 1 }],
    ['a word over a map', ['a: {b: 1}', 'a: x'], { a: 'x' }],
  ]
  for (const [what, texts, values] of cases) it(what, () => assert.deepEqual(mergeValues(texts.map((text) => document(text))).values, values))

  it('knows whose value it is', () => {
    const files = [document('a: {b: 1, c: 1}\nl: [1]\nz: 1', '0'), document('a: {c: 2}\nz: null', '1'), document('l: [2]', '2')]
    const merged = mergeValues(files)
    const owners: [path: (string | number)[], file: string | undefined][] = [
      [['a', 'b'], '0'],
      [['a', 'c'], '1'],
      [['l', 0], '2'],
      [['z'], undefined],
      [['q'], undefined],
    ]
    for (const [path, file] of owners) assert.equal(merged.origin(path)?.file, file, path.join('.'))
  })
})

const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#' }
const newest = { $schema: 'https://json-schema.org/draft/2020-12/schema' }

describe('demands of a schema', () => {
  const cases: [what: string, schema: Record<string, unknown>, good: unknown, bad: unknown, at: string][] = [
    ['type', { properties: { a: { type: 'integer' } } }, { a: 1.0 }, { a: '1' }, 'a type'],
    ['several types', { properties: { a: { type: ['string', 'null'] } } }, { a: null }, { a: 1 }, 'a type'],
    ['enum', { properties: { a: { enum: ['x', { y: [1] }] } } }, { a: { y: [1] } }, { a: 'z' }, 'a enum'],
    ['const', { properties: { a: { const: 1 } } }, { a: 1 }, { a: 2 }, 'a const'],
    ['bounds', { properties: { a: { minimum: 1, maximum: 3 } } }, { a: 3 }, { a: 4 }, 'a maximum'],
    ['open bounds', { properties: { a: { exclusiveMinimum: 1 } } }, { a: 2 }, { a: 1 }, 'a exclusiveMinimum'],
    ['multiples', { properties: { a: { multipleOf: 0.1 } } }, { a: 0.3 }, { a: 0.35 }, 'a multipleOf'],
    ['lengths', { properties: { a: { minLength: 2 } } }, { a: '💾💾' }, { a: '💾' }, 'a minLength'],
    ['patterns', { properties: { a: { pattern: '^[a-z]+$' } } }, { a: 'ab' }, { a: 'a1' }, 'a pattern'],
    ['formats', { ...draft07, properties: { a: { format: 'ipv4' } } }, { a: '10.0.0.1' }, { a: '10.0.0' }, 'a format'],
    ['closed maps', { properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 1 }, ' additionalProperties b'],
    ['other keys', { properties: { a: {} }, additionalProperties: { type: 'string' } }, { a: 1, b: 'x' }, { b: 1 }, 'b type'],
    ['keys by pattern', { patternProperties: { '^x-': { type: 'string' } } }, { 'x-a': 'b' }, { 'x-a': 1 }, 'x-a type'],
    ['names of keys', { propertyNames: { pattern: '^[a-z]$' } }, { a: 1 }, { A: 1 }, ' propertyNames A'],
    ['required', { required: ['a'] }, { a: null }, {}, ' required a'],
    ['dependent keys', { dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }, ' required b'],
    ['lists', { properties: { a: { items: { type: 'string' } } } }, { a: ['x'] }, { a: ['x', 1] }, 'a.1 type'],
    ['tuples of old', { ...draft07, properties: { a: { items: [{ type: 'string' }], additionalItems: false } } }, { a: ['x'] }, { a: ['x', 1] }, 'a.1 false'],
    ['tuples', { ...newest, properties: { a: { prefixItems: [{ type: 'string' }] } } }, { a: ['x', 1] }, { a: [1] }, 'a.0 type'],
    ['unique entries', { properties: { a: { uniqueItems: true } } }, { a: [1, '1'] }, { a: [{ b: 1 }, { b: 1 }] }, 'a uniqueItems'],
    ['contains', { properties: { a: { contains: { const: 1 } } } }, { a: [2, 1] }, { a: [2] }, 'a contains'],
    ['all of', { allOf: [{ required: ['a'] }, { properties: { a: { type: 'string' } } }] }, { a: 'x' }, { a: 1 }, 'a type'],
    ['any of', { properties: { a: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } }, { a: 1 }, { a: true }, 'a anyOf'],
    [
      'one of, the nearest',
      { properties: { a: { oneOf: [{ type: 'string' }, { properties: { b: { type: 'integer' } }, type: 'object' }] } } },
      { a: 'x' },
      { a: { b: 'x' } },
      'a.b type',
    ],
    ['one of, two fit', { properties: { a: { oneOf: [{ type: 'integer' }, { minimum: 1 }] } } }, { a: 0 }, { a: 1 }, 'a oneOf'],
    ['not', { properties: { a: { not: { const: 'x' } } } }, { a: 'y' }, { a: 'x' }, 'a not'],
    ['references', { definitions: { n: { type: 'integer' } }, properties: { a: { $ref: '#/definitions/n' } } }, { a: 1 }, { a: 'x' }, 'a type'],
    [
      'a reference to itself',
      { $defs: { t: { properties: { t: { $ref: '#/$defs/t' }, n: { type: 'integer' } } } }, $ref: '#/$defs/t' },
      { t: { t: { n: 1 } } },
      { t: { t: { n: 'x' } } },
      't.t.n type',
    ],
    [
      'nothing beside a reference, of old',
      { ...draft07, definitions: { n: {} }, properties: { a: { $ref: '#/definitions/n', type: 'integer' }, b: { type: 'integer' } } },
      { a: 'x' },
      { b: 'x' },
      'b type',
    ],
    ['beside a reference', { ...newest, $defs: { n: {} }, properties: { a: { $ref: '#/$defs/n', type: 'integer' } } }, { a: 1 }, { a: 'x' }, 'a type'],
    ['unevaluated keys', { ...newest, allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, { a: 1 }, { b: 1 }, ' unevaluatedProperties b'],
  ]
  for (const [what, schema, good, bad, at] of cases) {
    it(what, () => {
      const parsed = Schema.parse('s', JSON.stringify(schema))
      assert.ok(parsed instanceof Schema)
      assert.deepEqual(parsed.violations(good), [])
      assert.deepEqual(
        parsed.violations(bad).map(({ path, keyword, key }) => `${path.join('.')} ${keyword}${key === undefined ? '' : ` ${key}`}`),
        [at],
      )
    })
  }

  it('if, then, else', () => {
    const parsed = Schema.parse('s', '{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}')
    assert.ok(parsed instanceof Schema)
    assert.deepEqual(
      parsed.violations({ a: 1 }).map(({ key }) => key),
      ['b'],
    )
    assert.deepEqual(
      parsed.violations({ a: 2 }).map(({ key }) => key),
      ['c'],
    )
  })
})

describe('a schema that Helm refuses', () => {
  const cases: [what: string, text: string, at: string][] = [
    ['no JSON', '{"type": }', '}'],
    ['half of it', '{"type": "object"', '"'],
    ['a type that is none', '{"properties": {"a": {"type": "strng"}}}', '"strng"'],
    ['a reference to nothing', '{"$ref": "#/definitions/x"}', '"#/definitions/x"'],
    ['looking ahead', '{"properties": {"a": {"pattern": "^(?=x)"}}}', '"^(?=x)"'],
    ['required twice', '{"required": ["a", "a"]}', '["a", "a"]'],
  ]
  for (const [what, text, at] of cases) {
    it(what, () => {
      const problem = Schema.parse('s', text)
      assert.ok(!(problem instanceof Schema))
      assert.equal(problem.code, 'LOCO-VA-22')
      assert.equal(text.slice(problem.range.start, problem.range.end), at)
    })
  }
})

describe('mistakes in a values file', () => {
  const cases: [text: string, code: string, at: string, says: RegExp][] = [
    ['replicaCount: 3\n', 'LOCO-VA-02', 'replicaCount', /did you mean `replicas`/],
    ['storage:\n  strategie: x\n', 'LOCO-VA-02', 'strategie', /did you mean `strategy`/],
    ['nonsense: 1\n', 'LOCO-VA-02', 'nonsense', /not a value of this chart\.$/],
    ['replicas: many # x\n', 'LOCO-VA-05', 'many', /must be a whole number/],
    ['emulator:\n  env: {A: 0777}\n', 'LOCO-VA-05', '0777', /`0777` as a number.*quotes/],
    ['emulator:\n  memoryMiB: 100000\n', 'LOCO-VA-05', '100000', /out of range/],
    ['rbac:\n  create: on off\n', 'LOCO-VA-05', 'on off', /true or false/],
    ['storage: null\n', 'LOCO-VA-05', 'null', /`storage` is missing/],
    ['storage: {strategy: hostPath}\n', 'LOCO-VA-05', 'hostPath', /did you mean `hostpath`/],
    ['emulator:\n  accel:\n    x: 1\n', 'LOCO-VA-05', 'x: 1', /Here is a map/],
  ]
  for (const [text, code, at, says] of cases) {
    it(text.replaceAll('\n', ' '), () => {
      const { view } = viewOf(text)
      const [problem, ...more] = validate(chart.schema!, view.merged, view.document)
      assert.deepEqual(
        more.map(({ message }) => message),
        [],
      )
      assert.equal(problem?.code, code)
      assert.equal(text.slice(problem.range.start, problem.range.end), at)
      assert.match(problem.message, says)
    })
  }

  it('a mistake of another file is told at the nearest key here, with its place', () => {
    const schema = chartOf({ additionalProperties: false, properties: { a: { properties: { b: { type: 'integer' }, c: {} } } } }, '')
    const overlay = document('a:\n  b: x\n', 'first.yaml')
    const view = makeView({ document: document('a:\n  c: 1\n', 'second.yaml'), role: 'overlay', chart: schema, overlays: [overlay] })
    const [problem] = validate(schema.schema!, view.merged, view.document)
    assert.deepEqual([problem?.range, problem?.related?.[0]?.file], [{ start: 0, end: 1 }, 'first.yaml'])
  })

  it('what a missing colon upsets is not told', () => {
    for (const text of ['replicas\n', 'emulator:\n  memoryMiB\n  accel: auto\n', 'replicas 3\nimageRepo: ""\n']) {
      const { view } = viewOf(text)
      assert.ok(view.document.broken)
      assert.deepEqual(validate(chart.schema!, view.merged, view.document), [], text)
    }
  })
})

describe('names that were meant', () => {
  const names = ['replicas', 'strategy', 'storageClass', 'imagePullPolicy']
  const cases: [name: string, meant: string | undefined][] = [
    ['replicaCount', 'replicas'],
    ['replica', 'replicas'],
    ['stratgey', 'strategy'],
    ['storage_class', 'storageClass'],
    ['STRATEGY', 'strategy'],
    ['x', undefined],
  ]
  for (const [name, meant] of cases) it(`${name} → ${meant ?? 'nothing'}`, () => assert.equal(nearestName(name, names), meant))
})
