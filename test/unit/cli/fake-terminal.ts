import { Readable, Writable } from 'node:stream'
import type { Terminal } from '../../../src/cli/terminal.ts'

/** A terminal that keeps what was written. */
export interface FakeTerminal extends Terminal {
  out(): string
  err(): string
}

export function fakeTerminal(options: { stdin?: string; interactive?: boolean; env?: NodeJS.ProcessEnv; columns?: number } = {}): FakeTerminal {
  const texts = { out: '', err: '' }
  const into = (name: 'out' | 'err'): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        texts[name] += String(chunk)
        done()
      },
    })
  const never = new AbortController().signal
  return {
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]),
    stdout: into('out'),
    stderr: into('err'),
    env: options.env ?? {},
    cwd: '/',
    interactive: options.interactive ?? false,
    columns: () => options.columns ?? 80,
    interrupted: never,
    forced: never,
    out: () => texts.out,
    err: () => texts.err,
  }
}
