import { t } from '@vscode/l10n'
import type { View } from '../chart.ts'
import type { ValuesDocument } from '../document.ts'
import { insertBlock, moveKey, removeKey, setValue } from '../edit.ts'
import { child, isTable, type Values, valueAt } from '../path.ts'
import { Rewrite } from '../rewrite.ts'
import type { Edit, Fix, ValuePath } from '../types.ts'
import type { Strategy } from './context.ts'

/** What the storage of the original chart says in today's words. */
export interface Converted {
  readonly strategy: Strategy
  readonly sharedDirectory: string | undefined
  readonly createIfNotExists: boolean | undefined
}

const oldKeys = ['hostPath', 'hybrid', 'nfs', 'emptyDir', 'configMap', 'persistent', 'enabled']

/** True for the map that the original chart had at `storage.strategy`. */
export const isObjectForm = (value: unknown): value is Values => isTable(value) && Object.keys(value).some((key) => oldKeys.includes(key))

/**
 * Reads the old map as the original chart did: hostPath wins over hybrid; hybrid took the art from the node only with `primary: hostPath`.
 * NFS is gone, so the rest is `persistent`: the disks lay on a claim in every case.
 */
export function objectForm(value: Values): Converted {
  const [hostPath, hybrid] = [child(value, 'hostPath'), child(value, 'hybrid')]
  const [path, create] = [child(hostPath, 'path'), child(hostPath, 'createOnStartup')]
  const onHost = child(hostPath, 'enabled') === true
  const mixed = child(hybrid, 'enabled') === true && (child(hybrid, 'primary') ?? 'hostPath') === 'hostPath'
  return {
    strategy: onHost ? 'hostpath' : mixed ? 'hybrid' : 'persistent',
    sharedDirectory: typeof path === 'string' ? path : undefined,
    createIfNotExists: typeof create === 'boolean' ? create : undefined,
  }
}

/** Turns the old form of this file into the notes' form; comments within it go above the new word. */
export function convertObjectForm(view: View): Fix {
  const rewrite = new Rewrite(view.document)
  const title = t('Convert to the form with one word')
  const old = valueAt(view.document.values, ['storage', 'strategy'])
  const at = view.document.locate(['storage', 'strategy'])
  if (!isTable(old) || at === undefined) return { title, preferred: false, edits: [] }
  const { strategy, sharedDirectory, createIfNotExists } = objectForm(old)
  const comments = commentsIn(view.document.text.slice(at.key?.end ?? at.value.start, at.value.end))
  rewrite.apply(setValue(rewrite.document, ['storage', 'strategy'], strategy))
  addComments(rewrite, comments)
  const host = {
    ...(sharedDirectory === undefined ? {} : { sharedDirectory }),
    ...(createIfNotExists === undefined ? {} : { createIfNotExists }),
  }
  // Without a folder the chart's default would be taken, which is what the original did.
  if (Object.keys(host).length > 0 && (strategy === 'hostpath' || strategy === 'hybrid')) addMissing(rewrite, ['storage', 'hostPath'], host)
  for (const [from, to] of movedKeys) move(rewrite, from, to)
  if (rewrite.document.locate(['storage', 'nfsSize']) !== undefined) rewrite.apply(removeKey(rewrite.document, ['storage', 'nfsSize']))
  return { title, preferred: true, edits: rewrite.edits() }
}

const movedKeys: readonly (readonly [ValuePath, ValuePath])[] = [
  [
    ['storage', 'class'],
    ['storage', 'persistentVolume', 'storageClass'],
  ],
  [
    ['storage', 'diskSize'],
    ['storage', 'persistentVolume', 'size'],
  ],
]

function move(rewrite: Rewrite, from: ValuePath, to: ValuePath): void {
  if (rewrite.document.locate(from) === undefined) return
  const taken = rewrite.document.locate(to) !== undefined
  rewrite.apply(...(taken ? [removeKey(rewrite.document, from)] : moveKey(rewrite.document, from, to)))
}

function addMissing(rewrite: Rewrite, path: ValuePath, entries: Values): void {
  const missing = Object.fromEntries(Object.entries(entries).filter(([key]) => rewrite.document.locate([...path, key]) === undefined))
  if (Object.keys(missing).length === 0) return
  const there = rewrite.document.keysOf(path).length > 0
  rewrite.apply(there ? insertBlock(rewrite.document, path, missing) : insertBlock(rewrite.document, path.slice(0, -1), { [String(path.at(-1))]: missing }))
}

/** The comments of a piece of YAML, one a line, without what stands before them. */
function commentsIn(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => /(?:^|\s)(#.*)$/.exec(line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, ''))?.[1]?.trimEnd() ?? [])
}

/** Puts comments on lines of their own above `storage.strategy`, unless they are still there. */
function addComments(rewrite: Rewrite, comments: readonly string[]): void {
  const { document } = rewrite
  const key = document.locate(['storage', 'strategy'])?.key
  if (key === undefined) return
  const start = document.text.lastIndexOf('\n', key.start - 1) + 1
  const indent = document.text.slice(start, key.start)
  if (indent.trim() !== '') return
  const lost = comments.filter((comment) => !document.text.includes(comment))
  rewrite.apply(
    ...lines(
      document,
      start,
      lost.map((comment) => `${indent}${comment}`),
    ),
  )
}

function lines(document: ValuesDocument, at: number, texts: readonly string[]): Edit[] {
  const end = document.text.includes('\r\n') ? '\r\n' : '\n'
  return texts.length === 0 ? [] : [{ file: document.file, range: { start: at, end: at }, newText: texts.map((text) => text + end).join('') }]
}
