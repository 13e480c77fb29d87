import { type ChildProcess, spawn } from 'node:child_process'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

export interface HelmCall {
  binary: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** Milliseconds after which helm is stopped. */
  timeout: number
  signal?: AbortSignal | undefined
}

export interface HelmResult {
  /** Exit code of helm: 0 when it did what it was asked. */
  code: number
  stdout: string
  stderr: string
}

/** Milliseconds that helm has after SIGTERM to write down that it was cancelled; then SIGKILL. */
const grace = 5_000

/** Variables by which a person's shell would send helm to another cluster or namespace, or flood its output. */
const misleading = /^HELM_(KUBE.*|NAMESPACE|DEBUG)$/

/** The environment for helm: the given one, without what would change the target, and with the one kubeconfig that counts. */
export function helmEnvironment(env: NodeJS.ProcessEnv, kubeconfig: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)))
  return kubeconfig === undefined ? kept : { ...kept, KUBECONFIG: kubeconfig }
}

/**
 * Runs helm to its end and returns what it said. Whatever happens, no process is left when the promise settles.
 * @throws LOCO-CHT-001 or -003 when helm cannot be started or dies of a signal, LOCO-CHT-004 after `timeout`, the signal's reason when aborted
 */
export async function runHelm({ binary, args, env, timeout, signal }: HelmCall): Promise<HelmResult> {
  signal?.throwIfAborted()
  // A group of its own: Ctrl-C in the terminal reaches us, and we decide when helm may be interrupted.
  const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true })
  let late = false
  const stop = (): void => end(child)
  const clock = setTimeout(() => {
    late = true
    stop()
  }, timeout)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child, binary)])
    signal?.throwIfAborted()
    if (late) throw tooLate(args, timeout, stderr)
    if (exit.code === null) throw cannotRun(binary, t`It ended by the signal ${exit.signal ?? ''}.`, stderr)
    return { code: exit.code, stdout, stderr }
  } finally {
    clearTimeout(clock)
    signal?.removeEventListener('abort', stop)
  }
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM')
  const hard = setTimeout(() => child.kill('SIGKILL'), grace)
  child.once('close', () => clearTimeout(hard))
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function exitOf(child: ChildProcess, binary: string): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? missing(binary, error) : cannotRun(binary, error.message, '', error)),
    )
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
}

function missing(binary: string, cause: Error): LocoError {
  return new LocoError('LOCO-CHT-001', {
    what: t`The program ${binary} was not found.`,
    why: t('The chart is installed by helm, which is not on this machine.'),
    fix: ['loco sandbox up', t('or install Helm 3.18.5 or newer, or 4.x: https://helm.sh/docs/intro/install')],
    evidence: [cause.message],
    cause,
  })
}

function cannotRun(binary: string, why: string, stderr: string, cause?: unknown): LocoError {
  return new LocoError('LOCO-CHT-003', {
    what: t`The program ${binary} cannot be run.`,
    why,
    fix: [`${binary} version`, t('or install helm again: https://helm.sh/docs/intro/install')],
    evidence: stderr === '' ? [] : [stderr.trim()],
    cause,
  })
}

function tooLate(args: readonly string[], timeout: number, stderr: string): LocoError {
  return new LocoError('LOCO-CHT-004', {
    what: t`helm ${args[0] ?? ''} was not done after ${Math.round(timeout / 1000)} seconds and was stopped.`,
    why: t('Mostly the cluster does not answer.'),
    fix: ['kubectl get --raw /readyz', t('Then run the command again: a release that was left half-way is healed first.')],
    evidence: stderr === '' ? [] : [stderr.trim()],
  })
}
