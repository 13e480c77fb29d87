import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

type Values = Readonly<Record<string, unknown>>

/** What helm has written down of a release. */
export interface ReleaseRecord {
  readonly revision: number
  readonly chartName: string
  /** Version of the chart. */
  readonly chart: string
  /** What the person who installed it gave. */
  readonly values: Values
  /** The values of the chart itself, as they were then. */
  readonly defaults: Values
  /** All objects as YAML documents, hooks at the end. */
  readonly manifest: string
}

/** As much of `KubeClient` as reading takes. */
export interface RecordSource {
  json<T>(path: string, signal?: AbortSignal): Promise<T>
}

interface HelmRecord {
  version?: number
  config?: Record<string, unknown> | null
  chart?: { metadata?: { name?: string; version?: string }; values?: Record<string, unknown> | null }
  manifest?: string
  hooks?: { manifest?: string }[] | null
}

interface SecretList {
  items?: { metadata?: { labels?: Record<string, string> }; data?: Record<string, string> }[]
}

const unzip = promisify(gunzip)
/** No record is larger: the cluster keeps no object of more than 1.5 MB. */
const largest = 16 * 1024 * 1024

/**
 * The newest record of a release, read from the Secret in which helm keeps it: no helm is needed. Undefined when there is none.
 * @throws what the source throws; see `asKubeError`
 */
export async function newestRecord(
  source: RecordSource,
  { namespace, release }: { namespace: string; release: string },
  signal?: AbortSignal,
): Promise<ReleaseRecord | undefined> {
  const query = new URLSearchParams({ labelSelector: `owner=helm,name=${release}` })
  const { items = [] } = await source.json<SecretList>(`/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets?${query}`, signal)
  const versionOf = (item: (typeof items)[number]): number => Number(item.metadata?.labels?.['version'] ?? 0)
  const newest = items.toSorted((a, b) => versionOf(b) - versionOf(a))[0]
  const data = newest?.data?.['release']
  return data === undefined ? undefined : await decodeRecord(data)
}

/** A record as the API server gives it: base64 (of the Secret) around base64 (of helm) around gzip around JSON. */
export async function decodeRecord(data: string): Promise<ReleaseRecord> {
  const packed = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64')
  const record = JSON.parse((await unzip(packed, { maxOutputLength: largest })).toString('utf8')) as HelmRecord
  const { version = 0, config, chart, manifest = '', hooks } = record
  return {
    revision: version,
    chartName: chart?.metadata?.name ?? '',
    chart: chart?.metadata?.version ?? '',
    values: config ?? {},
    defaults: chart?.values ?? {},
    manifest: [manifest, ...(hooks ?? []).map((hook) => hook.manifest ?? '')].join('\n---\n'),
  }
}

/** The values that the templates saw: those of the chart with those of the person laid over them, as helm does it. */
export function effectiveValues({ defaults, values }: Pick<ReleaseRecord, 'defaults' | 'values'>): Values {
  const merged: Record<string, unknown> = { ...defaults }
  for (const [key, value] of Object.entries(values)) {
    const below = merged[key]
    if (value === null) delete merged[key]
    else merged[key] = isMapping(value) && isMapping(below) ? effectiveValues({ defaults: below, values: value }) : value
  }
  return merged
}

const isMapping = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)
