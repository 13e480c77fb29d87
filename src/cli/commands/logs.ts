import { pipeline } from 'node:stream/promises'
import { t } from '@vscode/l10n'
import { Command } from 'commander'
import { streamLogs } from '../../kube/logs.ts'
import type { MakeCommand } from '../command.ts'
import { connect } from '../connect.ts'
import { emulatorPod } from '../emulator-argument.ts'
import { duration, type FleetOptions, withFleet } from '../options.ts'

export const logsCommand: MakeCommand = (terminal) =>
  withFleet(
    new Command('logs').description(t('what an emulator wrote: one JSON object a line')).argument('<instance>', t('instance-0, 0 or the name of the pod')),
  )
    .option('--follow', t('go on with what comes'), false)
    .option('--previous', t('of the container before the last restart'), false)
    .option('--since <time>', t('only the last 90s, 10m, 1h'), duration)
    .option('--container <name>', t('which container of the pod'), 'emulator')
    .action(async (instance: string, options: FleetOptions & { follow: boolean; previous: boolean; since?: number; container: string }) => {
      const pod = emulatorPod(instance, options.release)
      const connection = await connect(terminal, options.context)
      try {
        const lines = await streamLogs(connection.client, {
          namespace: options.namespace,
          pod,
          container: options.container,
          follow: options.follow,
          previous: options.previous,
          ...(options.since === undefined ? {} : { sinceSeconds: Math.ceil(options.since / 1000) }),
          signal: terminal.interrupted,
        })
        await pipeline(lines, terminal.stdout, { end: false, signal: terminal.interrupted })
      } catch (error) {
        // Ctrl-C is how one leaves `--follow`.
        if (!(options.follow && terminal.interrupted.aborted)) throw error
      } finally {
        connection.dispose()
      }
    })
