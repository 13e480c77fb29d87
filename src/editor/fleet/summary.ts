import { t } from '@vscode/l10n'
import type { VerdictWord } from '../../contracts/fleet.ts'
import type { Emulator } from '../../fleet/emulator.ts'
import { verdictWords } from '../../fleet/words.ts'
import type { ConnectionView } from '../connection/state.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { FleetSession } from '../fleets.ts'
import { commandLink, plain } from './markdown.ts'
import { connectionSentence, type TimeWords } from './words.ts'

/** All fleets of the view in a few figures. */
export interface Summary {
  readonly total: number
  readonly healthy: number
  readonly unhealthy: number
  /** None of the fleets can be seen at the moment. */
  readonly blind: boolean
  readonly severity: 'good' | 'warning' | 'error'
}

/** Verdicts that a person should look at, worst first. */
const worrying: readonly VerdictWord[] = ['unhealthy', 'degraded', 'unknown']
/** Emulators that the tooltip names. */
const named = 5

const sessionsOf = (connections: readonly ConnectionView[]): FleetSession[] => connections.flatMap(({ fleets }) => [...fleets])

/** Counts what is well and what is not. */
export function summaryOf(connections: readonly ConnectionView[]): Summary {
  const sessions = sessionsOf(connections)
  const emulators = sessions.flatMap(({ store }) => store.emulators)
  const count = (verdict: VerdictWord): number => emulators.filter((one) => one.verdict === verdict).length
  const dark = sessions.filter(({ store }) => store.freshness.state !== 'live').length
  const unhealthy = count('unhealthy')
  const warning = dark > 0 || count('degraded') > 0 || count('unknown') > 0
  return {
    total: emulators.length,
    healthy: count('healthy'),
    unhealthy,
    blind: sessions.length > 0 && dark === sessions.length,
    severity: unhealthy > 0 ? 'error' : warning ? 'warning' : 'good',
  }
}

/** The text of the status bar; undefined while there is nothing to tell. Without its icon. */
export function statusText({ total, healthy, blind }: Summary): string | undefined {
  if (total === 0) return undefined
  return blind ? t('fleet unknown') : t`${healthy}/${total} healthy`
}

/** The number on the icon of the view container, with its words; undefined for none. */
export function badgeOf({ unhealthy, total }: Summary): { value: number; tooltip: string } | undefined {
  return unhealthy === 0 ? undefined : { value: unhealthy, tooltip: t`${unhealthy} of ${total} emulators unhealthy` }
}

/** What the tooltip of the status bar says: each fleet, what is not well, and what can be done. Trusted Markdown. */
export function statusTooltip(connections: readonly ConnectionView[], time: TimeWords): string {
  const fleets = sessionsOf(connections).map(({ id, store }) => {
    const healthy = store.emulators.filter(({ verdict }) => verdict === 'healthy').length
    const name = `**${plain(`${id.namespace}/${id.release}`)}**`
    return `${name} · ${plain(id.context)} · ${plain(t`${healthy} of ${store.emulators.length} healthy`)}`
  })
  const unwell = sessionsOf(connections)
    .flatMap(({ id, store }) => store.emulators.map((emulator) => ({ ref: { fleet: id, emulator: emulator.id }, emulator })))
    .filter(({ emulator }) => worrying.includes(emulator.verdict))
    .sort((a, b) => worrying.indexOf(a.emulator.verdict) - worrying.indexOf(b.emulator.verdict))
  const blindness = connections.flatMap(({ context, state }) => connectionSentence(context, state, time) ?? []).map(plain)
  const actions = [
    commandLink(t('Bootstrap'), 'loco.bootstrap'),
    commandLink(t('Select Contexts…'), 'loco.selectContexts'),
    commandLink(t('Reconnect'), 'loco.reconnect'),
  ]
  return [...fleets, ...blindness, ...unwell.slice(0, named).map(unwellLine), '---', actions.join(' · ')].join('\n\n')
}

function unwellLine({ ref, emulator }: { ref: EmulatorRef; emulator: Emulator }): string {
  const links = [commandLink(t('Open Screen'), 'loco.openScreen', ref), commandLink(t('Show Logs'), 'loco.showLogs', ref)]
  return `${plain(emulator.id)} · ${plain(verdictWords(emulator.verdict))} · ${plain(emulator.sentence)}  \n${links.join(' · ')}`
}
