import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import * as v from 'valibot'
import { packageRoot } from '../../../src/base/package-root.ts'
import { waitFor } from '../../../src/base/wait.ts'
import { type EmulatorStatus, type StatusDocument, statusDocument } from '../../../src/contracts/fleet.ts'
import { podName } from '../../../src/contracts/names.ts'
import { operationEvent, type PlanEvent, type ReportEvent } from '../../../src/contracts/operation.ts'
import { AgentClient } from '../../../src/fleet/agent-client.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { type Picture, readStrip, type Strip } from '../../guest/strip.ts'
import { type Ended, type LocoOptions, loco } from '../../loco.ts'

/** A fleet in a namespace of its own, worked on as a person does: with the terminal command. Journals go to a folder of the test. */
export class ProofFleet {
  readonly namespace: string
  readonly #state = mkdtempSync(join(tmpdir(), 'loco-proof-'))
  #client: KubeClient | undefined

  constructor(namespace: string) {
    this.namespace = namespace
  }

  async client(): Promise<KubeClient> {
    this.#client ??= new KubeClient(await loadKubeconfig({ env: { KUBECONFIG: process.env['LOCO_TEST_KUBECONFIG'] } }), 'loco-sandbox')
    return this.#client
  }

  /** Runs a command on this fleet and gives how it ended; JSON output. */
  run(words: readonly string[], options: LocoOptions = {}): Promise<Ended> {
    const [verb = '', ...rest] = words
    const fleet = verb === 'operations' || verb === 'sandbox' ? [] : ['--namespace', this.namespace]
    return loco([verb, ...rest, ...fleet, '--output', 'json'], { ...options, env: { ...options.env, XDG_STATE_HOME: this.#state } })
  }

  /** Runs an operation; every line it tells must be an event as agreed, the last one its report. */
  async operate(
    words: readonly string[],
    options: LocoOptions = {},
  ): Promise<{ plan: PlanEvent; report: ReportEvent; outcomes: Map<string, string>; exit: number }> {
    const ended = await this.run(words, options)
    if (ended.documents.at(-1)?.['kind'] !== 'report')
      throw new Error(`No report: exit ${ended.exit}, ${JSON.stringify(ended.documents.at(-1))} ${ended.stderr}`)
    const events = ended.documents.map((document) => v.parse(operationEvent, document))
    const report = events.at(-1)
    if (report?.kind !== 'report') throw new Error('The last event is no report.')
    const plan = events.find((event) => event.kind === 'plan')
    if (plan === undefined) throw new Error('There is no plan among the events.')
    const outcomes = new Map(events.flatMap((event) => (event.kind === 'step-end' ? [[event.step, event.outcome] as const] : [])))
    return { plan, report, outcomes, exit: ended.exit }
  }

  async status(): Promise<StatusDocument> {
    const ended = await this.run(['status'])
    return v.parse(statusDocument, ended.documents[0])
  }

  /** Waits until an emulator is as wanted. @throws with what was seen last */
  async until(ordinal: number, wanted: (emulator: EmulatorStatus) => boolean, timeout: number): Promise<EmulatorStatus> {
    let last: EmulatorStatus | undefined
    return waitFor(
      async () => {
        last = (await this.status()).emulators.find((emulator) => emulator.ordinal === ordinal)
        return last !== undefined && wanted(last) ? last : undefined
      },
      () => new Error(`instance-${ordinal} did not become so; last seen: ${JSON.stringify(last)}`),
      { timeout, interval: 500 },
    )
  }

  async agent(ordinal: number): Promise<AgentClient> {
    return new AgentClient(await this.client(), this.namespace, podName('loco', ordinal))
  }

  async picture(ordinal: number): Promise<Picture> {
    const { width, height, data } = PNG.sync.read(await (await this.agent(ordinal)).screen())
    const rgb = new Uint8Array(width * height * 3)
    for (let pixel = 0; pixel < width * height; pixel++) rgb.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3)
    return { width, height, rgb }
  }

  /** What the guest says of itself on its screen, once that is as wanted. */
  async strip(ordinal: number, wanted: (strip: Strip) => boolean = () => true, timeout = 30_000): Promise<Strip> {
    let last: Strip | undefined
    return waitFor(
      async () => {
        last = readStrip(await this.picture(ordinal)) ?? last
        return last !== undefined && wanted(last) ? last : undefined
      },
      (error) => new Error(`the screen of instance-${ordinal} did not say so; last read: ${JSON.stringify(last)} ${String(error ?? '')}`),
      { timeout, interval: 200 },
    )
  }

  /** UIDs of the pods, by ordinal. */
  async pods(): Promise<Map<number, string>> {
    const { items } = await (await this.client()).core.listNamespacedPod({ namespace: this.namespace })
    return new Map(items.map((pod) => [Number(pod.metadata?.name?.split('-').at(-1)), pod.metadata?.uid ?? '']))
  }

  async deletePod(ordinal: number): Promise<void> {
    const before = (await this.pods()).get(ordinal)
    await (await this.client()).core.deleteNamespacedPod({ name: podName('loco', ordinal), namespace: this.namespace })
    await waitFor(
      async () => {
        const now = (await this.pods()).get(ordinal)
        return now !== undefined && now !== before
      },
      () => new Error(`pod ${ordinal} did not come again`),
      { timeout: 60_000 },
    )
  }

  /** True when nothing of this fleet is left in the cluster, volumes included. */
  async isGone(): Promise<boolean> {
    const { core } = await this.client()
    const namespaces = await core.listNamespace()
    const volumes = await core.listPersistentVolume()
    return (
      !namespaces.items.some((namespace) => namespace.metadata?.name === this.namespace) &&
      !volumes.items.some((volume) => volume.spec?.claimRef?.namespace === this.namespace)
    )
  }

  /** A new connection after the node was off. */
  reconnect(): void {
    this.#client?.dispose()
    this.#client = undefined
  }

  dispose(): void {
    this.#client?.dispose()
    rmSync(this.#state, { recursive: true, force: true })
  }
}

/** A copy of what is shipped, whose parts a test may change. */
export function copyOfProduct(): { folder: string; cli: string; dispose(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'loco-copy-'))
  for (const part of ['package.json', 'dist', 'helm', 'containers']) cpSync(join(packageRoot(), part), join(folder, part), { recursive: true })
  return { folder, cli: join(folder, 'dist', 'cli.cjs'), dispose: () => rmSync(folder, { recursive: true, force: true }) }
}
