import assert from 'node:assert/strict'
import type { V1Container, V1Deployment, V1Ingress, V1Service } from '@kubernetes/client-node'
import type { Helm } from '../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { podSpecOf } from '../../src/chart/pod-security.ts'
import { emulatorName, fullname, labels, partOf, ports } from '../../src/contracts/names.ts'
import { chart, realHelm } from './real-helm.ts'
import { everything, unbuilt, wholeChart } from './whole-chart.ts'

const named = <T = RenderedObject>(objects: readonly RenderedObject[], name: string): T => {
  const found = objects.filter((object) => nameOf(object) === name)
  assert.equal(found.length, 1, `${name}: ${found.length}`)
  return found[0] as T
}
const containerOf = (objects: readonly RenderedObject[], name: string): V1Container => podSpecOf(named(objects, name))!.containers[0]!
const envOf = (container: V1Container): Record<string, string | undefined> => Object.fromEntries(container.env!.map(({ name, value }) => [name, value]))

describe('chart: workloads whose image cannot be built yet', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })

  for (const component of unbuilt) {
    it(`${component} is refused with the reason`, async () => {
      await assert.rejects(helm.render({ chart, release: 'loco', namespace: 'loco', values: [{ [component]: { enabled: true } }] }), {
        code: 'LOCO-CHT-013',
        message: new RegExp(`${component}\\.enabled is true, but this release cannot build the image of the ${component} yet`),
      })
    })
  }

  it('nothing of them is made without being asked for', async () => {
    const objects = await helm.render({ chart, release: 'loco', namespace: 'loco' })
    assert.deepEqual(objects.filter(({ metadata }) => (unbuilt as readonly string[]).includes(metadata.labels![labels.component]!)).map(nameOf), [])
  })
})

describe('chart: all workloads', () => {
  let helm: Helm
  let whole: ReturnType<typeof wholeChart>
  let objects: RenderedObject[]
  const render = (values: Record<string, unknown>): Promise<RenderedObject[]> =>
    helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [values] })
  before(async function () {
    helm = realHelm(this)
    whole = wholeChart()
    objects = await render(everything)
  })
  after(() => whole?.remove())

  it('have the names that the original gave them', () => {
    assert.deepEqual(
      objects
        .map(nameOf)
        .filter((name) => !/^(NetworkPolicy|PodDisruptionBudget|ServiceAccount)\//.test(name))
        .sort(),
      [
        'ConfigMap/loco-loco-grafana-dashboards',
        'ConfigMap/loco-loco-instances',
        'Deployment/loco-loco-backend',
        'Deployment/loco-loco-frontend',
        'Deployment/loco-loco-hub',
        'Deployment/loco-loco-vr',
        'Ingress/loco-loco-ingress',
        'Pod/loco-loco-test',
        'PrometheusRule/loco-loco-alerts',
        'Role/loco-loco-backend',
        'Role/loco-loco-fleet',
        'RoleBinding/loco-loco-backend',
        'RoleBinding/loco-loco-fleet',
        'Service/loco-loco-backend',
        'Service/loco-loco-emulator',
        'Service/loco-loco-frontend',
        'Service/loco-loco-hub',
        'Service/loco-loco-vr',
        'ServiceMonitor/loco-loco-backend',
        'ServiceMonitor/loco-loco-emulator',
        'ServiceMonitor/loco-loco-hub',
        'StatefulSet/loco-loco-emulator',
      ],
    )
  })

  it('carry the whole set of labels, on objects and pods, also with the longest name of a release', async () => {
    const release = 'a'.repeat(38)
    const long = await helm.render({ chart: whole.folder, release, namespace: 'toys', values: [everything] })
    for (const object of long) {
      const own = object.metadata.labels!
      assert.ok(object.metadata.name.startsWith(fullname(release)) && object.metadata.name.length <= 63, nameOf(object))
      assert.equal(object.metadata.namespace, 'toys', nameOf(object))
      assert.deepEqual(
        [own[labels.instance], own[labels.partOf], own[labels.managedBy], own['app.kubernetes.io/name']],
        [release, partOf, 'Helm', `lego-loco-${own[labels.component]}`],
        nameOf(object),
      )
      assert.ok(own['app.kubernetes.io/version'] !== undefined && own['helm.sh/chart'] !== undefined, nameOf(object))
      const template = (object.spec as V1Deployment['spec'])?.template?.metadata?.labels
      if (template === undefined) continue
      assert.deepEqual([template[labels.component], template['app']], [own[labels.component], object.metadata.name])
      assert.ok(!('helm.sh/chart' in template) && !('app.kubernetes.io/version' in template), `${nameOf(object)}: a new chart would restart its pods`)
    }
  })

  it('numbers as names of release and namespace stay text', async () => {
    for (const { metadata } of await helm.render({ chart: whole.folder, release: '123', namespace: '456', values: [everything] })) {
      assert.equal(typeof metadata.namespace, 'string')
      for (const value of Object.values(metadata.labels!)) assert.equal(typeof value, 'string')
    }
  })

  const services: [component: string, port: number, target: string][] = [
    ['backend', ports.backend, 'http'],
    ['frontend', ports.frontend, 'http'],
    ['vr', ports.frontend, 'http'],
  ]
  for (const [component, port, target] of services) {
    it(`${component}: Service, its type, and the port of its pod`, async () => {
      const { spec } = named<V1Service>(objects, `Service/loco-loco-${component}`)
      assert.deepEqual([spec!.type, spec!.ports], ['ClusterIP', [{ name: 'http', port, targetPort: target }]])
      assert.deepEqual(containerOf(objects, `Deployment/loco-loco-${component}`).ports, [{ name: 'http', containerPort: port }])
      const other = await render({
        ...everything,
        [component]: { enabled: true, tokenSecret: undefined, serviceType: 'NodePort', nodePort: 32560, servicePort: 80 },
        ingress: {},
      })
      const { spec: changed } = named<V1Service>(other, `Service/loco-loco-${component}`)
      assert.deepEqual([changed!.type, changed!.ports], ['NodePort', [{ name: 'http', port: 80, targetPort: 'http', nodePort: 32560 }]])
    })
  }

  it("the backend's probes have the figures of the original notes, behind a startup probe", () => {
    const { startupProbe, livenessProbe, readinessProbe } = containerOf(objects, 'Deployment/loco-loco-backend')
    const figures = { initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }
    assert.deepEqual(livenessProbe, { httpGet: { path: '/health', port: 'http' }, ...figures })
    assert.deepEqual(readinessProbe, {
      httpGet: { path: '/ready', port: 'http' },
      initialDelaySeconds: 5,
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 3,
    })
    assert.equal(startupProbe!.httpGet!.path, '/startup')
  })

  it('the backend knows whose emulators it finds, and takes its token from a Secret', () => {
    const spec = podSpecOf(named(objects, 'Deployment/loco-loco-backend'))!
    const container = spec.containers[0]!
    const env = envOf(container)
    assert.deepEqual([env['EMULATOR_SERVICE_NAME'], env['RELEASE_NAME'], env['LOG_LEVEL']], [emulatorName('loco'), 'loco', 'debug'])
    assert.equal(env['LOCO_TOKEN_FILE'], '/run/secrets/loco/token')
    assert.deepEqual(spec.volumes!.find(({ name }) => name === 'token')!.secret, { secretName: 'drivers', items: [{ key: 'token', path: 'token' }] })
    assert.equal(container.volumeMounts!.find(({ name }) => name === 'config')!.mountPath, '/app/config')
  })

  it('the front ends find the backend', async () => {
    const moved = await render({ ...everything, backend: { ...everything.backend, servicePort: 8000 } })
    for (const component of ['frontend', 'vr']) {
      const env = envOf(containerOf(moved, `Deployment/loco-loco-${component}`))
      assert.deepEqual([env['BACKEND_HOST'], env['BACKEND_PORT'], env['FRONTEND_PORT']], ['loco-loco-backend', '8000', '3000'])
    }
  })

  it('the emulators find the hub, and without one nothing of it is in their pods', async () => {
    assert.equal(envOf(containerOf(objects, 'StatefulSet/loco-loco-emulator'))['LAN_HUB'], 'loco-loco-hub:4444')
    assert.ok(!('LAN_HUB' in envOf(containerOf(await render({}), 'StatefulSet/loco-loco-emulator'))))
    const { spec } = named<V1Deployment>(objects, 'Deployment/loco-loco-hub')
    assert.deepEqual([spec!.replicas, spec!.strategy!.type], [1, 'Recreate']) // two hubs would be two networks
  })

  it('the backend reads its own namespace and changes nothing', () => {
    const rules = named(objects, 'Role/loco-loco-backend')['rules'] as { resources: string[]; verbs: string[] }[]
    assert.deepEqual(rules.flatMap(({ resources }) => resources).sort(), ['endpointslices', 'pods', 'services', 'statefulsets'])
    for (const { verbs } of rules) assert.deepEqual(verbs, ['get', 'list', 'watch'])
    assert.ok(!objects.some(({ kind }) => kind.startsWith('Cluster')))
  })

  it('pods that read the list of instances are replaced when it changes, and only then', async () => {
    const sum = (made: readonly RenderedObject[], component: string): unknown =>
      named<V1Deployment>(made, `Deployment/loco-loco-${component}`).spec!.template.metadata!.annotations!['checksum/instances']
    const [more, other] = await Promise.all([render({ ...everything, replicas: 9 }), render({ ...everything, emulator: { memoryMiB: 64 } })])
    for (const component of ['backend', 'frontend', 'vr']) {
      assert.notEqual(sum(more, component), sum(objects, component))
      assert.equal(sum(other, component), sum(objects, component))
    }
  })

  it('the list of instances tells names and addresses, and no state', async () => {
    const listed = (made: readonly RenderedObject[]): Record<string, unknown>[] =>
      JSON.parse((named(made, 'ConfigMap/loco-loco-instances')['data'] as Record<string, string>)['instances.json']!)
    const found = listed(await render({ replicas: 2, emulator: { healthPort: 9090 } }))
    const host = 'loco-loco-emulator-1.loco-loco-emulator.toys.svc'
    assert.equal(found.length, 2)
    assert.deepEqual(found[1], {
      id: 'instance-1',
      name: 'instance-1',
      podName: 'loco-loco-emulator-1',
      addresses: { dnsName: host },
      ports: { health: 9090 },
      healthUrl: `http://${host}:9090/health`,
    })
    assert.equal(listed(objects)[0]!['streamUrl'], '/proxy/vnc/instance-0')
    assert.deepEqual(listed(await render({ replicas: 0 })), [])
  })

  it('an Ingress passes paths through, to the backend what it answers, to a front end the rest', () => {
    const { metadata, spec } = named<V1Ingress>(objects, 'Ingress/loco-loco-ingress')
    assert.deepEqual(
      [spec!.ingressClassName, metadata!.annotations, spec!.tls],
      [everything.ingress.className, everything.ingress.annotations, everything.ingress.tls],
    )
    const ways = spec!.rules!.map(({ host, http }) => [
      host,
      ...http!.paths.map(({ path, pathType, backend }) => `${pathType} ${path} ${backend.service!.name}`),
    ])
    const back = ['/api', '/proxy', '/active'].map((path) => `Prefix ${path} loco-loco-backend`)
    assert.deepEqual(ways, [
      ['loco.example.org', ...back, 'Prefix / loco-loco-frontend'],
      ['vr.example.org', ...back, 'Prefix / loco-loco-vr'],
    ])
    assert.ok(!JSON.stringify(metadata!.annotations).includes('rewrite'))
  })

  const refused: [name: string, values: Record<string, unknown>, tells: RegExp][] = [
    ['a front end alone', { frontend: { enabled: true } }, /frontend\.enabled is true, but backend\.enabled is false/],
    ['a VR front end alone', { vr: { enabled: true } }, /vr\.enabled is true, but backend\.enabled is false/],
    ['an Ingress to nowhere', { ingress: { enabled: true } }, /ingress\.hosts is empty/],
    [
      'an Ingress to what is not deployed',
      { backend: { enabled: true, tokenSecret: 'a' }, ingress: { enabled: true, hosts: [{ host: 'a.b', service: 'vr' }] } },
      /leads a\.b to the vr, but vr\.enabled is false/,
    ],
    [
      'an Ingress that lets everybody drive',
      { backend: { enabled: true }, frontend: { enabled: true }, ingress: { enabled: true, hosts: [{ host: 'a.b', service: 'frontend' }] } },
      /backend\.tokenSecret is empty/,
    ],
    [
      'a port of the nodes without NodePort',
      { backend: { enabled: true, nodePort: 32560 } },
      /backend\.serviceType is ClusterIP, which has no port on the nodes/,
    ],
    ['a port that no node has', { backend: { enabled: true, serviceType: 'NodePort', nodePort: 80 } }, /ports of nodes are 30000 to 32767/],
    ['both ports of the hub alike', { hub: { enabled: true, lanPort: 8080 } }, /hub\.lanPort and hub\.healthPort are both 8080/],
    ['latest', { backend: { enabled: true, tag: 'latest' } }, /backend\.tag is latest/],
    ['a variable of the chart', { backend: { enabled: true, env: { RELEASE_NAME: 'x' } } }, /backend\.env\.RELEASE_NAME is set by the chart itself/],
    ['a variable of the hub', { hub: { enabled: true, env: { LAN_PORT: '1' } } }, /hub\.env\.LAN_PORT is set by the chart itself/],
    ['a variable of a front end', { ...everything, vr: { enabled: true, env: { BACKEND_HOST: 'x' } } }, /vr\.env\.BACKEND_HOST is set by the chart itself/],
  ]
  for (const [name, values, tells] of refused) {
    it(`${name} is refused with a sentence`, () => assert.rejects(render(values), { code: 'LOCO-CHT-013', message: tells }))
  }

  const unfit: [values: Record<string, unknown>, tells: string][] = [
    [{ backend: { replicas: 0 } }, 'backend.replicas'],
    [{ backend: { serviceType: 'ExternalName' } }, 'backend.serviceType'],
    [{ hub: { replicas: 2 } }, 'hub.replicas: the chart has no such value'],
    [{ ingress: { hosts: ['loco.example.org'] } }, 'ingress.hosts.0'],
    [{ ingress: { hosts: [{ host: 'https://loco.example.org', service: 'frontend' }] } }, 'ingress.hosts.0.host'],
    [{ ingress: { hosts: [{ host: 'loco.example.org', service: 'hub' }] } }, 'ingress.hosts.0.service'],
    [{ monitoring: { scrapeInterval: 15 } }, 'monitoring.scrapeInterval'],
    [{ networkPolicy: { gamePorts: { netbios: { ports: ['137'] } } } }, 'networkPolicy.gamePorts.netbios.ports.0'],
    [{ emulator: { podDisruptionBudget: { maxUnavailable: 0 } } }, 'emulator.podDisruptionBudget.maxUnavailable'],
    [{ namespace: 'loco' }, 'namespace: the chart has no such value'],
    [{ vnc: { implementation: 'novnc' } }, 'vnc: the chart has no such value'],
  ]
  for (const [values, tells] of unfit) {
    it(`${JSON.stringify(values)} does not fit the schema`, () =>
      assert.rejects(render(values), (error: Error & { code?: string }) => error.code === 'LOCO-CHT-012' && error.message.includes(tells)))
  }

  it('helm test asks each part by an address that a Service gives', () => {
    const test = containerOf(objects, 'Pod/loco-loco-test')
    const { TARGETS = '', DEADLINE } = envOf(test)
    assert.equal(DEADLINE, '180')
    const targets = JSON.parse(TARGETS) as { name: string; url: string }[]
    assert.deepEqual(
      targets.map(({ name, url }) => `${name} ${url}`),
      [
        ...[0, 1, 2].map((n) => `instance-${n} http://loco-loco-emulator-${n}.loco-loco-emulator.toys.svc:8080/ready`),
        'backend http://loco-loco-backend:3001/ready',
        'frontend http://loco-loco-frontend:3000/health',
        'vr http://loco-loco-vr:3000/health',
        'hub http://loco-loco-hub:8080/ready',
      ],
    )
    assert.equal(test.image, containerOf(objects, 'StatefulSet/loco-loco-emulator').image)
  })
})
