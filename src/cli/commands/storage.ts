import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { type ClusterChoice, clusterChoices } from '../../cluster/target.ts'
import { type MigrateOptions, storageStrategies } from '../../operations/options.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { operateFromTerminal } from '../operate.ts'
import { collect, duration, type FleetOptions, withFleet } from '../options.ts'

interface MigrateFlags extends FleetOptions {
  cluster: ClusterChoice
  to: MigrateOptions['to']
  set: string[]
  timeout: number
  plan: boolean
}

export const storageCommand: MakeCommand = (terminal, setExit) => {
  const storage = new Command('storage').description(t('where the disks of the emulators lie (docs/storage.md)'))
  withFleet(storage.command('migrate').description(t('move the disks to another strategy: copied, compared, and only then used; the old ones stay')))
    .addOption(new Option('--to <strategy>', t('where the disks shall lie')).choices(storageStrategies).makeOptionMandatory())
    .option('--set <key=value>', t('one value of the chart; may be given again'), collect, [] as string[])
    .addOption(new Option('--cluster <kind>', t('which kind of cluster')).choices(clusterChoices).default('auto'))
    .addOption(
      new Option('--timeout <time>', t('until one disk must be copied, and until every emulator must show a picture'))
        .argParser(duration)
        .default(defaultTimeouts.migrate, '1h'),
    )
    .option('--plan', t('show what would be done and change nothing'), false)
    .action(async (flags: MigrateFlags) => {
      const { cluster, context, namespace, release, to, set, timeout, output, plan } = flags
      const target = { cluster, ...(context !== undefined && { context }), namespace, release }
      const report = await operateFromTerminal(terminal, { operation: 'migrate', ...target, to, set, timeout }, { output, plan, yes: true })
      setExit(report.exit)
    })
  return storage
}
