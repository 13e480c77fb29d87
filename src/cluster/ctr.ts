import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'

/** The containerd of a node and its command line client. */
export interface Containerd {
  /** Path of the socket. */
  address: string
  namespace: string
  /** Path of the program `ctr`. */
  ctr: string
}

const limit = 8 * 1024

/**
 * Runs `ctr` and returns what it printed. With `input` that goes to its standard input.
 * @throws LOCO-BLD-030, -031, -033, -035 by what it said; the signal's reason when aborted, after the process has ended
 */
export async function runCtr(
  containerd: Containerd,
  args: readonly string[],
  options: { input?: Readable; signal?: AbortSignal | undefined } = {},
): Promise<Buffer> {
  const { input, signal } = options
  signal?.throwIfAborted()
  const child = spawn(containerd.ctr, ['--address', containerd.address, '--namespace', containerd.namespace, ...args], {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const stop = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', stop, { once: true })
  const output: Buffer[] = []
  let errors = ''
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-limit)
  })
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'))
  })
  // A broken pipe only says that ctr ended early: its own words say why. A source that breaks must end ctr, which would wait for ever.
  const fed = input === undefined || child.stdin === null ? Promise.resolve(undefined) : pipeline(input, child.stdin).catch((error: unknown) => error)
  const sourceFailed = fed.then((error) => {
    if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'EPIPE') stop()
    return error
  })
  try {
    const code = await ended
    const broken = await sourceFailed
    signal?.throwIfAborted()
    if (code === 0 && broken === undefined) return Buffer.concat(output)
    throw ctrError(containerd, args, code, errors.trim() || (broken instanceof Error ? broken.message : ''))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw ctrError(containerd, args, 'absent', t`${containerd.ctr} does not exist.`)
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    input?.destroy()
  }
}

/** What a failed `ctr` is to a person. `code`: exit code, signal, or `absent`. Pure. */
export function ctrError(containerd: Containerd, args: readonly string[], code: number | string, words: string): LocoError {
  const evidence = [`ctr ${args.join(' ')}`.slice(0, 200), words]
  if (/no space left on device|disk quota exceeded/i.test(words)) {
    return new LocoError('LOCO-BLD-033', {
      what: t('The node has no room for the image.'),
      why: t('Its disk is full.'),
      fix: ['df -h', t('Free some space and run the command again.')],
      evidence,
    })
  }
  if (/permission denied|operation not permitted/i.test(words)) {
    return new LocoError('LOCO-BLD-035', {
      what: t`The container runtime at ${containerd.address} does not let this user in.`,
      fix: [t('Run the command with sudo.')],
      evidence,
    })
  }
  if (
    code === 'absent' ||
    /connection refused|no such file or directory.*\.sock|connect: no such file|failed to dial|context deadline exceeded|transport is closing|EOF$/i.test(words)
  ) {
    return new LocoError('LOCO-BLD-030', {
      what: t`The container runtime at ${containerd.address} does not answer.`,
      why: words,
      fix: ['loco sandbox status', 'loco sandbox up'],
      evidence,
    })
  }
  return new LocoError('LOCO-BLD-031', {
    what: t('The container runtime of the node refused.'),
    why: words === '' ? t`ctr ended with ${code} and said nothing.` : words,
    fix: [t('Run the command again.'), 'loco sandbox status'],
    evidence,
  })
}
