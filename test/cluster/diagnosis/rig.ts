import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from 'mocha'
import { Scope } from '../../../src/base/disposable.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { waitFor } from '../../../src/base/wait.ts'
import type { Claim, Controller, KubeEvent, Pod } from '../../../src/diagnosis/evidence.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { Reflector } from '../../../src/kube/reflector.ts'
import { skipBecause } from '../../skip.ts'

/** An image that every node has or can pull; small, with a shell and an HTTP server. */
export const busybox = 'docker.io/library/busybox:1'

/** What a namespace of the cluster holds, kept up to date. */
export class View {
  readonly pods: Reflector<Pod>
  readonly claims: Reflector<Claim>
  readonly sets: Reflector<Controller>
  readonly events: Reflector<KubeEvent>

  constructor(client: KubeClient, namespace: string, scope: Scope) {
    const reflect = <T extends Pod | Claim | Controller | KubeEvent>(path: string): Reflector<T> => {
      const reflector = scope.add(new Reflector<T>({ client, path: path.replace('NAMESPACE', namespace) }))
      reflector.start()
      return reflector
    }
    this.pods = reflect('/api/v1/namespaces/NAMESPACE/pods')
    this.claims = reflect('/api/v1/namespaces/NAMESPACE/persistentvolumeclaims')
    this.sets = reflect('/apis/apps/v1/namespaces/NAMESPACE/statefulsets')
    this.events = reflect('/api/v1/namespaces/NAMESPACE/events')
  }

  get allEvents(): KubeEvent[] {
    return [...this.events.items.values()]
  }
}

/** Namespaces of our own in the real cluster, which go with the test. */
export class ClusterRig {
  readonly client: KubeClient
  readonly #scope = new Scope()
  readonly #namespaces: string[] = []
  readonly #runtimeClasses: string[] = []

  constructor(client: KubeClient) {
    this.client = client
  }

  /** The cluster that the environment names; skips when it names none. */
  static async open(context: Context): Promise<ClusterRig> {
    const file = process.env['LOCO_TEST_KUBECONFIG']
    if (!file) skipBecause(context, 'no cluster: LOCO_TEST_KUBECONFIG is not set')
    const kubeconfig = await loadKubeconfig({ env: { KUBECONFIG: file } })
    return new ClusterRig(new KubeClient(kubeconfig, process.env['LOCO_TEST_CONTEXT'] || (kubeconfig.currentContext ?? '')))
  }

  /** A new namespace in which pods may be made. */
  async namespace(labels: Record<string, string> = {}): Promise<{ name: string; view: View }> {
    const name = `loco-test-diagnosis-${randomBytes(3).toString('hex')}`
    await this.client.core.createNamespace({ body: { metadata: { name, labels } } })
    this.#namespaces.push(name)
    const made = async (): Promise<boolean> => (await this.client.core.listNamespacedServiceAccount({ namespace: name })).items.length > 0
    await waitFor(made, () => new Error(`namespace ${name} got no service account`), { timeout: 20_000 })
    return { name, view: new View(this.client, name, this.#scope) }
  }

  async runtimeClass(handler: string): Promise<string> {
    const name = `loco-test-${randomBytes(3).toString('hex')}`
    await this.client.json('/apis/node.k8s.io/v1')
    const body = JSON.stringify({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler })
    const answer = await this.client.transport.openOk({ path: runtimeClasses, method: 'POST', body, headers: { 'Content-Type': 'application/json' } })
    answer.resume()
    this.#runtimeClasses.push(name)
    return name
  }

  async clean(): Promise<void> {
    this.#scope.dispose()
    for (const name of this.#runtimeClasses) (await this.client.transport.openOk({ path: `${runtimeClasses}/${name}`, method: 'DELETE' })).resume()
    for (const name of this.#namespaces) await this.client.core.deleteNamespace({ name })
    const left = async (): Promise<boolean> =>
      !(await this.client.core.listNamespace()).items.some(({ metadata }) => this.#namespaces.includes(metadata?.name ?? ''))
    await waitFor(left, () => new Error(`namespaces are left: ${this.#namespaces.join(', ')}`), { timeout: 90_000, interval: 500 })
    this.client.dispose()
  }
}

const runtimeClasses = '/apis/node.k8s.io/v1/runtimeclasses'

/** With LOCO_SAVE_FIXTURES set, what the cluster really said becomes a fixture of the unit tests. */
export function saveFixture(name: string, content: object): void {
  if (!process.env['LOCO_SAVE_FIXTURES']) return
  const folder = join(packageRoot(), 'test', 'fixtures', 'diagnosis')
  mkdirSync(folder, { recursive: true })
  const drop = new Set(
    'managedFields resourceVersion annotations generateName generation observedGeneration tolerations env resources hostIPs podIPs qosClass dnsPolicy'.split(
      ' ',
    ),
  )
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(content, (key, value) => (drop.has(key) ? undefined : value), 1)}\n`)
}
