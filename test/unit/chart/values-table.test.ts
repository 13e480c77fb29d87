import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { packageRoot } from '../../../src/base/package-root.ts'
import { documentedValues, type ValuesSchema, valuesPage, withTexts } from '../../../src/chart/values-table.ts'

const chart = join(packageRoot(), 'helm', 'loco-chart')
const text = readFileSync(join(chart, 'values.yaml'), 'utf8')
const schemaText = readFileSync(join(chart, 'values.schema.json'), 'utf8')
const schema = JSON.parse(schemaText) as ValuesSchema
const values = documentedValues(text)

/** Every schema below and with `schema`, with its path. */
function* nodes(node: ValuesSchema, path: string[] = []): Generator<{ path: string; node: ValuesSchema }> {
  yield { path: path.join('.'), node }
  for (const [key, child] of Object.entries(node.properties ?? {})) yield* nodes(child, [...path, key])
}

/** As `nodes`, and the elements of lists too. */
function* nodesAndElements(node: ValuesSchema, path: string[] = []): Generator<{ path: string; node: ValuesSchema }> {
  yield { path: path.join('.'), node }
  for (const [key, child] of Object.entries(node.properties ?? {})) yield* nodesAndElements(child, [...path, key])
  if (node['items'] !== undefined) yield* nodesAndElements(node['items'] as ValuesSchema, [...path, '[]'])
}

describe('documentedValues', () => {
  it('reads texts, defaults and sections, also of first keys and over several lines', () => {
    const found = documentedValues(
      '# About the file.\n\n# -- First.\na: 1\n\n# -- A section,\n# of two lines.\nb:\n  # A remark.\n  # -- Inner.\n  c: []\n  d: {}\n',
    )
    assert.deepEqual(found, [
      { path: 'a', description: 'First.', default: 1, section: false },
      { path: 'b', description: 'A section, of two lines.', default: { c: [], d: {} }, section: true },
      { path: 'b.c', description: 'Inner.', default: [], section: false },
      { path: 'b.d', description: '', default: {}, section: false },
    ])
  })
})

describe('values.yaml, values.schema.json and docs/values.md of the chart', () => {
  it('values.yaml has no key twice', () => assert.deepEqual(parseDocument(text, { uniqueKeys: true }).errors, []))

  it('every value has a description that is a sentence', () => {
    assert.deepEqual(
      values.filter(({ description }) => !/^[A-Z`].*\.$/s.test(description)).map(({ path }) => path),
      [],
    )
  })

  it('values.yaml and schema have the same values', () => {
    assert.deepEqual(
      [...nodes(schema)].map(({ path }) => path).filter((path) => path !== ''),
      values.map(({ path }) => path),
    )
  })

  it('the schema carries the texts and defaults of values.yaml (npm run docs writes them)', () => {
    assert.equal(schemaText, `${JSON.stringify(withTexts(schema, values), null, 2)}\n`)
  })

  it('docs/values.md is what these two make (npm run docs writes it)', () => {
    assert.equal(readFileSync(join(packageRoot(), 'docs', 'values.md'), 'utf8'), valuesPage(schema, values))
  })

  it('is draft-07 in one file, without what Helm cannot read', () => {
    assert.equal(schema['$schema'], 'http://json-schema.org/draft-07/schema#')
    assert.ok(!/"\$id"|"\$ref"|\(\?[=!<]/.test(schemaText))
    for (const { path, node } of nodes(schema)) assert.notEqual(node.default, null, path)
  })

  // Maps whose keys belong to the person or to Kubernetes.
  const open = /^(global|ingress\.annotations|(emulator|hub|backend|frontend|vr)\.(env|nodeSelector|affinity))$/
  for (const { path, node } of nodes(schema)) {
    if (node.type !== 'object') continue
    it(`${path || 'the root'} is ${open.test(path) ? 'open' : 'closed, and asks for all its values'}`, () => {
      if (open.test(path)) return assert.equal(node.properties, undefined)
      assert.equal(node['additionalProperties'], false)
      assert.deepEqual(node['required'], Object.keys(node.properties ?? {}))
    })
  }

  it('every word of a list of words is explained, in elements of lists too', () => {
    for (const { path, node } of nodesAndElements(schema)) if (node.enum) assert.equal(node.markdownEnumDescriptions?.length, node.enum.length, path)
  })

  it('keys of elements of lists are closed and described', () => {
    for (const { path, node } of nodesAndElements(schema)) {
      if (!path.includes('[]')) continue
      if (node.type === 'object') assert.equal(node['additionalProperties'], false, path)
      if (!path.endsWith('[]')) assert.match(node.description ?? '', /^[A-Z`].*\.$/s, path)
    }
  })

  it("the original notes' figures for the backend's probes are the defaults, behind a startup probe", () => {
    const probe = (name: string): unknown[] =>
      ['path', 'initialDelaySeconds', 'periodSeconds', 'timeoutSeconds', 'failureThreshold'].map(
        (key) => values.find(({ path }) => path === `backend.probes.${name}.${key}`)?.default,
      )
    assert.deepEqual(probe('liveness'), ['/health', 30, 10, 5, 3])
    assert.deepEqual(probe('readiness'), ['/ready', 5, 5, 3, 3])
    assert.equal(probe('startup')[0], '/startup')
  })
})
