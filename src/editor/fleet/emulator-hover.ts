import { t } from '@vscode/l10n'
import type { Freshness } from '../../contracts/fleet.ts'
import type { Emulator } from '../../fleet/emulator.ts'
import { verdictWords } from '../../fleet/words.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import { code, commandLink, plain } from './markdown.ts'
import { stageWords, type TimeWords } from './words.ts'

/** Pixels that a picture is wide in a hover. */
const pictureWidth = 320

export interface HoverInput {
  ref: EmulatorRef
  emulator: Emulator
  freshness: Freshness
  /** The picture of its screen, where there is one: its URI and when it was taken (ISO). */
  picture: { uri: string; at: string } | undefined
  /** A moment with its seconds, and one with its day. */
  time: { seconds: TimeWords; day: TimeWords }
}

/** What the hover of an emulator's row says: its screen, how it is, why, since when, what to do. Trusted Markdown: everything from outside is escaped. */
export function emulatorHover({ ref, emulator, freshness, picture, time }: HoverInput): string {
  const stage = emulator.stage === null ? [] : [plain(stageWords(emulator.stage))]
  const head = [`**${plain(emulator.id)}**`, plain(verdictWords(emulator.verdict)), ...stage].join(' · ')
  const shown = picture && [
    `![${plain(t`Screen of ${emulator.id}`)}](${picture.uri}|width=${pictureWidth})`,
    `*${plain(t`Picture of ${time.seconds(picture.at)}`)}*`,
  ]
  const findings = emulator.findings.flatMap((finding) => [
    '---',
    `**${plain(finding.title)}** ${commandLink(finding.code, 'loco.explainCode', finding.code)}`,
    plain(finding.cause),
    finding.fix.map((fix) => `- ${code(fix)}`).join('\n'),
  ])
  const links = [
    commandLink(t('Open Screen'), 'loco.openScreen', ref),
    commandLink(t('Show Logs'), 'loco.showLogs', ref),
    commandLink(t('Describe'), 'loco.describe', ref),
  ]
  return [
    head,
    ...(shown ?? []),
    plain(emulator.sentence),
    plain(t`Since ${time.day(emulator.since)}`),
    ...(freshness.state === 'live' ? [] : [plain(t`The cluster cannot be seen at the moment; this is as of ${time.day(freshness.since)}.`)]),
    ...findings,
    '---',
    links.join(' · '),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}
