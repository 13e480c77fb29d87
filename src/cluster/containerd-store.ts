import type { Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { NodeImage, NodeImageStore } from '../images/node-store.ts'
import { fullReference, shortReference } from '../images/reference.ts'
import { type Containerd, runCtr } from './ctr.ts'
import { parseContainerTable, parseImageTable, readManifest } from './ctr-tables.ts'

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' }

/**
 * The images of a node whose containerd is on this machine, through `ctr`. Kubernetes' own namespace of containerd is the one the kubelet sees.
 * containerd names a manifest, Docker a configuration: ids here are those of the configuration, read from the stored manifest.
 */
export class ContainerdImageStore implements NodeImageStore {
  readonly #containerd: Containerd
  /** Digest of a manifest → id; content is addressed by its digest, so this never goes stale. Undefined: its content is not here. */
  readonly #ids = new Map<string, string | undefined>()

  constructor(containerd: Containerd) {
    this.#containerd = containerd
  }

  async list(signal?: AbortSignal): Promise<NodeImage[]> {
    const byId = new Map<string, string[]>()
    for (const { name, id } of await this.#names(signal)) byId.set(id, [...(byId.get(id) ?? []), shortReference(name)])
    // The kubelet's runtime names every image once more by its id; that is no name to a person.
    return [...byId].map(([id, refs]) => ({ id, refs: refs.filter((ref) => !ref.startsWith('sha256:')) }))
  }

  async id(reference: string, signal?: AbortSignal): Promise<string | undefined> {
    const full = fullReference(reference)
    return (await this.#names(signal)).find(({ name }) => name === full)?.id
  }

  async has(referenceOrId: string, signal?: AbortSignal): Promise<boolean> {
    const full = fullReference(referenceOrId)
    return (await this.#names(signal)).some(({ name, id }) => name === full || id === referenceOrId)
  }

  async put(archive: Readable, signal?: AbortSignal): Promise<void> {
    await runCtr(this.#containerd, ['images', 'import', '-'], { input: archive, signal })
  }

  async tag(referenceOrId: string, references: readonly string[], signal?: AbortSignal): Promise<void> {
    const full = fullReference(referenceOrId)
    const source = (await this.#names(signal)).find(({ name, id }) => name === full || id === referenceOrId)
    if (source === undefined) {
      throw new LocoError('LOCO-BLD-031', {
        what: t`The node has no image ${referenceOrId} that could be named ${references[0] ?? ''}.`,
        fix: [t('Run the command again.')],
      })
    }
    await runCtr(this.#containerd, ['images', 'tag', '--force', source.name, ...references.map(fullReference)], { signal })
  }

  async remove(referencesOrIds: readonly string[], signal?: AbortSignal): Promise<void> {
    const wanted = new Set(referencesOrIds.map(fullReference))
    const names = (await this.#names(signal)).filter(({ name, id }) => wanted.has(name) || wanted.has(id)).map(({ name }) => name)
    // --sync: the disk space is free when this returns.
    if (names.length > 0) await runCtr(this.#containerd, ['images', 'rm', '--sync', ...names], { signal })
  }

  async usage(signal?: AbortSignal): Promise<Set<string>> {
    const table = await runCtr(this.#containerd, ['containers', 'ls'], { signal })
    const used = new Set(parseContainerTable(table.toString('utf8')))
    return new Set((await this.#names(signal)).filter(({ name }) => used.has(name)).map(({ id }) => id))
  }

  /** Every name with the id of its image; names whose content is not here are left out. */
  async #names(signal: AbortSignal | undefined): Promise<{ name: string; id: string }[]> {
    const table = await runCtr(this.#containerd, ['images', 'ls'], { signal })
    const found: { name: string; id: string }[] = []
    for (const { name, digest } of parseImageTable(table.toString('utf8'))) {
      const id = await this.#configuration(digest, signal)
      if (id !== undefined) found.push({ name, id })
    }
    return found
  }

  async #configuration(digest: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (!this.#ids.has(digest)) this.#ids.set(digest, await this.#readConfiguration(digest, signal))
    return this.#ids.get(digest)
  }

  async #readConfiguration(digest: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    let json: Buffer
    try {
      json = await runCtr(this.#containerd, ['content', 'get', digest], { signal })
    } catch (error) {
      // An index names manifests of other platforms too, which are not here.
      if (error instanceof LocoError && error.evidence.some((words) => words.includes('not found'))) return undefined
      throw error
    }
    const manifest = readManifest(json.toString('utf8'), architectures[process.arch] ?? process.arch)
    if ('id' in manifest) return manifest.id
    for (const inner of manifest.manifests) {
      const id = await this.#configuration(inner, signal)
      if (id !== undefined) return id
    }
    return undefined
  }
}
