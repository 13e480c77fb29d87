import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { type ClusterChoice, clusterChoices } from '../../cluster/target.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { operateFromTerminal } from '../operate.ts'
import { duration, type FleetOptions, withFleet } from '../options.ts'

export const rebuildCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('rebuild').description(t('build what changed and restart only the pods whose image changed, one after the other')))
    .argument('[part...]', t('which parts (emulator); default all'))
    .addOption(new Option('--cluster <kind>', t('which kind of cluster')).choices(clusterChoices).default('auto'))
    .addOption(
      new Option('--timeout <time>', t('until one emulator must show a picture after its restart')).argParser(duration).default(defaultTimeouts.rebuild, '5m'),
    )
    .option('--plan', t('show what would be done and change nothing'), false)
    .action(async (parts: string[], flags: FleetOptions & { cluster: ClusterChoice; timeout: number; plan: boolean }) => {
      const { cluster, context, namespace, release, timeout, output, plan } = flags
      const target = { cluster, ...(context !== undefined && { context }), namespace, release }
      const report = await operateFromTerminal(terminal, { operation: 'rebuild', ...target, parts, timeout }, { output, plan, yes: true })
      setExit(report.exit)
    })
