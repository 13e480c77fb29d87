import { t } from '@vscode/l10n'
import type { AgentHealth } from '../../../contracts/agent.ts'
import { verdictWords } from '../../../fleet/words.ts'
import { stageWords } from '../../fleet/words.ts'
import type { MomentWords } from './events.ts'

/** What the agent says of itself and its guest. Figures that change with every look are left out: the text would never rest. Pure. */
export function agentPart({ guest, qemu, disk, picture, agent }: AgentHealth, moment: MomentWords): object {
  return {
    [t('Verdict')]: verdictWords(guest.verdict),
    [t('Stage')]: guest.stage === null ? undefined : `${guest.stage} (${stageWords(guest.stage)})`,
    [t('Why')]: guest.sentence,
    [t('Code')]: guest.code ?? undefined,
    [t('Version')]: agent.version,
    [t('Started')]: moment(Date.parse(agent.startedAt)),
    QEMU: {
      [t('Version')]: qemu.version ?? undefined,
      [t('State')]: qemu.status ?? t('It does not answer.'),
      [t('Processor')]: qemu.accel ?? undefined,
      [t('Resets of the guest')]: qemu.resets,
    },
    [t('Disk')]: {
      [t('From')]: disk.source ?? undefined,
      [t('Base')]: disk.base ?? undefined,
      [t('Checksum of the base')]: disk.baseSha256 ?? undefined,
      [t('Overlay')]: disk.overlay ?? undefined,
      [t('Outlives the pod')]: disk.persistent ? t('yes') : t('no'),
    },
    [t('Picture')]: picture.width === null ? t('none yet') : `${picture.width} × ${picture.height ?? 0}`,
  }
}
