import type { Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import { podPath } from './channel-socket.ts'
import type { KubeClient } from './client.ts'
import { asKubeError } from './errors.ts'

export interface LogRequest {
  namespace: string
  pod: string
  container: string
  /** Go on with what is written later, until the container ends. */
  follow?: boolean
  /** The container's life before its last restart. */
  previous?: boolean
  sinceSeconds?: number
  /** Only what was written at or after this time (RFC 3339). The kubelet counts in whole seconds. */
  sinceTime?: string
  tailLines?: number
  /** Put the time (RFC 3339) before each line. */
  timestamps?: boolean
  signal?: AbortSignal
}

/**
 * What a container wrote, as bytes, stdout and stderr mixed as the kubelet keeps them. Destroying the stream or the signal closes it.
 * @throws coded error when the kubelet has no log to give (pod not started, no previous life) or the way there fails
 */
export async function streamLogs(client: KubeClient, request: LogRequest): Promise<Readable> {
  const { namespace, pod, container, signal } = request
  try {
    return await client.transport.openOk({ path: podPath(namespace, pod, 'log', logQuery(request)), ...(signal && { signal }) })
  } catch (error) {
    const failed =
      request.previous === true
        ? t`Could not read the log of the previous run of container ${container} of pod ${namespace}/${pod}.`
        : t`Could not read the log of container ${container} of pod ${namespace}/${pod}.`
    throw asKubeError(error, failed)
  }
}

function logQuery({ container, follow, previous, sinceSeconds, sinceTime, tailLines, timestamps }: LogRequest): URLSearchParams {
  const query = new URLSearchParams({ container })
  const given = { follow, previous, sinceSeconds, sinceTime, tailLines, timestamps }
  for (const [name, value] of Object.entries(given)) if (value !== undefined && value !== false) query.set(name, String(value))
  return query
}
