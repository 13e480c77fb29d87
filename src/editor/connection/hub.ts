import { type Disposable, disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import type { LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import type { KubeContext } from '../../kube/kubeconfig.ts'
import type { FleetId, FleetLease, FleetSession, Fleets } from '../fleets.ts'
import type { Wish } from './cluster-connection.ts'
import { contextsToShow } from './default-contexts.ts'
import { KubeconfigSource } from './kubeconfig-source.ts'
import { Lease } from './lease.ts'
import type { ConnectionPool, KubeconfigNow } from './pool.ts'
import type { ConnectionView } from './state.ts'

export interface HubOptions {
  env: NodeJS.ProcessEnv
  log: Logger
  /** Settings, read when they are needed. */
  extraFiles: () => readonly string[]
  namespace: () => string
  /** Whether files may be read and clusters asked at all (the workspace is trusted). */
  allowed: () => boolean
  /** The person's own choice of contexts; the kubeconfig's is never changed. */
  selection: { read(): readonly string[] | undefined; write(contexts: readonly string[]): void }
  /** Where a sandbox of this machine would leave its kubeconfig. */
  sandbox: { context: string; file: string } | undefined
}

/** Milliseconds that a sandbox gets to answer, and after which one that did not is asked again. */
const sandboxAnswer = 2_000
const sandboxAgain = 10_000
/** Milliseconds that `ready` waits for clusters, then for their fleets, and keeps them after that. */
const readyPatience = 10_000

/**
 * All clusters and fleets that the window knows. What is connected follows from what is wanted: the chosen contexts while somebody watches, and those of the
 * leases. Nothing is read or asked before the first wish.
 */
export class FleetHub implements Fleets, Disposable {
  readonly #options: HubOptions
  readonly #changes = new Emitter<void>()
  readonly #leases = new Set<Lease>()
  #watchers = 0
  #selected: readonly string[] = []
  #source: KubeconfigSource | undefined
  #pool: ConnectionPool | undefined
  #started: Promise<void> | undefined
  #updating: Promise<void> = Promise.resolve()
  #sandboxTimer: NodeJS.Timeout | undefined
  #known = false
  #ended = false

  constructor(options: HubOptions) {
    this.#options = options
  }

  /** Fires when connections, their states or their fleets changed. What changes inside of a fleet, its store tells. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  /** Whether somebody watches, and whether it is known what there is to watch. */
  get phase(): 'idle' | 'loading' | 'known' {
    if (this.#watchers === 0) return 'idle'
    return this.#known ? 'known' : 'loading'
  }

  /** What is wrong with kubeconfig files; the rest works without them. */
  get problems(): readonly LocoError[] {
    const { error, current } = this.#kubeconfig
    return error !== undefined ? [error] : (current?.problems ?? [])
  }

  /** All contexts of the kubeconfig files. */
  get contexts(): readonly KubeContext[] {
    return this.#kubeconfig.current?.contexts ?? []
  }

  /** The contexts that are looked at, by choice or by default. */
  get selected(): readonly string[] {
    return this.#selected
  }

  /** The selected contexts while somebody watches, in the order of the choice. */
  get connections(): readonly ConnectionView[] {
    if (this.#watchers === 0) return []
    return this.#selected.map((context) => {
      const { server = '', file = '' } = this.contexts.find(({ name }) => name === context) ?? {}
      const connection = this.#pool?.get(context)
      const refusal = this.#pool?.refusal(context)
      const state = connection?.state ?? (refusal === undefined ? { state: 'connecting' as const } : { state: 'unusable' as const, error: refusal })
      return { context, server, file, state, fleets: connection?.fleets ?? [] }
    })
  }

  get sessions(): readonly FleetSession[] {
    const rank = (context: string): number => (this.#selected.includes(context) ? this.#selected.indexOf(context) : this.#selected.length)
    const connections = [...(this.#pool?.connections ?? [])].sort((a, b) => rank(a.context) - rank(b.context))
    return connections.flatMap(({ sessions }) => sessions)
  }

  /** Has the selected contexts connected, and their fleets found and watched, until disposed. */
  watch(): Disposable {
    this.#watchers += 1
    this.wake()
    if (this.#watchers === 1) this.#update()
    return disposable(() => {
      this.#watchers -= 1
      this.#reconcile()
    })
  }

  acquire(id: FleetId): FleetLease {
    const lease = new Lease(id, () => {
      if (this.#leases.delete(lease)) this.#reconcile()
    })
    this.#leases.add(lease)
    this.wake()
    return lease
  }

  async ready(): Promise<void> {
    if (!this.#options.allowed()) return
    const watching = this.watch()
    try {
      await this.#start()
      await this.#updating
      await this.#until(() => this.connections.every(({ state }) => state.state !== 'connecting'))
      const late = AbortSignal.timeout(readyPatience)
      const settling = this.#pool?.connections.flatMap(({ sessions }) => sessions.map((session) => session.settled(late))) ?? []
      await Promise.allSettled(settling)
    } finally {
      // Whoever asked takes a lease in the next moment.
      setTimeout(() => watching.dispose(), readyPatience).unref()
    }
  }

  /** Looks at these contexts from now on; at the usual one when there is none. */
  select(contexts: readonly string[]): void {
    this.#options.selection.write(contexts)
    this.#update()
  }

  /** Begins anew, with fresh clients and the files as they are now: one context, or all. */
  reconnect(context?: string): void {
    for (const connection of this.#pool?.connections ?? []) if (context === undefined || connection.context === context) this.#pool?.drop(connection.context)
    this.wake()
    void this.#source?.read()
  }

  /** Settings about files or namespaces are other ones. */
  restart(): void {
    if (this.#source === undefined) return
    this.#source.dispose()
    this.#source = this.#open()
    for (const { context } of this.#pool?.connections ?? []) this.#pool?.drop(context)
    void this.#source.read()
  }

  dispose(): void {
    this.#ended = true
    clearTimeout(this.#sandboxTimer)
    for (const lease of this.#leases) lease.dispose()
    this.#source?.dispose()
    this.#pool?.dispose()
    this.#changes.dispose()
  }

  /** Reads what speaks with clusters, so that it is there when it is asked. Opens nothing. */
  prepare(): void {
    void import('./pool.ts')
  }

  /** Sees to it that what is wanted now is done, at once if all is loaded. */
  protected wake(): void {
    if (this.#ended || !this.#options.allowed()) return
    if (this.#pool === undefined) void this.#start()
    else this.#reconcile()
  }

  get #kubeconfig(): KubeconfigNow {
    return { current: this.#source?.current, error: this.#source?.error }
  }

  /** Loads what speaks with clusters, and the kubeconfig: both only now, because they are heavy and may never be needed. */
  #start(): Promise<void> {
    this.#started ??= (async () => {
      this.#source = this.#open()
      const [{ ConnectionPool: Pool }] = await Promise.all([import('./pool.ts'), this.#source.read()])
      if (this.#ended) return
      const { log, namespace } = this.#options
      this.#pool = new Pool({ log, namespace })
      this.#pool.changes(() => this.#changes.fire())
      this.#update()
      await this.#updating
    })()
    return this.#started
  }

  #open(): KubeconfigSource {
    const { env, sandbox, extraFiles } = this.#options
    const source = new KubeconfigSource({ env, extraFiles: extraFiles(), ...(sandbox !== undefined && { sandboxFile: sandbox.file }) })
    source.changes(() => this.#update())
    return source
  }

  /** Chooses the contexts anew and does what follows; one after the other. */
  #update(): void {
    this.#updating = this.#updating.then(async () => {
      if (this.#ended || this.#pool === undefined) return
      if (this.#watchers > 0) {
        this.#selected = await this.#choose(this.#pool)
        this.#known = true
      }
      this.#reconcile()
    })
  }

  async #choose(pool: ConnectionPool): Promise<readonly string[]> {
    const { selection, sandbox } = this.#options
    const { current } = this.#kubeconfig
    const chosen = selection.read() ?? []
    clearTimeout(this.#sandboxTimer)
    const known = this.contexts.map(({ name }) => name)
    const own = current?.contexts.find(({ name, file }) => name === sandbox?.context && file === sandbox.file)?.name
    if (chosen.length > 0 || own === undefined) return contextsToShow({ chosen, known, current: current?.currentContext, sandbox: undefined })
    const answers = await pool.answers(own, this.#kubeconfig, sandboxAnswer)
    // It may be on its way up: then it is what a person who chose nothing wants to see.
    if (!answers && !this.#ended && this.#watchers > 0) this.#sandboxTimer = setTimeout(() => this.#update(), sandboxAgain).unref()
    return contextsToShow({ chosen, known, current: current?.currentContext, sandbox: { context: own, answers } })
  }

  #reconcile(): void {
    if (this.#ended || this.#pool === undefined) return
    this.#pool.satisfy(this.#wishes(), this.#kubeconfig)
    for (const lease of this.#leases) lease.update(this.#pool.get(lease.id.context)?.session(lease.id), this.#pool.refusal(lease.id.context))
    this.#changes.fire()
  }

  #wishes(): Map<string, Wish> {
    const watched = this.#watchers > 0 ? this.#selected : []
    const leased = Map.groupBy(this.#leases, ({ id }) => id.context)
    const contexts = new Set([...watched, ...leased.keys()])
    return new Map([...contexts].map((context) => [context, { discover: watched.includes(context), leased: (leased.get(context) ?? []).map(({ id }) => id) }]))
  }

  /** Resolves when it is so, or when patience is at its end. */
  #until(so: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        listening.dispose()
        resolve()
      }
      const timer = setTimeout(end, readyPatience)
      const listening = this.#changes.event(() => so() && end())
      if (so()) end()
    })
  }
}
