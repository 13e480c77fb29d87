import assert from 'node:assert/strict'
import { Places } from '../../../../src/cli/values/answers.ts'
import { editsText } from '../../../../src/cli/values/fix.ts'
import { offsetOf, placeArgument } from '../../../../src/cli/values/place-argument.ts'
import { sarif } from '../../../../src/cli/values/sarif.ts'
import { LineMap } from '../../../../src/values/line-map.ts'
import type { Edit, Problem } from '../../../../src/values/types.ts'

const text = 'replicas: 3\r\nstorage:\n  size: 10GB # big\n'

describe('lines of a values file', () => {
  const places: [offset: number, line: number, column: number][] = [
    [0, 1, 1],
    [11, 1, 12],
    [13, 2, 1],
    [22, 3, 1],
    [text.length, 4, 1],
    [9_999, 4, 1],
    [-1, 1, 1],
  ]
  for (const [offset, line, column] of places)
    it(`offset ${offset} is ${line}:${column}`, () => assert.deepEqual(new LineMap(text).at(offset), { line, column }))

  const offsets: [line: number, column: number, offset: number | undefined][] = [
    [1, 1, 0],
    [1, 12, 11],
    [1, 13, undefined],
    [3, 3, 24],
    [4, 1, text.length],
    [4, 2, undefined],
    [5, 1, undefined],
    [0, 1, undefined],
    [1, 0, undefined],
  ]
  for (const [line, column, offset] of offsets) it(`${line}:${column} is ${offset}`, () => assert.equal(new LineMap(text).offset({ line, column }), offset))

  it('columns count UTF-16 units', () => assert.deepEqual(new LineMap('a: "🚂"\n').at(6), { line: 1, column: 7 }))
})

describe('a place on the command line', () => {
  const right: [argument: string, file: string, line: number, column: number][] = [
    ['values.yaml:12:3', 'values.yaml', 12, 3],
    ['C:\\fleet\\values.yaml:1:1', 'C:\\fleet\\values.yaml', 1, 1],
    ['a:1:2:3:4', 'a:1:2', 3, 4],
  ]
  for (const [argument, file, line, column] of right) it(argument, () => assert.deepEqual(placeArgument(argument), { file, line, column }))
  for (const argument of ['values.yaml', 'values.yaml:1', 'values.yaml:a:b', ':1:1', 'values.yaml:1:-1'])
    it(`${argument} is none`, () => assert.throws(() => placeArgument(argument), { code: 'LOCO-USE-001' }))

  const outside: [line: number, column: number, why: RegExp][] = [
    [9, 1, /4 lines/],
    [1, 99, /columns 1 to 12/],
    [0, 1, /4 lines/],
  ]
  for (const [line, column, why] of outside)
    it(`${line}:${column} is not in the text`, () => assert.throws(() => offsetOf(text, { file: 'values.yaml', line, column }), { code: 'LOCO-USE-001', why }))
})

describe('edits as lines', () => {
  const edit = (start: number, end: number, newText: string): Edit => ({ file: 'v', range: { start, end }, newText })
  const cases: [what: string, edits: Edit[], expected: string][] = [
    ['a word', [edit(30, 34, '10Gi')], 'v:3\n-   size: 10GB # big\n+   size: 10Gi # big\n'],
    ['two on one line', [edit(24, 28, 'sizes'), edit(30, 34, '10Gi')], 'v:3\n-   size: 10GB # big\n+   sizes: 10Gi # big\n'],
    ['two apart', [edit(10, 11, '4'), edit(30, 34, '10Gi')], 'v:1\n- replicas: 3\n+ replicas: 4\nv:3\n-   size: 10GB # big\n+   size: 10Gi # big\n'],
    ['a line more', [edit(22, 22, '  class: a\n')], 'v:3\n+   class: a\n'],
    ['a line less', [edit(22, text.length, '')], 'v:3\n-   size: 10GB # big\n'],
  ]
  for (const [what, edits, expected] of cases) it(what, () => assert.equal(editsText('v', text, edits), expected))
})

describe('SARIF', () => {
  const places = new Places({ shown: (file) => file.replace('/w/', '') })
  places.add('/w/a b.yaml', text)
  places.add('/etc/other.yaml', text)
  const problem: Problem = {
    ...{ code: 'LOCO-CHT-012', severity: 'info', message: 'No.', file: '/w/a b.yaml', range: { start: 30, end: 34 } },
    related: [{ file: '/etc/other.yaml', range: { start: 0, end: 8 }, message: 'Here.' }],
  }
  const fix = { title: 'Use 10Gi', preferred: true, edits: [{ file: '/w/a b.yaml', range: { start: 30, end: 34 }, newText: '10Gi' }] }
  const document = sarif({ problems: [{ problem, fixes: [fix] }], unchecked: [{ code: 'LOCO-CHT-017', reason: 'needs a cluster' }] }, places) as {
    version: string
    runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[]; invocations: object[]; columnKind: string }[]
  }
  const [run] = document.runs

  it('has one result for a problem, with its rule, level and place', () => {
    assert.deepEqual([document.version, run?.columnKind], ['2.1.0', 'utf16CodeUnits'])
    const [result] = run?.results ?? []
    const region = { startLine: 3, startColumn: 9, endLine: 3, endColumn: 13 }
    assert.deepEqual([result?.['ruleId'], result?.['ruleIndex'], result?.['level']], ['LOCO-CHT-012', 0, 'note'])
    assert.deepEqual(result?.['locations'], [{ physicalLocation: { artifactLocation: { uri: 'a%20b.yaml', uriBaseId: '%SRCROOT%' }, region } }])
    assert.deepEqual(result?.['fixes'], [
      {
        description: { text: 'Use 10Gi' },
        artifactChanges: [
          { artifactLocation: { uri: 'a%20b.yaml', uriBaseId: '%SRCROOT%' }, replacements: [{ deletedRegion: region, insertedContent: { text: '10Gi' } }] },
        ],
      },
    ])
  })

  it('names files outside of the folder whole', () =>
    assert.match(JSON.stringify(run?.results[0]?.['relatedLocations']), /"uri":"file:\/\/\/etc\/other\.yaml"/))

  it('says what could not be checked', () =>
    assert.match(JSON.stringify(run?.invocations), /"level":"note","message":\{"text":"needs a cluster"\},"associatedRule":\{"id":"LOCO-CHT-017","index":1\}/))

  it('explains each rule once', () =>
    assert.deepEqual(
      run?.tool.driver.rules.map(({ id }) => id),
      ['LOCO-CHT-012', 'LOCO-CHT-017'],
    ))
})
