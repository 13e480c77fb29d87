import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { type ClusterChoice, clusterChoices } from '../../cluster/target.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { operateFromTerminal } from '../operate.ts'
import { duration, type FleetOptions, withFleet } from '../options.ts'

interface DestroyFlags extends FleetOptions {
  cluster: ClusterChoice
  deleteData?: boolean
  timeout: number
  plan: boolean
  yes: boolean
}

export const destroyCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('destroy').description(t('take the fleet away, and only what is ours; disks are kept unless asked otherwise')))
    .addOption(new Option('--cluster <kind>', t('which kind of cluster')).choices(clusterChoices).default('auto'))
    .addOption(new Option('--keep-data', t('keep the claims and what guests wrote (the default)')).conflicts('deleteData'))
    .option('--delete-data', t('take the claims away too: what guests wrote is lost'))
    .addOption(new Option('--timeout <time>', t('until each thing must be gone')).argParser(duration).default(defaultTimeouts.destroy, '2m'))
    .option('--plan', t('show what would be taken away and change nothing'), false)
    .option('--yes', t('do not ask before data is lost'), false)
    .action(async (flags: DestroyFlags) => {
      const { cluster, context, namespace, release, deleteData = false, timeout, output, plan, yes } = flags
      const target = { cluster, ...(context !== undefined && { context }), namespace, release }
      const report = await operateFromTerminal(terminal, { operation: 'destroy', ...target, deleteData, timeout }, { output, plan, yes })
      setExit(report.exit)
    })
