import { t } from '@vscode/l10n'
import type { Logger } from '../base/logger.ts'
import type { ReportEvent } from '../contracts/operation.ts'
import { composeOperation } from '../operations/compose.ts'
import type { OperationOptions } from '../operations/options.ts'
import { sandboxPaths } from '../sandbox/paths.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import { confirm } from './confirm.ts'
import { OperationView } from './operation-view.ts'
import type { Output } from './options.ts'
import type { Terminal } from './terminal.ts'

export interface OperateRequest {
  output: Output
  /** Only show the plan. */
  plan: boolean
  /** Do not ask before something is lost. */
  yes: boolean
}

/** Plans an operation, asks where something would be lost, and runs it in this process to its report, whose exit code is that of the command. */
export async function operateFromTerminal(terminal: Terminal, options: OperationOptions, request: OperateRequest): Promise<ReportEvent> {
  const log = terminalLogger(terminal)
  const prepared = await composeOperation(
    options,
    { env: terminal.env, log, sandbox: (progress) => new Sandbox({ paths: sandboxPaths(terminal.env), log, progress }) },
    terminal.interrupted,
  )
  if (!request.plan && prepared.losses.length > 0) {
    await confirm(terminal, { yes: request.yes, losses: prepared.losses, question: t`Take this away from ${prepared.target.context} for good?` })
  }
  const { interrupted, forced } = terminal
  return prepared.run({ sinks: [new OperationView(terminal, request.output)], signal: interrupted, force: forced, planOnly: request.plan })
}

/** The log of a command that nobody asked for details of: warnings are told, the rest only with LOCO_DEBUG. */
export function terminalLogger(terminal: Terminal): Logger {
  const write = (message: string, fields: Record<string, unknown> = {}): void => {
    terminal.stderr.write(`${message}${Object.keys(fields).length === 0 ? '' : ` ${JSON.stringify(fields)}`}\n`)
  }
  const detail = (terminal.env['LOCO_DEBUG'] ?? '') === '' ? () => {} : write
  return { debug: detail, info: detail, warn: write, error: write }
}
