import { isAbsolute, resolve } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import type { OperationKind } from '../../contracts/operation.ts'
import type { OperationOptions } from '../../operations/options.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'

/** Operations that are tasks. Disks are moved from the terminal: loco storage migrate. */
export type TaskOperation = Exclude<OperationKind, 'migrate'>

/** What a task of type `loco` may say (package.json, `taskDefinitions`); the rest comes from the settings. */
export interface LocoTaskDefinition {
  readonly type: 'loco'
  readonly operation: TaskOperation
  readonly context?: string
  readonly namespace?: string
  readonly release?: string
  readonly values?: readonly string[]
  readonly set?: readonly string[]
  readonly storage?: 'ephemeral' | 'persistent' | 'hostpath' | 'hybrid' | 'csi-snapshot'
  readonly replicas?: number
  readonly rebuildEmulators?: boolean
  readonly parts?: readonly string[]
  readonly base?: 'keep' | 'fresh'
  readonly deleteData?: boolean
}

/** What the settings say, for everything that a task leaves open. */
export interface TaskDefaults {
  readonly cluster: OperationOptions['cluster']
  readonly namespace: string
  readonly release: string
  readonly values: readonly string[]
  /** Where relative paths start: the folder of the task or of the workspace. */
  readonly folder: string | undefined
}

export const operationKinds: readonly TaskOperation[] = ['bootstrap', 'rebuild', 'destroy']
const strategies = ['ephemeral', 'persistent', 'hostpath', 'hybrid', 'csi-snapshot']
const baseChoices = ['keep', 'fresh']
const parts = ['emulator', 'backend', 'frontend', 'vr']

interface Property {
  /** Operations that take it. */
  of: readonly TaskOperation[]
  right: (value: unknown) => boolean
  /** What it must be, as a sentence. */
  must: () => string
}

const text = (value: unknown): value is string => typeof value === 'string' && value !== ''
const texts = (value: unknown): value is string[] => Array.isArray(value) && value.every(text)
const name =
  (longest: number) =>
  (value: unknown): boolean =>
    text(value) && value.length <= longest && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)

/** Every property with who takes it and what it must be; a test holds the list against package.json. */
export const taskProperties: Readonly<Record<string, Property>> = {
  context: { of: operationKinds, right: text, must: () => t('It must be the name of a context.') },
  namespace: {
    of: operationKinds,
    right: name(63),
    must: () => t('It must be lower-case letters, digits and dashes, at most 63, and begin and end with a letter or digit.'),
  },
  release: {
    of: operationKinds,
    right: name(53),
    must: () => t('It must be lower-case letters, digits and dashes, at most 53, and begin and end with a letter or digit.'),
  },
  values: { of: ['bootstrap'], right: texts, must: () => t('It must be a list of paths.') },
  set: {
    of: ['bootstrap'],
    right: (value) => texts(value) && value.every((one) => /^[^=]+=/.test(one)),
    must: () => t('It must be a list of texts of the form key=value.'),
  },
  storage: { of: ['bootstrap'], right: (value) => strategies.includes(value as string), must: () => t`It must be one of ${strategies.join(', ')}.` },
  replicas: {
    of: ['bootstrap'],
    right: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9,
    must: () => t('It must be a whole number from 0 to 9.'),
  },
  rebuildEmulators: { of: ['bootstrap'], right: (value) => typeof value === 'boolean', must: () => t('It must be true or false.') },
  parts: {
    of: ['rebuild'],
    right: (value) => texts(value) && value.every((one) => parts.includes(one)),
    must: () => t`It must be a list of ${parts.join(', ')}.`,
  },
  base: { of: ['rebuild'], right: (value) => baseChoices.includes(value as string), must: () => t`It must be one of ${baseChoices.join(', ')}.` },
  deleteData: { of: ['destroy'], right: (value) => typeof value === 'boolean', must: () => t('It must be true or false.') },
}

/**
 * What an operation is asked to do, from a task and the settings.
 * @throws LOCO-OPS-006 naming the property that is wrong
 */
export function optionsOf(definition: Readonly<Record<string, unknown>>, defaults: TaskDefaults): OperationOptions {
  const { operation, context, namespace = defaults.namespace, release = defaults.release, ...rest } = checked(definition)
  const target = { cluster: defaults.cluster, ...(context !== undefined && { context }), namespace, release }
  const timeout = defaultTimeouts[operation]
  switch (operation) {
    case 'bootstrap':
      return {
        operation,
        ...target,
        values: (rest.values ?? defaults.values).map((path) => absolute(path, defaults.folder)),
        set: [...(rest.set ?? [])],
        ...(rest.storage !== undefined && { storage: rest.storage }),
        ...(rest.replicas !== undefined && { replicas: rest.replicas }),
        rebuildEmulators: rest.rebuildEmulators ?? false,
        only: [],
        timeout,
      }
    case 'rebuild':
      return { operation, ...target, parts: [...(rest.parts ?? [])], ...(rest.base !== undefined && { base: rest.base }), timeout }
    case 'destroy':
      return { operation, ...target, deleteData: rest.deleteData ?? false, timeout }
  }
}

function checked(definition: Readonly<Record<string, unknown>>): LocoTaskDefinition {
  const { operation } = definition
  if (!operationKinds.includes(operation as TaskOperation)) {
    throw wrong('operation', operation, t`It must be one of ${operationKinds.join(', ')}.`)
  }
  for (const [property, { of, right, must }] of Object.entries(taskProperties)) {
    const value = definition[property]
    if (value === undefined) continue
    if (!of.includes(operation as TaskOperation)) {
      throw wrong(property, value, t`An operation of the kind ${operation as string} does not take it; it belongs to ${of.join(', ')}.`)
    }
    if (!right(value)) throw wrong(property, value, must())
  }
  return definition as unknown as LocoTaskDefinition
}

function wrong(property: string, value: unknown, why: string): LocoError {
  const shown = value === undefined ? t('nothing') : JSON.stringify(value)
  return new LocoError('LOCO-OPS-006', {
    what: t`The property "${property}" of the task is wrong: ${shown}.`,
    why,
    fix: [t('Correct the task in tasks.json; the completion there offers what is possible.')],
  })
}

function absolute(path: string, folder: string | undefined): string {
  if (isAbsolute(path)) return path
  if (folder !== undefined) return resolve(folder, path)
  throw new LocoError('LOCO-OPS-006', {
    what: t`The values file ${path} has no folder to start from.`,
    why: t('Its path is relative, and no folder is open.'),
    fix: [t('Open the folder, or write the whole path.')],
  })
}
