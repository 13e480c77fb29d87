import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocoError } from '../../../src/base/error.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { type Kubeconfig, loadKubeconfig, parseKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { kubeconfigFiles } from '../../../src/kube/kubeconfig-files.ts'
import { KubeconfigWatch } from '../../../src/kube/kubeconfig-watch.ts'
import { skipBecause } from '../../skip.ts'

const config = (name: string, options: { current?: string; user?: object; cluster?: object } = {}): string =>
  JSON.stringify({
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...options.cluster } }],
    users: [{ name, user: { token: name, ...options.user } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: `ns-${name}` } }],
    'current-context': options.current ?? '',
  })

describe('kubeconfigFiles', () => {
  const cases: [string, Parameters<typeof kubeconfigFiles>[0], string[]][] = [
    ['the default', { env: {}, platform: 'linux', home: '/home/x' }, ['/home/x/.kube/config']],
    ['an empty variable is none', { env: { KUBECONFIG: '' }, platform: 'linux', home: '/home/x' }, ['/home/x/.kube/config']],
    ['separators alone are none', { env: { KUBECONFIG: '::' }, platform: 'linux', home: '/h' }, ['/h/.kube/config']],
    ['a list without the default', { env: { KUBECONFIG: '/a::/b' }, platform: 'linux', home: '/home/x' }, ['/a', '/b']],
    ['a list of Windows', { env: { KUBECONFIG: 'C:\\a;D:\\b' }, platform: 'win32', home: 'C:\\Users\\x' }, ['C:\\a', 'D:\\b']],
    ['extra files come last, each file once', { env: { KUBECONFIG: '/a:/b:/a' }, extraFiles: ['/b', '/c'], platform: 'linux' }, ['/a', '/b', '/c']],
    ['the home of the environment', { env: { HOME: '/root2' }, platform: 'linux' }, ['/root2/.kube/config']],
  ]
  for (const [what, options, paths] of cases) {
    it(what, () => {
      assert.deepEqual(
        kubeconfigFiles(options).map((file) => file.path),
        paths,
      )
    })
  }
})

describe('loadKubeconfig', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loco-kubeconfig-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Writes the files and loads them as a list, in the order given. */
  async function load(files: Record<string, string>, extraFiles: string[] = []): Promise<Kubeconfig> {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    const list = Object.keys(files).map((name) => join(folder, name))
    return loadKubeconfig({ env: { KUBECONFIG: list.join(':') }, extraFiles, platform: 'linux', home: folder })
  }
  const failure = (work: Promise<unknown>): Promise<LocoError> =>
    work.then(
      () => assert.fail('should have failed'),
      (error: unknown) => (error instanceof LocoError ? error : assert.fail(String(error))),
    )

  it('merges as kubectl does: of equal names and of current contexts the first counts', async () => {
    const second = JSON.parse(config('a', { current: 'a' }))
    second.clusters[0].cluster.server = 'https://second.example'
    const merged = await load({ one: config('a'), two: JSON.stringify(second), three: config('b', { current: 'b' }) })
    assert.deepEqual(
      merged.contexts.map((context) => [context.name, context.server, context.namespace, context.file]),
      [
        ['a', 'https://a.example:6443', 'ns-a', join(folder, 'one')],
        ['b', 'https://b.example:6443', 'ns-b', join(folder, 'three')],
      ],
    )
    assert.equal(merged.currentContext, 'a')
    assert.equal(merged.problems.length, 0)
  })

  it('a context may be in one file and its cluster in another', async () => {
    const { contexts, ...rest } = JSON.parse(config('a'))
    const merged = await load({ one: JSON.stringify({ contexts }), two: JSON.stringify(rest) })
    assert.equal(merged.resolve('a').cluster.server, 'https://a.example:6443')
  })

  it('skips files that are absent; the extra file is read last', async () => {
    await writeFile(join(folder, 'sandbox'), config('loco-sandbox', { current: 'loco-sandbox' }))
    const merged = await loadKubeconfig({ env: { KUBECONFIG: join(folder, 'absent') }, extraFiles: [join(folder, 'sandbox')], platform: 'linux' })
    assert.equal(merged.currentContext, 'loco-sandbox')
    assert.deepEqual(merged.files, [join(folder, 'sandbox')])
  })

  it('no file at all → LOCO-KUB-001, naming those that were looked for', async () => {
    const error = await failure(loadKubeconfig({ env: {}, extraFiles: [join(folder, 'sandbox')], platform: 'linux', home: folder }))
    assert.equal(error.code, 'LOCO-KUB-001')
    assert.deepEqual(error.evidence, [join(folder, '.kube/config'), join(folder, 'sandbox')])
  })

  const broken: [string, string, string, RegExp][] = [
    ['YAML that is broken in line 3', 'clusters:\n- name: a\n  cluster: {server: [\n', 'LOCO-KUB-003', /broken in line [34]/],
    ['a tab for indentation', 'clusters:\n\t- name: a\n', 'LOCO-KUB-003', /line 2/],
    ['a text that is no mapping', 'just words', 'LOCO-KUB-003', /line 1/],
    ['a list at the top', '- a\n- b\n', 'LOCO-KUB-003', /line 1/],
    ['clusters that are no list', 'clusters: nonsense\n', 'LOCO-KUB-003', /broken/],
  ]
  for (const [what, text, code, message] of broken) {
    it(`${what} → ${code}, and the other file still works`, async () => {
      const alone = await failure(load({ bad: text }))
      assert.equal(alone.code, code)
      assert.match(alone.what, message)
      assert.ok(alone.what.includes(join(folder, 'bad')))
      const merged = await load({ bad: text, good: config('good', { current: 'good' }) })
      assert.equal(merged.problems[0]?.code, code)
      assert.equal(merged.resolve('good').context.name, 'good')
      assert.equal(merged.currentContext, undefined, 'nobody knows what the broken file would have said')
    })
  }

  it('a broken file behind the current context does not hide it', async () => {
    const merged = await load({ good: config('good', { current: 'good' }), bad: 'clusters: nonsense' })
    assert.equal(merged.currentContext, 'good')
    assert.equal(merged.problems.length, 1)
  })

  it('a folder in place of a file → LOCO-KUB-002', async () => {
    await mkdir(join(folder, 'folder'))
    const error = await failure(loadKubeconfig({ env: { KUBECONFIG: join(folder, 'folder') }, platform: 'linux' }))
    assert.equal(error.code, 'LOCO-KUB-002')
    assert.match(error.why ?? '', /folder/)
  })

  it('a file that may not be read → LOCO-KUB-002', async function () {
    if (process.getuid?.() === 0) skipBecause(this, 'root reads every file')
    await writeFile(join(folder, 'secret'), config('a'))
    await chmod(join(folder, 'secret'), 0)
    assert.equal((await failure(loadKubeconfig({ env: { KUBECONFIG: join(folder, 'secret') }, platform: 'linux' }))).code, 'LOCO-KUB-002')
  })

  it('an empty file is an empty kubeconfig', async () => {
    const merged = await load({ empty: '', good: config('good', { current: 'good' }) })
    assert.equal(merged.currentContext, 'good')
  })

  it('paths in a file are meant from its folder', async () => {
    const user = { tokenFile: 'token', 'client-certificate': 'c.pem', 'client-key': '/abs/k.pem', exec: { command: './login' } }
    const { cluster, user: resolved } = (await load({ a: config('a', { user, cluster: { 'certificate-authority': 'pki/ca.pem' } }) })).resolve('a')
    assert.equal(cluster.caFile, join(folder, 'pki/ca.pem'))
    assert.equal(resolved.certFile, join(folder, 'c.pem'))
    assert.equal(resolved.keyFile, '/abs/k.pem')
    assert.equal(resolved.exec.command, join(folder, 'login'))
    assert.deepEqual(resolved.authProvider, { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } })
    assert.equal(resolved.token, undefined, 'a token file wins over a token')
  })
})

describe('Kubeconfig.resolve', () => {
  const base = JSON.parse(config('a'))
  const withContext = (context: object): Kubeconfig => parseKubeconfig(JSON.stringify({ ...base, contexts: [{ name: 'x', context }] }), '/f')
  const cases: [string, () => unknown, string, RegExp][] = [
    ['a context that is gone', () => withContext({ cluster: 'a', user: 'a' }).resolve('gone'), 'LOCO-KUB-004', /no context "gone"/],
    ['no context at all', () => parseKubeconfig('', '/f').resolve('x'), 'LOCO-KUB-004', /no context "x"/],
    ['a cluster that is nowhere', () => withContext({ cluster: 'nowhere', user: 'a' }).resolve('x'), 'LOCO-KUB-005', /cluster "nowhere"/],
    ['a user that is nowhere', () => withContext({ cluster: 'a', user: 'nobody' }).resolve('x'), 'LOCO-KUB-005', /user "nobody"/],
    [
      'a login program where programs are not run',
      () => parseKubeconfig(config('a', { user: { exec: { command: 'aws' } } }), '/f').resolve('a', { allowExec: false }),
      'LOCO-KUB-006',
      /"aws"/,
    ],
    [
      'an auth provider with a program where programs are not run',
      () =>
        parseKubeconfig(config('a', { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/gcloud' } } } }), '/f').resolve('a', {
          allowExec: false,
        }),
      'LOCO-KUB-006',
      /gcloud/,
    ],
  ]
  for (const [what, run, code, message] of cases) {
    it(`${what} → ${code}`, () => {
      assert.throws(run, (error: LocoError) => error.code === code && message.test(error.what))
    })
  }

  it('known contexts are named when one is not found', () => {
    assert.throws(
      () => withContext({ cluster: 'a', user: 'a' }).resolve('gone'),
      (error: LocoError) => error.why === 'Known are: x.',
    )
  })

  it('a context without a user is anonymous', () => {
    assert.deepEqual(withContext({ cluster: 'a' }).resolve('x').user, { name: '' })
  })
})

describe('KubeconfigWatch', () => {
  let folder: string
  let watch: KubeconfigWatch | undefined
  let told = 0
  const heard = (count: number): Promise<true> =>
    waitFor(
      () => told >= count || undefined,
      () => new Error(`heard ${told} changes in place of ${count}`),
      { timeout: 3000, interval: 10 },
    )
  const begin = async (path: string): Promise<void> => {
    told = 0
    watch = new KubeconfigWatch({ env: { KUBECONFIG: path }, platform: 'linux', settle: 30 })
    watch.changes(() => {
      told += 1
    })
    await watch.ready
  }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loco-kubeconfig-watch-'))
  })
  afterEach(async () => {
    watch?.dispose()
    await rm(folder, { recursive: true })
  })

  it('hears writing and replacing, again and again, and not the neighbours', async () => {
    const file = join(folder, 'config')
    await writeFile(file, 'one')
    await begin(file)
    await writeFile(join(folder, 'neighbour'), 'x')
    await writeFile(file, 'three')
    await heard(1)
    for (const text of ['replaced', 'replaced again']) {
      await writeFile(`${file}.tmp`, text)
      await rename(`${file}.tmp`, file)
      await heard(text === 'replaced' ? 2 : 3)
    }
    assert.equal(told, 3)
  })

  it('hears a file whose folder does not exist yet, and its end', async () => {
    const file = join(folder, 'home', '.kube', 'config')
    await begin(file)
    await mkdir(join(folder, 'home', '.kube'), { recursive: true })
    await writeFile(file, 'one')
    await heard(1)
    await rm(file)
    await heard(2)
  })

  it('hears a change behind a symbolic link', async () => {
    await mkdir(join(folder, 'real'))
    await writeFile(join(folder, 'real', 'config'), 'one')
    await symlink(join(folder, 'real', 'config'), join(folder, 'link'))
    await begin(join(folder, 'link'))
    await writeFile(join(folder, 'real', 'config'), 'three')
    await heard(1)
  })

  it('is silent after dispose', async () => {
    const file = join(folder, 'config')
    await writeFile(file, 'one')
    await begin(file)
    await writeFile(file, 'three')
    watch?.dispose()
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(told, 0)
  })
})
