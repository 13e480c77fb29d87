import { t } from '@vscode/l10n'
import type { LocoCode } from '../base/codes.ts'
import { LocoError } from '../base/error.ts'

/** What the Docker client throws, as far as it is read here. */
interface DockerFault {
  code?: string
  statusCode?: number
  message: string
  json?: { message?: string } | null
}

const startIt = (): string[] => [
  t('loco sandbox up, where the engine is the one of the sandbox'),
  t('or start your own: sudo systemctl start docker, or Docker Desktop'),
]

const unreachable: Record<string, () => { code: LocoCode; why: string; fix: readonly string[] }> = {
  ECONNREFUSED: () => ({ code: 'LOCO-ENV-001', why: t('The address is there, but nobody listens: the engine is stopped.'), fix: startIt() }),
  ETIMEDOUT: () => ({ code: 'LOCO-ENV-001', why: t('It did not answer in time.'), fix: startIt() }),
  ENOENT: () => ({ code: 'LOCO-ENV-003', why: t('Its socket does not exist: no engine is installed, or it was never started.'), fix: startIt() }),
  ENOTFOUND: () => ({ code: 'LOCO-ENV-003', why: t('No machine of that name is known.'), fix: [t('Correct the address of the engine (DOCKER_HOST).')] }),
  EACCES: () => ({
    code: 'LOCO-ENV-002',
    why: t('This user may not open its socket.'),
    fix: [t('sudo usermod -aG docker "$USER", then log in again'), t('or run the command with sudo')],
  }),
  EPERM: () => ({ code: 'LOCO-ENV-002', why: t('This user may not open its socket.'), fix: [t('Run the command with sudo.')] }),
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
 * A fault of the Docker client as an error for a person; `what` says what could not be done, a whole sentence.
 * Errors of ours pass through, and so does an abort (the signal's own reason).
 */
export function asDockerError(error: unknown, what: string, host: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof LocoError) return error
  const { code, statusCode } = error as DockerFault
  const words = engineWords(error)
  const meaning = code === undefined ? undefined : unreachable[code]?.()
  if (meaning !== undefined) {
    return new LocoError(meaning.code, {
      what,
      why: `${t`The Docker engine at ${host} was not reached.`} ${meaning.why}`,
      fix: meaning.fix,
      evidence: [words],
      cause: error,
    })
  }
  if (/no space left on device/i.test(words)) {
    return new LocoError('LOCO-BLD-013', {
      what,
      why: t('The disk of the Docker engine is full.'),
      fix: ['docker system df', 'docker image prune', t('Run the command again.')],
      evidence: [words],
      cause: error,
    })
  }
  return new LocoError('LOCO-ENV-005', {
    what,
    why: statusCode === undefined ? t`The Docker engine at ${host} broke off: ${words}` : t`The Docker engine at ${host} answered ${statusCode}: ${words}`,
    fix: [t('Look into the log of the engine.'), t('Run the command again.')],
    evidence: [words],
    cause: error,
  })
}
