import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import { isLocoCode } from '../../base/codes.ts'
import { LocoError } from '../../base/error.ts'
import { waitFor } from '../../base/wait.ts'
import type { PlanEvent } from '../../contracts/operation.ts'
import type { OperationRequest } from '../../operations/request.ts'
import { makeFolder, personOf } from '../../operations/state-folder.ts'

export interface OperationProcessOptions {
  /** The terminal command `loco`, as a file for Node. */
  cli: string
  /** Where journals lie (src/operations/state-folder.ts). */
  root: string
  /** Environment of the process, made anew for each. */
  env: () => NodeJS.ProcessEnv
  /** Program that runs `cli`: that of this process, which is Node or can act as it. */
  node?: string
}

/** Folder below the state root with what the processes of operations said outside their journals. */
const saidFolder = 'said'
/** How many of those texts are kept. */
const keepSaid = 20

/** Runs operations in processes of their own, which outlive this one. They are asked on stdin, so that no value stands on a command line. */
export class OperationProcess {
  readonly #options: OperationProcessOptions

  constructor(options: OperationProcessOptions) {
    this.#options = options
  }

  /**
   * The plan of an operation. Nothing is changed.
   * @throws what the operation is refused for, as the terminal would tell it; LOCO-OPS-005; the signal's reason
   */
  async plan(request: OperationRequest, signal: AbortSignal): Promise<PlanEvent> {
    const { node = process.execPath, cli, env } = this.#options
    const child = spawn(node, [cli, 'operations', 'run', '--plan', '--output', 'json'], { env: env(), stdio: 'pipe', windowsHide: true })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const stop = (): void => void child.kill()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const ended = new Promise<number | null>((resolve, reject) => {
        child.on('error', (cause) => reject(notStarted(cause)))
        child.on('close', resolve)
      })
      child.stdin.on('error', () => {}) // it ended before it read: its exit says why
      child.stdin.end(JSON.stringify(request))
      const exit = await ended
      signal.throwIfAborted()
      const { parseJournal } = await import('../../operations/journals.ts')
      const plan = parseJournal(out).events.find((event) => event.kind === 'plan')
      if (plan !== undefined && exit === 0) return plan
      throw errorIn(out) ?? endedEarly(`${out}${err}`, exit)
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /**
   * Begins an operation in a detached process. Resolves once its journal exists; from then on the journal tells everything, and nothing of this process
   * is needed any more.
   * @throws what it is refused for (LOCO-OPS-001, -004 …); LOCO-OPS-005; the signal's reason when it was stopped before it had begun
   */
  async start(request: OperationRequest, signal: AbortSignal): Promise<void> {
    const { node = process.execPath, cli, env, root } = this.#options
    const { findJournals } = await import('../../operations/journals.ts')
    signal.throwIfAborted()
    // A file, not a pipe: it takes what is written after this process has gone, and tells why when no journal can.
    const said = saidFile(root, request.id)
    const file = openSync(said, 'w', 0o600)
    let exit: number | null | undefined
    let failed: Error | undefined
    const child = spawn(node, [cli, 'operations', 'run', '--output', 'json'], {
      env: env(),
      stdio: ['pipe', file, file],
      detached: true,
      windowsHide: true,
    })
    closeSync(file)
    child.on('error', (cause) => {
      failed = notStarted(cause)
    })
    child.on('exit', (code) => {
      exit = code
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(JSON.stringify(request))
    child.unref()
    const stop = (): void => void child.kill()
    signal.addEventListener('abort', stop, { once: true })
    try {
      await waitFor(
        () => {
          const over = failed !== undefined || exit !== undefined // asked before looking: a journal that it began is then surely seen
          return findJournals(root).some(({ id }) => id === request.id) || over
        },
        (last) => last as Error,
        { timeout: Number.POSITIVE_INFINITY, interval: 50 },
      )
    } finally {
      signal.removeEventListener('abort', stop)
    }
    if (findJournals(root).some(({ id }) => id === request.id)) return
    signal.throwIfAborted()
    if (failed !== undefined) throw failed
    const text = readFileSync(said, 'utf8')
    throw errorIn(text) ?? endedEarly(text, exit ?? null)
  }
}

/** The file for what the process of an operation says outside its journal. The oldest of such files are removed. */
function saidFile(root: string, id: string): string {
  const folder = join(root, saidFolder)
  makeFolder(folder, personOf(process.env))
  for (const name of readdirSync(folder).sort().reverse().slice(keepSaid)) rmSync(join(folder, name), { force: true })
  return join(folder, `${id}.log`)
}

/** The error document in what a process printed (docs/cli.md); undefined when there is none. */
export function errorIn(text: string): LocoError | undefined {
  for (const line of text.split('\n')) {
    if (!line.startsWith('{"schema":"loco.error/1"')) continue
    try {
      const { code, what, why, fix, evidence } = JSON.parse(line) as { code: string; what: string; why: string | null; fix: string[]; evidence: string[] }
      if (isLocoCode(code)) return new LocoError(code, { what, ...(why !== null && { why }), fix, evidence })
    } catch {
      // a line that was cut short: not a document
    }
  }
  return undefined
}

function endedEarly(said: string, exit: number | null): LocoError {
  const lines = said.split('\n').filter((line) => line.trim() !== '')
  return new LocoError('LOCO-OPS-005', {
    what: t('The process of the operation ended before it had begun.'),
    why: lines.length === 0 ? t`It said nothing; its exit code is ${exit ?? '?'}.` : t`Its last words: ${lines.at(-1) ?? ''}`,
    fix: [t('Run it again; if that does not help, run the same in a terminal with LOCO_DEBUG=1.')],
    evidence: lines.slice(-20),
  })
}

function notStarted(cause: Error): LocoError {
  return new LocoError('LOCO-OPS-005', {
    what: t('The process of the operation could not be started.'),
    why: t`The system says: ${cause.message}.`,
    fix: [t('Reload the window; after an update of the extension that is needed.')],
    cause,
  })
}
