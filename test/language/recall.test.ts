import assert from 'node:assert/strict'
import { complete } from '../../src/values/complete.ts'
import { ValuesDocument } from '../../src/values/document.ts'
import { isTable, pathText, valueAt } from '../../src/values/path.ts'
import type { ValuePath } from '../../src/values/types.ts'
import { chart, defaultsText, sections, viewOf } from '../unit/values/core/given.ts'

/** A key of values.yaml with everything that belongs to it taken out: what stands above and below, and its indentation. */
interface Hole {
  readonly path: ValuePath
  readonly key: string
  readonly indent: string
  readonly above: string
  readonly below: string
  readonly document: ValuesDocument
}

const whole = ValuesDocument.parse('values.yaml', defaultsText)

function pathsOf(value: unknown, path: ValuePath = []): ValuePath[] {
  return isTable(value) ? Object.entries(value).flatMap(([key, one]) => [[...path, key], ...pathsOf(one, [...path, key])]) : []
}

function holeIn(document: ValuesDocument, path: ValuePath): Hole {
  const { text } = document
  const { entry } = document.locate(path)!
  const lineStart = text.lastIndexOf('\n', entry.start) + 1
  const newline = text.indexOf('\n', entry.end)
  return {
    path,
    key: String(path.at(-1)),
    indent: text.slice(lineStart, entry.start),
    above: text.slice(0, lineStart),
    below: text.slice(newline === -1 ? text.length : newline),
    document,
  }
}

// Every key in its section of the file, and every fifth in the whole file.
const holes = [
  ...sections.flatMap((text) => {
    const document = ValuesDocument.parse('values.yaml', text)
    return pathsOf(document.values).map((path) => holeIn(document, path))
  }),
  ...pathsOf(whole.values)
    .filter((_, index) => index % 5 === 0)
    .map((path) => holeIn(whole, path)),
]

/** The last line with a key above, or the first one below, without its colon. */
const withoutColonAbove = (text: string): string => text.replace(/^( *[\w-]+):([^\n]*\n(?:\s*(?:#[^\n]*)?\n)*\s*(?:#[^\n]*\n)?)$/m, '$1$2')
const withoutColonBelow = (text: string): string => text.replace(/^(\s*(?:#[^\n]*\n\s*)*)([\w-]+):/, '$1$2')
const half = (key: string): string => key.slice(0, Math.ceil(key.length / 2))

/** The parent's map with nothing in it: what stands above its first key, and below its last. */
function emptied({ path, document }: Hole): { above: string; below: string } {
  const parent = path.slice(0, -1)
  if (parent.length === 0) return { above: '', below: '' }
  const place = document.locate(parent)!
  return { above: `${document.text.slice(0, document.text.indexOf('\n', place.key!.end))}\n`, below: document.text.slice(place.entry.end) }
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
  it('there are keys', () => assert.ok(holes.length > 200, `${holes.length}`))
  for (const [mode, text] of modes) {
    it(mode, function () {
      this.timeout(60_000)
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
  const choices = holes.filter(({ path }) => chart.schema!.facts(path, whole.values).enum !== undefined || typeof valueAt(whole.values, path) === 'boolean')
  it('there are choices', () => assert.ok(choices.length > 8, `${choices.length}`))
  for (const [mode, text] of valueModes) {
    it(mode, function () {
      this.timeout(60_000)
      const missed = choices.filter((hole) => {
        const { view, offset } = viewOf(text(hole))
        const words = chart.schema!.facts(hole.path, whole.values).enum ?? [true, false]
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
