import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { type ClusterChoice, clusterChoices } from '../../cluster/target.ts'
import { baseChoices, type RebuildOptions } from '../../operations/options.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { operateFromTerminal } from '../operate.ts'
import { duration, type FleetOptions, withFleet } from '../options.ts'

interface RebuildFlags extends FleetOptions {
  cluster: ClusterChoice
  base?: RebuildOptions['base']
  timeout: number
  plan: boolean
  yes: boolean
}

export const rebuildCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('rebuild').description(t('build what changed and restart only the pods whose image changed, one after the other')))
    .argument('[part...]', t('which parts (emulator); default all'))
    .addOption(new Option('--cluster <kind>', t('which kind of cluster')).choices(clusterChoices).default('auto'))
    .addOption(
      new Option('--timeout <time>', t('until one emulator must show a picture after its restart')).argParser(duration).default(defaultTimeouts.rebuild, '5m'),
    )
    .addOption(
      new Option('--base <choice>', t('when the base disk changed under what guests wrote: keep (stop before they are touched) or fresh (begin anew)')).choices(
        baseChoices,
      ),
    )
    .option('--plan', t('show what would be done and change nothing'), false)
    .option('--yes', t('do not ask before what guests wrote is lost'), false)
    .action(async (parts: string[], flags: RebuildFlags) => {
      const { cluster, context, namespace, release, base, timeout, output, plan, yes } = flags
      const target = { cluster, ...(context !== undefined && { context }), namespace, release }
      const report = await operateFromTerminal(
        terminal,
        { operation: 'rebuild', ...target, parts, ...(base !== undefined && { base }), timeout },
        { output, plan, yes },
      )
      setExit(report.exit)
    })
