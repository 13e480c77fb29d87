import { t } from '@vscode/l10n'
import { Argument, Command, Option } from 'commander'
import { LocoError } from '../../base/error.ts'
import { disk } from '../../operations/chart-disk.ts'
import { paintFor } from '../../operations/paint.ts'
import { ChartFiles } from '../../values/chart-files.ts'
import { complete } from '../../values/complete.ts'
import { applied } from '../../values/edit.ts'
import { fixAll } from '../../values/fixes.ts'
import { hover } from '../../values/hover.ts'
import { readersIn } from '../../values/readers.ts'
import type { MakeCommand, SetExit } from '../command.ts'
import { collect, dnsLabel, type OutputOptions, withOutput } from '../options.ts'
import type { Terminal } from '../terminal.ts'
import { table } from '../text.ts'
import { type Checked, checkJson, completeJson, fixJson, hoverJson, Places } from '../values/answers.ts'
import { addTexts, checked } from '../values/check.ts'
import { explain, explanationText, strategyNames } from '../values/explain.ts'
import { editsText, writeWhole } from '../values/fix.ts'
import { OpenValues, ownChart, type ValuesOptions } from '../values/open-values.ts'
import { offsetOf, placeArgument } from '../values/place-argument.ts'
import { renderedCheck } from '../values/rendered.ts'
import { sarif } from '../values/sarif.ts'
import { checkText } from '../values/text.ts'

type Options = ValuesOptions & { output: 'text' | 'json' | 'sarif' }

/** Exit code of a check that found errors: chart and values, configuration. */
const wrongValues = 38

export const valuesCommand: MakeCommand = (terminal, setExit) => {
  const values = new Command('values').description(t('what the editor knows about a values file, in the terminal'))
  values.addCommand(checkCommand(terminal, setExit))
  values.addCommand(completeCommand(terminal))
  values.addCommand(hoverCommand(terminal))
  values.addCommand(fixCommand(terminal, setExit))
  values.addCommand(explainCommand(terminal))
  return values
}

/** Adds the options that say what lies around a file. */
const withSurroundings = (command: Command): Command =>
  command
    .option('-f, --values <file>', t('values file that lies under those that are named; may be given again'), collect, [] as string[])
    .option('--chart <folder>', t('chart of the files (default: the one they lie in, else that of Loco Cluster)'))
    .option('--schema <file>', t('schema instead of that of the chart; serves any chart'))
    .option('--defaults <file>', t('default values instead of those of the chart'))
    .addOption(new Option('--role <role>', t('what the file is to the chart (default: by its place)')).choices(['defaults', 'overlay']))
    .option('--context <name>', t('cluster to ask for what only a cluster knows (default: none is asked)'))
    .option('--namespace <name>', t('namespace that the values would go to'), dnsLabel, 'loco')
    .option('--release <name>', t('Helm release that the values would go to'), dnsLabel, 'loco')

const place = (): [name: string, description: string] => ['<place>', t('FILE:LINE:COLUMN, counted from 1')]
const say = (terminal: Terminal, text: string): void => void terminal.stdout.write(text)
const sayJson = (terminal: Terminal, document: unknown): void => say(terminal, `${JSON.stringify(document)}\n`)
const hasErrors = ({ problems }: Checked): boolean => problems.some(({ problem }) => problem.severity === 'error')

function checkCommand(terminal: Terminal, setExit: SetExit): Command {
  return withSurroundings(new Command('check').description(t('what is wrong with values files, with what mends it')))
    .argument('<files...>', t('values files; each is checked on its own'))
    .option('--rendered', t('also render the chart with each file, and check the objects'), false)
    .addOption(
      new Option('--output <form>', t('text for a person, json for a program, sarif for a code host')).choices(['text', 'json', 'sarif']).default('text'),
    )
    .action(async (files: string[], options: Options & { rendered: boolean }) => {
      const open = new OpenValues(terminal, options)
      const places = new Places(open)
      const rendered = options.rendered ? renderedCheck(terminal, options) : undefined
      const found = await checked(await Promise.all(files.map((file) => open.view(file))), places, rendered)
      if (options.output === 'json') sayJson(terminal, checkJson(found, places))
      else if (options.output === 'sarif') sayJson(terminal, sarif(found, places))
      else say(terminal, checkText(found, places, paintFor(terminal.interactive, terminal.env)))
      setExit(hasErrors(found) ? wrongValues : 0)
    })
}

function completeCommand(terminal: Terminal): Command {
  return withOutput(withSurroundings(new Command('complete').description(t('what can be written at a place')).argument(...place()))).action(
    async (argument: string, options: Options) => {
      const wanted = placeArgument(argument)
      const open = new OpenValues(terminal, options)
      const view = await open.view(wanted.file)
      const places = new Places(open)
      addTexts(view, places)
      const items = complete(view, offsetOf(view.document.text, wanted))
      const document = completeJson(items, view.document.file, places)
      if (options.output === 'json') sayJson(terminal, document)
      else say(terminal, items.length === 0 ? `${t('Nothing.')}\n` : table(document.items.map(({ label, detail }) => [label, detail ?? ''])))
    },
  )
}

function hoverCommand(terminal: Terminal): Command {
  return withOutput(withSurroundings(new Command('hover').description(t('what is known of the value at a place')).argument(...place()))).action(
    async (argument: string, options: Options) => {
      const wanted = placeArgument(argument)
      const open = new OpenValues(terminal, options)
      const view = await open.view(wanted.file)
      const places = new Places(open)
      addTexts(view, places)
      const found = hover(view, offsetOf(view.document.text, wanted), { readBy: readersIn(view) })
      if (options.output === 'json') sayJson(terminal, hoverJson(found, view.document.file, places))
      else say(terminal, found === undefined ? `${t('Nothing.')}\n` : `${found.contents}\n`)
    },
  )
}

function fixCommand(terminal: Terminal, setExit: SetExit): Command {
  return withOutput(withSurroundings(new Command('fix').description(t('mends what can be mended surely, and keeps comments and style'))))
    .argument('<file>', t('values file'))
    .option('--rule <code>', t('only the problems of this code, such as LOCO-ST-03'))
    .option('--write', t('change the file (without it, what would be changed is shown)'), false)
    .action(async (file: string, options: Options & { rule?: string; write: boolean }) => {
      const open = new OpenValues(terminal, options)
      const view = await open.view(file)
      const places = new Places(open)
      addTexts(view, places)
      const { document } = view
      const edits = fixAll(view, options.rule)
      const text = applied(document.text, edits)
      const after = new Places(open)
      const left = await checked([await open.view(file, text)], after)
      if (options.write && edits.length > 0) await writeWhole(document.file, text)
      if (options.output === 'json') sayJson(terminal, fixJson(edits, left, options.write, places, after))
      else {
        say(terminal, editsText(places.shown(document.file), document.text, edits))
        say(terminal, `${written(edits.length, options.write)}\n`)
        say(terminal, checkText(left, after, paintFor(terminal.interactive, terminal.env)))
      }
      setExit(hasErrors(left) ? wrongValues : 0)
    })
}

function written(edits: number, write: boolean): string {
  if (edits === 0) return t('Nothing to mend by itself.')
  return write ? t('Written. What is left:') : t('Nothing was written: --write does. What would be left:')
}

function explainCommand(terminal: Terminal): Command {
  return withOutput(new Command('explain').description(t('what a storage strategy makes, and what the disks survive')))
    .addArgument(new Argument('<strategy>', t('storage strategy')).choices(strategyNames))
    .action(async (strategy: string, { output }: OutputOptions) => {
      const chart = await new ChartFiles(disk).chartIn(ownChart())
      const explanation = chart && explain(strategy, chart)
      if (explanation === undefined) throw new LocoError('LOCO-CHT-010', { what: t`There is no chart in ${ownChart()}.` })
      if (output === 'json') sayJson(terminal, { schema: 'loco.values-explain/1', ...explanation })
      else say(terminal, explanationText(explanation))
    })
}
