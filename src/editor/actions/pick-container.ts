import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { LocoError } from '../../base/error.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { Services } from '../services.ts'
import { containersOf } from './logs/container-life.ts'
import { podOf } from './pod-of.ts'
import { withFleet } from './reach.ts'
import { containerIn } from './rows.ts'

/**
 * The container that is meant: that of the row, else one that is picked where the pod has several and somebody may be asked, else none in particular.
 * Undefined when the person picks none.
 * @throws LOCO-ACT-005 when the pod no longer has the container of the row
 */
export async function pickContainer(
  { fleets }: Services,
  ref: EmulatorRef,
  args: readonly unknown[],
  { ask, placeholder }: { ask: boolean; placeholder: string },
): Promise<{ container: string | undefined } | undefined> {
  const names = await withFleet(fleets, ref.fleet, async ({ objects }) => containersOf(objects.pod(podOf(ref))))
  const given = containerIn(args)
  if (given !== undefined && ask && names.length > 0 && !names.includes(given)) {
    throw new LocoError('LOCO-ACT-005', {
      what: t`The pod of ${ref.emulator} has no container ${given}.`,
      fix: [t`It has: ${names.join(', ')}.`],
    })
  }
  if (given !== undefined && ask) return { container: given }
  if (!ask || names.length <= 1) return { container: undefined }
  const container = await vscode.window.showQuickPick(names, { placeHolder: placeholder })
  return container === undefined ? undefined : { container }
}
