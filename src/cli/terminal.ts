import type { Readable, Writable } from 'node:stream'

/** Where a command reads its surroundings from and writes to. The only way the terminal host touches the process. */
export interface Terminal {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** True when a person watches stderr: live progress and colour are for them only. */
  readonly interactive: boolean
  /** Columns of the person's screen. */
  columns(): number
  /** Aborted at the first Ctrl-C or SIGTERM: stop at the next safe point. */
  readonly interrupted: AbortSignal
  /** Aborted at the second one: stop at once. The process ends with 130 when it has not done so by itself three seconds later. */
  readonly forced: AbortSignal
}

/** The terminal of a real process. */
export function processTerminal(host: NodeJS.Process): Terminal {
  const interrupted = new AbortController()
  const forced = new AbortController()
  const cancelled = (): DOMException => new DOMException('Cancelled by the person.', 'AbortError')
  const interrupt = (): void => {
    if (forced.signal.aborted) host.exit(130)
    if (interrupted.signal.aborted) {
      forced.abort(cancelled())
      setTimeout(() => host.exit(130), 3_000).unref()
    }
    interrupted.abort(cancelled())
  }
  host.on('SIGINT', interrupt)
  host.on('SIGTERM', interrupt)
  // A reader that has seen enough (`loco logs … | head`) closes the pipe: an end, not an error.
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') host.exit(0)
    throw error
  })
  return {
    stdin: host.stdin,
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    cwd: host.cwd(),
    interactive: host.stderr.isTTY === true && host.env['TERM'] !== 'dumb',
    columns: () => host.stderr.columns ?? 80,
    interrupted: interrupted.signal,
    forced: forced.signal,
  }
}
