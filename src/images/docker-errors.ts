import type { LocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'

/** What the Docker client throws, as far as it is read here. */
interface DockerFault {
  code?: string
  statusCode?: number
  message: string
  json?: { message?: string } | null
}

const startIt = ['loco sandbox up, where the engine is the one of the sandbox', 'or start your own: sudo systemctl start docker, or Docker Desktop']

const unreachable: Record<string, { code: LocoCode; why: string; fix: readonly string[] }> = {
  ECONNREFUSED: { code: 'LOCO-ENV-001', why: 'The address is there, but nobody listens: the engine is stopped.', fix: startIt },
  ETIMEDOUT: { code: 'LOCO-ENV-001', why: 'It did not answer in time.', fix: startIt },
  ENOENT: { code: 'LOCO-ENV-003', why: 'Its socket does not exist: no engine is installed, or it was never started.', fix: startIt },
  ENOTFOUND: { code: 'LOCO-ENV-003', why: 'No machine of that name is known.', fix: ['Correct the address of the engine (DOCKER_HOST).'] },
  EACCES: {
    code: 'LOCO-ENV-002',
    why: 'This user may not open its socket.',
    fix: ['sudo usermod -aG docker "$USER", then log in again', 'or run the command with sudo'],
  },
  EPERM: { code: 'LOCO-ENV-002', why: 'This user may not open its socket.', fix: ['Run the command with sudo.'] },
}

/** What the engine itself says of an HTTP error, without the client's frame around it. */
export function engineWords(error: unknown): string {
  const { json, message } = error as DockerFault
  return json?.message ?? message
}

/** True for the answer "no such image / container". */
export function isNotThere(error: unknown): boolean {
  return (error as DockerFault).statusCode === 404
}

/**
 * A fault of the Docker client as an error for a person; `doing` completes "Could not …".
 * Errors of ours pass through, and so does an abort (the signal's own reason).
 */
export function asDockerError(error: unknown, doing: string, host: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof LocoError) return error
  const { code, statusCode } = error as DockerFault
  const words = engineWords(error)
  const meaning = code === undefined ? undefined : unreachable[code]
  if (meaning !== undefined) {
    return new LocoError(meaning.code, {
      what: `Could not ${doing}: the Docker engine at ${host} was not reached.`,
      why: meaning.why,
      fix: meaning.fix,
      evidence: [words],
      cause: error,
    })
  }
  if (/no space left on device/i.test(words)) {
    return new LocoError('LOCO-BLD-013', {
      what: `Could not ${doing}: the disk of the Docker engine is full.`,
      fix: ['docker system df', 'docker image prune', 'Run the command again.'],
      evidence: [words],
      cause: error,
    })
  }
  return new LocoError('LOCO-ENV-005', {
    what: `Could not ${doing}: the Docker engine at ${host} ${statusCode === undefined ? 'broke off' : `answered ${statusCode}`}.`,
    why: words,
    fix: ['Look into the log of the engine.', 'Run the command again.'],
    evidence: [words],
    cause: error,
  })
}
