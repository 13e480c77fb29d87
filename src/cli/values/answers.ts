import { readFileSync } from 'node:fs'
import { LineMap, type Span } from '../../values/line-map.ts'
import type { Completion, Edit, Fix, Hover, Problem, TextRange, Unchecked } from '../../values/types.ts'
import type { OpenValues } from './open-values.ts'

/** Turns the offsets of answers into lines and columns, and their paths into those that the person would type. */
export class Places {
  readonly #open: Pick<OpenValues, 'shown'>
  readonly #lines = new Map<string, LineMap>()

  constructor(open: Pick<OpenValues, 'shown'>) {
    this.#open = open
  }

  /** The text that offsets in a file count in; else that of the disk. */
  add(file: string, text: string): void {
    this.#lines.set(file, new LineMap(text))
  }

  lines(file: string): LineMap {
    const known = this.#lines.get(file) ?? new LineMap(readFileSync(file, 'utf8'))
    this.#lines.set(file, known)
    return known
  }

  span(file: string, range: TextRange): Span {
    return this.lines(file).span(range)
  }

  shown(file: string): string {
    return this.#open.shown(file)
  }
}

/** A problem with what mends it. */
export interface CheckedProblem {
  readonly problem: Problem
  readonly fixes: readonly Fix[]
}

export interface Checked {
  readonly problems: readonly CheckedProblem[]
  readonly unchecked: readonly Unchecked[]
}

const editJson = (places: Places, { file, range, newText }: Edit): object => ({ file: places.shown(file), range: places.span(file, range), newText })

/** The document of `loco values check --output json` (docs/cli.md). */
export function checkJson({ problems, unchecked }: Checked, places: Places): object {
  return {
    schema: 'loco.values-check/1',
    problems: problems.map(({ problem: { code, severity, message, file, range, path, related = [] }, fixes }) => ({
      code,
      severity,
      message,
      file: places.shown(file),
      range: places.span(file, range),
      path: path ?? null,
      related: related.map((one) => ({ file: places.shown(one.file), range: places.span(one.file, one.range), message: one.message })),
      fixes: fixes.map(({ title, preferred, edits }) => ({ title, preferred, edits: edits.map((edit) => editJson(places, edit)) })),
    })),
    unchecked,
  }
}

export interface CompleteDocument {
  schema: 'loco.values-complete/1'
  items: {
    label: string
    kind: Completion['kind']
    detail: string | null
    documentation: string | null
    range: Span
    newText: string
    isSnippet: boolean
    deprecated: boolean
  }[]
}

/** The document of `loco values complete --output json`: what is wanted most comes first. */
export function completeJson(items: readonly Completion[], file: string, places: Places): CompleteDocument {
  return {
    schema: 'loco.values-complete/1',
    items: [...items]
      .sort((a, b) => (a.sortText < b.sortText ? -1 : a.sortText > b.sortText ? 1 : 0))
      .map(({ label, kind, detail, documentation, range, newText, isSnippet, deprecated = false }) => ({
        label,
        kind,
        detail: detail ?? null,
        documentation: documentation ?? null,
        range: places.span(file, range),
        newText,
        isSnippet,
        deprecated,
      })),
  }
}

/** The document of `loco values hover --output json`; `null` where there is nothing to say. */
export function hoverJson(found: Hover | undefined, file: string, places: Places): object | null {
  return found === undefined ? null : { schema: 'loco.values-hover/1', contents: found.contents, range: places.span(file, found.range) }
}

/** The document of `loco values fix --output json`: what is changed, and what a check finds afterwards. */
export function fixJson(edits: readonly Edit[], left: Checked, written: boolean, places: Places, after: Places): object {
  return { ...checkJson(left, after), schema: 'loco.values-fix/1', written, edits: edits.map((edit) => editJson(places, edit)) }
}
