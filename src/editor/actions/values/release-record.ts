import type { ReleaseRecord } from '../../../chart/release-record.ts'
import type { FleetSession } from '../../fleets.ts'

/**
 * The newest record of the release of a fleet; undefined when helm has none.
 * @throws coded error, beginning with the sentence `failed`, when the account may not read it or the cluster cannot be asked
 */
export async function releaseRecord({ client, id }: FleetSession, failed: string): Promise<ReleaseRecord | undefined> {
  const [{ newestRecord }, { asKubeError }] = await Promise.all([import('../../../chart/release-record.ts'), import('../../../kube/errors.ts')])
  try {
    return await newestRecord(client, id)
  } catch (error) {
    throw asKubeError(error, failed)
  }
}
