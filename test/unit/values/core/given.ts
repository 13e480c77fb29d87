import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../../src/base/package-root.ts'
import { type Chart, makeView, type View } from '../../../../src/values/chart.ts'
import { ValuesDocument } from '../../../../src/values/document.ts'
import { Schema } from '../../../../src/values/schema.ts'
import type { ClusterFacts } from '../../../../src/values/types.ts'

export const folder = join(packageRoot(), 'helm', 'loco-chart')
export const defaultsText = readFileSync(join(folder, 'values.yaml'), 'utf8')

/** values.yaml cut into one text for each key of the root, with the comments above it: small enough to be read hundreds of times. */
export const sections = defaultsText.split(/^(?=# -- )/m).filter((text) => /^[\w-]+:/m.test(text))

/** The project's own chart, or one with a schema and defaults of a test's own. */
export function chartOf(schema: unknown = JSON.parse(readFileSync(join(folder, 'values.schema.json'), 'utf8')), defaults = defaultsText): Chart {
  const parsed = Schema.parse('values.schema.json', JSON.stringify(schema))
  if (!(parsed instanceof Schema)) throw new Error(parsed.message)
  return {
    folder,
    name: 'loco',
    version: '1',
    ours: true,
    defaults: ValuesDocument.parse(`${folder}/values.yaml`, defaults),
    schema: parsed,
    templates: readdirSync(join(folder, 'templates')).map((name) => ({ file: name, text: '' })),
  }
}

export const chart = chartOf()

/** A view of a text with `‸` where the cursor is. */
export function viewOf(
  marked: string,
  more: { role?: View['role']; chart?: Chart | undefined; facts?: ClusterFacts; overlays?: ValuesDocument[] } = {},
): { view: View; offset: number } {
  const offset = marked.indexOf('‸')
  const document = ValuesDocument.parse('/w/values-mine.yaml', marked.replace('‸', ''))
  const view = makeView({ role: 'overlay', chart, document, ...more })
  return { view, offset: offset === -1 ? 0 : offset }
}

export const facts: ClusterFacts = {
  context: 'kind-dev',
  kind: 'kind',
  nodes: [
    {
      name: 'dev-1',
      schedulable: true,
      labels: { 'kubernetes.io/hostname': 'dev-1', disk: 'ssd' },
      allocatable: { cpu: 4, memory: 8 * 1024 ** 3, devices: [] },
      images: ['docker.io/library/compose-emulator-0:0.1.0', 'ghcr.io/acme/qemu:v2', 'ghcr.io/acme/qemu@sha256:00'],
    },
  ],
  storageClasses: [
    { name: 'standard', isDefault: true, provisioner: 'rancher.io/local-path', binding: 'WaitForFirstConsumer', expandable: false },
    { name: 'fast', isDefault: false, provisioner: 'x.io/csi', binding: 'Immediate', expandable: true },
  ],
  snapshotClasses: [{ name: 'snap', driver: 'x.io/csi' }],
  claims: [],
  namespaces: [{ name: 'loco', podSecurity: 'restricted' }],
  nodePorts: new Map(),
  namespace: 'loco',
  release: 'loco',
  deployed: { revision: 3, values: { replicas: 3, storage: { strategy: 'persistent' } }, emulators: 3 },
}
