import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { pathOf } from '../../../src/sandbox/api.ts'
import { certificateSpecs, endsSoon, ensureCertificates } from '../../../src/sandbox/certificates.ts'
import { allocation, deviceList, parseOffer, socketName } from '../../../src/sandbox/devices/plugin.ts'
import { runGraph } from '../../../src/sandbox/graph.ts'
import { imageDocuments, layerOf, writeImage } from '../../../src/sandbox/images/archive.ts'
import { kubeconfigText, kubeconfigUsers } from '../../../src/sandbox/kubeconfig.ts'
import { lockHolder, takeLock } from '../../../src/sandbox/lock.ts'
import { sandboxObjects } from '../../../src/sandbox/objects.ts'
import { freshlyReady } from '../../../src/sandbox/readiness.ts'
import { skipBecause } from '../../skip.ts'

describe('lock', () => {
  const address = `\0loco-test-lock-${process.pid}`

  it('is one person’s at a time, names its holder, and is free when given back', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
    const first = await takeLock({ what: 'up', wait: 100, address })
    assert.deepEqual(await lockHolder(address), { pid: process.pid, what: 'up' })
    let waited: unknown
    await assert.rejects(takeLock({ what: 'down', wait: 150, address, onWait: (holder) => (waited = holder) }), {
      code: 'LOCO-SBX-012',
      message: new RegExp(`Process ${process.pid} is at it: up`),
    })
    assert.deepEqual(waited, { pid: process.pid, what: 'up' })
    first.dispose()
    const second = await takeLock({ what: 'down', wait: 1_000, address })
    second.dispose()
    assert.equal(await lockHolder(address), undefined)
  })
})

describe('graph', () => {
  const recorder = (): { log: string[]; step: (name: string, after?: string[], fail?: boolean) => Parameters<typeof runGraph>[0][number] } => {
    const log: string[] = []
    return {
      log,
      step: (name, after = [], fail = false) => ({
        name,
        after,
        run: async () => {
          log.push(`+${name}`)
          await Promise.resolve()
          if (fail) throw new Error(name)
          log.push(`-${name}`)
        },
      }),
    }
  }

  it('runs at once what can run at once, and the rest in order', async () => {
    const { log, step } = recorder()
    await runGraph([step('c', ['a', 'b']), step('a'), step('b'), step('d', ['not in this run'])])
    assert.ok(log.indexOf('+b') < log.indexOf('-a'))
    assert.ok(log.indexOf('+c') > log.indexOf('-a') && log.indexOf('+c') > log.indexOf('-b'))
    assert.ok(log.includes('-d'))
  })

  it('after a failure nothing new begins, and what runs is waited for', async () => {
    const { log, step } = recorder()
    await assert.rejects(runGraph([step('a', [], true), step('b'), step('c', ['a'])]), /^Error: a$/)
    assert.deepEqual(log, ['+a', '+b', '-b'])
  })

  it('a circle is a mistake of ours', async () => {
    const { step } = recorder()
    await assert.rejects(runGraph([step('a', ['b']), step('b', ['a'])]), /a → b → a/)
  })
})

describe('certificates', function () {
  this.timeout(20_000)
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-pki-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('are made once, hold what they should, and only what ends soon is made again', async function () {
    try {
      execFileSync('openssl', ['version'])
    } catch {
      skipBecause(this, 'openssl is not installed')
    }
    const specs = certificateSpecs.filter(({ name }) => ['apiserver', 'admin', 'kubelet', 'etcd'].includes(name))
    await ensureCertificates(folder, Date.now(), specs)
    const pem = (name: string): Buffer => readFileSync(join(folder, `${name}.crt`))
    const api = new X509Certificate(pem('apiserver'))
    assert.ok(api.checkIP('127.0.0.1') && api.checkHost('kubernetes.default.svc'))
    assert.ok(api.checkIssued(new X509Certificate(pem('ca'))))
    assert.ok(new X509Certificate(pem('etcd')).checkIssued(new X509Certificate(pem('etcd-ca'))))
    assert.match(new X509Certificate(pem('kubelet')).subject, /O=system:nodes\nCN=system:node:loco-node/)
    for (const { name } of specs) assert.equal(statSync(join(folder, `${name}.key`)).mode & 0o77, 0, name)

    const before = pem('admin')
    await ensureCertificates(folder, Date.now(), specs)
    assert.deepEqual(pem('admin'), before)
    const inElevenMonths = Date.now() + 340 * 86_400_000
    assert.ok(endsSoon(before, inElevenMonths))
    assert.ok(!endsSoon(before, Date.now()))
    const authority = pem('ca')
    await ensureCertificates(folder, inElevenMonths, specs)
    assert.notDeepEqual(pem('admin'), before)
    assert.deepEqual(pem('ca'), authority)
  })
})

describe('state', () => {
  it('a kubeconfig has one context and everything inside', () => {
    const config = parse(kubeconfigText('me', { ca: 'CA', cert: 'CERT', key: 'KEY' })) as {
      contexts: { name: string }[]
      users: { user: Record<string, string> }[]
      clusters: { cluster: { server: string } }[]
    }
    assert.equal(config.contexts[0]?.name, 'loco-sandbox')
    assert.equal(config.clusters[0]?.cluster.server, 'https://127.0.0.1:6443')
    assert.equal(Buffer.from(config.users[0]?.user['client-key-data'] ?? '', 'base64').toString(), 'KEY')
  })

  it('every part that reads a kubeconfig has a certificate of its own', () => {
    const names = certificateSpecs.map(({ name }) => name)
    assert.deepEqual(
      kubeconfigUsers.filter((user) => !names.includes(user)),
      [],
    )
  })

  const paths: [apiVersion: string, kind: string, namespace: string | undefined, path: string][] = [
    ['v1', 'Service', 'kube-system', '/api/v1/namespaces/kube-system/services/x'],
    ['storage.k8s.io/v1', 'StorageClass', undefined, '/apis/storage.k8s.io/v1/storageclasses/x'],
    ['discovery.k8s.io/v1', 'EndpointSlice', 'kube-system', '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/x'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'a', '/apis/networking.k8s.io/v1/namespaces/a/networkpolicies/x'],
  ]
  for (const [apiVersion, kind, namespace, path] of paths) {
    it(`path of ${kind}`, () => assert.equal(pathOf({ apiVersion, kind, metadata: { name: 'x', ...(namespace === undefined ? {} : { namespace }) } }), path))
  }

  it('the one default storage class waits for its first consumer', () => {
    const classes = sandboxObjects.filter(({ kind }) => kind === 'StorageClass')
    assert.deepEqual(
      classes.map(({ metadata, volumeBindingMode, reclaimPolicy }) => [metadata.name, volumeBindingMode, reclaimPolicy]),
      [['standard', 'WaitForFirstConsumer', 'Delete']],
    )
  })

  const node = (status: string, lastHeartbeatTime: string): Parameters<typeof freshlyReady>[0] => ({
    status: { conditions: [{ type: 'Ready', status, lastHeartbeatTime }] },
  })
  const since = Date.parse('2024-01-01T10:00:00.700Z')
  const reports: [what: string, node: Parameters<typeof freshlyReady>[0], expected: boolean][] = [
    ['ready, reported in the second of the start', node('True', '2024-01-01T10:00:00Z'), true],
    ['ready, but reported before the node was switched off', node('True', '2024-01-01T09:59:59Z'), false],
    ['not ready', node('False', '2024-01-01T10:00:01Z'), false],
    ['no report yet', {}, false],
  ]
  for (const [what, object, expected] of reports) it(`node ${what}`, () => assert.equal(freshlyReady(object, since), expected))
})

describe('device plugin', () => {
  const offers: [text: string, expected: ReturnType<typeof parseOffer>][] = [
    ['devices.kubevirt.io/kvm=/dev/kvm', { resource: 'devices.kubevirt.io/kvm', path: '/dev/kvm', units: 110 }],
    ['a/b=/dev/x,3', { resource: 'a/b', path: '/dev/x', units: 3 }],
    ['a/b=dev/x', undefined],
    ['a/b=/dev/x,0', undefined],
    ['/dev/kvm', undefined],
  ]
  for (const [text, expected] of offers) it(text, () => assert.deepEqual(parseOffer(text), expected))

  const offer = { resource: 'a.b/c', path: '/dev/x', units: 2 }
  it('a device that is gone is unhealthy, not absent', () =>
    assert.deepEqual(deviceList(offer, false), [
      { ID: '0', health: 'Unhealthy' },
      { ID: '1', health: 'Unhealthy' },
    ]))
  it('each container gets the device', () => {
    const device = { container_path: '/dev/x', host_path: '/dev/x', permissions: 'rw' }
    assert.deepEqual(allocation(offer, 2), { container_responses: [{ devices: [device] }, { devices: [device] }] })
  })
  it('socket name', () => assert.equal(socketName('devices.kubevirt.io/kvm'), 'devices_kubevirt_io_kvm.sock'))
})

describe('image archive', () => {
  it('is a docker archive whose layers have their sums, the same for the same content', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loco-image-'))
    try {
      writeFileSync(join(folder, 'layer.tar'), Buffer.alloc(1024))
      const layer = await layerOf(join(folder, 'layer.tar'))
      const spec = { tag: 'loco.local/x:1', arch: 'arm64' as const, layers: [layer, layer], config: { Cmd: ['sh'] } }
      await writeImage(spec, join(folder, 'image.tar'))
      await writeImage(spec, join(folder, 'again.tar'))
      const names = execFileSync('tar', ['-tf', join(folder, 'image.tar')], { encoding: 'utf8' })
        .trim()
        .split('\n')
      assert.deepEqual(names, ['layer-0.tar', 'layer-1.tar', 'config.json', 'manifest.json'])
      assert.deepEqual(imageDocuments(spec).image, JSON.parse(execFileSync('tar', ['-xOf', join(folder, 'image.tar'), 'config.json'], { encoding: 'utf8' })))
      assert.equal(layer.sha256, '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
