import { type ChildProcess, spawn } from 'node:child_process'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { waitFor } from '../../base/wait.ts'
import type { Person } from '../../operations/state-folder.ts'
import { lastLines } from '../../sandbox/run.ts'
import { asPerson, environmentOf } from './as-person.ts'
import type { InstalledServer } from './install-server.ts'

export interface ServerOptions {
  installed: InstalledServer
  /** Folder for settings, state and logs of this editor. */
  data: string
  /** Folder of its extensions. */
  extensions: string
  /** A port, or a range of which the first free one is taken; 0 takes any. Only on the loopback. */
  port: string
  /** File that holds the connection token; without it everybody on this machine may connect (tests). */
  tokenFile?: string
  person: Person
  env: NodeJS.ProcessEnv
  /** Further options of the server. */
  args?: readonly string[]
  /** The Node that runs it; default the one that runs us. */
  node?: string
}

/** A VS Code server that runs: a process group of its own, ended whole. */
export class VscodeServer {
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  #output = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = new Promise((resolve) => {
      child.once('close', () => resolve())
      child.once('error', (error) => {
        this.#output += `${error.message}\n`
        resolve()
      })
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-64 * 1024)
      })
  }

  /** @throws LOCO-ENV-022 with the last words of the server */
  static async start({ installed, data, extensions, port, tokenFile, person, env, args = [], node = process.execPath }: ServerOptions): Promise<VscodeServer> {
    const token = tokenFile === undefined ? ['--without-connection-token'] : ['--connection-token-file', tokenFile]
    const folders = ['--server-data-dir', data, '--extensions-dir', extensions]
    const options = ['--host', '127.0.0.1', '--port', port, ...token, ...folders, '--accept-server-license-terms', '--telemetry-level', 'off', ...args]
    const line = asPerson(person, { command: node, args: [installed.main, ...options] }, { endsWithUs: true })
    // A group of its own: Ctrl-C in our terminal reaches only us, and we end the editor in order.
    const child = spawn(line.command, line.args, { env: environmentOf(person, env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const server = new VscodeServer(child)
    try {
      const ended = new AbortController()
      const refusal = (): LocoError => server.refusal(t`The VS Code server (code-server ${installed.version}) did not start.`)
      void server.#ended.then(() => ended.abort(refusal()))
      await waitFor(() => server.port !== undefined, refusal, { timeout: 30_000, interval: 50, signal: ended.signal })
    } catch (error) {
      await server.stop()
      throw error
    }
    return server
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** The port it listens at; undefined until it says so. */
  get port(): number | undefined {
    const found = /Extension host agent listening on (\d+)/.exec(this.#output)?.[1]
    return found === undefined ? undefined : Number(found)
  }

  /** What it said last. */
  get output(): string {
    return this.#output
  }

  /** Resolves when the server has ended, by itself or by `stop`. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Ends the server with its extension and terminal hosts; resolves when none of them is left. */
  async stop(): Promise<void> {
    for (const [signal, patience] of [
      ['SIGTERM', 5_000],
      ['SIGKILL', 2_000],
    ] as const) {
      if (!this.#signal(signal)) break
      const gone = await waitFor(
        () => !this.#signal(0),
        () => new Error('still there'),
        { timeout: patience, interval: 50 },
      ).catch(() => false)
      if (gone) break
    }
  }

  /** Sends a signal to the whole group; false when nobody is left in it. */
  #signal(signal: NodeJS.Signals | 0): boolean {
    if (this.#child.pid === undefined) return false
    try {
      return process.kill(-this.#child.pid, signal)
    } catch {
      return false
    }
  }

  /** An error that says what happened to the server, with its last words. */
  refusal(what: string): LocoError {
    const words = lastLines(this.#output, 8)
    return new LocoError('LOCO-ENV-022', {
      what,
      ...(words.length > 0 && { why: words.at(-1) as string }),
      fix: [t('npm start (tries again)'), t('or npm start -- --editor none')],
      evidence: words,
    })
  }
}
