import assert from 'node:assert/strict'
import { makeView } from '../../../../src/values/chart.ts'
import { complete } from '../../../../src/values/complete.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { applied, insertBlock, moveKey, removeKey, renameKey, setValue } from '../../../../src/values/edit.ts'
import { hover } from '../../../../src/values/hover.ts'
import { folding, outline } from '../../../../src/values/symbols.ts'
import type { Edit, TextRange } from '../../../../src/values/types.ts'
import { validate } from '../../../../src/values/validate.ts'
import { chart, facts, sections } from './given.ts'

const seed = Number(process.env['LOCO_SEED'] ?? 11)
const times = Number(process.env['LOCO_FUZZ'] ?? 400)

function random(start: number): () => number {
  let state = start
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** What breaks a document, in every way that a person or a merge conflict does. */
const shards = [
  '\n',
  '\r\n',
  '\t',
  ' ',
  '  ',
  ':',
  ': ',
  '- ',
  '#',
  ' # ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '|',
  '>-',
  '&a ',
  '*a',
  '<<: *a',
  '!!int ',
  '---\n',
  '...\n',
  '%',
  '?',
  '@',
  'storage:\n',
  'on',
  '\u0000',
  '\uFEFF',
  '💾',
  '\uD83D',
  '<<<<<<< HEAD\n',
  'null',
]

describe('whatever is typed', () => {
  it(`nothing throws, and every place is within the text: ${times} texts of seed ${seed}`, function () {
    this.timeout(60_000)
    const next = random(seed)
    const below = (limit: number): number => Math.floor(next() * limit)
    const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T
    for (let n = 0; n < times; n++) {
      let text = pick(sections).slice(0, 1200)
      for (let change = below(6); change >= 0; change--) {
        const at = below(text.length + 1)
        text = text.slice(0, at) + pick(shards) + text.slice(at + (next() < 0.4 ? below(12) : 0))
      }
      const offset = below(text.length + 1)
      const label = `${JSON.stringify(text)} at ${offset}`
      try {
        visit(text, offset)
      } catch (error) {
        assert.fail(`${error instanceof Error ? error.stack : error}\n${label}`)
      }
    }
  })
})

function visit(text: string, offset: number): void {
  const document = ValuesDocument.parse('/w/values.yaml', text)
  const view = makeView({ document, role: 'overlay', chart, facts })
  const within = ({ start, end }: TextRange): void => assert.ok(0 <= start && start <= end && end <= text.length, `${start} to ${end} of ${text.length}`)
  for (const { range } of [...document.syntax, ...validate(chart.schema!, view.merged, document)]) within(range)
  for (const { range } of complete(view, offset)) {
    within(range)
    assert.ok(range.start <= offset && offset <= range.end && !text.slice(range.start, range.end).includes('\n'), 'a completion replaces what the cursor is in')
  }
  const told = hover(view, offset)
  if (told !== undefined) within(told.range)
  for (const { range } of outline(document)) within(range)
  for (const range of folding(document)) within(range)
  const at = document.pathAt(offset)
  if (at === undefined) return
  const edits: Edit[][] = [
    [setValue(document, at.path, 'x')],
    [removeKey(document, at.path)],
    [renameKey(document, at.path, 'y')],
    moveKey(document, at.path, ['z', 'y']),
    [insertBlock(document, ['storage'], { strategy: 'x', a: { b: 1 } })],
  ]
  for (const some of edits) {
    for (const { range } of some) within(range)
    applied(text, some)
  }
}
