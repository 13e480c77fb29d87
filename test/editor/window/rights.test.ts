import assert from 'node:assert/strict'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { loco, mustLoco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { closeScenery, keepPicture, openScenery, type Scenery } from './lib/scenery.ts'
import { ScreenTab } from './lib/screen-tab.ts'

const namespace = 'loco-rights-editor'
const pod = 'loco-loco-emulator-0'
const visitor = 'visitor'

/** What this account may always do, and what is taken from it and given back. */
const looks = [
  { apiGroups: [''], resources: ['pods', 'events', 'persistentvolumeclaims'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get', 'list', 'watch'] },
]
const screens = { apiGroups: [''], resources: ['pods/portforward'], verbs: ['create', 'get'] }

/** A person with few rights, on the real cluster. */
describe('an account whose rights change under an open screen', function () {
  this.timeout(5 * 60_000)
  let client: KubeClient
  let scenery: Scenery
  let tab: ScreenTab

  const put = async (path: string, body: object): Promise<void> => {
    const text = JSON.stringify(body)
    const headers = { 'Content-Type': 'application/apply-patch+yaml', 'Content-Length': String(Buffer.byteLength(text)) }
    const response = await client.transport.openOk({ path: `${path}?fieldManager=test&force=true`, method: 'PATCH', headers, body: text })
    response.resume()
  }
  const may = (...rules: readonly object[]): Promise<void> => {
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: visitor, namespace }, rules }
    return put(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${visitor}`, role)
  }

  before(async function () {
    const file = process.env['LOCO_TEST_KUBECONFIG']
    if (file === undefined) skipBecause(this, 'no sandbox runs')
    const admin = await loadKubeconfig({ env: { KUBECONFIG: file } })
    client = new KubeClient(admin, 'loco-sandbox')
    await mustLoco(['bootstrap', '--namespace', namespace, '--replicas', '1', '--storage', 'ephemeral', '--output', 'json'])
    await client.core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: visitor } } })
    await may(...looks, screens)
    await put(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${visitor}`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: visitor, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: visitor },
      subjects: [{ kind: 'ServiceAccount', name: visitor, namespace }],
    })
    const { status } = await client.core.createNamespacedServiceAccountToken({ name: visitor, namespace, body: { spec: { audiences: [] } } as never })
    const { cluster } = admin.resolve('loco-sandbox')
    const kubeconfig = {
      clusters: [{ name: visitor, cluster: { server: cluster.server, 'certificate-authority-data': cluster.caData } }],
      users: [{ name: visitor, user: { token: status?.token } }],
      contexts: [{ name: visitor, context: { cluster: visitor, user: visitor, namespace } }],
      'current-context': visitor,
    }
    scenery = await openScenery(JSON.stringify(kubeconfig))
    await scenery.window.views.open('Loco Cluster')
    await scenery.window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-0' && /^healthy/.test(description), 60_000)
  })
  afterEach(async function () {
    await keepPicture(this.currentTest, scenery?.window)
  })
  after(async () => {
    if (client === undefined) return
    if (scenery) await closeScenery(scenery)
    await loco(['destroy', '--namespace', namespace, '--delete-data', '--yes', '--output', 'json'])
    // Destroy leaves a namespace in which there is something of somebody else: here the account.
    await client.core.deleteNamespace({ name: namespace })
    client.dispose()
  })

  it('what it may not do is not offered, what it may do works', async () => {
    const items = await scenery.window.views.menu('Fleet', 'instance-0')
    assert.ok(items.includes('Describe'), items.join())
    assert.deepEqual(
      items.filter((item) => /Restart|Terminal|Logs/.test(item)),
      [],
    )
    tab = await ScreenTab.open(scenery.window, 'instance-0')
    await tab.live(60_000)
  })

  it('Ctrl+Alt+Del reaches the guest, which begins anew in the same pod', async () => {
    const uid = async (): Promise<string> => (await client.core.readNamespacedPod({ namespace, name: pod })).metadata?.uid ?? ''
    const before = await uid()
    const { boots } = await tab.waitStrip(() => true, 'a picture of the guest')
    await scenery.window.palette.run('Loco: Screen: Send Ctrl+Alt+Del')
    const after = await tab.waitStrip((strip) => strip.boots > boots, 'one boot more', 60_000)
    assert.equal(after.boots, boots + 1)
    assert.equal(await uid(), before)
  })

  it('the right to see the screen is taken away: the tab names it over the last picture, and the tree stays live', async () => {
    await may(...looks)
    // A stream that runs goes on until it breaks: with its pod it does.
    await client.core.deleteNamespacedPod({ namespace, name: pod })
    const { notice, words } = await tab.waitState(
      ({ picture, notice, words }) => picture === 'last' && /portforward/.test(`${notice} ${words}`),
      'the last picture and the right that is missing',
      90_000,
    )
    assert.match(`${notice} ${words}`, /LOCO-(KUB-011|ACT-002)/)
    await scenery.window.views.waitRow('Fleet', ({ label, description }) => label === 'instance-0' && !/stale|as of/.test(description))
  })

  it('it is given back: Reconnect is enough', async () => {
    await may(...looks, screens)
    await scenery.window.editors.focus(tab.title)
    await scenery.window.palette.run('Loco: Screen: Reconnect')
    // What the account may do is remembered for half a minute.
    await tab.live(60_000)
    assert.deepEqual(scenery.window.consoleErrors, [])
  })
})
