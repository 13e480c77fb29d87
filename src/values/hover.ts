import { t } from '@vscode/l10n'
import type { View } from './chart.ts'
import { entryAt } from './cursor.ts'
import { knownFacts, shortText } from './describe.ts'
import type { ValuesDocument } from './document.ts'
import { sameJson } from './json-schema.ts'
import { isTable, pathText, valueAt } from './path.ts'
import type { SchemaFacts } from './schema.ts'
import type { Hover, TextRange, ValuePath } from './types.ts'
import { typeName } from './violation-words.ts'

export interface HoverSources {
  /** Names of the template files that read a value. */
  readBy?(path: ValuePath): readonly string[]
}

/** What is known of the value at an offset: what it is for, what it may be, what it is in the end and who says so, what runs now. Undefined where no value is. */
export function hover(view: View, offset: number, sources: HoverSources = {}): Hover | undefined {
  const at = placeAt(view.document, offset)
  if (at === undefined) return undefined
  const facts = knownFacts(view, at.path)
  const readBy = sources.readBy?.(at.path) ?? []
  const parts = [
    heading(at.path, facts),
    facts.deprecated ? (facts.deprecation ?? t('Deprecated.')) : '',
    facts.description ?? '',
    allowed(facts),
    effective(view, at.path),
    deployed(view, at.path),
    readBy.length === 0 ? '' : t('Read by {0}.', readBy.map((file) => code(file)).join(', ')),
  ]
  return { contents: parts.filter((part) => part !== '').join('\n\n'), range: at.range }
}

/** By the tree, and in a broken document by lines where they know better. */
function placeAt(document: ValuesDocument, offset: number): { path: ValuePath; range: TextRange } | undefined {
  const byLines = document.broken ? entryAt(document.text, offset) : undefined
  if (byLines !== undefined) return byLines
  const at = document.pathAt(offset)
  const place = at === undefined ? undefined : document.locate(at.path)
  return at === undefined || place === undefined ? undefined : { path: at.path, range: at.part === 'key' ? (place.key ?? place.value) : place.value }
}

function heading(path: ValuePath, facts: SchemaFacts): string {
  const name = `**${code(pathText(path))}**`
  const types = facts.types.map(typeName).join(t(' or '))
  const plain = facts.hasDefault && !isTable(facts.default) ? t('default {0}', code(shortText(facts.default))) : ''
  const about = [types, plain].filter((part) => part !== '').join(', ')
  return about === '' ? name : `${name}: ${about}`
}

function allowed(facts: SchemaFacts): string {
  if (facts.enum !== undefined) {
    return facts.enum
      .map((word, index) => {
        const text = facts.enumDescriptions[index]
        return text === undefined ? `- ${code(shortText(word))}` : `- ${code(shortText(word))}: ${text}`
      })
      .join('\n')
  }
  const { minimum, maximum } = facts
  if (minimum !== undefined && maximum !== undefined) return t('Allowed: {0} to {1}.', minimum, maximum)
  if (minimum !== undefined) return t('Allowed: {0} or more.', minimum)
  if (maximum !== undefined) return t('Allowed: {0} or less.', maximum)
  return facts.pattern === undefined ? '' : t('Allowed: what fits {0}.', code(facts.pattern))
}

/** Which file sets it to what, in order; said when more than this file has a word in it. */
function effective(view: View, path: ValuePath): string {
  const documents = [...view.before, view.document]
  const givers = documents.filter((document) => valueAt(document.values, path) !== undefined)
  const value = view.merged.at(path)
  if (isTable(value) || givers.length === 0) return ''
  if (givers.length === 1 && givers[0] === view.document) return ''
  const origin = view.merged.origin(path)
  const lines = givers.map((document) => {
    const shown = code(shortText(valueAt(document.values, path)))
    return document === origin ? t('- {0}: {1}, which counts', fileName(document, view), shown) : `- ${fileName(document, view)}: ${shown}`
  })
  return [t('Set by:'), ...lines].join('\n')
}

function deployed(view: View, path: ValuePath): string {
  const { facts } = view
  if (facts?.deployed === undefined) return ''
  const value = valueAt(facts.deployed.values, path)
  const here = view.merged.at(path)
  if (isTable(here) || isTable(value)) return ''
  const where = t('{0} in {1}, revision {2}', facts.release, facts.context, facts.deployed.revision)
  if (value === undefined) return t('Not set in what runs now ({0}).', where)
  return sameJson(value, here) ? t('The same runs now ({0}).', where) : t('What runs now has {0} ({1}).', code(shortText(value)), where)
}

function fileName(document: ValuesDocument, view: View): string {
  const name = code(document.file.slice(document.file.lastIndexOf('/') + 1))
  if (document === view.document) return t('{0}, this file', name)
  return document === view.chart?.defaults ? t('{0}, the defaults of the chart', name) : name
}

/** A text as code in Markdown, whatever back quotes are in it. */
function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${text}${pad}${fence}`
}
