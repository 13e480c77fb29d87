import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Chart, View } from './chart.ts'
import { ValuesDocument } from './document.ts'
import { renameKey } from './edit.ts'
import { child, isTable, pathText, valueAt } from './path.ts'
import { anyEntry } from './template/mention.ts'
import { TemplateIndex } from './templates.ts'
import type { Edit, Location, TextRange, ValuePath } from './types.ts'

/** A place in a text that leads somewhere. */
export interface Link {
  readonly range: TextRange
  /** A code of ours (`LOCO-ST-08`), or a path relative to the folder of the file. */
  readonly target: { readonly code: string } | { readonly relative: string }
}

/** Where the value under an offset is defined: an alias at its anchor, a value of an overlay in the chart's defaults, else in the schema. */
export function definitions(view: View, offset: number): Location[] {
  const { document, chart } = view
  const anchor = anchorOf(document, offset)
  if (anchor !== undefined) return [anchor]
  const at = document.pathAt(offset)
  return at === undefined || chart === undefined ? [] : definedAt(chart, at.path)
}

/** Where the value is defined that a template names at an offset. */
export function definitionsInTemplate(chart: Chart, file: string, offset: number): Location[] {
  const mention = TemplateIndex.of(chart.templates).at(file, offset)
  return mention === undefined ? [] : definedAt(chart, mention.path)
}

function definedAt(chart: Chart, path: ValuePath): Location[] {
  const known = path.includes(anyEntry) ? path.slice(0, path.indexOf(anyEntry)) : path
  const place = known.length === 0 ? undefined : chart.defaults.locate(known)
  if (place !== undefined) return [{ file: chart.defaults.file, range: place.key ?? place.value }]
  const inSchema = schemaPlaces(chart, known)[0]
  return inSchema === undefined ? [] : [inSchema]
}

/** The `&name` that a `*name` under the offset stands for. */
function anchorOf({ text, file }: ValuesDocument, offset: number): Location | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  for (const match of text
    .slice(lineStart)
    .split('\n', 1)[0]
    ?.matchAll(/\*([\w.-]+)/g) ?? []) {
    const start = lineStart + match.index
    if (offset < start || offset > start + match[0].length) continue
    const anchor = new RegExp(`&${match[1]?.replaceAll('.', '\\.')}(?![\\w.-])`, 'g')
    const found = [...text.slice(0, start).matchAll(anchor)].at(-1)
    if (found !== undefined) return { file, range: { start: found.index, end: found.index + found[0].length } }
  }
  return undefined
}

/** Everywhere the value under an offset stands: this file, the chart's defaults, other overlays, templates. */
export function references(view: View, offset: number, overlays: readonly ValuesDocument[]): Location[] {
  const path = view.document.pathAt(offset)?.path
  return path === undefined ? [] : [...inFiles(view, path, overlays), ...inTemplates(view.chart, path)]
}

/** The same for the value that a template names. `overlays`: the values files of the chart beside its defaults. */
export function referencesInTemplate(chart: Chart, file: string, offset: number, overlays: readonly ValuesDocument[]): Location[] {
  const path = TemplateIndex.of(chart.templates).at(file, offset)?.path
  if (path === undefined) return []
  const places = [chart.defaults, ...overlays].flatMap((document) => keyIn(document, path))
  return [...places, ...inTemplates(chart, path)]
}

function inFiles({ document, chart, before }: View, path: ValuePath, overlays: readonly ValuesDocument[]): Location[] {
  const files = new Map([...(chart === undefined ? [] : [chart.defaults]), ...before, ...overlays, document].map((one) => [one.file, one]))
  return [...files.values()].flatMap((one) => keyIn(one, path))
}

function keyIn(document: ValuesDocument, path: ValuePath): Location[] {
  const place = document.locate(path)
  return place === undefined ? [] : [{ file: document.file, range: place.key ?? place.value }]
}

function inTemplates(chart: Chart | undefined, path: ValuePath): Location[] {
  return chart === undefined
    ? []
    : TemplateIndex.of(chart.templates)
        .references(path)
        .map(({ file, range }) => ({ file, range }))
}

/**
 * Gives the key under an offset another name, in this file, the chart's defaults, other overlays, templates and schema.
 * @throws LOCO-VA-23 when there is no key, the name is taken, or a template could not write it
 */
export function rename(view: View, offset: number, newName: string, overlays: readonly ValuesDocument[]): Edit[] {
  const at = view.document.pathAt(offset)
  const key = at?.path.at(-1)
  if (at === undefined || typeof key !== 'string') throw refused(t('There is no key of a map here.'))
  const { path } = at
  const parent = path.slice(0, -1)
  const files = new Map([...(view.chart === undefined ? [] : [view.chart.defaults]), ...view.before, ...overlays, view.document].map((one) => [one.file, one]))
  for (const one of files.values()) {
    if (newName !== key && one.locate([...parent, newName]) !== undefined) throw refused(t`${pathText([...parent, newName])} is in ${one.file} already.`)
  }
  const mentions = view.chart === undefined ? [] : TemplateIndex.of(view.chart.templates).references(path)
  const asField = mentions.some(({ file, range }) => isField(view.chart, file, range))
  if (newName === '' || (asField && !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(newName))) {
    throw refused(t`Templates read this value as .${key}, and a name like "${newName}" cannot stand there.`)
  }
  return [
    ...[...files.values()].flatMap((one) => (one.locate(path)?.key === undefined ? [] : [renameKey(one, path, newName)])),
    ...mentions.map(({ file, range }) => ({ file, range, newText: newName })),
    ...(view.chart === undefined ? [] : schemaPlaces(view.chart, path).map(({ file, range }) => ({ file, range, newText: JSON.stringify(newName) }))),
  ]
}

const refused = (why: string): LocoError => new LocoError('LOCO-VA-23', { what: t('The value cannot be renamed.'), why, fix: [t('Choose another name.')] })

/** True where a template writes the key as `.name`, not as a text for `index`. */
function isField(chart: Chart | undefined, file: string, { start }: TextRange): boolean {
  return chart?.templates.find((template) => template.file === file)?.text[start - 1] === '.'
}

/** The texts of the schema that name a value: its property, and its place among the required ones. */
function schemaPlaces({ schema }: Chart, path: ValuePath): Location[] {
  if (schema === undefined || path.length === 0) return []
  const document = ValuesDocument.parse(schema.file, schema.text)
  const parent = path.slice(0, -1).reduce<ValuePath | undefined>((at, key) => propertyOf(document, at, key), [])
  const own = propertyOf(document, parent, path.at(-1) ?? '')
  if (parent === undefined || own === undefined) return []
  const above = referred(document, parent)
  const required = valueAt(document.values, [...above, 'required'])
  const index = Array.isArray(required) ? required.indexOf(path.at(-1)) : -1
  const ranges = [document.locate(own)?.key, index === -1 ? undefined : document.locate([...above, 'required', index])?.value]
  return ranges.flatMap((range) => (range === undefined ? [] : [{ file: schema.file, range: quoted(document.text, range) }]))
}

/** Where the schema of a key stands: below `properties` or, of a list, `items`; through `$ref` where that leads. */
function propertyOf(document: ValuesDocument, parent: ValuePath | undefined, key: string | number): ValuePath | undefined {
  if (parent === undefined) return undefined
  const at = referred(document, parent)
  const path = typeof key === 'number' ? [...at, 'items'] : [...at, 'properties', key]
  return isTable(valueAt(document.values, path)) || valueAt(document.values, path) === true ? path : undefined
}

/** Where a schema is written that may refer to another. */
function referred(document: ValuesDocument, at: ValuePath): ValuePath {
  const ref = child(valueAt(document.values, at), '$ref')
  return typeof ref === 'string' && ref.startsWith('#/') ? ref.slice(2).split('/') : at
}

/** A text with its quotes. */
function quoted(text: string, { start, end }: TextRange): TextRange {
  return { start: text[start] === '"' ? start : start - 1, end: text[end - 1] === '"' ? end : end + 1 }
}

/** Codes of ours and relative paths in comments. Addresses of the web are links in every editor. */
export function links({ document }: View): Link[] {
  return [...document.text.matchAll(/#.*/g)].flatMap(({ 0: comment, index }) =>
    [...comment.matchAll(/(?<code>LOCO-[A-Z]{2,3}-\d{2,3})|(?<![\w/.:])(?<relative>\.{1,2}\/[\w./-]*\w)/g)].flatMap((match): Link[] => {
      const { code, relative } = match.groups ?? {}
      const start = index + match.index
      const range = { start, end: start + match[0].length }
      if (code !== undefined) return [{ range, target: { code } }]
      return relative === undefined ? [] : [{ range, target: { relative } }]
    }),
  )
}
