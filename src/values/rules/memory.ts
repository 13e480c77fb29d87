import { t } from '@vscode/l10n'
import { podOverheadMiB } from '../../contracts/names.ts'
import { parseQuantity } from '../quantity.ts'
import { dotted, effective, numberOf, setting } from './context.ts'
import type { ValuesRule } from './rule.ts'

const mostGuestMiB = 512
const memory = dotted('emulator.memoryMiB')

/** VA-08: the limit of a pod holds its guest, QEMU and the agent. */
export const memoryLimit: ValuesRule = {
  code: 'LOCO-VA-08',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const path = dotted('emulator.resources.limits.memory')
    const limit = effective(view, 'emulator.resources.limits.memory')
    const bytes = limit === '' ? undefined : parseQuantity(limit)
    const guest = numberOf(view, 'emulator.memoryMiB')
    // A guest that is too big itself is VA-09: one mistake, one problem.
    if (bytes === undefined || guest === undefined || guest > mostGuestMiB || bytes >= (guest + podOverheadMiB) * 2 ** 20) return []
    const enough = `${guest + podOverheadMiB}Mi`
    return [
      {
        code: 'LOCO-VA-08',
        path,
        involved: [memory],
        message: t`A limit of ${String(limit)} cannot hold a guest of ${guest} MiB: with ${podOverheadMiB} MiB for QEMU and the agent it must be ${enough} or more.`,
        fixes: () => [setting(view, path, enough, true), setting(view, path, '', false, t('Let the chart compute the limit'))],
      },
    ]
  },
}

/** VA-09: Windows 98 breaks above 512 MB. The schema refuses it too, so it is an error. */
export const guestMemory: ValuesRule = {
  code: 'LOCO-VA-09',
  severity: 'error',
  knowable: 'values',
  needsCluster: false,
  ours: true,
  check(view) {
    const guest = numberOf(view, 'emulator.memoryMiB')
    if (guest === undefined || guest <= mostGuestMiB) return []
    return [
      {
        code: 'LOCO-VA-09',
        path: memory,
        message: t`Windows 98 does not start with ${guest} MiB: above ${mostGuestMiB} it breaks without edits of its own files.`,
        fixes: () => [setting(view, memory, mostGuestMiB, true)],
      },
    ]
  },
}
