import assert from 'node:assert/strict'
import { complete } from '../../../../src/values/complete.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { isTable, pathText, valueAt } from '../../../../src/values/path.ts'
import type { ValuePath } from '../../../../src/values/types.ts'
import { chart, defaultsText, viewOf } from './given.ts'

/** A key of values.yaml with everything that belongs to it taken out: what stands above and below, and its indentation. */
interface Hole {
  readonly path: ValuePath
  readonly key: string
  readonly indent: string
  readonly above: string
  readonly below: string
}

const document = ValuesDocument.parse('values.yaml', defaultsText)

function pathsOf(value: unknown, path: ValuePath = []): ValuePath[] {
  return isTable(value) ? Object.entries(value).flatMap(([key, one]) => [[...path, key], ...pathsOf(one, [...path, key])]) : []
}

const holes = pathsOf(document.values).map((path): Hole => {
  const entry = document.locate(path)!.entry
  const lineStart = defaultsText.lastIndexOf('\n', entry.start) + 1
  const newline = defaultsText.indexOf('\n', entry.end)
  const end = newline === -1 ? defaultsText.length : newline
  return {
    path,
    key: String(path.at(-1)),
    indent: defaultsText.slice(lineStart, entry.start),
    above: defaultsText.slice(0, lineStart),
    below: defaultsText.slice(end),
  }
})

/** The last line with a key above, or the first one below, without its colon. */
const withoutColonAbove = (text: string): string => text.replace(/^( *[\w-]+):([^\n]*\n(?:\s*(?:#[^\n]*)?\n)*\s*(?:#[^\n]*\n)?)$/m, '$1$2')
const withoutColonBelow = (text: string): string => text.replace(/^(\s*(?:#[^\n]*\n\s*)*)([\w-]+):/, '$1$2')
const half = (key: string): string => key.slice(0, Math.ceil(key.length / 2))

/** The parent's map with nothing in it: what stands above its first key, and below its last. */
function emptied({ path }: Hole): { above: string; below: string } {
  const parent = path.slice(0, -1)
  if (parent.length === 0) return { above: '', below: '' }
  const place = document.locate(parent)!
  return { above: `${defaultsText.slice(0, defaultsText.indexOf('\n', place.key!.end))}\n`, below: defaultsText.slice(place.entry.end) }
}

const modes: [mode: string, text: (hole: Hole) => string][] = [
  ['a blank line', ({ above, indent, below }) => `${above}${indent}‸${below}`],
  ['half a key', ({ above, indent, key, below }) => `${above}${indent}${half(key)}‸${below}`],
  ['one letter', ({ above, indent, key, below }) => `${above}${indent}${key.slice(0, 1)}‸${below}`],
  ['a key with its colon', ({ above, indent, key, below }) => `${above}${indent}${half(key)}‸: ${below}`],
  ['no colon above', ({ above, indent, below }) => `${withoutColonAbove(above)}${indent}‸${below}`],
  ['no colon below', ({ above, indent, below }) => `${above}${indent}‸${withoutColonBelow(below)}`],
  ['half a key, no colon above', ({ above, indent, key, below }) => `${withoutColonAbove(above)}${indent}${half(key)}‸${below}`],
  ['the end of the file', ({ above, indent }) => `${above}${indent}‸`],
  ['the end of the file behind a comment', ({ above, indent }) => `${above}${indent}# a comment\n${indent}‸`],
  ['a map with nothing in it', (hole) => `${emptied(hole).above}${hole.indent}‸${emptied(hole).below}`],
  ['carriage returns', ({ above, indent, key, below }) => `${above}${indent}${half(key)}‸${below}`.replaceAll('\n', '\r\n')],
  ['tabs', ({ above, indent, key, below }) => `${above}${indent}${half(key)}‸${below}`.replaceAll(/^ +/gm, (blanks) => '\t'.repeat(blanks.length / 2))],
]

const valueModes: [mode: string, text: (hole: Hole) => string][] = [
  ['nothing', ({ above, indent, key, below }) => `${above}${indent}${key}: ‸${below}`],
  ['no blank', ({ above, indent, key, below }) => `${above}${indent}${key}:‸${below}`],
  ['a letter', ({ above, indent, key, below }) => `${above}${indent}${key}: p‸${below}`],
  ['double quotes', ({ above, indent, key, below }) => `${above}${indent}${key}: "‸"${below}`],
  ['a single quote', ({ above, indent, key, below }) => `${above}${indent}${key}: '‸${below}`],
  ['before a comment', ({ above, indent, key, below }) => `${above}${indent}${key}: ‸ # which one${below}`],
  ['no colon above', ({ above, indent, key, below }) => `${withoutColonAbove(above)}${indent}${key}: ‸${below}`],
  ['carriage returns', ({ above, indent, key, below }) => `${above}${indent}${key}: ‸${below}`.replaceAll('\n', '\r\n')],
]

describe('every key of values.yaml, taken away, is offered again', () => {
  it('there are keys', () => assert.ok(holes.length > 60, `${holes.length}`))
  for (const [mode, text] of modes) {
    it(mode, () => {
      const missed = holes.filter((hole) => {
        const { view, offset } = viewOf(text(hole))
        return !complete(view, offset).some(({ label, kind }) => kind === 'key' && label === hole.key)
      })
      assert.deepEqual(
        missed.map(({ path }) => pathText(path)),
        [],
      )
    })
  }
})

describe('every word that a value may be is offered', () => {
  const choices = holes.filter(
    ({ path }) => chart.schema!.facts(path, document.values).enum !== undefined || typeof valueAt(document.values, path) === 'boolean',
  )
  it('there are choices', () => assert.ok(choices.length > 8, `${choices.length}`))
  for (const [mode, text] of valueModes) {
    it(mode, () => {
      const missed = choices.filter((hole) => {
        const { view, offset } = viewOf(text(hole))
        const words = chart.schema!.facts(hole.path, document.values).enum ?? [true, false]
        const labels = complete(view, offset).map(({ label }) => label)
        return !words.every((word) => labels.includes(String(word)))
      })
      assert.deepEqual(
        missed.map(({ path }) => pathText(path)),
        [],
      )
    })
  }
})
