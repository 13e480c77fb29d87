import { spawn } from 'node:child_process'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

export interface RunOptions {
  input?: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Milliseconds after which the program is killed (60 s). */
  timeout?: number
  signal?: AbortSignal
  /** Called with every line of stdout and stderr. */
  onLine?: (line: string) => void
}

export interface RunResult {
  code: number
  stdout: string
  stderr: string
}

const kept = 256 * 1024

/** Runs a program to its end and gives what it said; a program that is not there or is killed gives code 127 or 128. Never throws but on abort. */
export function tryRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input, env, cwd, timeout = 60_000, signal, onLine } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: env ?? process.env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    const text = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      let rest = ''
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        text[name] = (text[name] + chunk).slice(-kept)
        if (onLine === undefined) return
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) onLine(line)
      })
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
    const abort = (): void => void child.kill('SIGTERM')
    signal?.addEventListener('abort', abort, { once: true })
    const end = (code: number, extra = ''): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      if (signal?.aborted) reject(signal.reason)
      else resolve({ code, stdout: text.stdout, stderr: text.stderr + extra })
    }
    child.on('error', (error) => end(127, error.message))
    child.on('close', (code, killed) => end(code ?? 128, code === null ? t`ended by ${killed ?? ''}` : ''))
    child.stdin.on('error', () => undefined) // It may end before it has read all; its exit code tells.
    child.stdin.end(input ?? '')
  })
}

/** Runs a program that must succeed and gives its stdout. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryRun(command, args, options)
  if (code === 0) return stdout
  const words = lastLines(`${stdout}\n${stderr}`, 8)
  // Some tools draw an arrow under the place of the mistake: the line that names it says more than the last one.
  const why = words.find((line) => /error|fail|cannot|denied|no such|not found/i.test(line)) ?? words.at(-1)
  throw new LocoError('LOCO-SBX-015', {
    what: t`${command} ${args.slice(0, 3).join(' ')} ended with ${code}.`,
    ...(why === undefined ? {} : { why }),
    evidence: words,
  })
}

/** The last lines of a text that say something. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-count)
}
