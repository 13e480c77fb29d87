import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { V1Service, V1StatefulSet } from '@kubernetes/client-node'
import { packageRoot } from '../../src/base/package-root.ts'
import type { Helm } from '../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { podSpecOf, restrictedViolations } from '../../src/chart/pod-security.ts'
import { emulatorImage, emulatorName, fullname, labels, partOf, podOverheadMiB, ports } from '../../src/contracts/names.ts'
import { chart, realHelm } from './real-helm.ts'

const version = (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version
const overlays = readdirSync(chart).filter((name) => /^values-.*\.yaml$/.test(name))
const strategies = ['ephemeral', 'persistent']
const chartFiles = readdirSync(chart, { recursive: true, encoding: 'utf8' })
  .map((name) => join(chart, name))
  .filter((file) => /\.(yaml|tpl|json|mjs|txt)$/.test(file))

const of = <T = RenderedObject>(objects: readonly RenderedObject[], kind: string): T => {
  const found = objects.filter((object) => object.kind === kind)
  assert.equal(found.length, 1, `${kind}: ${found.length}`)
  return found[0] as T
}

describe('chart: every overlay with every strategy', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })

  for (const overlay of [undefined, ...overlays]) {
    for (const strategy of strategies) {
      it(`${overlay ?? 'the defaults'}, ${strategy}`, async () => {
        const values = [...(overlay === undefined ? [] : [join(chart, overlay)]), { storage: { strategy } }]
        const request = { chart, release: 'loco', namespace: 'toys', values }
        const messages = await helm.lint(request)
        assert.deepEqual(
          messages.filter(({ severity }) => severity !== 'info'),
          [],
        )
        const objects = await helm.render(request)
        assert.deepEqual(restrictedViolations(objects), [])
        const budget = overlay === 'values-production.yaml' ? ['PodDisruptionBudget/loco-loco-emulator'] : []
        assert.deepEqual(objects.map(nameOf).sort(), [
          'ConfigMap/loco-loco-instances',
          'NetworkPolicy/loco-loco-emulator',
          'NetworkPolicy/loco-loco-test',
          'Pod/loco-loco-test',
          ...budget,
          'Role/loco-loco-fleet',
          'Service/loco-loco-emulator',
          'ServiceAccount/loco-loco-emulator',
          'StatefulSet/loco-loco-emulator',
        ])
        const { spec } = of<V1StatefulSet>(objects, 'StatefulSet')
        assert.equal(spec!.volumeClaimTemplates?.length ?? 0, strategy === 'persistent' ? 1 : 0)
        assert.equal(spec!.persistentVolumeClaimRetentionPolicy?.whenDeleted, strategy === 'persistent' ? 'Retain' : undefined)
        const pod = spec!.template.spec!
        assert.ok(pod.containers[0]!.env!.some(({ name, value }) => name === 'IMAGES_PERSISTENT' && value === String(strategy === 'persistent')))
        assert.ok(!JSON.stringify(objects).toLowerCase().includes('nfs'))
      })
    }
  }

  it('needs no values at all', async () => {
    const objects = await helm.render({ chart, release: 'loco', namespace: 'loco' })
    const { spec } = of<V1StatefulSet>(objects, 'StatefulSet')
    assert.equal(spec!.replicas, 3)
    const [claim] = spec!.volumeClaimTemplates!
    assert.equal(claim!.spec!.storageClassName, undefined) // an empty name would mean "no dynamic provisioning"
    assert.equal(claim!.spec!.resources!.requests!['storage'], '10Gi')
  })

  it('takes values files whose names have commas, over each other in order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loco, "chart"-'))
    try {
      writeFileSync(join(folder, 'a.yaml'), 'replicas: 1\nemulator: { memoryMiB: 64 }\n')
      const objects = await helm.render({
        chart,
        release: 'loco',
        namespace: 'loco',
        values: [join(folder, 'a.yaml'), { replicas: 2 }],
        set: ['emulator.accel=tcg'],
      })
      const { spec } = of<V1StatefulSet>(objects, 'StatefulSet')
      const env = Object.fromEntries(spec!.template.spec!.containers[0]!.env!.map(({ name, value }) => [name, value]))
      assert.deepEqual([spec!.replicas, env['QEMU_MEMORY'], env['QEMU_ACCEL']], [2, '64', 'tcg'])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('chart: names and labels are those of src/contracts/names.ts', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })

  for (const release of ['loco', 'second-fleet', 'a'.repeat(38)]) {
    it(`release ${release}`, async () => {
      const objects = await helm.render({ chart, release, namespace: 'toys', values: [{ rbac: { subjects: [{ kind: 'Group', name: 'players' }] } }] })
      const statefulSet = of<V1StatefulSet>(objects, 'StatefulSet')
      const service = of<V1Service>(objects, 'Service')
      const name = emulatorName(release)
      const components: Record<string, string> = { [`${fullname(release)}-instances`]: 'config', [`${fullname(release)}-test`]: 'test' }
      for (const object of objects) {
        assert.equal(object.metadata.namespace, 'toys', nameOf(object))
        assert.ok([name, `${fullname(release)}-fleet`, ...Object.keys(components)].includes(object.metadata.name), nameOf(object))
        const found = object.metadata.labels!
        const component = components[object.metadata.name] ?? 'emulator'
        assert.deepEqual(
          found,
          {
            'app.kubernetes.io/name': `lego-loco-${component}`,
            [labels.instance]: release,
            [labels.component]: component,
            [labels.partOf]: partOf,
            [labels.managedBy]: 'Helm',
            'app.kubernetes.io/version': version,
            'helm.sh/chart': `loco-${version}`,
          },
          nameOf(object),
        )
      }
      const { selector, template, serviceName, volumeClaimTemplates } = statefulSet.spec!
      // What may change with the chart's version must be in no selector and in no claim template.
      for (const fixed of [selector.matchLabels!, volumeClaimTemplates![0]!.metadata!.labels!, service.spec!.selector!]) {
        assert.deepEqual(Object.keys(fixed).sort(), [
          'app.kubernetes.io/component',
          'app.kubernetes.io/instance',
          'app.kubernetes.io/name',
          'app.kubernetes.io/part-of',
        ])
        for (const [key, value] of Object.entries(fixed)) assert.equal(template.metadata!.labels![key], value)
      }
      assert.equal(template.metadata!.labels!['app'], name)
      assert.equal(serviceName, service.metadata!.name)
      // The controller's label `<StatefulSet>-<hash>` must fit.
      assert.ok(name.length + 11 <= 63)
    })
  }

  it('ports, image and Service', async () => {
    const objects = await helm.render({ chart, release: 'loco', namespace: 'loco' })
    const container = podSpecOf(of(objects, 'StatefulSet'))!.containers[0]!
    assert.deepEqual(
      container.ports!.map(({ name, containerPort }) => [name, containerPort]),
      [
        ['vnc', ports.vnc],
        ['health', ports.health],
      ],
    )
    assert.equal(container.name, 'emulator')
    assert.equal(container.image, `${emulatorImage(0)}:${version}`)
    const { spec } = of<V1Service>(objects, 'Service')
    assert.equal(spec!.clusterIP, 'None')
    assert.equal(spec!.publishNotReadyAddresses, true)
    assert.deepEqual(
      spec!.ports!.map(({ name, port, targetPort }) => [name, port, targetPort]),
      [
        ['vnc', ports.vnc, 'vnc'],
        ['health', ports.health, 'health'],
      ],
    )
  })

  it('the pod is restarted by nobody but us, and starts all emulators at once', async () => {
    const { spec } = of<V1StatefulSet>(await helm.render({ chart, release: 'loco', namespace: 'loco' }), 'StatefulSet')
    assert.equal(spec!.podManagementPolicy, 'Parallel')
    assert.equal(spec!.updateStrategy!.type, 'OnDelete')
  })
})

describe('chart: resources', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })
  const resources = async (values: Record<string, unknown>): Promise<unknown> => {
    const objects = await helm.render({ chart, release: 'loco', namespace: 'loco', values: [values] })
    return podSpecOf(of(objects, 'StatefulSet'))!.containers[0]!.resources
  }
  const emulator = (value: Record<string, unknown>): Record<string, unknown> => ({ emulator: value })

  const cases: [name: string, values: Record<string, unknown>, requests: Record<string, string>, limits: Record<string, string>][] = [
    [
      'computed from the guest',
      {},
      { cpu: '100m', memory: `${128 + podOverheadMiB}Mi`, 'ephemeral-storage': '256Mi' },
      { cpu: '2', memory: `${128 + podOverheadMiB}Mi`, 'ephemeral-storage': '256Mi' },
    ],
    [
      'a big guest, ephemeral, with KVM',
      { emulator: { memoryMiB: 512, kvm: { enabled: true } }, storage: { strategy: 'ephemeral', ephemeral: { sizeMiB: 100 } } },
      { cpu: '100m', memory: '672Mi', 'ephemeral-storage': '256Mi' },
      { cpu: '2', memory: '672Mi', 'ephemeral-storage': '356Mi', 'devices.kubevirt.io/kvm': '1' },
    ],
    [
      'a limit that is given counts for the request too',
      emulator({ resources: { limits: { memory: '1Gi', cpu: 1 } } }),
      { cpu: '100m', memory: '1Gi', 'ephemeral-storage': '256Mi' },
      { cpu: '1', memory: '1Gi', 'ephemeral-storage': '256Mi' },
    ],
    [
      'all given',
      emulator({
        resources: {
          requests: { cpu: 0.5, memory: '288Mi', 'ephemeral-storage': '1Gi' },
          limits: { cpu: '1500m', memory: '0.5Gi', 'ephemeral-storage': '4Gi' },
        },
      }),
      { cpu: '0.5', memory: '288Mi', 'ephemeral-storage': '1Gi' },
      { cpu: '1500m', memory: '0.5Gi', 'ephemeral-storage': '4Gi' },
    ],
  ]
  for (const [name, values, requests, limits] of cases) it(name, async () => assert.deepEqual(await resources(values), { requests, limits }))

  const exactly = 128 + podOverheadMiB
  const bounds: [limit: string, fits: boolean][] = [
    [`${exactly}Mi`, true],
    [`${exactly - 1}Mi`, false],
    ['0.28125Gi', true], // 288Mi
    ['0.28Gi', false],
    ['302M', true],
    ['301M', false],
    ['301989888', true],
    ['301989887', false],
    [`${exactly * 1024}Ki`, true],
  ]
  for (const [limit, fits] of bounds) {
    it(`a memory limit of ${limit} ${fits ? 'holds' : 'cannot hold'} a guest of 128 MiB`, async () => {
      const render = resources(emulator({ resources: { limits: { memory: limit } } }))
      if (fits) await render
      else await assert.rejects(render, { code: 'LOCO-CHT-013', message: /must be 288Mi or more/ })
    })
  }
})

describe('chart: switches', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })
  const render = (values: Record<string, unknown>): Promise<RenderedObject[]> => helm.render({ chart, release: 'loco', namespace: 'loco', values: [values] })

  it('no Role, no NetworkPolicy, no test', async () => {
    const objects = await render({ rbac: { create: false }, networkPolicy: { enabled: false }, helmTest: { enabled: false } })
    assert.deepEqual(objects.map(({ kind }) => kind).sort(), ['ConfigMap', 'Service', 'ServiceAccount', 'StatefulSet'])
  })

  it('a RoleBinding only for somebody, and no right that changes an object', async () => {
    const subjects = [{ kind: 'User', name: 'ann' }]
    const objects = await render({ rbac: { subjects } })
    assert.deepEqual(of(objects, 'RoleBinding')['subjects'], subjects)
    const rules = of(objects, 'Role')['rules'] as { resources: string[]; verbs: string[] }[]
    for (const { resources, verbs } of rules) {
      const allowed = resources.includes('pods/portforward') ? ['get', 'create'] : ['get', 'list', 'watch']
      assert.deepEqual(
        verbs.filter((verb) => !allowed.includes(verb)),
        [],
        resources.join(),
      )
    }
  })

  it('probes ask the agent, each can be switched off, and the start is asked for every second', async () => {
    const container = podSpecOf(of(await render({ emulator: { probes: { liveness: { enabled: false } } } }), 'StatefulSet'))!.containers[0]!
    assert.equal(container.livenessProbe, undefined)
    assert.deepEqual([container.startupProbe!.httpGet!.path, container.readinessProbe!.httpGet!.path], ['/startup', '/ready'])
    assert.equal(container.startupProbe!.periodSeconds, 1)
  })

  it('secrets, registry, tag, class and placement come through', async () => {
    const values = {
      imageRepo: 'ghcr.io/acme/',
      imagePullSecrets: ['mine'],
      emulator: {
        tag: 'sha-1',
        nodeSelector: { disk: 'fast' },
        tolerations: [{ key: 'a', operator: 'Exists' }],
        affinity: { nodeAffinity: {} },
        priorityClassName: 'high',
        env: { QEMU_SMP: '1', A: 'x: "y"' },
      },
      storage: { persistentVolume: { storageClass: 'fast', size: '3Gi' }, retention: { whenDeleted: 'Delete' } },
    }
    const { spec } = of<V1StatefulSet>(await render(values), 'StatefulSet')
    const pod = spec!.template.spec!
    assert.deepEqual(pod.imagePullSecrets, [{ name: 'mine' }])
    assert.equal(pod.containers[0]!.image, 'ghcr.io/acme/compose-emulator-0:sha-1')
    assert.equal(pod.priorityClassName, 'high')
    assert.deepEqual([pod.nodeSelector, pod.tolerations, pod.affinity], [{ disk: 'fast' }, [{ key: 'a', operator: 'Exists' }], { nodeAffinity: {} }])
    assert.deepEqual(pod.containers[0]!.env!.slice(-2), [
      { name: 'A', value: 'x: "y"' },
      { name: 'QEMU_SMP', value: '1' },
    ])
    assert.equal(spec!.volumeClaimTemplates![0]!.spec!.storageClassName, 'fast')
    assert.deepEqual(spec!.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Delete', whenScaled: 'Retain' })
  })
})

describe('chart: files', () => {
  it('has the version of the package', () => {
    const text = readFileSync(join(chart, 'Chart.yaml'), 'utf8')
    assert.match(text, new RegExp(`^version: ${version}$`, 'm'))
    assert.match(text, new RegExp(`^appVersion: "${version}"$`, 'm'))
  })

  it('computes with the constant of src/contracts/names.ts', () => {
    assert.ok(readFileSync(join(chart, 'templates', '_resources.tpl'), 'utf8').includes(`{{- define "loco.overheadMiB" -}}${podOverheadMiB}{{- end -}}`))
  })

  it('docs/chart.md tells of every overlay', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'chart.md'), 'utf8')
    for (const overlay of overlays) assert.ok(page.includes(`\`${overlay}\``), overlay)
  })

  for (const file of chartFiles) {
    it(`${file.slice(chart.length + 1)} has no merge markers and no NFS`, () => {
      const text = readFileSync(file, 'utf8')
      assert.ok(!/^(<{7}|={7}|>{7}|\|{7})/m.test(text))
      assert.ok(!/nfs/i.test(text))
    })
  }

  it('templates use every value that exists, and none that does not', () => {
    const templates = chartFiles.filter((file) => file.includes('templates')).map((file) => readFileSync(file, 'utf8'))
    const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as Node
    interface Node {
      properties?: Record<string, Node>
    }
    const leaves = (node: Node, path: string[]): string[] =>
      node.properties === undefined ? [path.join('.')] : Object.entries(node.properties).flatMap(([key, child]) => leaves(child, [...path, key]))
    const all = leaves(schema, [])
    const used = new Set(templates.flatMap((text) => [...text.matchAll(/\.Values\.([A-Za-z.]+)/g)].map((match) => match[1]!.replace(/\.$/, ''))))
    // Read through a variable or a named template, each with the place that does so.
    const workload = ['replicas', 'enabled', 'image', 'tag', 'imagePullPolicy', 'env', 'resources', 'probes', 'terminationGracePeriodSeconds']
    const placement = ['priorityClassName', 'nodeSelector', 'tolerations', 'affinity', 'podDisruptionBudget']
    const indirect = [
      'emulator.resources', // _resources.tpl: $given
      'emulator.probes', // _pods.tpl: loco.probes
      ...['image', 'tag', ...placement].map((key) => `emulator.${key}`), // _helpers.tpl: loco.image, _pods.tpl: loco.placement, poddisruptionbudget.yaml
      ...['hub', 'backend', 'frontend', 'vr'].flatMap((component) => [...workload, ...placement].map((key) => `${component}.${key}`)), // _services.tpl, _web.tpl
      ...['backend', 'frontend', 'vr'].flatMap((component) => ['servicePort', 'serviceType', 'nodePort'].map((key) => `${component}.${key}`)), // _services.tpl
      'networkPolicy.gamePorts', // _policies.tpl: $game
      'monitoring', // monitoring.yaml: $monitoring
      'storage.hostPath', // storage-strategy.yaml: loco.storage.hook
      'storage.retention', // storage-strategy.yaml: loco.storage.check
    ]
    const unread = [
      'global', // Helm's own
    ]
    assert.deepEqual(
      all.filter((path) => !used.has(path) && !unread.includes(path) && !indirect.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))),
      [],
    )
    const known = (path: string): boolean => all.some((leaf) => leaf === path || leaf.startsWith(`${path}.`))
    assert.deepEqual(
      [...used].filter((path) => !known(path)),
      [],
    )
  })
})
