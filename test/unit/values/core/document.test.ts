import assert from 'node:assert/strict'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { plainScalar } from '../../../../src/values/scalars.ts'
import { defaultsText, sections } from './given.ts'

const parse = (text: string): ValuesDocument => ValuesDocument.parse('values.yaml', text)

describe('scalars as Helm reads them', () => {
  const cases: [text: string, value: unknown][] = [
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['tRue', 'tRue'],
    ['~', null],
    ['0777', 511],
    ['0o17', 15],
    ['089', 89],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['_1', '_1'],
    ['+1', 1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1e400', '1e400'],
    ['12:30', '12:30'],
    ['2001-12-14', '2001-12-14'],
    ['1.5.2', '1.5.2'],
    ['10Gi', '10Gi'],
  ]
  for (const [text, value] of cases) it(`${text} → ${JSON.stringify(value)}`, () => assert.deepEqual(plainScalar(text), { value }))
  it('.inf is no value', () => assert.deepEqual(plainScalar('-.Inf'), { wrong: 'not-a-number' }))
})

describe('values of a document', () => {
  const cases: [what: string, text: string, values: unknown][] = [
    ['nothing', '', {}],
    ['comments', '# a\n', {}],
    ['documents laid over one another', 'a: {b: 1, c: 1}\n---\na: {c: 2}\n', { a: { b: 1, c: 2 } }],
    ['a cut with a comment', 'a: 1\n--- # next\nb: 2\n', { a: 1, b: 2 }],
    ['the last of repeated keys', 'a: 1\na: 2\n', { a: 2 }],
    ['words as keys', 'on: 1\n1: 2\n', { true: 1, 1: 2 }],
    ['aliases and merge keys', 'a: &a {b: 1, c: 2}\nd: {<<: *a, c: 3}\ne: *a\n', { a: { b: 1, c: 2 }, d: { b: 1, c: 3 }, e: { b: 1, c: 2 } }],
    ['a merge key below a key', 'a: &a {b: 1}\nd:\n  b: 2\n  <<: *a\n', { a: { b: 1 }, d: { b: 1 } }],
    ['of merged maps the first', 'a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: [*a, *b]}\n', { a: { x: 1 }, b: { x: 2 }, c: { x: 1 } }],
    ['carriage returns', 'a:\r\n  b: 1\r\n', { a: { b: 1 } }],
    ['names of every object', '__proto__: 1\nconstructor: {toString: 2}\n', JSON.parse('{"__proto__":1,"constructor":{"toString":2}}')],
    ['a byte order mark', '\uFEFFa: 1\n', { a: 1 }],
  ]
  for (const [what, text, values] of cases) {
    it(what, () => {
      const document = parse(text)
      assert.equal(JSON.stringify(document.values), JSON.stringify(values))
      assert.equal(document.broken, false)
    })
  }
})

describe('what is wrong with a text', () => {
  const cases: [what: string, marked: string, code: string, broken: boolean][] = [
    ['a repeated key', 'a: 1\n«a»: 2\n', 'LOCO-VA-01', false],
    ['a repeated key of another type', 'on: 1\n«true»: 2\n', 'LOCO-VA-01', false],
    ['no colon', 'a: 1\n«b»\nc: 2\n', 'LOCO-VA-20', true],
    ['a colon too many', 'a: «b»: c\n', 'LOCO-VA-20', true],
    ['a tab', 'a:\n«\t»b: 1\n', 'LOCO-VA-20', true],
    ['a tab in front of nothing', 'a:\n«\t»\nb: 1\n', 'LOCO-VA-20', true],
    ['an alias to nowhere', 'a: «*b»\n', 'LOCO-VA-20', true],
    ['an anchor that contains itself', 'a: &a [«*a»]\n', 'LOCO-VA-20', true],
    ['a list', '«- a»\n', 'LOCO-VA-20', true],
    ['a word', '«a»\n', 'LOCO-VA-20', true],
    ['infinity', 'a: «.inf»\n', 'LOCO-VA-20', true],
    ['a tag that lies', 'a: !!int «x»\n', 'LOCO-VA-20', true],
    ['a list as a key', '? «[a]»\n: b\n', 'LOCO-VA-20', true],
    ['a merge key of a word', 'a: {<<: «b»}\n', 'LOCO-VA-20', true],
    ['text behind ---', 'a: 1\n«--- x»\n', 'LOCO-VA-20', true],
    ['an end with more behind it', 'a: 1\n«...»\nb: 2\n', 'LOCO-VA-23', false],
    ['a key left of the first', ' a: 1\n«b: 2»\n', 'LOCO-VA-23', false],
  ]
  for (const [what, marked, code, broken] of cases) {
    it(what, () => {
      const [start, end] = [marked.indexOf('«'), marked.indexOf('»') - 1]
      const document = parse(marked.replace('«', '').replace('»', ''))
      assert.deepEqual(
        document.syntax.map(({ code: one, range }) => [one, range]),
        [[code, { start, end }]],
      )
      assert.equal(document.broken, broken)
    })
  }

  it('one missing colon is one message', function () {
    this.timeout(60_000)
    for (const text of sections) missingColons(text)
  })

  function missingColons(text: string): void {
    const lines = text.split('\n')
    for (const [index, line] of lines.entries()) {
      if (!/^\s*[\w-]+: ?\S*$/.test(line)) continue
      const { syntax, broken } = parse(lines.with(index, line.replace(':', '')).join('\n'))
      if (broken) assert.ok(syntax.length <= 2, `line ${index + 1}, ${line}: ${syntax.map(({ message }) => message).join(' | ')}`)
    }
  }

  it('the file of the chart is fine, with any line breaks', () => {
    for (const text of [defaultsText, defaultsText.replaceAll('\n', '\r\n'), defaultsText.replaceAll('\n', '\r')]) assert.deepEqual(parse(text).syntax, [])
  })
})

describe('places', () => {
  const text = 'a: &x # c\n  b: "1" # d\n  c:\n    - d: |\n        t\n\nz: *x\n---\na:\n  e: {f: 1}\n'
  const document = parse(text)
  const cut = (range: { start: number; end: number } | undefined): string | undefined => (range === undefined ? undefined : text.slice(range.start, range.end))
  const cases: [path: (string | number)[], key: string | undefined, value: string | undefined][] = [
    [['a', 'b'], 'b', '"1"'],
    [['a', 'c', 0], undefined, 'd: |\n        t'],
    [['a', 'c', 0, 'd'], 'd', '|\n        t'],
    [['a', 'e', 'f'], 'f', '1'],
    [['z'], 'z', '*x'],
    [['z', 'b'], undefined, '*x'],
    [['z', 'q'], undefined, undefined],
    [['q'], undefined, undefined],
  ]
  for (const [path, key, value] of cases) {
    it(path.join('.'), () => {
      const place = document.locate(path)
      assert.equal(cut(place?.key), key)
      assert.equal(cut(place?.value), value)
    })
  }
  it('the nearest key', () => {
    assert.equal(cut(document.nearest(['a', 'c', 'q', 'r'])), 'c')
    assert.equal(cut(document.nearest(['q'])), 'a: &x # c')
  })
  it('back from an offset', () => {
    for (const path of [['a', 'b'], ['a', 'c', 0, 'd'], ['a', 'e', 'f'], ['z']]) {
      const place = document.locate(path)
      assert.deepEqual(document.pathAt(place!.key!.start), { path, part: 'key' })
      assert.deepEqual(document.pathAt(place!.value.start), { path, part: 'value' })
    }
    assert.equal(document.pathAt(text.indexOf('# c')), undefined)
    assert.equal(document.pathAt(text.length), undefined)
  })
})

describe('texts that are made to harm', () => {
  const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]', ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`)].join(
    '\n',
  )
  const cases: [what: string, text: () => string][] = [
    ['billion laughs', () => bomb],
    ['billion laughs by merge keys', () => bomb.replaceAll('[', '[{y: ').replaceAll(',', '},{y: ').replaceAll(']', '}]')],
    ['brackets that never end', () => `a: ${'['.repeat(200_000)}`],
    ['braces that never end', () => '{a: '.repeat(100_000)],
    ['deep blocks', () => Array.from({ length: 1200 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['deep dashes', () => `a:\n${'- '.repeat(50_000)}x`],
    ['five megabytes', () => 'a: xxxxxxxxxxxxxxxxxxxxxxxxx\n'.repeat(180_000)],
    ['one key again and again', () => 'a: 1\n'.repeat(40_000)],
    ['quotes', () => '"'.repeat(200_000)],
    ['question marks', () => '? '.repeat(50_000)],
    ['anchors', () => Array.from({ length: 5_000 }, (_, n) => `k${n}: &a${n} {x: *a${Math.max(0, n - 1)}}`).join('\n')],
  ]
  for (const [what, text] of cases) {
    it(what, function () {
      this.timeout(60_000)
      const before = process.cpuUsage()
      const document = parse(text())
      document.locate(['a', 'b'])
      document.pathAt(3)
      assert.ok(document.syntax.length > 0, 'says what is wrong')
      // Of the processor, not of the clock: other tests run beside. Far above what it takes, far below hanging.
      const { user, system } = process.cpuUsage(before)
      assert.ok(user + system < 4_000_000, `${(user + system) / 1000} ms`)
    })
  }
})
