import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../../src/base/package-root.ts'
import { type Chart, makeView, type View } from '../../../../src/values/chart.ts'
import { ChartFiles } from '../../../../src/values/chart-files.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import type { ClusterFacts, NodeFacts, Severity, StorageClassFacts } from '../../../../src/values/types.ts'

/** The files of this repository, for charts. */
export const disk = {
  read: (path: string): Promise<string> => Promise.resolve(readFileSync(path, 'utf8')),
  exists: (path: string): Promise<boolean> => Promise.resolve(existsSync(path)),
  list: (folder: string): Promise<string[]> =>
    Promise.resolve(
      existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)) : [],
    ),
}

export const chartFolder = join(packageRoot(), 'helm', 'loco-chart')

/** Our chart as it lies in this repository. */
export async function ourChart(): Promise<Chart> {
  const chart = await new ChartFiles(disk).chartIn(chartFolder)
  if (chart === undefined) throw new Error(`no chart in ${chartFolder}`)
  return chart
}

/** Another chart of these files. */
export function otherChart(values: string, templates: Readonly<Record<string, string>>): Chart {
  return {
    folder: '/other',
    name: 'other',
    version: '1.0.0',
    ours: false,
    defaults: ValuesDocument.parse('/other/values.yaml', values),
    schema: undefined,
    templates: Object.entries(templates).map(([name, text]) => ({ file: `/other/templates/${name}`, text })),
  }
}

export interface Given {
  text: string
  chart: Chart | undefined
  role?: 'defaults' | 'overlay'
  /** Texts of `-f` files before this one. */
  earlier?: readonly string[]
  facts?: Partial<ClusterFacts>
  severity?: Readonly<Record<string, Severity | 'off'>>
}

/** The view of `values-mine.yaml` with a text. */
export function given({ text, chart, role = 'overlay', earlier = [], facts, severity = {} }: Given): View {
  return makeView({
    document: ValuesDocument.parse(role === 'defaults' && chart !== undefined ? chart.defaults.file : '/mine/values-mine.yaml', text),
    role,
    chart,
    overlays: earlier.map((one, index) => ValuesDocument.parse(`/mine/values-${index}.yaml`, one)),
    facts: facts === undefined ? undefined : clusterOf(facts),
    settings: { severity },
  })
}

export const local: StorageClassFacts = {
  name: 'local-path',
  isDefault: true,
  provisioner: 'rancher.io/local-path',
  binding: 'WaitForFirstConsumer',
  expandable: false,
}
export const expandable: StorageClassFacts = {
  name: 'block',
  isDefault: false,
  provisioner: 'ebs.csi.aws.com',
  binding: 'WaitForFirstConsumer',
  expandable: true,
}

export const node = (name: string, more: Partial<NodeFacts> = {}): NodeFacts => ({
  name,
  schedulable: true,
  labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/arch': 'amd64' },
  allocatable: { cpu: 4, memory: 8 * 2 ** 30, ephemeralStorage: 100 * 2 ** 30, devices: [] },
  images: [],
  ...more,
})

/** A cluster in which nothing is wrong: one node, one default class, an open namespace, no release. */
export function clusterOf(facts: Partial<ClusterFacts>): ClusterFacts {
  return {
    context: 'test',
    kind: 'native',
    nodes: [node('a')],
    storageClasses: [local],
    snapshotClasses: [],
    claims: [],
    namespaces: [{ name: 'loco', podSecurity: 'privileged' }],
    nodePorts: new Map(),
    namespace: 'loco',
    release: 'loco',
    deployed: undefined,
    ...facts,
  }
}
