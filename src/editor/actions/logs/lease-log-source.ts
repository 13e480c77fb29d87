import type { Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import { Emitter } from '../../../base/emitter.ts'
import { LocoError } from '../../../base/error.ts'
import type { LogSight, LogSource } from '../../../kube/log-follow.ts'
import type { LogRequest } from '../../../kube/logs.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import type { FleetLease } from '../../fleets.ts'
import { podOf } from '../pod-of.ts'
import { lifeOf, usualContainer } from './container-life.ts'

/** The log of a container of an emulator, through whichever session its fleet has at the moment. */
export class LeaseLogSource implements LogSource, Disposable {
  readonly #lease: FleetLease
  readonly #pod: string
  readonly #container: string | undefined
  readonly #changes = new Emitter<void>()
  readonly #scope = new Scope()
  #session = new Scope()

  /** The lease stays the caller's. */
  constructor(lease: FleetLease, ref: EmulatorRef, container: string | undefined) {
    this.#lease = lease
    this.#pod = podOf(ref)
    this.#container = container
    this.#scope.add(
      lease.changes(() => {
        this.#follow()
        this.#changes.fire()
      }),
    )
    this.#follow()
  }

  readonly changes: LogSource['changes'] = (listener) => this.#changes.event(listener)

  get container(): string {
    return this.#container ?? usualContainer(this.#lease.session?.objects.pod(this.#pod))
  }

  look(): LogSight {
    const { session, error } = this.#lease
    const sight = lifeOf(session?.objects.pod(this.#pod), this.#pod, this.container)
    if (session === undefined) return { ...sight, blind: error ?? this.#away() }
    const { state } = session.store.freshness
    return { ...sight, blind: state === 'live' || state === 'stale' ? undefined : this.#away() }
  }

  async open(request: Pick<LogRequest, 'follow' | 'tailLines' | 'sinceTime' | 'timestamps' | 'signal' | 'previous'>): Promise<Readable> {
    const { session, error, id } = this.#lease
    if (session === undefined) throw error ?? this.#away()
    const { streamLogs } = await import('../../../kube/logs.ts')
    return streamLogs(session.client, { ...request, namespace: id.namespace, pod: this.#pod, container: this.container })
  }

  dispose(): void {
    this.#scope.dispose()
    this.#session.dispose()
    this.#changes.dispose()
  }

  #follow(): void {
    this.#session.dispose()
    this.#session = new Scope()
    const { session } = this.#lease
    if (session === undefined) return
    this.#session.add(session.objects.changes(() => this.#changes.fire()))
    this.#session.add(session.store.changes.event(() => this.#changes.fire()))
  }

  #away(): LocoError {
    const { context } = this.#lease.id
    return new LocoError('LOCO-ACT-003', {
      what: t`The cluster of ${context} cannot be seen at the moment.`,
      fix: [t('Look at the Fleet view: it says what is missing, and comes back by itself.')],
    })
  }
}
