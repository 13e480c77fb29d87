import type { V1Container, V1EnvVar, V1PodSpec, V1Probe, V1ServicePort } from '@kubernetes/client-node'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { podSpecOf } from '../../src/chart/pod-security.ts'

type Labels = Record<string, string>

/** The checks that kube-linter is known for, as far as they concern what our chart makes: each gives the objects that break it, and why. */
export interface LintRule {
  /** As kube-linter calls it, where it has one. */
  name: string
  check(objects: readonly RenderedObject[]): string[]
}

interface Pod {
  of: RenderedObject
  spec: V1PodSpec
  labels: Labels
  /** Runs to its end: nobody asks it whether it is well. */
  once: boolean
}

const podsIn = (objects: readonly RenderedObject[]): Pod[] =>
  objects.flatMap((object) => {
    const spec = podSpecOf(object)
    if (spec === undefined) return []
    const template = (object.spec as { template?: { metadata?: { labels?: Labels } } }).template
    const labels = (object.kind === 'Pod' ? object.metadata.labels : template?.metadata?.labels) ?? {}
    return [{ of: object, spec, labels, once: ['Pod', 'Job', 'CronJob'].includes(object.kind) }]
  })

const containersOf = ({ spec }: Pod): V1Container[] => [...(spec.initContainers ?? []), ...spec.containers]

/** A rule about each container. */
const perContainer = (name: string, wrong: (container: V1Container, pod: Pod) => string | false | undefined): LintRule => ({
  name,
  check: (objects) =>
    podsIn(objects).flatMap((pod) =>
      containersOf(pod).flatMap((container) => {
        const why = wrong(container, pod)
        return typeof why === 'string' ? [`${nameOf(pod.of)} ${container.name}: ${why}`] : []
      }),
    ),
})

/** A rule about each pod. */
const perPod = (name: string, wrong: (pod: Pod, objects: readonly RenderedObject[]) => string[]): LintRule => ({
  name,
  check: (objects) => podsIn(objects).flatMap((pod) => wrong(pod, objects).map((why) => `${nameOf(pod.of)}: ${why}`)),
})

/** A rule about each object of a kind. */
const perKind = (kind: string, name: string, wrong: (spec: never, objects: readonly RenderedObject[], object: RenderedObject) => string[]): LintRule => ({
  name,
  check: (objects) =>
    objects
      .filter((object) => object.kind === kind)
      .flatMap((object) => wrong(object.spec as never, objects, object).map((why) => `${nameOf(object)}: ${why}`)),
})

const selects = (selector: Labels, labels: Labels): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value)
const selectedPods = (objects: readonly RenderedObject[], selector: Labels): Pod[] => podsIn(objects).filter(({ labels }) => selects(selector, labels))
const exists = (objects: readonly RenderedObject[], kind: string, name: string | undefined): boolean =>
  objects.some((object) => object.kind === kind && object.metadata.name === name)

const probe = (which: 'startupProbe' | 'readinessProbe' | 'livenessProbe', name: string): LintRule =>
  perContainer(name, (container, { once, spec }) => !once && spec.containers.includes(container) && container[which] === undefined && `it has no ${which}`)

const resource = (word: 'cpu' | 'memory' | 'ephemeral-storage'): LintRule =>
  perContainer(`unset-${word}-requirements`, ({ resources }) => {
    const missing = (['requests', 'limits'] as const).filter((side) => resources?.[side]?.[word] === undefined)
    return missing.length > 0 && `no ${word} in its ${missing.join(' and ')}`
  })

const hostMounts = ({ spec }: Pod): string[] => (spec.volumes ?? []).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path]))

interface PolicySpec {
  podSelector: { matchLabels: Labels }
  ingress?: { from?: Peer[]; ports?: { port: number }[] }[]
  egress?: { to?: Peer[]; ports?: { port: number }[] }[]
}
interface Peer {
  podSelector?: { matchLabels: Labels }
}

export const lintRules: readonly LintRule[] = [
  perContainer('latest-tag', ({ image = '' }) => {
    const tag = /:([^/:@]+)$/.exec(image)?.[1]
    return (tag === undefined || tag === 'latest') && `${image} names no build`
  }),
  probe('startupProbe', 'no-startup-probe'),
  probe('readinessProbe', 'no-readiness-probe'),
  probe('livenessProbe', 'no-liveness-probe'),
  perContainer('invalid-probe-port', ({ startupProbe, readinessProbe, livenessProbe, ports = [] }) => {
    const asked = [startupProbe, readinessProbe, livenessProbe].filter((one): one is V1Probe => one !== undefined).map(({ httpGet }) => httpGet?.port)
    const unknown = asked.filter((port) => !ports.some(({ name, containerPort }) => name === port || containerPort === port))
    return unknown.length > 0 && `asks port ${unknown.join(', ')}, which it does not have`
  }),
  resource('cpu'),
  resource('memory'),
  resource('ephemeral-storage'),
  perContainer('privileged-container', ({ securityContext }) => securityContext?.privileged === true && 'it is privileged'),
  perContainer('privilege-escalation-container', ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false && 'it may gain rights'),
  perContainer('no-read-only-root-fs', ({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true && 'its root file system is writable'),
  perContainer('drop-all-capabilities', ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL') && 'it keeps capabilities'),
  perContainer('duplicate-env-var', ({ env = [] }) => {
    const twice = env.map(({ name }: V1EnvVar) => name).filter((name, index, all) => all.indexOf(name) !== index)
    return twice.length > 0 && `${twice.join(', ')} is set twice`
  }),
  perContainer('env-var-secret', ({ env = [] }) => {
    const plain = env.filter(({ name, value }: V1EnvVar) => value !== undefined && /(token|secret|password)$/i.test(name))
    return plain.length > 0 && `${plain.map(({ name }) => name).join(', ')} stands in the pod for everybody to read`
  }),
  perContainer('dangling-volume-mount', ({ volumeMounts = [] }, { spec, of }) => {
    const claims = (of.spec as { volumeClaimTemplates?: { metadata: { name: string } }[] }).volumeClaimTemplates ?? []
    const known = [...(spec.volumes ?? []).map(({ name }) => name), ...claims.map(({ metadata }) => metadata.name)]
    const unknown = volumeMounts.filter(({ name }) => !known.includes(name)).map(({ name }) => name)
    const paths = volumeMounts.map(({ mountPath }) => mountPath)
    if (unknown.length > 0) return `mounts ${unknown.join(', ')}, which is no volume of the pod`
    return new Set(paths).size < paths.length && 'mounts two volumes at one path'
  }),
  perPod('run-as-non-root', ({ spec }) => (spec.securityContext?.runAsNonRoot === true ? [] : ['it may run as root'])),
  perPod('unused-volume', (pod) => {
    const mounted = new Set(containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)))
    return (pod.spec.volumes ?? []).filter(({ name }) => !mounted.has(name)).map(({ name }) => `nothing mounts the volume ${name}`)
  }),
  perPod('unbounded-empty-dir', ({ spec }) =>
    (spec.volumes ?? []).flatMap(({ name, emptyDir }) => (emptyDir !== undefined && emptyDir.sizeLimit === undefined ? [`${name} has no limit`] : [])),
  ),
  perPod('sensitive-host-mounts', (pod) => hostMounts(pod).map((path) => `it mounts ${path} of the node`)),
  perPod('host-namespaces', ({ spec }) => (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field] === true).map((field) => field)),
  perPod('non-existent-service-account', ({ spec }, objects) =>
    exists(objects, 'ServiceAccount', spec.serviceAccountName) ? [] : [`the account ${spec.serviceAccountName} is not made`],
  ),
  perPod('automounted-token', ({ spec }, objects) => {
    const bound = objects
      .filter(({ kind }) => kind === 'RoleBinding')
      .flatMap((binding) => (binding['subjects'] as { kind: string; name: string }[]).filter(({ kind }) => kind === 'ServiceAccount'))
    const needed = bound.some(({ name }) => name === spec.serviceAccountName)
    return spec.automountServiceAccountToken === needed ? [] : [needed ? 'it has rights and no token' : 'it has a token and no rights']
  }),
  perPod('non-existent-config', ({ spec }, objects) =>
    (spec.volumes ?? []).flatMap(({ configMap }) =>
      configMap === undefined || exists(objects, 'ConfigMap', configMap.name) ? [] : [`the ConfigMap ${configMap.name} is not made`],
    ),
  ),
  {
    name: 'mismatching-selector',
    check: (objects) =>
      podsIn(objects)
        .filter(({ of }) => ['StatefulSet', 'Deployment'].includes(of.kind))
        .filter(({ of, labels }) => !selects((of.spec as unknown as { selector: { matchLabels: Labels } }).selector.matchLabels, labels))
        .map(({ of }) => `${nameOf(of)}: its selector does not find its pods`),
  },
  perKind('Service', 'dangling-service', ({ selector }: { selector: Labels }, objects) =>
    selectedPods(objects, selector).length === 0 ? ['it finds no pod'] : [],
  ),
  perKind('Service', 'invalid-target-ports', ({ selector, ports }: { selector: Labels; ports: V1ServicePort[] }, objects) =>
    ports
      .filter(({ targetPort }) =>
        selectedPods(objects, selector).some(
          (pod) => !containersOf(pod).some(({ ports: own = [] }) => own.some(({ name, containerPort }) => [name, containerPort].includes(targetPort as never))),
        ),
      )
      .map(({ name, targetPort }) => `port ${name} leads to ${targetPort}, which its pods do not have`),
  ),
  perKind('NetworkPolicy', 'dangling-networkpolicy', ({ podSelector }: PolicySpec, objects) =>
    selectedPods(objects, podSelector.matchLabels).length === 0 ? ['it finds no pod'] : [],
  ),
  perKind('NetworkPolicy', 'dangling-networkpolicypeer', ({ ingress = [], egress = [] }: PolicySpec, objects) =>
    [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)]
      .filter(({ podSelector }) => podSelector !== undefined && selectedPods(objects, podSelector.matchLabels).length === 0)
      .map(({ podSelector }) => `no pod is ${JSON.stringify(podSelector!.matchLabels)}`),
  ),
  perKind('NetworkPolicy', 'open-networkpolicy', ({ ingress = [], egress = [] }: PolicySpec) =>
    [...ingress, ...egress].filter(({ ports = [] }) => ports.length === 0).map(() => 'a rule lets every port through'),
  ),
  perKind('PodDisruptionBudget', 'pdb-fits', ({ selector, maxUnavailable }: { selector: { matchLabels: Labels }; maxUnavailable?: number }, objects) => {
    const pods = selectedPods(objects, selector.matchLabels)
    return [...(pods.length === 1 ? [] : ['it is not about exactly one workload']), ...((maxUnavailable ?? 0) >= 1 ? [] : ['no pod may ever go'])]
  }),
  perKind(
    'Ingress',
    'dangling-ingress',
    ({ rules }: { rules: { http: { paths: { backend: { service: { name: string; port: { name: string } } } }[] } }[] }, objects) =>
      rules
        .flatMap(({ http }) => http.paths.map(({ backend }) => backend.service))
        .filter(
          ({ name, port }) =>
            !objects.some(
              ({ kind, metadata, spec }) =>
                kind === 'Service' && metadata.name === name && (spec!['ports'] as V1ServicePort[]).some(({ name: own }) => own === port.name),
            ),
        )
        .map(({ name }) => `the Service ${name} or its port is not made`),
  ),
  perKind(
    'ServiceMonitor',
    'dangling-servicemonitor',
    ({ selector, endpoints }: { selector: { matchLabels: Labels }; endpoints: { port: string }[] }, objects) => {
      const services = objects.filter(({ kind, metadata }) => kind === 'Service' && selects(selector.matchLabels, metadata.labels ?? {}))
      const ports = services.flatMap(({ spec }) => (spec!['ports'] as V1ServicePort[]).map(({ name }) => name))
      return services.length === 1 && endpoints.every(({ port }) => ports.includes(port)) ? [] : ['it does not find one Service with its ports']
    },
  ),
  {
    name: 'dangling-role',
    check: (objects) =>
      objects
        .filter(({ kind }) => kind === 'RoleBinding')
        .flatMap((binding) => {
          const role = binding['roleRef'] as { kind: string; name: string }
          const subjects = binding['subjects'] as { kind: string; name: string; namespace?: string }[]
          const own = subjects.filter(({ kind, namespace }) => kind === 'ServiceAccount' && namespace === binding.metadata.namespace)
          return [
            ...(exists(objects, role.kind, role.name) ? [] : [`${nameOf(binding)}: the ${role.kind} ${role.name} is not made`]),
            ...own.filter(({ name }) => !exists(objects, 'ServiceAccount', name)).map(({ name }) => `${nameOf(binding)}: the account ${name} is not made`),
          ]
        }),
  },
  {
    name: 'wildcard-in-rules',
    check: (objects) =>
      objects
        .filter(({ kind }) => kind === 'Role')
        .filter((role) => JSON.stringify(role['rules']).includes('"*"'))
        .map((role) => `${nameOf(role)}: a rule says everything`),
  },
  {
    name: 'cluster-scoped-object',
    check: (objects) =>
      objects.filter(({ kind }) => /^(Cluster|Namespace|Node|StorageClass|CustomResource)/.test(kind)).map((object) => `${nameOf(object)}: it belongs to all`),
  },
  {
    name: 'duplicate-object',
    check: (objects) => objects.map(nameOf).filter((name, index, all) => all.indexOf(name) !== index),
  },
]
