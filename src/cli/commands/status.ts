import { t } from '@vscode/l10n'
import { Command } from 'commander'
import type { StatusDocument } from '../../contracts/fleet.ts'
import { toStatusDocument } from '../../fleet/status-document.ts'
import { FleetWatcher } from '../../fleet/watcher.ts'
import type { MakeCommand } from '../command.ts'
import { connect } from '../connect.ts'
import { type FleetOptions, withFleet } from '../options.ts'
import { statusText } from '../status-text.ts'

/** Milliseconds that `status` gives the agents to answer, after Kubernetes has. */
const settleTime = 2_000

export const statusCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('status').description(t('how each emulator is, and why')))
    .option('--watch', t('go on and tell each change'), false)
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
