import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { openChannels, podPath, readChannel } from './channel-socket.ts'
import type { KubeClient } from './client.ts'
import { asKubeError, parseMapping, type StatusBody } from './errors.ts'

export interface ExecRequest {
  namespace: string
  pod: string
  container: string
  /** Program and arguments; no shell takes them apart. */
  command: readonly string[]
  signal?: AbortSignal
  /** Largest output in bytes, both streams together. Default 16 MiB. */
  limit?: number
}

type Command = Pick<ExecRequest, 'namespace' | 'pod' | 'container' | 'command'>

export interface ExecResult {
  stdout: Buffer
  stderr: Buffer
  exit: number
}

const stdoutChannel = 1
const stderrChannel = 2
const statusChannel = 3

/**
 * Runs a command in a container and waits for its end. Any exit code is a result, not an error.
 * An abort closes the stream; Kubernetes has no way to end the command itself.
 * @throws coded error: LOCO-KUB-042 the command could not be started, -041 the stream broke, -043 too much output, else API and network
 */
export async function execInPod(client: KubeClient, request: ExecRequest): Promise<ExecResult> {
  const { namespace, pod, container, command, signal, limit = 16 * 1024 * 1024 } = request
  const query = new URLSearchParams({ container, stdout: 'true', stderr: 'true' })
  for (const word of command) query.append('command', word)
  try {
    const socket = await openChannels(client, podPath(namespace, pod, 'exec', query), signal)
    return await new Promise<ExecResult>((resolve, reject) => {
      const output = { [stdoutChannel]: [] as Buffer[], [stderrChannel]: [] as Buffer[] }
      let size = 0
      let status: StatusBody | undefined
      const abort = (): void => {
        reject(signal?.reason)
        socket.terminate()
      }
      signal?.addEventListener('abort', abort, { once: true })
      socket.on('message', (message) => {
        const received = readChannel(message)
        if (received === undefined) return
        const { channel, data } = received
        // A Status without its usual `kind`.
        if (channel === statusChannel) status = parseMapping(data.toString('utf8')) ?? status
        if (channel !== stdoutChannel && channel !== stderrChannel) return
        size += data.length
        if (size > limit) {
          reject(tooMuch(request, limit))
          socket.terminate()
        } else output[channel].push(data)
      })
      socket.on('error', (error) => reject(broken(request, error.message)))
      socket.on('close', (code) => {
        signal?.removeEventListener('abort', abort)
        const exit = status === undefined ? undefined : exitOf(status)
        if (status === undefined) reject(broken(request, t`The WebSocket closed with code ${code} before the command ended.`))
        else if (exit === undefined) reject(notStarted(request, status))
        else resolve({ stdout: Buffer.concat(output[stdoutChannel]), stderr: Buffer.concat(output[stderrChannel]), exit })
      })
      socket.resume()
    })
  } catch (error) {
    throw asKubeError(error, couldNot(request))
  }
}

/** Exit code in the status with which the kubelet ends an exec; undefined when the command never ran. */
export function exitOf(status: StatusBody): number | undefined {
  if (status.status === 'Success') return 0
  const cause = status.details?.causes?.find((one) => one.reason === 'ExitCode')
  const exit = Number.parseInt(cause?.message ?? '', 10)
  return Number.isNaN(exit) ? undefined : exit
}

const couldNot = ({ namespace, pod, container, command: [program = ''] }: Command): string =>
  t`Could not run ${program} in container ${container} of pod ${namespace}/${pod}.`

/** A command that never ran, in the words of the kubelet. */
export function notStarted(request: Command, status: StatusBody): LocoError {
  return new LocoError('LOCO-KUB-042', {
    what: couldNot(request),
    why: status.message ?? t('The kubelet gave no reason.'),
    fix: [`kubectl -n ${request.namespace} get pod ${request.pod}`],
    evidence: [JSON.stringify(status)],
  })
}

/** The stream of a command ended before the command did. */
export function broken({ namespace, pod, command: [program = ''] }: Command, evidence: string): LocoError {
  return new LocoError('LOCO-KUB-041', {
    what: t`The stream of ${program} in pod ${namespace}/${pod} broke; whether it ended is not known.`,
    why: t('The pod, the kubelet or the API server went away, or the network did.'),
    fix: [`kubectl -n ${namespace} get pod ${pod}`],
    evidence: [evidence],
  })
}

function tooMuch({ namespace, pod, command: [program = ''] }: ExecRequest, limit: number): LocoError {
  return new LocoError('LOCO-KUB-043', {
    what: t`The output of ${program} in pod ${namespace}/${pod} is larger than ${limit} bytes.`,
    fix: [t('Let the command print less.')],
  })
}
