import type { LocoCode } from '../base/codes.ts'

/** Causes in the order in which one explains another: a node that is away explains everything below it. */
export const layers = ['node', 'controller', 'claim', 'scheduling', 'volume', 'sandbox', 'image', 'config', 'crash', 'probe'] as const
export type Layer = (typeof layers)[number]

/**
 * When waiting longer stops making sense. A number: seconds for which the sign must have stood unchanged (2 is "seen twice"). `times`: how often it must have
 * happened. `never`: it may always come right by itself, so it only warns. `normal`: no trouble at all, worth telling.
 */
export type Patience = { seconds: number; autoscaled?: number } | { times: number } | 'never' | 'normal'

/** Fatal when it is still so in a second look. */
export const seenTwice: Patience = { seconds: 2 }

/** Groups of the row's `text` in the words; those that it does not have, or that did not take part, are empty. */
export type Groups = readonly [string, string, string]
export const noGroups: Groups = ['', '', '']

/** What a row's sentences may name. Texts that were not said are empty. */
export interface Facts {
  namespace: string
  /** Name of the pod, claim, controller or node. */
  object: string
  container: string
  image: string
  groups: Groups
  /** Exit code of the container's last end. */
  exit: number
  /** Storage class of a claim. */
  storageClass: string
}

/**
 * One row of the catalogue: a sign in the words of Kubernetes, what it means and what to do. Where the sign is looked for is said by the list the row stands
 * in (rows/*.ts); within a list the first row that fits wins, so the special ones come first and one without `text` last.
 */
export interface Row {
  readonly code: LocoCode
  readonly layer: Layer
  /** Waiting reasons, terminated reasons, event reasons or condition types, depending on the list; none = any. */
  readonly reasons?: readonly string[]
  /** Fragment that must occur in the words. Words differ by version: as little as tells them apart. */
  readonly text?: RegExp
  readonly patience: Patience
  /** One sentence, without pod names where the cause is not the pod's own, so that the same cause of nine pods is one entry. */
  readonly cause: (facts: Facts) => string
  /** Best first, commands as typed. */
  readonly fix: (facts: Facts) => readonly string[]
  /** A consequence: not told when anything else is known. */
  readonly symptom?: true
}

/** A row that was found to hold. */
export interface Signal {
  readonly row: Row
  readonly facts: Facts
  /** What it is about within its object (a container, a probe): with the code it is the identity of the sign. */
  readonly subject: string
  /** Milliseconds since the epoch from which it is known to stand; undefined when Kubernetes does not say. */
  readonly since: number | undefined
  /** How often it happened. */
  readonly times: number
  /** The raw words. */
  readonly words: readonly string[]
  /** True where the thing works at the moment and the sign is about its past. */
  readonly past?: true
}

/** The first row of a list whose reasons and text fit, with the groups of its text. */
export function match(rows: readonly Row[], reason: string, words: string): { row: Row; groups: Groups } | undefined {
  for (const row of rows) {
    if (row.reasons !== undefined && !row.reasons.includes(reason)) continue
    const groups = row.text === undefined ? noGroups : groupsOf(row.text, words)
    if (groups !== undefined) return { row, groups }
  }
  return undefined
}

/** The groups of a text in some words; undefined where it does not occur in them. */
export function groupsOf(text: RegExp, words: string): Groups | undefined {
  const found = text.exec(words)
  return found === null ? undefined : [found[1] ?? '', found[2] ?? '', found[3] ?? '']
}

export const noFacts: Facts = { namespace: '', object: '', container: '', image: '', groups: noGroups, exit: 0, storageClass: '' }
