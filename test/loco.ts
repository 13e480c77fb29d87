import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/base/package-root.ts'

const cli = join(packageRoot(), 'dist', 'cli.cjs')

export interface Ended {
  exit: number
  seconds: number
  /** Lines of stdout that are JSON documents. */
  documents: Record<string, unknown>[]
  stderr: string
}

export interface LocoOptions {
  /** Sees each JSON line as it comes, and may end the process with a signal (SIGINT). */
  onDocument?: (document: Record<string, unknown>, end: (signal?: NodeJS.Signals) => void) => void
  /** Milliseconds after which the process is killed with SIGKILL, wherever it is. */
  killAfter?: number
  /** Another bundle than that of this checkout. */
  cli?: string
  env?: NodeJS.ProcessEnv
}

/** Runs the terminal command as its own process, as a person does, and measures it whole. */
export function loco(args: readonly string[], options: LocoOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(process.execPath, [options.cli ?? cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } })
    const documents: Record<string, unknown>[] = []
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return
      const document = JSON.parse(line) as Record<string, unknown>
      documents.push(document)
      options.onDocument?.(document, (signal = 'SIGINT') => child.kill(signal))
    })
    const killer = options.killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.killAfter)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(killer)
      resolve({ exit: code ?? 128, seconds: (performance.now() - begun) / 1000, documents, stderr })
    })
  })
}

/** The same, which must end well. */
export async function mustLoco(args: readonly string[], options: LocoOptions = {}): Promise<Ended> {
  const ended = await loco(args, options)
  if (ended.exit !== 0) throw new Error(`loco ${args.join(' ')} ended with ${ended.exit}: ${JSON.stringify(ended.documents.at(-1) ?? {})} ${ended.stderr}`)
  return ended
}
