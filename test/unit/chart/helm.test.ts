import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { Helm } from '../../../src/chart/helm.ts'
import { helmEnvironment, runHelm } from '../../../src/chart/helm-process.ts'
import { type FakeHelm, fakeHelm } from './fake-helm.ts'

const history = JSON.stringify([
  { revision: 1, updated: '2026-01-01T00:00:00Z', status: 'deployed', chart: 'loco-0.1.0', app_version: '0.1.0', description: 'Install complete' },
])
const status = JSON.stringify({
  name: 'loco',
  namespace: 'toys',
  version: 1,
  config: { replicas: 2 },
  manifest: '---\napiVersion: v1\nkind: Service\nmetadata:\n  name: a\n',
})
const answers = `
const answer = { history: ${JSON.stringify(history)}, status: ${JSON.stringify(status)} }[args[0]]
process.stdout.write(answer ?? '{}')
`
const target = { release: 'loco', namespace: 'toys' }
const request = { ...target, chart: './chart' }
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

describe('helm as a child process', () => {
  let fake: FakeHelm | undefined
  const make = (body: string): FakeHelm => {
    fake = fakeHelm(body)
    return fake
  }
  const helmOf = ({ binary }: FakeHelm): Helm => new Helm({ binary, kubeconfig: '/home/me/config', context: 'toys-context', log: silentLogger })
  afterEach(() => fake?.dispose())

  it('names its target in every call that needs one', async () => {
    const helm = helmOf(make(answers))
    await helm.upgrade(request)
    await helm.uninstall(target)
    for (const { args, env } of fake!.calls().filter((call) => call.args[0] !== 'version')) {
      assert.equal(args[args.indexOf('--namespace') + 1], 'toys', args.join(' '))
      assert.equal(args[args.indexOf('--kube-context') + 1], 'toys-context', args.join(' '))
      assert.equal(env['KUBECONFIG'], '/home/me/config')
    }
  })

  it('asks for the version once', async () => {
    const helm = helmOf(make(answers))
    await Promise.all([helm.version(), helm.version(), helm.dryRun(request)])
    assert.equal(fake!.calls().filter(({ args }) => args[0] === 'version').length, 1)
  })

  it('passes values in order, in files that only we can read and that are gone afterwards', async () => {
    const helm = helmOf(make(answers))
    const own = join(fake!.folder, 'with,comma.yaml')
    writeFileSync(own, 'replicas: 1\n')
    // The fake reads the path as given, so the quoted one of the file with a comma is checked by the real helm (test/chart).
    await helm.render({ ...request, values: [{ emulator: { env: { TOKEN: 'secret-canary' } } }, { replicas: 5 }], set: ['replicas=7'] })
    const { args, files } = fake!.calls().at(-1)!
    assert.deepEqual(
      files.map(({ mode, text }) => [mode, JSON.parse(text)]),
      [
        [0o600, { emulator: { env: { TOKEN: 'secret-canary' } } }],
        [0o600, { replicas: 5 }],
      ],
    )
    assert.ok(!args.join(' ').includes('secret-canary'))
    assert.ok(args.indexOf('--set') > args.lastIndexOf('--values'))
    for (const { path } of files) assert.ok(!existsSync(path), path)
  })

  it('removes the values after a failure too', async () => {
    const helm = helmOf(make('process.stderr.write("Error: boom\\n"); process.exit(1)'))
    await assert.rejects(helm.render({ ...request, values: [{ a: 1 }] }), { code: 'LOCO-CHT-090', why: 'boom.' })
    assert.ok(!existsSync(fake!.calls()[0]!.files[0]!.path))
  })

  it('gives the state of the release', async () => {
    const state = await helmOf(make(answers)).release(target)
    assert.deepEqual(
      { ...state, manifest: '' },
      {
        revision: 1,
        status: 'deployed',
        updated: '2026-01-01T00:00:00Z',
        chart: 'loco-0.1.0',
        appVersion: '0.1.0',
        description: 'Install complete',
        name: 'loco',
        namespace: 'toys',
        values: { replicas: 2 },
        manifest: '',
        objects: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }],
      },
    )
  })

  it('takes "not found" as no release', async () => {
    const helm = helmOf(make('process.stderr.write("Error: release: not found\\n"); process.exit(1)'))
    assert.equal(await helm.release(target), undefined)
    assert.deepEqual(await helm.history(target), [])
    assert.equal(await helm.uninstall(target), false)
  })

  const states: [statuses: string[], verb: string, has: string[]][] = [
    [['pending-install'], 'uninstall', ['--cascade', 'orphan']],
    [['deployed', 'pending-upgrade'], 'rollback', ['loco', '1']],
    [['uninstalling'], 'uninstall', []],
    [['deployed'], 'history', []],
  ]
  for (const [statuses, verb, has] of states) {
    it(`heals ${statuses.join(', ')} by ${verb} ${has.join(' ')}`, async () => {
      const [entry] = JSON.parse(history) as Record<string, unknown>[]
      const revisions = JSON.stringify(statuses.map((status, index) => ({ ...entry, revision: index + 1, status })))
      await helmOf(make(`process.stdout.write(${JSON.stringify(revisions)})`)).heal(target)
      const { args } = fake!.calls().at(-1)!
      assert.equal(args[0], verb)
      for (const word of has) assert.ok(args.includes(word), args.join(' '))
      assert.equal(args.includes('--cascade'), has.includes('--cascade'))
    })
  }

  it('never speaks with a cluster without a context', async () => {
    const { binary } = make(answers)
    await assert.rejects(new Helm({ binary, log: silentLogger }).release(target), /needs a kubeconfig and a context/)
    assert.deepEqual(fake!.calls(), [])
  })

  it('an aborted call ends helm before it rejects', async () => {
    const helm = helmOf(make('require("node:fs").writeFileSync(__dirname + "/pid", String(process.pid)); setInterval(() => {}, 1000)'))
    const pidFile = join(fake!.folder, 'pid')
    const abort = new AbortController()
    const call = helm.render({ ...request, signal: abort.signal })
    call.catch(() => {})
    await waitFor(
      () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '',
      () => new Error('the fake helm did not start'),
      { timeout: 5000, interval: 20 },
    )
    abort.abort(new Error('stop it'))
    await assert.rejects(call, /stop it/)
    assert.ok(isGone(Number(readFileSync(pidFile, 'utf8'))))
  })

  it('a call that is already aborted starts nothing', async () => {
    await assert.rejects(helmOf(make(answers)).render({ ...request, signal: AbortSignal.abort(new Error('stop it')) }), /stop it/)
    assert.deepEqual(fake!.calls(), [])
  })

  it('a helm that hangs is stopped and said to hang', async () => {
    const { binary } = make('process.stderr.write("waiting for the server"); setInterval(() => {}, 1000)')
    await assert.rejects(runHelm({ binary, args: ['status'], env: process.env, timeout: 400 }), (error) => {
      assert.ok(error instanceof LocoError)
      assert.equal(error.code, 'LOCO-CHT-004')
      return true
    })
  })

  const unusable: [name: string, binary: () => string, code: string][] = [
    ['no file', () => '/no/such/helm', 'LOCO-CHT-001'],
    ['not in PATH', () => 'no-such-helm', 'LOCO-CHT-001'],
    ['a folder', () => '/', 'LOCO-CHT-003'],
    ['a file that may not be run', () => join(make('').folder, 'calls'), 'LOCO-CHT-003'],
    ['dies of a signal', () => make('process.kill(process.pid, "SIGKILL")').binary, 'LOCO-CHT-003'],
  ]
  for (const [name, binary, code] of unusable) {
    it(`${name} → ${code}`, async () => {
      await assert.rejects(runHelm({ binary: binary(), args: ['status'], env: process.env, timeout: 5000 }), { code })
    })
  }

  it('a helm that comes later is found: a failure is not remembered', async () => {
    const { folder } = make(answers)
    const binary = join(folder, 'later')
    const helm = new Helm({ binary, log: silentLogger })
    await assert.rejects(helm.version(), { code: 'LOCO-CHT-001' })
    writeFileSync(binary, readFileSync(fake!.binary), { mode: 0o755 })
    assert.equal((await helm.version()).major, 4)
  })

  it('the environment of helm has what a person set, but nothing that changes the target', () => {
    const env = {
      PATH: '/bin',
      HELM_KUBECONTEXT: 'prod',
      HELM_KUBEAPISERVER: 'https://prod',
      HELM_NAMESPACE: 'prod',
      HELM_DEBUG: '1',
      HELM_DRIVER: 'configmap',
      KUBECONFIG: '/prod',
    }
    assert.deepEqual(helmEnvironment(env, '/mine'), { PATH: '/bin', HELM_DRIVER: 'configmap', KUBECONFIG: '/mine' })
    assert.equal(helmEnvironment(env, undefined)['KUBECONFIG'], '/prod')
  })
})
