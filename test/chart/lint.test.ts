import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Helm } from '../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { restrictedViolations } from '../../src/chart/pod-security.ts'
import { storageStrategies } from '../../src/operations/options.ts'
import { lintRules } from './lint-rules.ts'
import { chart, realHelm } from './real-helm.ts'
import { everything, wholeChart } from './whole-chart.ts'

const overlays = [undefined, ...readdirSync(chart).filter((name) => /^values-.*\.yaml$/.test(name))]
/**
 * The one object that may touch the node: the hook of `hostpath` and `hybrid` that makes their folders as root. Bootstrap does without it.
 * Its account is the namespace's default, because hooks run before the accounts of the release are there.
 */
const allowed = /^(run-as-non-root|sensitive-host-mounts|non-existent-service-account): Job\/\S+-storage-init: /
const isFolderHook = ({ kind, metadata }: RenderedObject): boolean => kind === 'Job' && metadata.name.endsWith('-storage-init')
const wrong = (objects: readonly RenderedObject[]): unknown[] => [
  ...violations(objects).filter((line) => !allowed.test(line)),
  ...restrictedViolations(objects.filter((object) => !isFolderHook(object))),
]
const violations = (objects: readonly RenderedObject[]): string[] => lintRules.flatMap(({ name, check }) => check(objects).map((found) => `${name}: ${found}`))

describe('chart: the checks of the linters', () => {
  let helm: Helm
  let whole: ReturnType<typeof wholeChart>
  let objects: RenderedObject[]
  before(async function () {
    helm = realHelm(this)
    whole = wholeChart()
    objects = await helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [everything] })
  })
  after(() => whole?.remove())

  for (const overlay of overlays) {
    const files = overlay === undefined ? [] : [join(chart, overlay)]
    it(`${overlay ?? 'the defaults'}, with its own strategy and every other: nothing to say, and restricted`, async () => {
      for (const more of [{}, ...storageStrategies.map((strategy) => ({ storage: { strategy } }))]) {
        const made = await helm.render({ chart, release: 'loco', namespace: 'toys', values: [...files, more] })
        assert.deepEqual(wrong(made), [], JSON.stringify(more))
      }
    })
    it(`${overlay ?? 'the defaults'}, all workloads: nothing to say, and restricted`, async () => {
      const made = await helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [...files, everything] })
      assert.deepEqual(wrong(made), [])
    })
  }

  it('every workload alone with what it needs, and each switch off', async () => {
    const off = { enabled: false }
    const combinations: Record<string, unknown>[] = [
      { backend: { enabled: true } },
      { backend: { enabled: true }, frontend: { enabled: true }, networkPolicy: off },
      { backend: { enabled: true, serviceType: 'NodePort', nodePort: 32560 }, vr: { enabled: true, serviceType: 'LoadBalancer' } },
      { hub: { enabled: true }, helmTest: off },
      { monitoring: { enabled: true }, helmTest: off },
      { replicas: 0, monitoring: { enabled: true } },
      { emulator: { podDisruptionBudget: { enabled: true, maxUnavailable: 3 } } },
    ]
    for (const values of combinations) {
      const made = await helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [values] })
      assert.deepEqual(wrong(made), [], JSON.stringify(values))
    }
  })

  it('without rbac.create somebody else gives the backend its rights, so it keeps its token', async () => {
    const made = await helm.render({
      chart: whole.folder,
      release: 'loco',
      namespace: 'toys',
      values: [{ backend: { enabled: true }, rbac: { create: false } }],
    })
    assert.deepEqual(violations(made), ['automounted-token: Deployment/loco-loco-backend: it has a token and no rights'])
  })

  const pod = 'spec.template.spec'
  const first = `${pod}.containers.0`
  /** One change to what the chart makes with all workloads, and the rule that must find it. `undefined` takes the field away. */
  const spoiled: [rule: string, object: string, path: string, value: unknown][] = [
    ['latest-tag', 'Deployment/loco-loco-backend', `${first}.image`, 'ghcr.io/acme/backend:latest'],
    ['latest-tag', 'StatefulSet/loco-loco-emulator', `${first}.image`, 'registry:5000/emulator'],
    ['no-startup-probe', 'StatefulSet/loco-loco-emulator', `${first}.startupProbe`, undefined],
    ['no-readiness-probe', 'Deployment/loco-loco-hub', `${first}.readinessProbe`, undefined],
    ['no-liveness-probe', 'Deployment/loco-loco-vr', `${first}.livenessProbe`, undefined],
    ['invalid-probe-port', 'Deployment/loco-loco-vr', `${first}.livenessProbe.httpGet.port`, 'web'],
    ['unset-cpu-requirements', 'Pod/loco-loco-test', 'spec.containers.0.resources.requests.cpu', undefined],
    ['unset-memory-requirements', 'Deployment/loco-loco-frontend', `${first}.resources.limits.memory`, undefined],
    ['unset-ephemeral-storage-requirements', 'Deployment/loco-loco-frontend', `${first}.resources`, undefined],
    ['privileged-container', 'StatefulSet/loco-loco-emulator', `${first}.securityContext.privileged`, true],
    ['privilege-escalation-container', 'StatefulSet/loco-loco-emulator', `${first}.securityContext.allowPrivilegeEscalation`, undefined],
    ['no-read-only-root-fs', 'Deployment/loco-loco-hub', `${first}.securityContext.readOnlyRootFilesystem`, false],
    ['drop-all-capabilities', 'Deployment/loco-loco-hub', `${first}.securityContext.capabilities.drop`, ['NET_RAW']],
    ['duplicate-env-var', 'Deployment/loco-loco-hub', `${first}.env.1.name`, 'LAN_PORT'],
    ['env-var-secret', 'Deployment/loco-loco-hub', `${first}.env.1.name`, 'HUB_TOKEN'],
    ['dangling-volume-mount', 'Deployment/loco-loco-backend', `${first}.volumeMounts.0.name`, 'gone'],
    ['dangling-volume-mount', 'Deployment/loco-loco-backend', `${first}.volumeMounts.0.mountPath`, '/tmp'],
    ['run-as-non-root', 'Deployment/loco-loco-backend', `${pod}.securityContext.runAsNonRoot`, undefined],
    ['unused-volume', 'Deployment/loco-loco-backend', `${first}.volumeMounts`, []],
    ['unbounded-empty-dir', 'Deployment/loco-loco-hub', `${pod}.volumes.0.emptyDir`, {}],
    ['sensitive-host-mounts', 'Deployment/loco-loco-hub', `${pod}.volumes.0`, { name: 'tmp', hostPath: { path: '/var/run/docker.sock' } }],
    ['host-namespaces', 'Deployment/loco-loco-hub', `${pod}.hostNetwork`, true],
    ['non-existent-service-account', 'Deployment/loco-loco-hub', `${pod}.serviceAccountName`, 'default'],
    ['automounted-token', 'Deployment/loco-loco-hub', `${pod}.automountServiceAccountToken`, undefined],
    ['automounted-token', 'Deployment/loco-loco-backend', `${pod}.automountServiceAccountToken`, false],
    ['non-existent-config', 'Deployment/loco-loco-vr', `${pod}.volumes.0.configMap.name`, 'gone'],
    ['mismatching-selector', 'Deployment/loco-loco-vr', 'spec.selector.matchLabels.more', 'x'],
    ['dangling-service', 'Service/loco-loco-backend', 'spec.selector', { app: 'backend' }],
    ['invalid-target-ports', 'Service/loco-loco-backend', 'spec.ports.0.targetPort', 3000],
    ['dangling-networkpolicy', 'NetworkPolicy/loco-loco-backend', 'spec.podSelector.matchLabels', { 'app.kubernetes.io/part-of': 'loco-cluster' }],
    ['dangling-networkpolicypeer', 'NetworkPolicy/loco-loco-hub', 'spec.egress.0.to.0.podSelector.matchLabels.more', 'x'],
    ['open-networkpolicy', 'NetworkPolicy/loco-loco-hub', 'spec.egress.0.ports', undefined],
    ['pdb-fits', 'PodDisruptionBudget/loco-loco-backend', 'spec.maxUnavailable', 0],
    ['pdb-fits', 'PodDisruptionBudget/loco-loco-backend', 'spec.selector.matchLabels', { 'app.kubernetes.io/part-of': 'lego-loco-cluster' }],
    ['dangling-ingress', 'Ingress/loco-loco-ingress', 'spec.rules.1.http.paths.0.backend.service.name', 'gone'],
    ['dangling-ingress', 'Ingress/loco-loco-ingress', 'spec.rules.1.http.paths.0.backend.service.port.name', 'https'],
    ['dangling-servicemonitor', 'ServiceMonitor/loco-loco-emulator', 'spec.endpoints.0.port', 'http'],
    ['dangling-servicemonitor', 'ServiceMonitor/loco-loco-emulator', 'spec.selector.matchLabels', { 'app.kubernetes.io/part-of': 'lego-loco-cluster' }],
    ['dangling-role', 'RoleBinding/loco-loco-backend', 'roleRef.name', 'gone'],
    ['dangling-role', 'RoleBinding/loco-loco-backend', 'subjects.0.name', 'gone'],
    ['wildcard-in-rules', 'Role/loco-loco-backend', 'rules.0.verbs', ['*']],
    ['cluster-scoped-object', 'Role/loco-loco-backend', 'kind', 'ClusterRole'],
    ['duplicate-object', 'Service/loco-loco-vr', 'metadata.name', 'loco-loco-backend'],
  ]
  for (const [rule, name, path, value] of spoiled) {
    it(`${rule} finds ${name} with ${path} ${value === undefined ? 'left out' : `= ${JSON.stringify(value)}`}`, () => {
      const changed = structuredClone(objects)
      setField(changed.find((object) => nameOf(object) === name)!, path.split('.'), value)
      assert.ok(
        violations(changed).some((found) => found.startsWith(`${rule}: `)),
        violations(changed).join('\n'),
      )
    })
  }

  it('every rule is proved to find something', () => {
    const proved = new Set(spoiled.map(([rule]) => rule))
    assert.deepEqual(
      lintRules.map(({ name }) => name).filter((name) => !proved.has(name)),
      [],
    )
  })
})

function setField(target: object, path: readonly string[], value: unknown): void {
  const fields = target as Record<string, unknown>
  const [key = '', ...rest] = path
  if (rest.length > 0) {
    fields[key] ??= {}
    setField(fields[key] as object, rest, value)
  } else if (value === undefined) delete fields[key]
  else fields[key] = value
}
