import * as v from 'valibot'
import { clusterChoices } from '../cluster/target.ts'

/** Which cluster and fleet an operation works on. */
const target = {
  cluster: v.picklist(clusterChoices),
  /** Context of the kubeconfig; overrides `cluster`. */
  context: v.optional(v.string()),
  namespace: v.string(),
  release: v.string(),
}

/** Storage strategies of the chart. */
export const storageStrategies = ['ephemeral', 'persistent', 'hostpath', 'hybrid', 'csi-snapshot'] as const

export const bootstrapOptions = v.object({
  operation: v.literal('bootstrap'),
  ...target,
  /** Values files, absolute paths, laid over each other in this order. */
  values: v.array(v.string()),
  /** `key=value`, as given with `--set`. */
  set: v.array(v.string()),
  storage: v.optional(v.picklist(storageStrategies)),
  replicas: v.optional(v.number()),
  /** Emulators that run on an earlier revision (image or values) are restarted, one after the other. */
  rebuildEmulators: v.boolean(),
  /** Parts to bring up; empty for all. */
  only: v.array(v.string()),
  /** Milliseconds until emulators must show a picture. */
  timeout: v.number(),
})
export type BootstrapOptions = v.InferOutput<typeof bootstrapOptions>

/** What a Rebuild may do with machines whose base disk changed. */
export const baseChoices = ['keep', 'fresh'] as const

export const rebuildOptions = v.object({
  operation: v.literal('rebuild'),
  ...target,
  /** Parts whose image is built; empty for all. */
  parts: v.array(v.string()),
  /**
   * What becomes of emulators whose guests wrote over another base disk than that of the new image: `keep` stops before they are touched, `fresh` begins them
   * with fresh overlays. Left out: `keep`, unless the values of the release say otherwise.
   */
  base: v.optional(v.picklist(baseChoices)),
  /** Milliseconds until one emulator must show a picture after its restart. */
  timeout: v.number(),
})
export type RebuildOptions = v.InferOutput<typeof rebuildOptions>

export const destroyOptions = v.object({
  operation: v.literal('destroy'),
  ...target,
  /** Claims and what guests wrote go too. */
  deleteData: v.boolean(),
  /** Milliseconds until each thing must be gone. */
  timeout: v.number(),
})
export type DestroyOptions = v.InferOutput<typeof destroyOptions>

export const migrateOptions = v.object({
  operation: v.literal('migrate'),
  ...target,
  /** Strategy that the disks are moved to. */
  to: v.picklist(storageStrategies),
  /** `key=value`, as given with `--set`: where the disks shall lie, more exactly. */
  set: v.array(v.string()),
  /** Milliseconds that one disk may take, and until every emulator must show a picture again. */
  timeout: v.number(),
})
export type MigrateOptions = v.InferOutput<typeof migrateOptions>

/** What an operation was asked to do: kept beside its journal, so that `--resume` asks for the same. */
export const operationOptions = v.variant('operation', [bootstrapOptions, rebuildOptions, destroyOptions, migrateOptions])
export type OperationOptions = v.InferOutput<typeof operationOptions>
