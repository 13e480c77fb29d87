import { Command } from 'commander'
import type { StatusDocument } from '../../contracts/fleet.ts'
import { toStatusDocument } from '../../fleet/status-document.ts'
import { FleetWatcher } from '../../fleet/watcher.ts'
import { connect } from '../connect.ts'
import { type FleetOptions, withFleet } from '../options.ts'
import type { MakeCommand } from '../program.ts'
import type { Terminal } from '../terminal.ts'
import { paintFor, table, verdictColour } from '../text.ts'

/** Milliseconds that `status` gives the agents to answer, after Kubernetes has. */
const settleTime = 2_000

export const statusCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('status').description('how each emulator is, and why'))
    .option('--watch', 'go on and tell each change', false)
    .action(async (options: FleetOptions & { watch: boolean }) => {
      const connection = await connect(terminal, options.context)
      const fleet = { context: connection.context, namespace: options.namespace, release: options.release }
      const watcher = new FleetWatcher({ client: connection.client, ...fleet })
      try {
        const document = (): StatusDocument => toStatusDocument(fleet, watcher.store)
        watcher.start()
        await watcher.settled({ timeout: settleTime, signal: terminal.interrupted })
        if (!options.watch) {
          const status = document()
          terminal.stdout.write(options.output === 'json' ? `${JSON.stringify(status)}\n` : statusText(status, terminal))
          setExit(status.freshness.state === 'offline' ? 49 : status.freshness.state === 'denied' ? 47 : 0)
          return
        }
        const tell = (): void => {
          terminal.stdout.write(
            options.output === 'json' ? `${JSON.stringify(document())}\n` : `${new Date().toISOString()}\n${statusText(document(), terminal)}`,
          )
        }
        tell()
        const subscription = watcher.store.changes.event(tell)
        await new Promise<void>((resolve) => terminal.interrupted.addEventListener('abort', () => resolve(), { once: true }))
        subscription.dispose()
      } finally {
        watcher.dispose()
        connection.dispose()
      }
    })

/** The fleet as a table: one row an emulator, its findings with their fixes below it. */
export function statusText(status: StatusDocument, terminal: Terminal): string {
  const paint = paintFor(terminal.interactive, terminal.env)
  const head = `Fleet ${status.release} in namespace ${status.namespace} of ${status.context}`
  const fresh = status.freshness.state === 'live' ? '' : ` (${status.freshness.state} since ${status.freshness.since})`
  if (status.emulators.length === 0) return `${head}${fresh}: no emulators.\n`
  const rows = status.emulators.map((emulator) => [emulator.id, emulator.verdict, emulator.stage ?? '', emulator.sentence])
  const body = table([['EMULATOR', 'VERDICT', 'STAGE', 'WHY'], ...rows], (text, column, row) => {
    const emulator = status.emulators[row - 1]
    if (emulator === undefined) return paint('grey', text)
    return column === 1 ? paint(verdictColour[emulator.verdict], text) : text
  })
  const findings = status.emulators.flatMap((emulator) =>
    emulator.findings.flatMap((finding) => [`${emulator.id}: ${finding.code} ${finding.title}. ${finding.cause}`, ...finding.fix.map((fix) => `  → ${fix}`)]),
  )
  return `${head}${fresh}\n${body}${findings.map((line) => `${line}\n`).join('')}`
}
