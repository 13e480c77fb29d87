import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, credentials, type Server, type ServiceClientConstructor, type ServiceError, status } from '@grpc/grpc-js'
import { capabilityRefusal, checkedTarget, sizeFor } from '../../../src/sandbox/csi/checks.ts'
import { Controller } from '../../../src/sandbox/csi/controller.ts'
import { driverName, topologyKey } from '../../../src/sandbox/csi/driver-name.ts'
import { identity } from '../../../src/sandbox/csi/identity.ts'
import { bindOptions, nodeMethods } from '../../../src/sandbox/csi/node.ts'
import { csiObjects, snapshotDefinitions } from '../../../src/sandbox/csi/objects.ts'
import { csiPathRefusal } from '../../../src/sandbox/csi/places.ts'
import { registration } from '../../../src/sandbox/csi/registration.ts'
import { csiServices, registrationService, serve } from '../../../src/sandbox/csi/serve.ts'
import { volumeHolder } from '../../../src/sandbox/csi/take-away.ts'
import { Turns } from '../../../src/sandbox/csi/turns.ts'
import { FakeMounts } from '../../fakes/fake-mounts.ts'
import { skipBecause } from '../../skip.ts'

const mebibyte = 1024 ** 2
const writer = { mount: {}, access_mode: { mode: 'SINGLE_NODE_WRITER' } }
const volume = (name: string, more: object = {}): object => ({
  name,
  capacity_range: { required_bytes: 10 * mebibyte },
  volume_capabilities: [writer],
  ...more,
})
const fromSnapshot = (id: string): object => ({ volume_content_source: { snapshot: { snapshot_id: id } } })
const fromVolume = (id: string): object => ({ volume_content_source: { volume: { volume_id: id } } })

/** Calls a method of a service as Kubernetes does: through a client of its own over the socket. */
async function ask<T extends object>(client: Client, { service }: ServiceClientConstructor, name: string, request: object): Promise<T> {
  const method = service[name]
  if (method === undefined) throw new Error(`no method ${name}`)
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, request, { deadline: Date.now() + 5_000 }, (error, answer) =>
      error === null ? resolve(answer as T) : reject(error),
    ),
  )
}

interface VolumeAnswer {
  volume: { volume_id: string; capacity_bytes: number; accessible_topology: object[] }
}
interface SnapshotAnswer {
  snapshot: { snapshot_id: string; source_volume_id: string; size_bytes: number; ready_to_use: boolean; creation_time: { seconds: number } }
}
interface ListAnswer {
  entries: SnapshotAnswer[]
  next_token: string
}

describe('csi driver, asked over its socket', () => {
  let folder: string
  let data: string
  let kubelet: string
  let mounts: FakeMounts
  let server: Server
  let client: Client
  let cut: AbortController

  const identityOf = <T extends object>(name: string): Promise<T> => ask<T>(client, csiServices.Identity, name, {})
  const control = <T extends object>(name: string, request: object): Promise<T> => ask<T>(client, csiServices.Controller, name, request)
  const node = <T extends object>(name: string, request: object): Promise<T> => ask<T>(client, csiServices.Node, name, request)
  const filesOf = (kind: 'volumes' | 'snapshots', id: string): string => join(data, kind, id, 'data')
  const target = (name: string): string => join(kubelet, 'pods', name, 'mount')

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'the sandbox is for Linux')
  })

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loco-csi-'))
    data = join(folder, 'data')
    kubelet = join(folder, 'kubelet')
    mounts = new FakeMounts()
    cut = new AbortController()
    const controller = await Controller.open({ node: 'here', data, kubelet, mounts, signal: cut.signal })
    const services = nodeMethods({ node: 'here', kubelet, mounts, folderOf: (id) => controller.folderOf(id) })
    const socket = join(folder, 'csi.sock')
    server = await serve(
      socket,
      [
        [csiServices.Identity, identity],
        [csiServices.Controller, controller.methods],
        [csiServices.Node, services],
      ],
      () => undefined,
    )
    client = new csiServices.Controller(`unix://${socket}`, credentials.createInsecure())
  })
  afterEach(() => {
    client.close()
    server.forceShutdown()
    rmSync(folder, { recursive: true })
  })

  it('says who it is, what it can do, and where', async () => {
    assert.equal((await identityOf<{ name: string }>('GetPluginInfo')).name, driverName)
    assert.deepEqual(await identityOf('Probe'), { ready: { value: true } })
    const { capabilities } = await control<{ capabilities: { rpc: { type: string } }[] }>('ControllerGetCapabilities', {})
    assert.deepEqual(
      capabilities.map(({ rpc }) => rpc.type),
      ['CREATE_DELETE_VOLUME', 'CREATE_DELETE_SNAPSHOT', 'LIST_SNAPSHOTS', 'CLONE_VOLUME', 'SINGLE_NODE_MULTI_WRITER'],
    )
    const info = await node<{ node_id: string; accessible_topology: object }>('NodeGetInfo', {})
    assert.deepEqual([info.node_id, info.accessible_topology], ['here', { segments: { [topologyKey]: 'here' } }])
  })

  it('its socket is its owner’s alone', () => assert.equal(statSync(join(folder, 'csi.sock')).mode & 0o777, 0o600))

  it('makes a volume once, and takes it away once', async () => {
    const first = await control<VolumeAnswer>('CreateVolume', volume('pvc-1'))
    assert.equal(first.volume.volume_id, 'pvc-1')
    assert.equal(first.volume.capacity_bytes, 10 * mebibyte)
    assert.deepEqual(first.volume.accessible_topology, [{ segments: { [topologyKey]: 'here' } }])
    assert.equal(statSync(filesOf('volumes', 'pvc-1')).mode & 0o777, 0o755)
    writeFileSync(join(filesOf('volumes', 'pvc-1'), 'a'), 'kept')
    assert.deepEqual(await control('CreateVolume', volume('pvc-1')), first)
    assert.equal(readFileSync(join(filesOf('volumes', 'pvc-1'), 'a'), 'utf8'), 'kept')
    for (let i = 0; i < 2; i += 1) await control('DeleteVolume', { volume_id: 'pvc-1' })
    assert.deepEqual(readdirSync(join(data, 'volumes')), [])
  })

  it('the same name at once is one volume', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => control<VolumeAnswer>('CreateVolume', volume('pvc-1'))))
    assert.equal(new Set(answers.map(({ volume }) => volume.volume_id)).size, 1)
    assert.deepEqual(readdirSync(join(data, 'volumes')), ['pvc-1'])
  })

  it('a snapshot is what was there then; a volume made of it, and a clone, are copies of their own', async () => {
    await control('CreateVolume', volume('pvc-1'))
    const files = filesOf('volumes', 'pvc-1')
    writeFileSync(join(files, 'disk'), 'one', { mode: 0o640 })
    mkdirSync(join(files, 'sub'))
    symlinkSync('../disk', join(files, 'sub', 'link'))
    const { snapshot } = await control<SnapshotAnswer>('CreateSnapshot', { name: 'snap-1', source_volume_id: 'pvc-1' })
    assert.deepEqual([snapshot.snapshot_id, snapshot.source_volume_id, snapshot.size_bytes, snapshot.ready_to_use], ['snap-1', 'pvc-1', 10 * mebibyte, true])
    assert.ok(Math.abs(snapshot.creation_time.seconds - Date.now() / 1000) < 60)
    writeFileSync(join(files, 'disk'), 'two')
    assert.deepEqual(await control('CreateSnapshot', { name: 'snap-1', source_volume_id: 'pvc-1' }), { snapshot })

    await control('CreateVolume', volume('restored', fromSnapshot('snap-1')))
    await control('CreateVolume', volume('cloned', fromVolume('pvc-1')))
    const textOf = (id: string): string => readFileSync(join(filesOf('volumes', id), 'disk'), 'utf8')
    assert.deepEqual([textOf('restored'), textOf('cloned')], ['one', 'two'])
    assert.equal(statSync(join(filesOf('volumes', 'restored'), 'disk')).mode & 0o777, 0o640)
    assert.equal(readlinkSync(join(filesOf('volumes', 'restored'), 'sub', 'link')), '../disk')

    await control('DeleteVolume', { volume_id: 'pvc-1' })
    writeFileSync(join(filesOf('volumes', 'restored'), 'disk'), 'three')
    await control('CreateVolume', volume('again', fromSnapshot('snap-1')))
    assert.deepEqual([textOf('again'), textOf('cloned')], ['one', 'two'])
    for (let i = 0; i < 2; i += 1) await control('DeleteSnapshot', { snapshot_id: 'snap-1' })
    assert.deepEqual(readdirSync(join(data, 'snapshots')), [])
    assert.equal(textOf('again'), 'one')
  })

  it('lists snapshots, by volume, by id, and page by page', async () => {
    for (const id of ['a', 'b']) await control('CreateVolume', volume(id))
    for (const [name, source] of [
      ['s1', 'a'],
      ['s2', 'b'],
      ['s3', 'a'],
    ])
      await control('CreateSnapshot', { name, source_volume_id: source })
    const ids = async (request: object): Promise<[string[], string]> => {
      const { entries, next_token } = await control<ListAnswer>('ListSnapshots', request)
      return [entries.map(({ snapshot }) => snapshot.snapshot_id), next_token]
    }
    assert.deepEqual(await ids({}), [['s1', 's2', 's3'], ''])
    assert.deepEqual(await ids({ source_volume_id: 'a' }), [['s1', 's3'], ''])
    assert.deepEqual(await ids({ snapshot_id: 's2' }), [['s2'], ''])
    assert.deepEqual(await ids({ snapshot_id: 'none' }), [[], ''])
    assert.deepEqual(await ids({ max_entries: 2 }), [['s1', 's2'], 's3'])
    assert.deepEqual(await ids({ max_entries: 2, starting_token: 's3' }), [['s3'], ''])
  })

  it('a copy that is cut off leaves nothing, and can be asked for again', async () => {
    await control('CreateVolume', volume('pvc-1'))
    cut.abort()
    await assert.rejects(control('CreateSnapshot', { name: 'snap-1', source_volume_id: 'pvc-1' }), { code: status.INTERNAL })
    assert.deepEqual(readdirSync(join(data, 'snapshots')), [])
  })

  it('what a crash left half-made is cleared when it starts again; what is whole stays', async () => {
    await control('CreateVolume', volume('pvc-1'))
    mkdirSync(join(data, 'volumes', '.pvc-2.half', 'data'), { recursive: true })
    const again = await Controller.open({ node: 'here', data, kubelet, mounts, signal: cut.signal })
    assert.deepEqual(readdirSync(join(data, 'volumes')), ['pvc-1'])
    assert.equal(await again.folderOf('pvc-1'), filesOf('volumes', 'pvc-1'))
  })

  it('shows a volume to a pod and takes it away again, however often it is told', async () => {
    await control('CreateVolume', volume('pvc-1'))
    const request = { volume_id: 'pvc-1', target_path: target('a'), volume_capability: writer, readonly: true }
    for (let i = 0; i < 2; i += 1) await node('NodePublishVolume', request)
    assert.deepEqual([...mounts.options], [[target('a'), ['ro']]])
    writeFileSync(join(filesOf('volumes', 'pvc-1'), 'x'), 'seen')
    assert.equal(readFileSync(join(target('a'), 'x'), 'utf8'), 'seen')
    for (let i = 0; i < 2; i += 1) await node('NodeUnpublishVolume', { volume_id: 'pvc-1', target_path: target('a') })
    assert.deepEqual([...mounts.options], [])
    assert.equal(existsSync(target('a')), false)
    assert.equal(readFileSync(join(filesOf('volumes', 'pvc-1'), 'x'), 'utf8'), 'seen')
  })

  it('another volume at the same place is replaced', async () => {
    for (const id of ['a', 'b']) {
      await control('CreateVolume', volume(id))
      writeFileSync(join(filesOf('volumes', id), 'name'), id)
      await node('NodePublishVolume', { volume_id: id, target_path: target('x'), volume_capability: writer })
    }
    assert.equal(readFileSync(join(target('x'), 'name'), 'utf8'), 'b')
  })

  it('a volume for one pod is not shown to a second', async () => {
    await control('CreateVolume', volume('pvc-1'))
    const request = { volume_id: 'pvc-1', volume_capability: { mount: {}, access_mode: { mode: 'SINGLE_NODE_SINGLE_WRITER' } } }
    for (let i = 0; i < 2; i += 1) await node('NodePublishVolume', { ...request, target_path: target('a') })
    await assert.rejects(node('NodePublishVolume', { ...request, target_path: target('b') }), { code: status.FAILED_PRECONDITION })
    await node('NodeUnpublishVolume', { volume_id: 'pvc-1', target_path: target('a') })
    await node('NodePublishVolume', { ...request, target_path: target('b') })
    assert.deepEqual([...mounts.options.keys()], [target('b')])
  })

  it('a volume that a pod still has is not deleted', async () => {
    await control('CreateVolume', volume('pvc-1'))
    await node('NodePublishVolume', { volume_id: 'pvc-1', target_path: target('a'), volume_capability: writer })
    await assert.rejects(control('DeleteVolume', { volume_id: 'pvc-1' }), { code: status.FAILED_PRECONDITION })
    await node('NodeUnpublishVolume', { volume_id: 'pvc-1', target_path: target('a') })
    await control('DeleteVolume', { volume_id: 'pvc-1' })
  })

  it('says which kinds of claims it can serve', async () => {
    await control('CreateVolume', volume('pvc-1'))
    const judge = (capability: object): Promise<{ confirmed: object | null; message: string }> =>
      control('ValidateVolumeCapabilities', { volume_id: 'pvc-1', volume_capabilities: [capability] })
    assert.ok((await judge(writer)).confirmed)
    const refused = await judge({ block: {}, access_mode: { mode: 'SINGLE_NODE_WRITER' } })
    assert.equal(refused.confirmed, null)
    assert.match(refused.message, /Block is not possible/)
  })

  const hostile = ['../../etc', '/etc', '.', '..', '.hidden', 'a/b', 'a\0b', ' ', 'x'.repeat(129)]
  const refusals: [what: string, service: 'control' | 'node', method: string, request: object, code: status][] = [
    ['a name that is missing', 'control', 'CreateVolume', volume(''), status.INVALID_ARGUMENT],
    ['no capabilities', 'control', 'CreateVolume', volume('v', { volume_capabilities: [] }), status.INVALID_ARGUMENT],
    ['a parameter of another driver', 'control', 'CreateVolume', volume('v', { parameters: { type: 'ssd' } }), status.INVALID_ARGUMENT],
    [
      'another node',
      'control',
      'CreateVolume',
      volume('v', { accessibility_requirements: { requisite: [{ segments: { [topologyKey]: 'there' } }] } }),
      status.RESOURCE_EXHAUSTED,
    ],
    ['a source without a name', 'control', 'CreateVolume', volume('v', { volume_content_source: {} }), status.INVALID_ARGUMENT],
    ['a snapshot that is not there', 'control', 'CreateVolume', volume('v', fromSnapshot('none')), status.NOT_FOUND],
    ['a clone of nothing', 'control', 'CreateVolume', volume('v', fromVolume('none')), status.NOT_FOUND],
    [
      'a known name with another size',
      'control',
      'CreateVolume',
      volume('known', { capacity_range: { required_bytes: 99 * mebibyte } }),
      status.ALREADY_EXISTS,
    ],
    ['a known name with a source', 'control', 'CreateVolume', volume('known', fromVolume('big')), status.ALREADY_EXISTS],
    ['a copy that is smaller', 'control', 'CreateVolume', volume('v', fromVolume('big')), status.OUT_OF_RANGE],
    ['a snapshot of nothing', 'control', 'CreateSnapshot', { name: 's', source_volume_id: 'none' }, status.NOT_FOUND],
    ['a snapshot without volume', 'control', 'CreateSnapshot', { name: 's' }, status.INVALID_ARGUMENT],
    ['a known snapshot of another volume', 'control', 'CreateSnapshot', { name: 'snap', source_volume_id: 'big' }, status.ALREADY_EXISTS],
    ['a list from nowhere', 'control', 'ListSnapshots', { starting_token: 'none' }, status.ABORTED],
    ['a list of less than nothing', 'control', 'ListSnapshots', { max_entries: -1 }, status.INVALID_ARGUMENT],
    ['capabilities of nothing', 'control', 'ValidateVolumeCapabilities', { volume_id: 'none', volume_capabilities: [writer] }, status.NOT_FOUND],
    ['a method that is not there', 'control', 'ControllerExpandVolume', { volume_id: 'known' }, status.UNIMPLEMENTED],
    ['showing nothing', 'node', 'NodePublishVolume', { volume_id: 'none', target_path: '/K/x', volume_capability: writer }, status.NOT_FOUND],
    ['showing it elsewhere', 'node', 'NodePublishVolume', { volume_id: 'known', target_path: '/etc/x', volume_capability: writer }, status.INVALID_ARGUMENT],
    [
      'showing it on a way out',
      'node',
      'NodePublishVolume',
      { volume_id: 'known', target_path: '/K/../x', volume_capability: writer },
      status.INVALID_ARGUMENT,
    ],
    ['showing it without capability', 'node', 'NodePublishVolume', { volume_id: 'known', target_path: '/K/x' }, status.INVALID_ARGUMENT],
    ['taking it away elsewhere', 'node', 'NodeUnpublishVolume', { volume_id: 'known', target_path: '/etc' }, status.INVALID_ARGUMENT],
    ...hostile.flatMap((id): [string, 'control' | 'node', string, object, status][] => {
      const name = JSON.stringify(id.slice(0, 12))
      return [
        [`volume ${name}`, 'control', 'CreateVolume', volume(id), status.INVALID_ARGUMENT],
        [`deleting ${name}`, 'control', 'DeleteVolume', { volume_id: id }, status.INVALID_ARGUMENT],
        [`snapshot ${name}`, 'control', 'CreateSnapshot', { name: id, source_volume_id: 'known' }, status.INVALID_ARGUMENT],
        [`deleting snapshot ${name}`, 'control', 'DeleteSnapshot', { snapshot_id: id }, status.INVALID_ARGUMENT],
        [`a volume of snapshot ${name}`, 'control', 'CreateVolume', volume('v', fromSnapshot(id)), status.INVALID_ARGUMENT],
        [`showing ${name}`, 'node', 'NodePublishVolume', { volume_id: id, target_path: '/K/x', volume_capability: writer }, status.INVALID_ARGUMENT],
      ]
    }),
  ]
  it('refuses, and nothing is made', async () => {
    await control('CreateVolume', volume('known'))
    await control('CreateVolume', volume('big', { capacity_range: { required_bytes: 20 * mebibyte } }))
    await control('CreateSnapshot', { name: 'snap', source_volume_id: 'known' })
    for (const [what, service, method, request, code] of refusals) {
      const here = JSON.parse(JSON.stringify(request).replaceAll('/K/', `${kubelet}/`)) as object
      await assert.rejects(service === 'control' ? control(method, here) : node(method, here), (error: ServiceError) => {
        assert.equal(status[error.code], status[code], `${what}: ${error.details}`)
        return true
      })
    }
    assert.deepEqual(readdirSync(join(data, 'volumes')), ['big', 'known'])
    assert.deepEqual(readdirSync(join(data, 'snapshots')), ['snap'])
    assert.deepEqual([...mounts.options], [])
  })

  it('is found by the kubelet, and hears whether it was taken', async () => {
    const heard: (string | undefined)[] = []
    const socket = join(folder, 'reg.sock')
    const door = await serve(socket, [[registrationService, registration('/run/csi.sock', (error) => heard.push(error))]], () => undefined)
    const visitor: Client = new registrationService(`unix://${socket}`, credentials.createInsecure())
    try {
      assert.deepEqual(await ask(visitor, registrationService, 'GetInfo', {}), {
        type: 'CSIPlugin',
        name: driverName,
        endpoint: '/run/csi.sock',
        supported_versions: ['1.0.0'],
      })
      await ask(visitor, registrationService, 'NotifyRegistrationStatus', { plugin_registered: false, error: 'no' })
      await ask(visitor, registrationService, 'NotifyRegistrationStatus', { plugin_registered: true })
      assert.deepEqual(heard, ['no', undefined])
    } finally {
      visitor.close()
      door.forceShutdown()
    }
  })
})

describe('csi rules', () => {
  const mount = { fs_type: '', mount_flags: [] as string[] }
  const kinds: [what: string, capability: Parameters<typeof capabilityRefusal>[0], refused: RegExp | undefined][] = [
    ['one writer', { mount, access_mode: { mode: 'SINGLE_NODE_WRITER' } }, undefined],
    ['many writers: all are on the one node', { mount, access_mode: { mode: 'MULTI_NODE_MULTI_WRITER' } }, undefined],
    ['a mount option that a bind mount has', { mount: { fs_type: '', mount_flags: ['noexec'] }, access_mode: { mode: 'SINGLE_NODE_WRITER' } }, undefined],
    ['a block device', { block: {}, access_mode: { mode: 'SINGLE_NODE_WRITER' } }, /Block/],
    ['neither', { access_mode: { mode: 'SINGLE_NODE_WRITER' } }, /access type/],
    ['no access mode', { mount, access_mode: null }, /UNKNOWN/],
    ['a file system', { mount: { fs_type: 'ext4', mount_flags: [] }, access_mode: { mode: 'SINGLE_NODE_WRITER' } }, /fsType ext4/],
    ['an option of another file system', { mount: { fs_type: '', mount_flags: ['size=1m'] }, access_mode: { mode: 'SINGLE_NODE_WRITER' } }, /size=1m/],
  ]
  for (const [what, capability, refused] of kinds)
    it(`${what}: ${refused === undefined ? 'served' : 'refused'}`, () => {
      const text = capabilityRefusal(capability)
      if (refused === undefined) assert.equal(text, undefined)
      else assert.match(text ?? '', refused)
    })

  const sizes: [what: string, required: number, limit: number, source: number | undefined, expected: number | RegExp][] = [
    ['what was asked for', 5, 0, undefined, 5],
    ['as much as the source', 0, 0, 7, 7],
    ['more than the source', 9, 0, 7, 9],
    ['nothing asked for', 0, 0, undefined, 1024 ** 3],
    ['nothing but a limit', 0, 5, undefined, 5],
    ['less than the source', 5, 0, 7, /more than was asked for/],
    ['a limit below the source', 0, 5, 7, /more than was asked for/],
    ['a limit below the wish', 5, 4, undefined, /not possible/],
    ['less than nothing', -1, 0, undefined, /not possible/],
  ]
  for (const [what, required_bytes, limit_bytes, source, expected] of sizes)
    it(`size: ${what}`, () => {
      const size = (): number => sizeFor({ required_bytes, limit_bytes }, source)
      if (typeof expected === 'number') assert.equal(size(), expected)
      else assert.throws(size, expected)
    })

  const targets: [path: string, good: boolean][] = [
    ['/k/pods/1/mount', true],
    ['/k', false],
    ['/kk/pods', false],
    ['/k/../etc', false],
    ['/k//pods', false],
    ['k/pods', false],
    ['', false],
  ]
  for (const [path, good] of targets)
    it(`target ${path || 'that is missing'}: ${good ? 'good' : 'refused'}`, () => {
      if (good) assert.equal(checkedTarget(path, '/k'), path)
      else assert.throws(() => checkedTarget(path, '/k'))
    })

  const options: [flags: string[], readonly: boolean, mode: string, expected: string[]][] = [
    [[], false, 'SINGLE_NODE_WRITER', []],
    [[], true, 'SINGLE_NODE_WRITER', ['ro']],
    [['noexec'], true, 'SINGLE_NODE_WRITER', ['noexec', 'ro']],
    [['rw'], false, 'MULTI_NODE_READER_ONLY', ['ro']],
    [['noexec'], false, 'MULTI_NODE_MULTI_WRITER', ['noexec']],
  ]
  for (const [flags, readonly, mode, expected] of options)
    it(`mounted ${expected.join() || 'as it is'} for ${mode}${readonly ? ', read-only' : ''}`, () =>
      assert.deepEqual(bindOptions(flags, readonly, mode), expected))

  it('the same key takes turns, others do not wait; a failure holds nobody up', async () => {
    const turns = new Turns()
    const log: string[] = []
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const first = turns.take(['a', 'b'], async () => {
      await held
      log.push('first')
      throw new Error('first fails')
    })
    const second = turns.take(['b'], async () => void log.push('second'))
    await turns.take(['c'], async () => void log.push('other'))
    release()
    await assert.rejects(first, /first fails/)
    await second
    assert.deepEqual(log, ['other', 'first', 'second'])
  })

  const volumes: [what: string, spec: object, expected: string[]][] = [
    ['with a claim', { csi: { driver: driverName }, claimRef: { name: 'art', namespace: 'loco' } }, ['claim loco/art']],
    ['whose claim is gone', { csi: { driver: driverName } }, ['volume v']],
    ['of another driver', { csi: { driver: 'other' }, claimRef: { name: 'art', namespace: 'loco' } }, []],
    ['of no driver', { hostPath: { path: '/x' } }, []],
  ]
  for (const [what, spec, expected] of volumes)
    it(`csi holds a volume ${what}: ${expected.join() || 'no'}`, () =>
      assert.deepEqual(volumeHolder({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec }), expected))

  it('a state folder whose path is too long for sockets is refused', () => {
    const run = '/run/x'
    assert.equal(csiPathRefusal({ root: '/var/lib/loco-cluster', run }), undefined)
    assert.equal(csiPathRefusal({ root: `/${'x'.repeat(60)}`, run })?.code, 'LOCO-SBX-023')
  })

  it('the class waits for its first consumer, the snapshot class is of the same driver, and every program has rights', () => {
    const of = (kind: string): (typeof csiObjects)[number][] => csiObjects.filter((object) => object.kind === kind)
    assert.deepEqual(
      of('StorageClass').map(({ metadata, provisioner, volumeBindingMode }) => [metadata.name, provisioner, volumeBindingMode]),
      [['csi-loco', driverName, 'WaitForFirstConsumer']],
    )
    assert.deepEqual(
      of('VolumeSnapshotClass').map(({ metadata, driver, deletionPolicy }) => [metadata.name, driver, deletionPolicy]),
      [['csi-loco', driverName, 'Delete']],
    )
    assert.deepEqual(
      of('ClusterRoleBinding').map(({ metadata }) => metadata.name),
      ['loco:csi-provisioner', 'loco:csi-snapshotter', 'loco:snapshot-controller'],
    )
    assert.deepEqual(
      snapshotDefinitions().map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots'].map((name) => `CustomResourceDefinition ${name}.snapshot.storage.k8s.io`),
    )
  })
})
