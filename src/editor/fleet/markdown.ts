import type { EmulatorRef } from '../emulator-ref.ts'

/** Commands that links in our hovers may run. */
export const hoverCommands = [
  'loco.openScreen',
  'loco.showLogs',
  'loco.describe',
  'loco.explainCode',
  'loco.bootstrap',
  'loco.selectContexts',
  'loco.reconnect',
] as const

export type HoverCommand = (typeof hoverCommands)[number]

/** A text from outside as Markdown that shows it and nothing else: no markup, no HTML, no icon, no link, one line. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** A text as inline code, in a fence that it cannot close. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** A link that runs a command. */
export function commandLink(label: string, command: HoverCommand, ...args: readonly (string | EmulatorRef)[]): string {
  const query = args.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}`
  return `[${plain(label)}](command:${command}${query})`
}
