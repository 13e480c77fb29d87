import type { Disposable } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import { FleetWatcher } from '../../fleet/watcher.ts'
import { type AccessAttribute, reviewAccess } from '../../kube/access.ts'
import type { KubeClient } from '../../kube/client.ts'
import type { FleetId, FleetSession } from '../fleets.ts'

/** Milliseconds that agents get to speak before a fleet counts as known. */
const patience = 1_500

/** One fleet that is watched, through the client of its connection. */
export class WatchedFleet implements FleetSession, Disposable {
  readonly id: FleetId
  readonly client: KubeClient
  readonly #watcher: FleetWatcher

  constructor({ id, client, log }: { id: FleetId; client: KubeClient; log: Logger }) {
    this.id = id
    this.client = client
    this.#watcher = new FleetWatcher({ ...id, client, log })
    this.#watcher.start()
  }

  get store(): FleetWatcher['store'] {
    return this.#watcher.store
  }

  get objects(): FleetWatcher['objects'] {
    return this.#watcher.objects
  }

  async may(what: Omit<AccessAttribute, 'namespace'>): Promise<{ allowed: boolean; reason: string } | undefined> {
    try {
      const [review] = await reviewAccess(this.client, [{ ...what, namespace: this.id.namespace }])
      return review
    } catch {
      return undefined // Not known: the cluster could not be asked. The action itself will tell.
    }
  }

  /** Resolves when its emulators are known, or cannot be. */
  settled(signal: AbortSignal): Promise<void> {
    return this.#watcher.settled({ timeout: patience, signal })
  }

  dispose(): void {
    this.#watcher.dispose()
  }
}
