import { type Clock, systemClock } from '../base/clock.ts'
import { type Disposable, Scope } from '../base/disposable.ts'
import type { LocoError } from '../base/error.ts'
import { type Logger, silentLogger } from '../base/logger.ts'
import type { Freshness } from '../contracts/fleet.ts'
import { emulatorName, emulatorSelector, ports } from '../contracts/names.ts'
import type { Claim, ContainerStatus, Controller, KubeEvent, Node, Pod } from '../diagnosis/evidence.ts'
import type { KubeClient } from '../kube/client.ts'
import { Reflector, type ReflectorState } from '../kube/reflector.ts'
import { AgentClient } from './agent-client.ts'
import { type AgentTimings, AgentWatcher } from './agent-watcher.ts'
import type { Observation } from './emulator.ts'
import { freshnessOf } from './freshness.ts'
import { emulatorContainer } from './judge-pod.ts'
import { FleetObjects } from './objects.ts'
import type { FleetName } from './status-document.ts'
import { FleetStore } from './store.ts'

export interface FleetWatcherOptions extends FleetName {
  client: KubeClient
  log?: Logger
  clock?: Clock
}

/** Milliseconds in which changes are gathered into one judgement: at least so many, and so many times what the last judgement cost, at most so many. */
const gather = { least: 20, timesCost: 10, most: 250 }
/** Milliseconds between the first words to two agents: the first look at a large fleet must not stand behind hundreds of handshakes. */
const agentSpread = 4
/** Milliseconds between two judgements while time itself may change one: patience runs out, a start takes too long. */
const tick = 1_000

/**
 * Watches one fleet: its pods, StatefulSet, claims, events and nodes, and the agent of every running pod, and keeps the store up to date.
 * Never throws: what cannot be seen is said by the freshness of the store and by verdicts. Nothing is opened before `start`, nothing is open after `dispose`.
 */
export class FleetWatcher implements Disposable {
  readonly store: FleetStore
  /** The objects behind the verdicts, for those who show more. */
  readonly objects: FleetObjects
  readonly #options: FleetWatcherOptions
  readonly #clock: Clock
  readonly #scope = new Scope()
  readonly #pods: Reflector<Pod>
  readonly #sets: Reflector<Controller>
  readonly #claims: Reflector<Claim>
  readonly #events: Reflector<KubeEvent>
  /** By name of the node: only those on which our pods run. */
  readonly #nodes = new Map<string, Reflector<Node>>()
  /** By UID of the pod, with the number of the container's life. */
  readonly #agents = new Map<string, { watcher: AgentWatcher; life: string }>()
  #pending: NodeJS.Timeout | undefined
  /** Milliseconds that the last judgement took: the longer it takes the rarer it is, so that a large fleet leaves time for everything else. */
  #cost = 0
  #ticking: NodeJS.Timeout | undefined
  readonly #waiters = new Set<() => void>()

  constructor(options: FleetWatcherOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.store = this.#scope.add(new FleetStore({ state: 'stale', since: new Date(this.#clock.now()).toISOString() }))
    const namespace = `/namespaces/${encodeURIComponent(options.namespace)}`
    this.#pods = this.#reflect<Pod>({ path: `/api/v1${namespace}/pods`, labelSelector: emulatorSelector(options.release) })
    this.#sets = this.#reflect<Controller>({ path: `/apis/apps/v1${namespace}/statefulsets`, fieldSelector: `metadata.name=${emulatorName(options.release)}` })
    this.#claims = this.#reflect<Claim>({ path: `/api/v1${namespace}/persistentvolumeclaims` })
    this.#events = this.#reflect<KubeEvent>({ path: `/api/v1${namespace}/events` })
    this.objects = this.#scope.add(
      new FleetObjects({ pods: () => this.#pods.items.values(), claims: () => this.#claims.items.values(), events: () => this.#events.items.values() }),
    )
    for (const reflector of [this.#pods, this.#claims, this.#events]) reflector.changes(() => this.objects.touch())
  }

  start(): void {
    if (this.#scope.ended) return
    for (const reflector of [this.#pods, this.#sets, this.#claims, this.#events]) reflector.start()
  }

  /**
   * Resolves when the cluster has answered (or cannot) and every agent has spoken or failed once, or `timeout` milliseconds after the cluster has answered.
   * @throws the signal's reason
   */
  async settled({ timeout, signal }: { timeout: number; signal?: AbortSignal }): Promise<void> {
    let deadline: number | undefined
    for (;;) {
      signal?.throwIfAborted()
      if (this.#scope.ended) return
      const answered = [this.#pods, this.#sets, this.#claims, this.#events].every(({ state }) => state.state !== 'connecting')
      const nodes = [...this.#nodes.values()].every(({ state }) => state.state !== 'connecting')
      const agents = [...this.#agents.values()].every(({ watcher }) => watcher.sight.state !== 'connecting')
      if (answered) deadline ??= this.#clock.now() + timeout
      if (answered && nodes && agents && this.#pending === undefined) return
      if (deadline !== undefined && this.#clock.now() >= deadline) return
      await this.#nextJudgement(deadline === undefined ? tick : Math.min(tick, deadline - this.#clock.now()), signal)
    }
  }

  dispose(): void {
    clearTimeout(this.#pending)
    clearTimeout(this.#ticking)
    for (const { watcher } of this.#agents.values()) watcher.dispose()
    this.#agents.clear()
    for (const reflector of this.#nodes.values()) reflector.dispose()
    this.#nodes.clear()
    this.#scope.dispose()
    for (const wake of this.#waiters) wake()
  }

  #reflect<T extends Pod | Controller | Claim | KubeEvent | Node>(what: { path: string; labelSelector?: string; fieldSelector?: string }): Reflector<T> {
    const { client, log = silentLogger } = this.#options
    const reflector = new Reflector<T>({ client, log, clock: this.#clock, ...what })
    reflector.changes(() => this.#soon())
    reflector.stateChanges(() => this.#soon())
    return this.#scope.add(reflector)
  }

  #soon(): void {
    if (this.#pending !== undefined || this.#scope.ended) return
    this.#pending = setTimeout(
      () => {
        this.#pending = undefined
        const start = performance.now()
        this.#judge()
        this.#cost = performance.now() - start
      },
      Math.min(gather.most, Math.max(gather.least, gather.timesCost * this.#cost)),
    )
  }

  #judge(): void {
    this.#followNodes()
    this.#followAgents()
    try {
      this.store.apply(this.#observe())
      this.objects.tell()
    } catch (error) {
      // A reader that throws is its own problem: the fleet is watched on.
      this.#options.log?.error('a reader of the fleet failed', { error: error instanceof Error ? error.message : String(error) })
    }
    for (const wake of this.#waiters) wake()
    clearTimeout(this.#ticking)
    const restless = this.store.freshness.state !== 'live' || this.store.emulators.some(({ verdict }) => verdict !== 'healthy' && verdict !== 'stopped')
    if (restless && !this.#scope.ended) this.#ticking = setTimeout(() => this.#judge(), tick)
  }

  #observe(): Observation {
    const { release, namespace } = this.#options
    const { freshness, error } = this.#freshness()
    // The way to the agents broke together with ours: now that it is back, they are not kept waiting.
    if (freshness.state === 'live' && this.store.freshness.state !== 'live') for (const { watcher } of this.#agents.values()) watcher.retry()
    return {
      release,
      namespace,
      now: this.#clock.now(),
      freshness,
      ...(error !== undefined && { blindness: error }),
      set: [...this.#sets.items.values()][0],
      pods: [...this.#pods.items.values()],
      claims: [...this.#claims.items.values()],
      events: [...this.#events.items.values()],
      nodes: [...this.#nodes.values()].flatMap((reflector) => [...reflector.items.values()]),
      agents: new Map([...this.#agents].map(([uid, { watcher }]) => [uid, watcher.sight])),
    }
  }

  /** Pods decide, and the StatefulSet unless it is only it that may not be seen: a fleet can be told from its pods alone. */
  #freshness(): { freshness: Freshness; error?: LocoError } {
    const sets: ReflectorState = this.#sets.state
    return freshnessOf(sets.state === 'denied' ? [this.#pods.state] : [this.#pods.state, sets])
  }

  #followNodes(): void {
    const names = new Set([...this.#pods.items.values()].flatMap(({ spec }) => spec?.nodeName ?? []))
    for (const [name, reflector] of this.#nodes) {
      if (names.has(name)) continue
      reflector.dispose()
      this.#nodes.delete(name)
    }
    for (const name of names) {
      if (this.#nodes.has(name)) continue
      const reflector = new Reflector<Node>({ client: this.#options.client, clock: this.#clock, path: '/api/v1/nodes', fieldSelector: `metadata.name=${name}` })
      reflector.changes(() => this.#soon())
      reflector.stateChanges(() => this.#soon())
      reflector.start()
      this.#nodes.set(name, reflector)
    }
  }

  /** One watcher for each life of a running container: what an agent said before a restart is not said of the new one. */
  #followAgents(): void {
    const alive = new Map<string, { pod: Pod; life: string }>()
    for (const [uid, pod] of this.#pods.items) {
      const life = runningLife(pod)
      if (life !== undefined && pod.metadata?.deletionTimestamp === undefined) alive.set(uid, { pod, life })
    }
    for (const [uid, { watcher, life }] of this.#agents) {
      if (alive.get(uid)?.life === life) continue
      watcher.dispose()
      this.#agents.delete(uid)
    }
    let delay = 0
    for (const [uid, { pod, life }] of alive) {
      if (this.#agents.has(uid)) continue
      const { client, namespace } = this.#options
      const agent = new AgentClient(client, namespace, pod.metadata?.name ?? '', { port: agentPort(pod) })
      const watcher = new AgentWatcher({ agent, clock: this.#clock, timings: paceFor(alive.size), changed: () => this.#soon() })
      this.#agents.set(uid, { watcher, life })
      if (delay === 0) watcher.start()
      else setTimeout(() => watcher.start(), delay)
      delay += agentSpread
    }
  }

  /** Resolves with the next judgement, after `delay` milliseconds, or when aborted. */
  async #nextJudgement(delay: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#waiters.delete(end)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.max(1, delay))
      this.#waiters.add(end)
      signal?.addEventListener('abort', end, { once: true })
    })
  }
}

/** How often the agents of so many pods are asked: all of them together no more than some twenty times a second, answered or not. */
function paceFor(agents: number): Partial<AgentTimings> {
  return { retryCap: Math.max(3_000, agents * 50), quiet: Math.max(15_000, agents * 150) }
}

/** What tells one life of the emulator's container from the next; undefined while it does not run. */
function runningLife(pod: Pod): string | undefined {
  const statuses: readonly ContainerStatus[] = pod.status?.containerStatuses ?? []
  const container = statuses.find(({ name }) => name === emulatorContainer) ?? statuses[0]
  return container?.state?.running === undefined ? undefined : `${container.restartCount ?? 0} ${container.state.running.startedAt ?? ''}`
}

function agentPort(pod: Pod): number {
  const container = pod.spec?.containers?.find(({ name }) => name === emulatorContainer) ?? pod.spec?.containers?.[0]
  return container?.ports?.find(({ name }) => name === 'health')?.containerPort ?? ports.health
}
