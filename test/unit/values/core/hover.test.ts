import assert from 'node:assert/strict'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { hover } from '../../../../src/values/hover.ts'
import { folding, outline } from '../../../../src/values/symbols.ts'
import type { Symbol as OutlineSymbol } from '../../../../src/values/types.ts'
import { facts, viewOf } from './given.ts'

const told = (marked: string, more: Parameters<typeof viewOf>[1] = {}): string => {
  const { view, offset } = viewOf(marked, more)
  return hover(view, offset, { readBy: () => ['emulator-statefulset.yaml'] })?.contents ?? ''
}

describe('hover', () => {
  it('says what a value is for, what it may be, and what it is', () => {
    const text = told('storage:\n  str‸ategy: ephemeral\n', { facts })
    assert.match(text, /^\*\*`storage.strategy`\*\*: a text, default `persistent`/)
    assert.match(text, /- `hybrid`: /)
    assert.match(text, /- `values.yaml`, the defaults of the chart: `persistent`\n- `values-mine.yaml`, this file: `ephemeral`, which counts/)
    assert.match(text, /What runs now has `persistent` \(loco in kind-dev, revision 3\)/)
    assert.match(text, /Read by `emulator-statefulset.yaml`/)
  })

  const cases: [what: string, text: string, says: RegExp | undefined][] = [
    ['a value', 'replicas: ‸3\n', /`replicas`.*a whole number/],
    ['the same as what runs', 'replicas: ‸3\n', /The same runs now/],
    ['bounds', 'emulator:\n  memory‸MiB: 64\n', /Allowed: \d+ to \d+/],
    ['below a broken line', 'imageRepo\nreplicas‸: 2\n', /`replicas`/],
    ['a comment', '# rep‸licas\n', undefined],
    ['a key that nobody knows', 'emulator:\n  non‸sense: 1\n', /\*\*`emulator.nonsense`\*\*/],
    ['in braces', 'storage: {strat‸egy: hybrid}\n', /`storage.strategy`/],
    ['a second document', 'replicas: 1\n---\nstorage:\n  strat‸egy: hybrid\n', /`storage.strategy`/],
  ]
  for (const [what, text, says] of cases) {
    it(what, () => {
      const contents = told(text, { facts })
      if (says === undefined) assert.equal(contents, '')
      else assert.match(contents, says)
    })
  }

  it('an earlier file between the defaults and this one', () => {
    const overlays = [ValuesDocument.parse('/w/values-kind.yaml', 'replicas: 9\n')]
    const { view, offset } = viewOf('repl‸icas: 2\n', { overlays })
    assert.match(hover(view, offset)?.contents ?? '', /`values.yaml`[^\n]*\n- `values-kind.yaml`: `9`\n- `values-mine.yaml`, this file: `2`, which counts/)
  })
})

describe('outline and folding', () => {
  const text = '# one\n# two\na: 1\nb:\n  c: [x, {d: on}]\n  e: |\n    t\n    u\nf:\n- g: 1\n  h: 2\n- *x\na: 2\n'
  const document = ValuesDocument.parse('f', text)

  it('names maps, lists and values', () => {
    const flat = (symbols: readonly OutlineSymbol[], depth = 0): string[] =>
      symbols.flatMap((one) => [`${' '.repeat(depth)}${one.name} ${one.kind} ${one.detail}`, ...flat(one.children, depth + 1)])
    assert.deepEqual(flat(outline(document)), [
      'a number 2',
      'b map ',
      ' c list ',
      '  [0] text x',
      '  [1] map ',
      '   d boolean true',
      ' e text "t\\nu\\n"',
      'f list ',
      ' [0] map ',
      '  g number 1',
      '  h number 2',
      ' [1] text *x',
    ])
  })

  it('a place holds the places of what is in it', () => {
    const visit = (symbols: readonly OutlineSymbol[], start: number, end: number): void => {
      for (const { range, selection, children } of symbols) {
        assert.ok(start <= range.start && range.end <= end && range.start <= selection.start && selection.end <= range.end)
        visit(children, range.start, range.end)
      }
    }
    visit(outline(document), 0, text.length)
  })

  it('folds what is below a key, and comments', () => {
    assert.deepEqual(
      folding(document)
        .map(({ start, end }) => text.slice(start, end).split('\n'))
        .map((lines) => [lines[0], lines.at(-1)]),
      [
        ['# one', '# two'],
        ['b:', '    u'],
        ['  e: |', '    u'],
        ['f:', '- *x'],
        ['- g: 1', '  h: 2'],
      ],
    )
  })
})
