import { t } from '@vscode/l10n'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { LocoError } from '../../base/error.ts'
import type { Logger } from '../../base/logger.ts'
import { ports } from '../../contracts/names.ts'
import type { ScreenSession } from '../../screen/session.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { Fleets } from '../fleets.ts'
import { FleetSource } from './fleet-source.ts'
import { pacingOf } from './tab-options.ts'

/** The stream of one tab: the session of the screen, the fleet it is found through, and the way into its pod. */
export interface ScreenStream extends Disposable {
  readonly session: ScreenSession
  readonly source: FleetSource
}

/** Connects to the screen of an emulator. The parts that talk to a cluster are loaded here, not before. */
export async function openStream({ fleets, log }: { fleets: Fleets; log: Logger }, ref: EmulatorRef): Promise<ScreenStream> {
  const scope = new Scope()
  const lease = scope.add(fleets.acquire(ref.fleet))
  const source = scope.add(new FleetSource(lease, ref))
  const { ScreenSession } = await import('../../screen/session.ts')
  const session = scope.add(
    new ScreenSession({
      source,
      log,
      pacing: pacingOf(),
      connect: async (pod, signal) => {
        if (lease.session === undefined) throw lease.error ?? notConnected(ref)
        const { openPortForward } = await import('../../kube/portforward.ts')
        return openPortForward(lease.session.client, { namespace: ref.fleet.namespace, pod, port: ports.vnc, signal })
      },
    }),
  )
  return { session, source, dispose: () => scope.dispose() }
}

function notConnected({ fleet: { context, namespace, release } }: EmulatorRef): LocoError {
  return new LocoError('LOCO-ACT-003', { what: t`The fleet ${namespace}/${release} on ${context} cannot be reached.` })
}
