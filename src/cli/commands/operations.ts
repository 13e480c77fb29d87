import { Command } from 'commander'
import { LocoError } from '../../base/error.ts'
import { followOperation, listOperations, readOperation, requestCancel } from '../../operations/journals.ts'
import { stateRoot } from '../../operations/state-folder.ts'
import type { MakeCommand } from '../command.ts'
import { OperationView } from '../operation-view.ts'
import { type OutputOptions, withOutput } from '../options.ts'
import { table } from '../text.ts'

const id = ['<id>', 'as loco operations list names it'] as const

export const operationsCommand: MakeCommand = (terminal, setExit) => {
  const operations = new Command('operations').description('what ran and what runs, from the journals of this person')
  const root = (): string => stateRoot(terminal.env)

  withOutput(operations.command('list').description('newest first')).action((options: OutputOptions) => {
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
    else if (rows.length === 0) terminal.stdout.write('No operation has run yet.\n')
    else {
      const cells = rows.map((row) => [row.id, row.operation ?? '?', row.state, `${row.release ?? '?'} in ${row.namespace ?? '?'} of ${row.context ?? '?'}`])
      terminal.stdout.write(table([['OPERATION', 'KIND', 'STATE', 'FLEET'], ...cells]))
    }
  })

  withOutput(
    operations
      .command('show')
      .description('everything one operation told')
      .argument(...id),
  ).action((name: string, options: OutputOptions) => {
    const { events, unreadable } = readOperation(root(), name)
    const view = new OperationView({ ...terminal, interactive: false }, options.output, true)
    for (const event of events) if (options.output === 'json' || event.kind !== 'step-progress') view.emit(event)
    if (unreadable > 0) terminal.stderr.write(`${unreadable} lines of the journal could not be read and were left out.\n`)
  })

  withOutput(
    operations
      .command('attach')
      .description('follow a running operation to its report; leaving it does not stop it')
      .argument(...id),
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
      .description('ask a running operation to stop at its next safe point; again, to stop at once')
      .argument(...id),
  ).action((name: string, options: OutputOptions) => {
    requestCancel(root(), name)
    if (options.output === 'json') terminal.stdout.write(`${JSON.stringify({ schema: 'loco.operations.cancel/1', id: name })}\n`)
    else terminal.stdout.write(`${name} was asked to stop; loco operations attach ${name} shows how it ends.\n`)
  })

  operations.action(() => {
    throw new LocoError('LOCO-USE-001', { what: 'loco operations needs one of: list, show, attach, cancel.', fix: ['loco operations --help'] })
  })
  return operations
}
