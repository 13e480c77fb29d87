import type { Writable } from 'node:stream'

/** Where a command reads its surroundings from and writes to. The only way the terminal host touches the process. */
export interface Terminal {
  readonly stdout: Writable
  readonly stderr: Writable
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** True when a person watches stderr: live progress and colour are for them only. */
  readonly interactive: boolean
  /** Columns of the person's screen. */
  columns(): number
  /** Aborted at the first Ctrl-C or SIGTERM; a second one ends the process at once with 130. */
  readonly interrupted: AbortSignal
}

/** The terminal of a real process. */
export function processTerminal(host: NodeJS.Process): Terminal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) host.exit(130)
    controller.abort(new DOMException('Cancelled by the person.', 'AbortError'))
  }
  host.on('SIGINT', interrupt)
  host.on('SIGTERM', interrupt)
  // A reader that has seen enough (`loco logs … | head`) closes the pipe: an end, not an error.
  host.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') host.exit(0)
    throw error
  })
  return {
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    cwd: host.cwd(),
    interactive: host.stderr.isTTY === true && host.env['TERM'] !== 'dumb',
    columns: () => host.stderr.columns ?? 80,
    interrupted: controller.signal,
  }
}
