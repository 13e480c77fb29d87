import type { Disposable } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { asLocoError, type LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import type { Kubeconfig } from '../../kube/kubeconfig.ts'
import { ClusterConnection, type Wish } from './cluster-connection.ts'

export interface PoolOptions {
  log: Logger
  /** Where fleets are looked for when an account may not look everywhere. */
  namespace: () => string
}

/** The kubeconfig as it is now: what was read last and can be used, and what is wrong. */
export interface KubeconfigNow {
  readonly current: Kubeconfig | undefined
  readonly error: LocoError | undefined
}

/** A connection that stands, and what its context said when it was made. */
interface Connected {
  readonly connection: ClusterConnection
  readonly fingerprint: string
}

/** The connections that stand, by context. One whose context says something else is replaced; the others are left alone. */
export class ConnectionPool implements Disposable {
  readonly #options: PoolOptions
  readonly #changes = new Emitter<void>()
  readonly #connected = new Map<string, Connected>()
  /** Why there is no connection, by context. */
  readonly #refused = new Map<string, LocoError>()

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** Fires when a connection has another state, or fleets of it came or went. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  get connections(): readonly ClusterConnection[] {
    return [...this.#connected.values()].map(({ connection }) => connection)
  }

  get(context: string): ClusterConnection | undefined {
    return this.#connected.get(context)?.connection
  }

  /** Why there is none. */
  refusal(context: string): LocoError | undefined {
    return this.#refused.get(context)
  }

  /** Makes what is connected be what is wanted. */
  satisfy(wishes: ReadonlyMap<string, Wish>, kubeconfig: KubeconfigNow): void {
    for (const [context, { fingerprint }] of this.#connected) {
      if (!wishes.has(context) || !stillHolds(context, fingerprint, kubeconfig)) this.drop(context)
    }
    this.#refused.clear()
    for (const [context, wish] of wishes) this.#connect(context, kubeconfig)?.want(wish)
  }

  /** Ends a connection; the next wish for it makes a new one. */
  drop(context: string): void {
    const held = this.#connected.get(context)
    this.#connected.delete(context)
    held?.connection.dispose()
  }

  /** Resolves with whether the cluster of a context answers within so many milliseconds. Nothing stays open. */
  async answers(context: string, kubeconfig: KubeconfigNow, timeout: number): Promise<boolean> {
    if (this.get(context)?.state.state === 'live') return true
    try {
      const { connection } = this.#make(context, kubeconfig)
      await connection.client.probe(timeout).finally(() => connection.dispose())
      return true
    } catch {
      return false
    }
  }

  dispose(): void {
    this.#changes.dispose()
    for (const context of [...this.#connected.keys()]) this.drop(context)
  }

  #connect(context: string, kubeconfig: KubeconfigNow): ClusterConnection | undefined {
    const known = this.get(context)
    if (known !== undefined) return known
    try {
      const made = this.#make(context, kubeconfig)
      this.#connected.set(context, made)
      made.connection.changes(() => this.#changes.fire())
      return made.connection
    } catch (error) {
      this.#refused.set(context, asLocoError(error))
      return undefined
    }
  }

  /** @throws why the kubeconfig, or this context of it, cannot be used */
  #make(context: string, { current, error }: KubeconfigNow): Connected {
    if (current === undefined) throw error
    const { log, namespace } = this.#options
    const connection = new ClusterConnection({ kubeconfig: current, context, namespace: namespace(), log })
    return { connection, fingerprint: JSON.stringify(current.resolve(context)) }
  }
}

/** True when a context says what it said, or nothing can be said because a file is broken: it may be half written. */
function stillHolds(context: string, fingerprint: string, { current, error }: KubeconfigNow): boolean {
  if (current === undefined) return false
  const problems = error === undefined ? current.problems : [error]
  if (problems.length > 0 && !current.contexts.some(({ name }) => name === context)) return true
  try {
    return JSON.stringify(current.resolve(context)) === fingerprint
  } catch {
    return false
  }
}
