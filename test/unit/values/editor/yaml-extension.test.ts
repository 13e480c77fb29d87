import assert from 'node:assert/strict'
import { type Mode, modeOf, namesSchema, partOf, schemaGlobs } from '../../../../src/editor/values/mode.ts'
import { valuesContributor } from '../../../../src/editor/values/schema-contributor.ts'

type Setting = 'auto' | 'loco' | 'redhat'

describe('beside the YAML extension: who answers', () => {
  const cases: [setting: Setting, yaml: boolean, modeline: boolean, glob: boolean, mode: Mode][] = [
    ['auto', false, false, false, 'loco'],
    ['auto', false, true, true, 'loco'],
    ['redhat', false, false, false, 'loco'],
    ['auto', true, false, false, 'shared'],
    ['auto', true, true, false, 'given'],
    ['auto', true, false, true, 'given'],
    ['loco', true, false, false, 'shared'],
    ['loco', true, true, true, 'shared'],
    ['redhat', true, false, false, 'chosen'],
    ['redhat', true, true, false, 'given'],
  ]
  for (const [setting, yamlExtension, modeline, glob, mode] of cases)
    it(`${setting}${yamlExtension ? ', it is there' : ''}${modeline ? ', modeline' : ''}${glob ? ', user glob' : ''} → ${mode}`, () =>
      assert.equal(modeOf({ setting, yamlExtension, namesSchema: modeline, schemaByUser: glob }), mode))

  const parts: [mode: Mode, validates: boolean, schema: boolean, syntax: boolean][] = [
    ['loco', true, true, true],
    ['shared', true, true, false],
    ['shared', false, true, true],
    ['chosen', true, false, false],
    ['given', false, false, true],
  ]
  for (const [mode, validates, schema, syntax] of parts)
    it(`${mode}, ${validates ? 'it validates' : 'it does not validate'}: ours are${schema ? ' schema' : ''}${syntax ? ' syntax' : ''} rules`, () =>
      assert.deepEqual(partOf(mode, validates), { schema, syntax }))
})

describe('a document that names its schema', () => {
  const cases: [head: string, names: boolean][] = [
    ['# yaml-language-server: $schema=https://example.org/s.json\na: 1\n', true],
    ['a: 1\n#yaml-language-server:$schema=./s.json\n', true],
    ['$schema: ./s.json\n', true],
    ['"$schema": ./s.json\n', true],
    ['# yaml-language-server-disable\n', false],
    ['a: "# yaml-language-server: $schema=x"\n', false],
    ['a:\n  $schema: x\n', false],
    ['', false],
  ]
  for (const [head, names] of cases) it(JSON.stringify(head), () => assert.equal(namesSchema(head), names))
})

describe('globs of yaml.schemas', () => {
  const cases: [schemas: unknown, globs: string[]][] = [
    [{ 'https://example.org/s.json': 'values.yaml' }, ['**/values.yaml']],
    [{ './s.json': ['/values.yaml', '**/*.yml', '!secret.yaml'] }, ['/values.yaml', '**/*.yml']],
    [{ kubernetes: [''] }, []],
    [null, []],
    ['nonsense', []],
  ]
  for (const [schemas, globs] of cases) it(JSON.stringify(schemas), () => assert.deepEqual(schemaGlobs(schemas), globs))
})

describe('the schema that the YAML extension gets (a fake of its export asks)', () => {
  const places = { shared: 'file:///w/a/values.yaml', chosen: 'file:///w/b/values-x.yaml', given: 'file:///w/c/values.yaml', loco: 'file:///w/d/values.yaml' }
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'object', required: ['b'], properties: { required: { type: 'boolean' } } } } }
  const role = { shared: 'defaults', chosen: 'overlay', given: 'defaults', loco: 'defaults' } as const
  const contributor = valuesContributor({
    modeOf(uri) {
      const [mode] = (Object.entries(places) as [Mode, string][]).find(([, place]) => place === uri) ?? []
      return mode === undefined ? undefined : { mode, place: { chart: '/charts/b', role: role[mode], under: [] } }
    },
    read: (path) => {
      if (path !== '/charts/b/values.schema.json') throw new Error(`asked for ${path}`)
      return JSON.stringify(schema)
    },
  })

  it('is empty for a file that we look after: no key, hover or error comes twice', () => {
    const uri = contributor.requestSchema(places.shared)
    assert.deepEqual(JSON.parse(contributor.requestSchemaContent(uri ?? '') ?? ''), {})
  })

  it('is none of ours for a file that has one of the person, and for any other file', () => {
    assert.equal(contributor.requestSchema(places.given), undefined)
    assert.equal(contributor.requestSchema('file:///w/deployment.yaml'), undefined)
  })

  it('is that of the chart where the setting says so; an overlay need not have everything', () => {
    const uri = contributor.requestSchema(places.chosen) ?? ''
    const content = JSON.parse(contributor.requestSchemaContent(uri) ?? '') as typeof schema
    assert.deepEqual(content, { type: 'object', properties: { a: { type: 'object', properties: { required: { type: 'boolean' } } } } })
  })

  it('is empty for a chart without one', () => assert.equal(contributor.requestSchemaContent('loco-values://schema/defaults/%2Fnowhere'), '{}'))
})
