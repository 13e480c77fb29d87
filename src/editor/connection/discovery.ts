import { t } from '@vscode/l10n'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import type { LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import { type AccessAttribute, reviewAccess } from '../../kube/access.ts'
import type { KubeClient } from '../../kube/client.ts'
import { asKubeError } from '../../kube/errors.ts'
import { Reflector, type ReflectorState } from '../../kube/reflector.ts'
import { anyEmulator, type FoundFleet, fleetsOf, type Labelled } from './found-fleet.ts'
import { explainLogin } from './login-error.ts'
import { type ConnectionState, connectionStateOf, searchState } from './state.ts'

export interface DiscoveryOptions {
  client: KubeClient
  /** Where to look when the account may not look everywhere, the likeliest last. */
  namespaces: readonly string[]
  log: Logger
  /** Milliseconds after which a cluster that was never heard of counts as one that does not answer (4,000): connecting into nothing takes ten seconds to fail. */
  firstAnswer?: number
}

/** The search in one namespace: by StatefulSets, and by pods where only those may be seen. */
interface NamespaceSearch {
  readonly sets: Reflector<Labelled>
  pods: Reflector<Labelled> | undefined
}

/**
 * Finds the fleets of one cluster and follows their coming and going: by the StatefulSets of emulators in all namespaces; where that is denied, in the given
 * ones. Its state is that of the connection. Opens nothing before `start`.
 */
export class FleetDiscovery implements Disposable {
  readonly #options: DiscoveryOptions
  readonly #scope = new Scope()
  readonly #changes = new Emitter<void>()
  readonly #everywhere: Reflector<Labelled>
  readonly #inNamespaces = new Map<string, NamespaceSearch>()
  #wasLive = false
  #silence: LocoError | undefined
  #missing: readonly AccessAttribute[] = []

  constructor(options: DiscoveryOptions) {
    this.#options = options
    this.#everywhere = this.#reflect('/apis/apps/v1/statefulsets')
  }

  /** Fires when fleets came or went, or the state is another one. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  get state(): ConnectionState {
    const searched = this.#searched
    if (searched.state === 'connecting' && this.#silence !== undefined) return { state: 'unreachable', since: searched.since, error: this.#silence }
    const state = connectionStateOf(searched, this.#wasLive)
    return state.state === 'denied' ? { ...state, missing: this.#missing } : state
  }

  /** As far as is known: while nobody answers, what was there before. */
  get fleets(): FoundFleet[] {
    const narrow = [...this.#inNamespaces.values()].flatMap(({ sets, pods }) => [...sets.items.values(), ...(pods?.items.values() ?? [])])
    const wideCounts = this.#everywhere.state.state !== 'denied' || this.#searched.state !== 'live'
    return fleetsOf(wideCounts ? [...this.#everywhere.items.values(), ...narrow] : narrow)
  }

  start(): void {
    if (this.#scope.ended) return
    const { client, firstAnswer = 4_000 } = this.#options
    this.#everywhere.start()
    client.probe(firstAnswer).catch((error: unknown) => {
      this.#silence = explainLogin(asKubeError(error, t`Could not reach the cluster at ${client.server}.`))
      if (!this.#scope.ended) this.#changes.fire()
    })
  }

  dispose(): void {
    this.#changes.dispose()
    this.#scope.dispose()
  }

  get #searched(): ReflectorState {
    const narrow = [...this.#inNamespaces.values()].map(({ sets, pods }) => (sets.state.state === 'denied' && pods !== undefined ? pods.state : sets.state))
    return searchState(this.#everywhere.state, narrow)
  }

  #reflect(path: string): Reflector<Labelled> {
    const { client, log } = this.#options
    const reflector = new Reflector<Labelled>({ client, log, path, labelSelector: anyEmulator })
    reflector.changes(() => this.#changes.fire())
    reflector.stateChanges(() => this.#stateChanged())
    return this.#scope.add(reflector)
  }

  #stateChanged(): void {
    if (this.#everywhere.state.state === 'live') this.#stopNarrowSearch()
    else this.#searchNarrowly()
    const { state } = this.#searched
    if (state === 'live') this.#wasLive = true
    if (state === 'denied') void this.#findMissing()
    this.#changes.fire()
  }

  /** A right that is missing (as opposed to a login that is refused) leaves the single namespaces to be asked. */
  #searchNarrowly(): void {
    if (this.#everywhere.state.state !== 'denied' || this.#everywhere.state.error?.code !== 'LOCO-KUB-011') return
    for (const namespace of this.#options.namespaces) {
      const inside = `/namespaces/${encodeURIComponent(namespace)}`
      const known = this.#inNamespaces.get(namespace)
      if (known === undefined) {
        const sets = this.#reflect(`/apis/apps/v1${inside}/statefulsets`)
        this.#inNamespaces.set(namespace, { sets, pods: undefined })
        sets.start()
      } else if (known.sets.state.state === 'denied' && known.pods === undefined) {
        known.pods = this.#reflect(`/api/v1${inside}/pods`)
        known.pods.start()
      }
    }
  }

  #stopNarrowSearch(): void {
    for (const { sets, pods } of this.#inNamespaces.values()) {
      sets.dispose()
      pods?.dispose()
    }
    this.#inNamespaces.clear()
  }

  /** Asks which right is missing: the words of a refusal are not to be taken apart. */
  async #findMissing(): Promise<void> {
    const namespace = this.#options.namespaces.at(-1)
    const wanted: AccessAttribute[] = ['list', 'watch'].map((verb) => ({ verb, group: '', resource: 'pods', ...(namespace !== undefined && { namespace }) }))
    try {
      const reviews = await reviewAccess(this.#options.client, wanted)
      this.#missing = reviews.filter(({ allowed }) => !allowed).map(({ attribute }) => attribute)
    } catch {
      return // Who is refused altogether may not ask either; the words of the refusal are shown.
    }
    if (!this.#scope.ended) this.#changes.fire()
  }
}
