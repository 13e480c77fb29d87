import type { Disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import type { Logger } from '../../base/logger.ts'
import { KubeClient } from '../../kube/client.ts'
import type { Kubeconfig } from '../../kube/kubeconfig.ts'
import { FleetDiscovery } from './discovery.ts'
import type { FoundFleet } from './found-fleet.ts'
import type { ConnectionState } from './state.ts'
import { WatchedFleet } from './watched-fleet.ts'

export interface ClusterConnectionOptions {
  kubeconfig: Kubeconfig
  context: string
  /** Where to look for fleets when the account may not look everywhere, beside the namespace of the context. */
  namespace: string
  log: Logger
}

/** What is wanted of a connection. */
export interface Wish {
  /** Whether its fleets are to be found and watched. */
  discover: boolean
  /** Fleets that are to be watched in any case. */
  leased: readonly FoundFleet[]
}

const keyOf = ({ namespace, release }: FoundFleet): string => `${namespace}/${release}`

/** One cluster through one context: its client, the search for fleets, and those that are watched. It does what is wished, and nothing before. */
export class ClusterConnection implements Disposable {
  readonly context: string
  readonly client: KubeClient
  readonly #options: ClusterConnectionOptions
  readonly #changes = new Emitter<void>()
  readonly #watched = new Map<string, WatchedFleet>()
  #discovery: FleetDiscovery | undefined
  #leased: readonly FoundFleet[] = []

  /** @throws LOCO-KUB-004, -005, -009 for a context that cannot be used */
  constructor(options: ClusterConnectionOptions) {
    this.#options = options
    this.context = options.context
    this.client = new KubeClient(options.kubeconfig, options.context)
  }

  /** Fires when the state is another one, or fleets came or went. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  get state(): ConnectionState {
    return this.#discovery?.state ?? { state: 'connecting' }
  }

  /** Those that were found and are watched. */
  get fleets(): readonly WatchedFleet[] {
    return this.#discovery?.fleets.flatMap((found) => this.#watched.get(keyOf(found)) ?? []) ?? []
  }

  /** All that are watched. */
  get sessions(): readonly WatchedFleet[] {
    return [...new Set([...this.fleets, ...this.#watched.values()])]
  }

  session(fleet: FoundFleet): WatchedFleet | undefined {
    return this.#watched.get(keyOf(fleet))
  }

  want({ discover, leased }: Wish): void {
    this.#leased = leased
    if (discover) this.#discovery ??= this.#discover()
    else this.#endDiscovery()
    this.#follow()
  }

  dispose(): void {
    this.#changes.dispose()
    this.#endDiscovery()
    for (const fleet of this.#watched.values()) fleet.dispose()
    this.#watched.clear()
    this.client.dispose()
  }

  #discover(): FleetDiscovery {
    const { namespace, log } = this.#options
    const discovery = new FleetDiscovery({ client: this.client, namespaces: [...new Set([this.client.namespace, namespace])], log })
    discovery.changes(() => {
      this.#follow()
      this.#changes.fire()
    })
    discovery.start()
    return discovery
  }

  #endDiscovery(): void {
    this.#discovery?.dispose()
    this.#discovery = undefined
  }

  /** Watches what was found or is leased, and nothing else. */
  #follow(): void {
    const wanted = new Map([...this.#leased, ...(this.#discovery?.fleets ?? [])].map((fleet) => [keyOf(fleet), fleet]))
    for (const [key, fleet] of this.#watched) {
      if (wanted.has(key)) continue
      fleet.dispose()
      this.#watched.delete(key)
    }
    for (const [key, { namespace, release }] of wanted) {
      if (this.#watched.has(key)) continue
      this.#watched.set(key, new WatchedFleet({ id: { context: this.context, namespace, release }, client: this.client, log: this.#options.log }))
    }
  }
}
