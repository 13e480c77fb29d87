import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../../../src/base/package-root.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { markName } from './processes.ts'

/** `loco start` as its own process, as npm start runs it. */
export class StartCommand {
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  #errors = ''
  readonly ended: Promise<number>

  /** Every process below it carries `mark` in its environment. */
  constructor(args: readonly string[], mark: string, env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(process.execPath, [join(packageRoot(), 'dist', 'cli.cjs'), 'start', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, [markName]: mark },
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    if (this.#child.stdout) createInterface({ input: this.#child.stdout }).on('line', (line) => this.#lines.push(line))
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code ?? 128)))
  }

  get said(): string {
    return this.#lines.join('\n')
  }

  /** Waits until it prints a line that matches. @returns the match */
  async line(pattern: RegExp, timeout: number): Promise<RegExpExecArray> {
    const over = new AbortController()
    void this.ended.then((code) => over.abort(new Error(`loco start ended with ${code}:\n${this.said}\n${this.#errors}`)))
    const find = (): RegExpExecArray | undefined => this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null) ?? undefined
    return waitFor(find, () => new Error(`loco start did not print ${pattern}:\n${this.said}\n${this.#errors}`), { timeout, signal: over.signal })
  }

  interrupt(signal: NodeJS.Signals = 'SIGINT'): void {
    this.#child.kill(signal)
  }
}
