import { text } from 'node:stream/consumers'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { ReportEvent } from '../contracts/operation.ts'
import { composeOperation } from '../operations/compose.ts'
import { assertConsent, parseRequest } from '../operations/request.ts'
import { sandboxPaths } from '../sandbox/paths.ts'
import { Sandbox, type SandboxProgress } from '../sandbox/sandbox.ts'
import { terminalLogger } from './operate.ts'
import { OperationView } from './operation-view.ts'
import type { Terminal } from './terminal.ts'

/**
 * Plans or runs what a request on stdin asks for. A run writes its journal and nothing else, so that it does not depend on whoever asked still listening.
 * @throws LOCO-USE-001 for a text that is no request, LOCO-OPS-004 when the plan is another one than was agreed to, and what the operation is refused for
 */
export async function runRequest(terminal: Terminal, { plan }: { plan: boolean }): Promise<ReportEvent> {
  const { id, options, consent } = parseRequest(await text(terminal.stdin))
  const { env, interrupted, forced } = terminal
  const log = terminalLogger(terminal)
  const sandbox = (progress: (progress: SandboxProgress) => void): Sandbox => new Sandbox({ paths: sandboxPaths(env), log, progress })
  const prepared = await composeOperation(options, { id, env, log, sandbox }, interrupted)
  if (plan) return prepared.run({ sinks: [new OperationView(terminal, 'json')], signal: interrupted, force: forced, planOnly: true })
  if (consent === null) throw new LocoError('LOCO-USE-004', { what: t('The request holds no consent, so only its plan can be had.'), fix: [t('Add --plan.')] })
  assertConsent({ target: prepared.target, losses: [...prepared.losses] }, consent)
  return prepared.run({ sinks: [], signal: interrupted, force: forced })
}
