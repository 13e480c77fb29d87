import { t } from '@vscode/l10n'
import { Command } from 'commander'
import { LocoError } from '../../base/error.ts'
import { followOperation, listOperations, readOperation, requestCancel } from '../../operations/journals.ts'
import { stateRoot } from '../../operations/state-folder.ts'
import type { MakeCommand } from '../command.ts'
import { OperationView } from '../operation-view.ts'
import { type OutputOptions, withOutput } from '../options.ts'
import { runRequest } from '../run-request.ts'
import { table } from '../text.ts'

const id = (): [name: string, description: string] => ['<id>', t('as loco operations list names it')]

export const operationsCommand: MakeCommand = (terminal, setExit) => {
  const operations = new Command('operations').description(t('what ran and what runs, from the journals of this person'))
  const root = (): string => stateRoot(terminal.env)

  withOutput(operations.command('list').description(t('newest first'))).action((options: OutputOptions) => {
    const rows = listOperations(root()).map(({ id, state, plan, report }) => ({
      id,
      state,
      operation: plan?.operation ?? null,
      context: plan?.target.context ?? null,
      namespace: plan?.target.namespace ?? null,
      release: plan?.target.release ?? null,
      seconds: report?.seconds ?? null,
      exit: report?.exit ?? null,
    }))
    if (options.output === 'json') terminal.stdout.write(`${JSON.stringify({ schema: 'loco.operations/1', operations: rows })}\n`)
    else if (rows.length === 0) terminal.stdout.write(`${t('No operation has run yet.')}\n`)
    else {
      const states = { running: t('running'), succeeded: t('succeeded'), failed: t('failed'), cancelled: t('cancelled'), interrupted: t('interrupted') }
      const cells = rows.map((row) => [
        row.id,
        row.operation ?? '?',
        states[row.state],
        t`${row.release ?? '?'} in ${row.namespace ?? '?'} of ${row.context ?? '?'}`,
      ])
      terminal.stdout.write(table([[t('OPERATION'), t('KIND'), t('STATE'), t('FLEET')], ...cells]))
    }
  })

  withOutput(
    operations
      .command('show')
      .description(t('everything one operation told'))
      .argument(...id()),
  ).action((name: string, options: OutputOptions) => {
    const { events, unreadable } = readOperation(root(), name)
    const view = new OperationView({ ...terminal, interactive: false }, options.output, true)
    for (const event of events) if (options.output === 'json' || event.kind !== 'step-progress') view.emit(event)
    if (unreadable > 0) terminal.stderr.write(`${t`Lines of the journal that could not be read and were left out: ${unreadable}.`}\n`)
  })

  withOutput(
    operations
      .command('attach')
      .description(t('follow a running operation to its report; leaving it does not stop it'))
      .argument(...id()),
  ).action(async (name: string, options: OutputOptions) => {
    const view = new OperationView(terminal, options.output)
    try {
      for await (const event of followOperation(root(), name, { signal: terminal.interrupted })) {
        view.emit(event)
        if (event.kind === 'report') setExit(event.exit)
      }
    } catch (error) {
      if (!terminal.interrupted.aborted) throw error
    }
  })

  withOutput(
    operations
      .command('cancel')
      .description(t('ask a running operation to stop at its next safe point; again, to stop at once'))
      .argument(...id()),
  ).action((name: string, options: OutputOptions) => {
    requestCancel(root(), name)
    if (options.output === 'json') terminal.stdout.write(`${JSON.stringify({ schema: 'loco.operations.cancel/1', id: name })}\n`)
    else terminal.stdout.write(`${t`${name} was asked to stop; loco operations attach ${name} shows how it ends.`}\n`)
  })

  withOutput(operations.command('run').description(t('for editors: run what a request on stdin asks for, told in its journal only')))
    .option('--plan', t('print the plan as events and change nothing'), false)
    .action(async ({ plan }: { plan: boolean }) => setExit((await runRequest(terminal, { plan })).exit))

  operations.action(() => {
    throw new LocoError('LOCO-USE-001', { what: t('loco operations needs one of: list, show, attach, cancel, run.'), fix: ['loco operations --help'] })
  })
  return operations
}
