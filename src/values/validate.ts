import { t } from '@vscode/l10n'
import type { ValuesDocument } from './document.ts'
import type { Violation } from './evaluate.ts'
import type { Merged } from './merge.ts'
import { pathText } from './path.ts'
import type { Schema } from './schema.ts'
import { lineOf } from './syntax.ts'
import type { Problem, TextRange, ValuePath } from './types.ts'
import { violationWords } from './violation-words.ts'

/** Mistakes that are told: who makes more of them has given another file than meant. */
const mostMistakes = 200

const aboutKeys = new Set(['additionalProperties', 'unevaluatedProperties', 'propertyNames', 'false'])

/**
 * What Helm's check of the merged values against the chart's schema would say, at the places of one of the files: unknown keys are `LOCO-VA-02`, everything else `LOCO-VA-05`.
 * A mistake that another file makes is told at the nearest key here, with the other place beside it.
 */
export function validate(schema: Schema, merged: Merged, document: ValuesDocument): Problem[] {
  const seen = new Set<string>()
  return schema
    .violations(merged.values)
    .slice(0, mostMistakes)
    .flatMap((violation) => {
      const path = placeOf(violation)
      const id = JSON.stringify(path)
      // Several subschemas may demand the same of a value: one mistake, one message.
      if (seen.has(id)) return []
      seen.add(id)
      const problem = problemOf(violation, path, schema, merged, document)
      return document.broken && upsetBySyntax(problem, violation, document) ? [] : [problem]
    })
}

/** The value or key that a violation is about; for a missing key, the key. */
function placeOf({ path, key }: Violation): ValuePath {
  return key === undefined ? path : [...path, key]
}

function problemOf(violation: Violation, path: ValuePath, schema: Schema, merged: Merged, document: ValuesDocument): Problem {
  const isKey = aboutKeys.has(violation.keyword) && violation.key !== undefined
  const { range, related } = rangeOf(path, isKey, merged, document)
  const known = isKey
    ? schema
        .keys(violation.path, merged.values)
        .filter((key) => !Object.hasOwn(Object(merged.at(violation.path)), key) || merged.origin([...violation.path, key]) !== document)
    : []
  const message = violationWords(violation, merged.at(path), shownIn(path, merged, document), known)
  return { code: isKey ? 'LOCO-VA-02' : 'LOCO-VA-05', severity: 'error', message, file: document.file, range, path, ...related }
}

function rangeOf(path: ValuePath, isKey: boolean, merged: Merged, document: ValuesDocument): { range: TextRange; related: Partial<Problem> } {
  const origin = merged.origin(path)
  const place = origin === undefined || origin === document ? document.locate(path) : undefined
  if (place !== undefined) return { range: (isKey ? place.key : nonEmpty(place.value)) ?? place.key ?? place.value, related: {} }
  const range = document.nearest(path)
  const elsewhere = origin?.locate(path)
  if (origin === undefined || origin === document || elsewhere === undefined) return { range, related: {} }
  const message = t('`{0}` is set here.', pathText(path))
  return { range, related: { related: [{ file: origin.file, range: elsewhere.key ?? elsewhere.value, message }] } }
}

const nonEmpty = (range: TextRange): TextRange | undefined => (range.end > range.start ? range : undefined)

/** The value as it is written, else as JSON; one short line. */
function shownIn(path: ValuePath, merged: Merged, document: ValuesDocument): string {
  const value = merged.at(path)
  const place = merged.origin(path) === document ? document.locate(path)?.value : undefined
  const written = place === undefined ? undefined : document.text.slice(place.start, place.end)
  const text = typeof value === 'string' ? value : written !== undefined && !/[\n*]/.test(written) ? written : (JSON.stringify(value) ?? '')
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** True for what follows from a text that could not be parsed: the missing colon is one mistake, not also a missing value. */
function upsetBySyntax(problem: Problem, violation: Violation, { syntax, text }: ValuesDocument): boolean {
  if (violation.keyword === 'required') return true
  const [first, last] = [lineOf(text, problem.range.start), lineOf(text, problem.range.end)]
  return syntax.some(({ range }) => {
    const line = lineOf(text, range.start)
    return line >= first - 1 && line <= last + 1
  })
}
