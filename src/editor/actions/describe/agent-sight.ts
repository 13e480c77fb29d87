import type { AgentHealth } from '../../../contracts/agent.ts'
import type { Pod } from '../../../diagnosis/evidence.ts'
import type { FleetSession } from '../../fleets.ts'

/** What an agent said, or why it says nothing. */
export type AgentSaid = AgentHealth | { readonly silent: string }

/** Milliseconds until an agent has to answer. */
const timeout = 3_000

/** Asks the agent of a pod; undefined for a pod that does not run. Never throws: no answer is an answer, too. */
export async function askAgent({ client, id }: FleetSession, pod: Pod | undefined): Promise<AgentSaid | undefined> {
  const name = pod?.metadata?.name
  if (name === undefined || pod?.status?.phase !== 'Running') return undefined
  const { AgentClient } = await import('../../../fleet/agent-client.ts')
  const { asLocoError } = await import('../../../base/error.ts')
  const port = pod.spec?.containers?.flatMap(({ ports = [] }) => ports).find((one) => one.name === 'health')?.containerPort
  try {
    return await new AgentClient(client, id.namespace, name, port === undefined ? {} : { port }).health(AbortSignal.timeout(timeout))
  } catch (error) {
    const { message, code } = asLocoError(error)
    return { silent: `${message} (${code})` }
  }
}
