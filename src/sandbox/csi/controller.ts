import { join } from 'node:path'
import { capabilityRefusal, checkCapabilities, checkedId, checkParameters, fits, sizeFor } from './checks.ts'
import { copyFiles } from './copy.ts'
import { topologyKey } from './driver-name.ts'
import type { Mounts } from './host-mounts.ts'
import type { ContentSource, CreateSnapshotRequest, CreateVolumeRequest, ListSnapshotsRequest, VolumeCapability } from './messages.ts'
import { pointsOf } from './published.ts'
import { aborted, exhausted, exists, inUse, invalid, notFound } from './refusal.ts'
import type { Methods } from './serve.ts'
import { Shelf, type ShelfRecord } from './shelf.ts'
import { Turns } from './turns.ts'

export interface ControllerOptions {
  /** Name of the one node. */
  node: string
  /** Folder of volumes and snapshots. */
  data: string
  /** The kubelet's folder, below which volumes are shown to pods. */
  kubelet: string
  mounts: Mounts
  /** Ends copies that run. */
  signal: AbortSignal
}

const volumeKey = (id: string): string => `volume/${id}`
const snapshotKey = (id: string): string => `snapshot/${id}`
const capabilities = ['CREATE_DELETE_VOLUME', 'CREATE_DELETE_SNAPSHOT', 'LIST_SNAPSHOTS', 'CLONE_VOLUME', 'SINGLE_NODE_MULTI_WRITER']

/** Makes, copies and deletes volumes and snapshots, which are folders. Every call can be repeated: a name that is there with the same properties is the answer. */
export class Controller {
  readonly #options: ControllerOptions
  readonly #volumes: Shelf
  readonly #snapshots: Shelf
  readonly #turns = new Turns()
  readonly methods: Methods

  private constructor(options: ControllerOptions, volumes: Shelf, snapshots: Shelf) {
    this.#options = options
    this.#volumes = volumes
    this.#snapshots = snapshots
    this.methods = {
      ControllerGetCapabilities: async () => ({ capabilities: capabilities.map((type) => ({ rpc: { type } })) }),
      CreateVolume: (request: CreateVolumeRequest) => this.#createVolume(request),
      DeleteVolume: (request: { volume_id: string }) => this.#deleteVolume(request.volume_id),
      ValidateVolumeCapabilities: (request: { volume_id: string; volume_capabilities: VolumeCapability[] }) => this.#validate(request),
      CreateSnapshot: (request: CreateSnapshotRequest) => this.#createSnapshot(request),
      DeleteSnapshot: (request: { snapshot_id: string }) => this.#deleteSnapshot(request.snapshot_id),
      ListSnapshots: (request: ListSnapshotsRequest) => this.#listSnapshots(request),
    }
  }

  static async open(options: ControllerOptions): Promise<Controller> {
    return new Controller(options, await Shelf.open(join(options.data, 'volumes')), await Shelf.open(join(options.data, 'snapshots')))
  }

  /** Folder with the files of a volume. @throws NOT_FOUND */
  async folderOf(id: string): Promise<string> {
    if ((await this.#volumes.read(id)) === undefined) throw notFound(`there is no volume ${id}`)
    return this.#volumes.dataOf(id)
  }

  async #createVolume(request: CreateVolumeRequest): Promise<object> {
    const id = checkedId(request.name, 'name')
    checkCapabilities(request.volume_capabilities)
    checkParameters(request.parameters)
    this.#checkPlace(request)
    const source = sourceKey(request.volume_content_source)
    const record = await this.#turns.take([volumeKey(id), ...(source === null ? [] : [source])], async () => {
      const there = await this.#volumes.read(id)
      if (there !== undefined) {
        if (there.source === source && fits(there.bytes, request.capacity_range)) return there
        throw exists(`volume ${id} exists with ${there.bytes} bytes as a copy of ${there.source ?? 'nothing'}`)
      }
      const original = source === null ? undefined : await this.#original(source)
      const made = { id, bytes: sizeFor(request.capacity_range, original?.bytes), created: new Date().toISOString(), source }
      await this.#volumes.add(made, async (data) => {
        if (original !== undefined) await copyFiles(original.folder, data, this.#options.signal)
      })
      return made
    })
    const place = { segments: { [topologyKey]: this.#options.node } }
    return { volume: { volume_id: id, capacity_bytes: record.bytes, content_source: request.volume_content_source, accessible_topology: [place] } }
  }

  #checkPlace({ accessibility_requirements: places }: CreateVolumeRequest): void {
    const { node } = this.#options
    if (places === null || places.requisite.length === 0 || places.requisite.some(({ segments }) => segments[topologyKey] === node)) return
    throw exhausted(`volumes can only be on node ${node}`)
  }

  async #original(key: string): Promise<{ bytes: number; folder: string }> {
    const [kind, id = ''] = key.split('/')
    const shelf = kind === 'snapshot' ? this.#snapshots : this.#volumes
    const record = await shelf.read(id)
    if (record === undefined) throw notFound(`there is no ${kind} ${id}`)
    return { bytes: record.bytes, folder: shelf.dataOf(id) }
  }

  async #deleteVolume(given: string): Promise<object> {
    const id = checkedId(given, 'volume id')
    await this.#turns.take([volumeKey(id)], async () => {
      // A pod that was deleted by force may still have it: its files must not go away under it.
      const [point] = await pointsOf(this.#volumes.dataOf(id), this.#options.mounts, this.#options.kubelet)
      if (point !== undefined) throw inUse(`volume ${id} is in use at ${point}`)
      await this.#volumes.remove(id)
    })
    return {}
  }

  async #validate({ volume_id, volume_capabilities }: { volume_id: string; volume_capabilities: VolumeCapability[] }): Promise<object> {
    if (volume_capabilities.length === 0) throw invalid('volume capabilities are missing')
    await this.folderOf(checkedId(volume_id, 'volume id'))
    const refusal = volume_capabilities.map(capabilityRefusal).find((text) => text !== undefined)
    return refusal === undefined ? { confirmed: { volume_capabilities } } : { message: refusal }
  }

  async #createSnapshot(request: CreateSnapshotRequest): Promise<object> {
    const id = checkedId(request.name, 'name')
    const volume = checkedId(request.source_volume_id, 'source volume id')
    checkParameters(request.parameters)
    const record = await this.#turns.take([snapshotKey(id), volumeKey(volume)], async () => {
      const there = await this.#snapshots.read(id)
      if (there !== undefined) {
        if (there.source === volumeKey(volume)) return there
        throw exists(`snapshot ${id} exists as a copy of ${there.source ?? 'nothing'}`)
      }
      const { bytes, folder } = await this.#original(volumeKey(volume))
      const made = { id, bytes, created: new Date().toISOString(), source: volumeKey(volume) }
      await this.#snapshots.add(made, (data) => copyFiles(folder, data, this.#options.signal))
      return made
    })
    return { snapshot: snapshotMessage(record) }
  }

  async #deleteSnapshot(given: string): Promise<object> {
    const id = checkedId(given, 'snapshot id')
    await this.#turns.take([snapshotKey(id)], () => this.#snapshots.remove(id))
    return {}
  }

  async #listSnapshots({ max_entries: most, starting_token: token, source_volume_id: volume, snapshot_id: id }: ListSnapshotsRequest): Promise<object> {
    if (most < 0) throw invalid('max entries is below zero')
    const all = (await this.#snapshots.list()).filter((record) => (id === '' || record.id === id) && (volume === '' || record.source === volumeKey(volume)))
    const start = token === '' ? 0 : all.findIndex((record) => record.id === token)
    if (start < 0) throw aborted(`no list goes on at ${token}`)
    const end = most === 0 ? all.length : start + most
    return { entries: all.slice(start, end).map((record) => ({ snapshot: snapshotMessage(record) })), next_token: all[end]?.id ?? '' }
  }
}

/** What a new volume is a copy of, as `snapshot/ID` or `volume/ID`; null for an empty one. */
export function sourceKey(source: ContentSource | null): string | null {
  if (source?.snapshot) return snapshotKey(checkedId(source.snapshot.snapshot_id, 'snapshot id'))
  if (source?.volume) return volumeKey(checkedId(source.volume.volume_id, 'source volume id'))
  if (source !== null) throw invalid('the content source is neither a snapshot nor a volume')
  return null
}

function snapshotMessage({ id, bytes, created, source }: ShelfRecord): object {
  const milliseconds = Date.parse(created)
  return {
    snapshot_id: id,
    source_volume_id: source?.split('/')[1] ?? '',
    size_bytes: bytes,
    creation_time: { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 },
    ready_to_use: true,
  }
}
