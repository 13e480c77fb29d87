import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import type { ValuesDocument } from '../document.ts'
import { setValue } from '../edit.ts'
import { isTable, type Values } from '../path.ts'
import { Rewrite } from '../rewrite.ts'
import type { Edit, Fix, ValuePath } from '../types.ts'

/** The strategies of the chart, in the order in which they are told. */
export const strategies = ['ephemeral', 'persistent', 'hostpath', 'hybrid', 'csi-snapshot'] as const
export type Strategy = (typeof strategies)[number]

/** `storage.strategy` as a path; for names without dots in them. */
export const dotted = (path: string): ValuePath => path.split('.')

/** The effective value at a dotted path, whatever it is. */
export const effective = (view: View, path: string): unknown => view.merged.at(dotted(path))

export function textOf(view: View, path: string): string | undefined {
  const value = effective(view, path)
  return typeof value === 'string' ? value : undefined
}

export function numberOf(view: View, path: string): number | undefined {
  const value = effective(view, path)
  return typeof value === 'number' ? value : undefined
}

export function mapOf(view: View, path: string): Values {
  const value = effective(view, path)
  return isTable(value) ? value : {}
}

/** The strategy, when it is one that there is. */
export function strategyOf(view: View): Strategy | undefined {
  const word = textOf(view, 'storage.strategy')
  return strategies.find((strategy) => strategy === word)
}

/** True when emulators have claims of their own. */
export const hasClaims = (strategy: Strategy | undefined): boolean => strategy !== undefined && strategy !== 'ephemeral'

/** True when a folder of the node is used. */
export const usesHost = (strategy: Strategy | undefined): boolean => strategy === 'hostpath' || strategy === 'hybrid'

/** Folders of the node that the values name: `storage.hostPath.sharedDirectory` and what else ends like that. */
export function hostFolders(view: View): { path: ValuePath; folder: string }[] {
  return Object.entries(mapOf(view, 'storage.hostPath')).flatMap(([key, folder]) =>
    typeof folder === 'string' && folder !== '' && /(?:directory|path|folder)$/i.test(key) ? [{ path: ['storage', 'hostPath', key], folder }] : [],
  )
}

export interface Leaf {
  readonly path: ValuePath
  readonly value: unknown
}

/** Many rules ask for the leaves of the same values. */
const leaves = new WeakMap<Values, readonly Leaf[]>()

/** Every scalar, list and empty map in a map, with its path. */
export function leavesOf(values: Values): readonly Leaf[] {
  const known = leaves.get(values)
  if (known !== undefined) return known
  const found: Leaf[] = []
  const visit = (value: unknown, path: ValuePath): void => {
    const entries = isTable(value) ? Object.entries(value) : []
    if (entries.length === 0) found.push({ path, value })
    for (const [key, entry] of entries) visit(entry, [...path, key])
  }
  for (const [key, value] of Object.entries(values)) visit(value, [key])
  leaves.set(values, found)
  return found
}

/** The fix that gives the value at a path in this file, made where it is missing. */
export function setting(view: View, path: ValuePath, value: unknown, preferred: boolean, title?: string): Fix {
  const said = JSON.stringify(value)
  return {
    title: title ?? t`Use ${typeof value === 'string' ? value : said}`,
    preferred,
    edits: [setValue(view.document, path, value)],
  }
}

/** A fix of several changes of this file, each made in what the one before left. */
export function rewriting(view: View, title: string, preferred: boolean, ...changes: readonly ((document: ValuesDocument) => Edit | readonly Edit[])[]): Fix {
  const rewrite = new Rewrite(view.document)
  for (const change of changes) rewrite.apply(...[change(rewrite.document)].flat())
  return { title, preferred, edits: rewrite.edits() }
}
