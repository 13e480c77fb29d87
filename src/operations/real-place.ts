import { delimiter } from 'node:path'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { Helm } from '../chart/helm.ts'
import type { ProviderName } from '../cluster/kind-of-cluster.ts'
import { clusterProvider } from '../cluster/provider.ts'
import { assertSameTarget } from '../cluster/same-target.ts'
import type { Target } from '../contracts/operation.ts'
import { AgentClient } from '../fleet/agent-client.ts'
import { toStatusDocument } from '../fleet/status-document.ts'
import { FleetWatcher } from '../fleet/watcher.ts'
import { DockerEngine } from '../images/engine.ts'
import { imagePart } from '../images/parts.ts'
import type { ImageListener } from '../images/progress.ts'
import { KubeClient } from '../kube/client.ts'
import { type Kubeconfig, loadKubeconfig } from '../kube/kubeconfig.ts'
import type { SandboxAccess, SandboxProgress } from '../sandbox/sandbox.ts'
import { KubeClusterWork } from './cluster-work.ts'
import { EngineImageWork } from './image-work.ts'
import type { FleetView, Hold, Place, Site } from './ports.ts'

/** The sandbox, as far as a place needs it. */
export interface SandboxHandle {
  access(): Promise<SandboxAccess | undefined>
  up(options: { signal?: AbortSignal }): Promise<SandboxAccess>
}

export interface RealPlaceOptions {
  target: Target
  why: string
  /** Every kubeconfig file but that of the sandbox. */
  kubeconfig: Kubeconfig
  /** Makes a handle that tells its progress to the listener. */
  sandbox: (progress: (progress: SandboxProgress) => void) => SandboxHandle
  hold: (client: KubeClient) => Hold
  env: NodeJS.ProcessEnv
  log: Logger
  clock: Clock
}

/** The cluster of an operation in the real world. One connection, opened when it is first reached and closed by `dispose`. */
export class RealPlace implements Place {
  readonly target: Target
  readonly why: string
  readonly #options: RealPlaceOptions
  #site: Site | undefined
  #client: KubeClient | undefined

  constructor(options: RealPlaceOptions) {
    this.target = options.target
    this.why = options.why
    this.#options = options
  }

  async reach(signal: AbortSignal): Promise<Site | undefined> {
    if (this.#site !== undefined) return this.#site
    if (this.target.provider !== 'native') return this.#open(undefined, signal)
    const access = await this.#options.sandbox(() => {}).access()
    return access && this.#open(access, signal)
  }

  async start(listener: ImageListener, signal: AbortSignal): Promise<Site> {
    const progress = ({ sentence, done, total, left }: SandboxProgress): void =>
      listener.progress?.({ sentence, ...(done !== undefined && { done }), ...(total !== undefined && { total }), ...(left !== undefined && { left }) })
    return this.#open(await this.#options.sandbox(progress).up({ signal }), signal)
  }

  dispose(): void {
    this.#client?.dispose()
  }

  /** For a sandbox only its own kubeconfig is read, so that nothing in another one can pass itself off as it. */
  async #open(access: SandboxAccess | undefined, signal: AbortSignal): Promise<Site> {
    const { env, log, clock, hold } = this.#options
    const kubeconfig = access === undefined ? this.#options.kubeconfig : await loadKubeconfig({ env: { KUBECONFIG: access.kubeconfig } })
    const client = new KubeClient(kubeconfig, this.target.context)
    this.#client?.dispose()
    this.#client = client
    const target = { ...this.target, server: client.server, clusterUid: this.target.clusterUid ?? (await client.clusterUid(signal)) }
    await assertSameTarget(client, target, signal)
    const { context, namespace, release } = target
    const provider = clusterProvider(target.provider as ProviderName, access)
    this.#site = {
      target,
      cluster: new KubeClusterWork(client, target),
      helm: new Helm({ binary: env['LOCO_HELM'] || (access?.bin.helm ?? 'helm'), kubeconfig: kubeconfig.files.join(delimiter), context, log, env }),
      hold: hold(client),
      images: provider.sideLoads ? new EngineImageWork(imagePart('emulator'), new DockerEngine(provider.dockerHost()), provider.nodeImages()) : undefined,
      folders: provider.folders,
      watch: () => watchFleet(new FleetWatcher({ client, context, namespace, release, log, clock }), { context, namespace, release }),
      screen: (pod, stop) => new AgentClient(client, namespace, pod).screen(stop),
      disk: async (pod, stop) => (await new AgentClient(client, namespace, pod).health(stop)).disk,
    }
    return this.#site
  }
}

function watchFleet(watcher: FleetWatcher, name: { context: string; namespace: string; release: string }): FleetView {
  watcher.start()
  return {
    status: () => toStatusDocument(name, watcher.store),
    onChange: (listener) => watcher.store.changes.event(listener),
    dispose: () => watcher.dispose(),
  }
}
