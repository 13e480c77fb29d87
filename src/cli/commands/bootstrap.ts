import { resolve } from 'node:path'
import { t } from '@vscode/l10n'
import { Command, Option } from 'commander'
import { type ClusterChoice, clusterChoices } from '../../cluster/target.ts'
import { type BootstrapOptions, storageStrategies } from '../../operations/options.ts'
import { defaultTimeouts } from '../../operations/timeouts.ts'
import type { MakeCommand } from '../command.ts'
import { operateFromTerminal } from '../operate.ts'
import { collect, duration, type FleetOptions, wholeNumber, withFleet } from '../options.ts'
import { askedToResume } from '../resume.ts'

/** What `loco bootstrap` takes from the command line. */
export interface BootstrapFlags extends FleetOptions {
  cluster: ClusterChoice
  values: string[]
  set: string[]
  storage?: BootstrapOptions['storage']
  replicas?: number
  rebuildEmulators: boolean
  only: string[]
  timeout: number
  plan: boolean
  resume?: string
}

export const bootstrapCommand: MakeCommand = (terminal, setExit) =>
  withFleet(new Command('bootstrap').description(t('bring up everything: cluster, images, chart, emulators; does only what is missing')))
    .addOption(new Option('--cluster <kind>', t('which kind of cluster')).choices(clusterChoices).default('auto'))
    .option('-f, --values <file>', t('values file of the chart; may be given again'), collect, [] as string[])
    .option('--set <key=value>', t('one value of the chart; may be given again'), collect, [] as string[])
    .addOption(new Option('--storage <strategy>', t('where the disks lie (docs/values.md)')).choices(storageStrategies))
    .option('--replicas <n>', t('how many emulators'), wholeNumber(0, 1000))
    .option('--rebuild-emulators', t('restart emulators that run on an earlier revision (image or values), one after the other'), false)
    .option('--only <part>', t('only this part; may be given again (emulator)'), collect, [] as string[])
    .addOption(new Option('--timeout <time>', t('until every emulator must show a picture')).argParser(duration).default(defaultTimeouts.bootstrap, '15m'))
    .option('--plan', t('show what would be done and change nothing'), false)
    .option('--resume <id>', t('ask for the same as that operation did (loco operations list)'))
    .option('--yes', t('do not ask (a Bootstrap never asks)'), false)
    .action(async (flags: BootstrapFlags) => {
      const options = flags.resume === undefined ? bootstrapOptions(flags, terminal.cwd) : askedToResume(flags.resume, 'bootstrap', terminal)
      const report = await operateFromTerminal(terminal, options, { output: flags.output, plan: flags.plan, yes: true })
      setExit(report.exit)
    })

/** Flags as the operation takes them. Files are found from the folder in which the person stands. */
export function bootstrapOptions(flags: BootstrapFlags, cwd: string): BootstrapOptions {
  const { cluster, context, namespace, release, values, set, storage, replicas, rebuildEmulators, only, timeout } = flags
  return {
    operation: 'bootstrap',
    cluster,
    ...(context !== undefined && { context }),
    namespace,
    release,
    values: values.map((file) => resolve(cwd, file)),
    set,
    ...(storage !== undefined && { storage }),
    ...(replicas !== undefined && { replicas }),
    rebuildEmulators,
    only,
    timeout,
  }
}
