import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { LocoError } from '../../../base/error.ts'
import type { FleetSession } from '../../fleets.ts'

/** What helm has written down of a release that is of use to somebody who looks for its values. */
export interface ReleaseRecord {
  readonly revision: number
  /** Version of the chart. */
  readonly chart: string
  /** What the person who installed it gave. */
  readonly values: Readonly<Record<string, unknown>>
}

interface HelmRecord {
  version?: number
  config?: Record<string, unknown> | null
  chart?: { metadata?: { version?: string } }
}

interface SecretList {
  items?: { metadata?: { labels?: Record<string, string> }; data?: Record<string, string> }[]
}

const unzip = promisify(gunzip)
/** No record is larger: the cluster keeps no object of more than 1.5 MB. */
const largest = 16 * 1024 * 1024

/**
 * The newest record of a release, read from the Secret in which helm keeps it: no helm is needed. Undefined when there is none.
 * @throws coded error when the account may not read it, or the cluster cannot be asked
 */
export async function releaseRecord({ client, id }: FleetSession, failed: string): Promise<ReleaseRecord | undefined> {
  const query = new URLSearchParams({ labelSelector: `owner=helm,name=${id.release}` })
  try {
    const { items = [] } = await client.json<SecretList>(`/api/v1/namespaces/${encodeURIComponent(id.namespace)}/secrets?${query}`)
    const versionOf = (item: (typeof items)[number]): number => Number(item.metadata?.labels?.['version'] ?? 0)
    const newest = items.toSorted((a, b) => versionOf(b) - versionOf(a))[0]
    const data = newest?.data?.['release']
    return data === undefined ? undefined : await decodeRecord(data)
  } catch (error) {
    const { asKubeError } = await import('../../../kube/errors.ts')
    throw error instanceof LocoError ? error : asKubeError(error, failed)
  }
}

/** A record as the API server gives it: base64 (of the Secret) around base64 (of helm) around gzip around JSON. */
export async function decodeRecord(data: string): Promise<ReleaseRecord> {
  const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64')
  const { version = 0, config, chart } = JSON.parse((await unzip(packed, { maxOutputLength: largest })).toString('utf8')) as HelmRecord
  return { revision: version, chart: chart?.metadata?.version ?? '', values: config ?? {} }
}
