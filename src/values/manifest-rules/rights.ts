import { t } from '@vscode/l10n'
import { nameOf, type RenderedObject } from '../../chart/manifest.ts'
import { restrictedViolations } from '../../chart/pod-security.ts'
import type { ManifestFinding, ManifestRule } from './rule.ts'

const rendered = { knowable: 'rendered', needsCluster: false, ours: false } as const
const mostLetters = 63

/** VA-13: pods that keep to the level `restricted`. A one-shot step of the release that must touch the node is ST-11. */
export const restricted: ManifestRule = {
  code: 'LOCO-VA-13',
  severity: 'error',
  ...rendered,
  check: ({ objects }) =>
    restrictedViolations(objects.filter((object) => !isHook(object))).map(({ object, field, rule }) => ({
      code: 'LOCO-VA-13',
      object,
      message: t`${object} asks with ${field} for more than the level restricted allows. ${rule}`,
    })),
}

const isHook = ({ metadata }: RenderedObject): boolean => metadata.annotations?.['helm.sh/hook'] !== undefined

/** VA-19: names that Kubernetes takes as labels and host names. */
export const objectNames: ManifestRule = {
  code: 'LOCO-VA-19',
  severity: 'warning',
  ...rendered,
  check: ({ objects }) =>
    objects
      .filter(({ metadata }) => metadata.name.length > mostLetters)
      .map((object) => {
        const name = nameOf(object)
        return {
          code: 'LOCO-VA-19',
          object: name,
          message: t`The name of ${name} has ${object.metadata.name.length} letters; as a host name or label it may have ${mostLetters}.`,
        }
      }),
}

interface Port {
  readonly port?: number
  readonly nodePort?: number
  readonly protocol?: string
}

/** VA-12: no two services on one port. */
export const servicePorts: ManifestRule = {
  code: 'LOCO-VA-12',
  severity: 'error',
  ...rendered,
  check({ objects, pods }) {
    const ports = objects.flatMap((object) =>
      object.kind === 'Service' ? ((object.spec?.['ports'] ?? []) as Port[]).map((port) => ({ object: nameOf(object), protocol: 'TCP', ...port })) : [],
    )
    const found: ManifestFinding[] = []
    for (const [index, one] of ports.entries()) {
      const before = ports.slice(0, index)
      if (before.some((other) => other.object === one.object && other.port === one.port && other.protocol === one.protocol))
        found.push({ code: 'LOCO-VA-12', object: one.object, message: t`${one.object} has the port ${String(one.port)} twice.` })
      const other = before.find(({ nodePort, protocol }) => nodePort !== undefined && nodePort !== 0 && nodePort === one.nodePort && protocol === one.protocol)
      if (other !== undefined)
        found.push({ code: 'LOCO-VA-12', object: one.object, message: t`${one.object} and ${other.object} ask for the node port ${String(one.nodePort)}.` })
    }
    for (const { object, replicas, containers } of pods) {
      const port = replicas < 2 ? undefined : containers.flatMap((container) => container.ports ?? []).find(({ hostPort }) => (hostPort ?? 0) > 0)
      if (port !== undefined)
        found.push({
          code: 'LOCO-VA-12',
          object,
          message: t`${replicas} pods of ${object} ask for the port ${String(port.hostPort)} of their node: one node runs one of them.`,
        })
    }
    return found
  },
}
