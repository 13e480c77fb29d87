import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { PNG } from 'pngjs'
import type { AgentHealth } from '../../src/contracts/agent.ts'
import { claim, health, running, set } from '../unit/fleet/given.ts'
import { FakeApiServer, type FakeObject, type FakeStream, portPrefix, sendJson, sendStatus } from './fake-api-server.ts'
import { FakeLog } from './fake-log.ts'
import { FakeVncServer, rawPixels, rectangle, update } from './fake-vnc-server.ts'

type Guest = Partial<AgentHealth['guest']>

const paths = {
  pods: '/api/v1/namespaces/loco/pods',
  claims: '/api/v1/namespaces/loco/persistentvolumeclaims',
  events: '/api/v1/namespaces/loco/events',
  sets: '/apis/apps/v1/namespaces/loco/statefulsets',
  setsEverywhere: '/apis/apps/v1/statefulsets',
  nodes: '/api/v1/nodes',
  secrets: '/api/v1/namespaces/loco/secrets',
}
/** Collections that are asked for and stay empty. */
const empty = ['/apis/apps/v1/namespaces/default/statefulsets', '/api/v1/namespaces/default/pods']

/** Collections that are asked for around a release, and empty here but for one class. */
const aroundReleases = [
  '/apis',
  '/api/v1/namespaces',
  '/api/v1/services',
  '/apis/storage.k8s.io/v1/storageclasses',
  '/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses',
]

const labels = {
  'app.kubernetes.io/instance': 'loco',
  'app.kubernetes.io/component': 'emulator',
  'app.kubernetes.io/part-of': 'lego-loco-cluster',
}

const podName = (ordinal: number): string => `loco-loco-emulator-${ordinal}`

/**
 * A stand-in for a cluster with a fleet on it, for what a real one does not do on demand: two hundred emulators, a thousand changes a second, an API server that refuses or
 * falls silent. Its agents say what they are told to say, and behind each screen is a VNC server that shows a grey picture and keeps what it is asked and told.
 */
export class FakeFleet {
  readonly api = new FakeApiServer()
  /** An agent that takes connections; which pod it speaks for is told by the stream that comes in. */
  readonly #agent: Server
  readonly #podOf = new Map<number, string>()
  readonly #said = new Map<string, AgentHealth>()
  readonly #listeners = new Map<string, Set<ServerResponse>>()
  /** The connections to the screen of each pod, the newest last. */
  readonly #screens = new Map<string, FakeVncServer[]>()
  /** Parts of paths that are answered with this status. */
  readonly #refused = new Map<string, number>()
  readonly size: number
  /** What the containers wrote. */
  log = new FakeLog(20)
  /** Pods that may not be deleted. */
  readonly kept = new Set<number>()
  /** What a screen says first; another protocol when it is set. */
  greeting: string | undefined

  private constructor(size: number) {
    this.size = size
    this.#agent = createServer((request, response) => this.#answer(this.#podOf.get(request.socket.remotePort ?? 0) ?? '', request.url ?? '', response))
  }

  static async start(size: number): Promise<FakeFleet> {
    const fleet = new FakeFleet(size)
    const { api } = fleet
    for (const right of ['create pods', 'get pods', 'delete pods', 'list pods', 'watch pods']) api.allowed.add(right)
    for (const path of [...Object.values(paths), ...empty]) {
      api.put(path, { metadata: { name: 'gone' } })
      api.remove(path, 'gone')
    }
    for (let ordinal = 0; ordinal < size; ordinal += 1) {
      fleet.pod(ordinal)
      api.put(paths.claims, claim(ordinal, 'Bound') as FakeObject)
    }
    fleet.appear()
    api.onStream = (stream) => fleet.#lead(stream)
    api.intercept = (request, response, url) => {
      const status = [...fleet.#refused].find(([part]) => url.pathname.includes(part))?.[1]
      if (status === undefined) return fleet.#answerForPod(request.method ?? '', url, response)
      sendStatus(response, status, status === 403 ? 'Forbidden' : status === 401 ? 'Unauthorized' : 'InternalError', `the fake server refuses ${url.pathname}`)
      return true
    }
    await new Promise<void>((resolve) => fleet.#agent.listen(0, '127.0.0.1', resolve))
    await api.start()
    return fleet
  }

  /** The text of a kubeconfig that leads here. */
  kubeconfig(context = 'fake'): string {
    return JSON.stringify({
      clusters: [{ name: context, cluster: { server: this.api.url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: context, user: { token: 'fake-token' } }],
      contexts: [{ name: context, context: { cluster: context, user: context } }],
      'current-context': context,
    })
  }

  /** The StatefulSet comes (again): there is a fleet. */
  appear(): void {
    const object = set(this.size)
    for (const path of [paths.sets, paths.setsEverywhere]) this.api.put(path, { ...object, metadata: { ...object.metadata, labels } } as FakeObject)
  }

  /** Helm's record of the release, as it keeps it in a Secret, and around it what a cluster has. */
  install({ values, defaults, manifest }: { values: object; defaults: object; manifest: string }): void {
    const record = { version: 1, config: values, chart: { metadata: { name: 'loco', version: '0.1.0' }, values: defaults }, manifest }
    const release = Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64')
    for (const path of aroundReleases) {
      this.api.put(path, { metadata: { name: 'gone' } })
      this.api.remove(path, 'gone')
    }
    const isDefault = { 'storageclass.kubernetes.io/is-default-class': 'true' }
    this.api.put('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'standard', annotations: isDefault }, provisioner: 'fake' } as FakeObject)
    this.api.put(paths.secrets, { metadata: { name: 'sh.helm.release.v1.loco.v1', labels: { version: '1' } }, data: { release } } as FakeObject)
  }

  /** The StatefulSet goes: there is no fleet any more. */
  vanish(): void {
    for (const path of [paths.sets, paths.setsEverywhere]) this.api.remove(path, set().metadata?.name ?? '')
  }

  /** A pod that runs; called again, it changed. */
  pod(ordinal: number, more: { restarts?: number; ready?: boolean } = {}): void {
    const pod = running({ ordinal, seconds: 1_000, ...more })
    const volumes = [{ name: 'disk', persistentVolumeClaim: { claimName: `disk-${podName(ordinal)}` } }]
    this.api.put(paths.pods, { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...pod.spec, volumes } } as FakeObject)
  }

  removePod(ordinal: number): void {
    this.api.remove(paths.pods, podName(ordinal))
  }

  /** What an agent says of its guest from now on. */
  say(ordinal: number, guest: Guest): void {
    const document = health(guest)
    this.#said.set(podName(ordinal), document)
    for (const response of this.#listeners.get(podName(ordinal)) ?? []) response.write(`data: ${JSON.stringify(document)}\n\n`)
  }

  /** Answers requests whose path holds `part` with a status; running watches are broken so that it is noticed. */
  refuse(part: string, status: number): void {
    this.#refused.set(part, status)
    this.api.breakConnections()
  }

  /** Refuses nothing any more. */
  admit(): void {
    this.#refused.clear()
  }

  /** Ends the connections to an emulator's screen, as a stream that breaks. */
  cutScreen(ordinal: number): void {
    for (const screen of this.screens(ordinal)) screen.end.destroy()
  }

  /** The connections that were made to an emulator's screen, the newest last. */
  screens(ordinal: number): readonly FakeVncServer[] {
    return this.#screens.get(podName(ordinal)) ?? []
  }

  async stop(): Promise<void> {
    await this.api.stop()
    this.#agent.closeAllConnections()
    await new Promise((resolve) => this.#agent.close(resolve))
  }

  /** Requests for one pod: its log, and its end, after which the controller makes another. */
  #answerForPod(method: string, url: URL, response: ServerResponse): boolean {
    const [, pod, ordinal, log] = /\/pods\/(.+-(\d+))(\/log)?$/.exec(url.pathname) ?? []
    if (pod === undefined) return false
    if (log !== undefined) void this.log.answer(url.searchParams, response)
    else if (method !== 'DELETE') return false
    else if (this.kept.has(Number(ordinal))) sendStatus(response, 403, 'Forbidden', `pods "${pod}" is forbidden: a fake keeps it`)
    else {
      this.removePod(Number(ordinal))
      this.pod(Number(ordinal))
      sendJson(response, 200, { kind: 'Status', status: 'Success' })
    }
    return true
  }

  /** A port-forward: leads to the screen or the agent. */
  #lead(stream: FakeStream): void {
    if (stream.query.get('ports') === '5901') this.#leadToScreen(stream)
    else this.#leadToAgent(stream)
  }

  #leadToScreen(stream: FakeStream): void {
    // Each request gets a small piece of the picture a moment later, as from a machine that always draws.
    const onRequest = (server: FakeVncServer, incremental: boolean): void => {
      if (!incremental) server.sendPicture()
      else setTimeout(() => server.closed || server.send(update([rectangle(0, 0, 8, 8, 0, rawPixels(8, 8, Math.floor(performance.now()) & 255))])), 5)
    }
    const server = new FakeVncServer({ width: 320, height: 200, onRequest, ...(this.greeting !== undefined && { greeting: this.greeting }) })
    this.#screens.set(stream.pod, [...(this.#screens.get(stream.pod) ?? []), server])
    for (const channel of [0, 1]) stream.send(channel, portPrefix(stream))
    stream.onData((channel, data) => channel === 0 && server.client.write(data))
    server.client.on('data', (data: Buffer) => stream.send(0, data))
    server.end.on('close', () => stream.socket.close())
    stream.socket.on('close', () => server.client.destroy())
  }

  #leadToAgent(stream: FakeStream): void {
    const socket = connect((this.#agent.address() as AddressInfo).port, '127.0.0.1')
    socket.on('connect', () => this.#podOf.set(socket.localPort ?? 0, stream.pod))
    for (const channel of [0, 1]) stream.send(channel, portPrefix(stream))
    stream.onData((channel, data) => channel === 0 && socket.write(data))
    socket.on('data', (data) => stream.send(0, data))
    socket.on('error', () => undefined)
    socket.on('close', () => stream.socket.close())
    stream.socket.on('close', () => socket.destroy())
  }

  #answer(pod: string, path: string, response: ServerResponse): void {
    const document = this.#said.get(pod) ?? health()
    if (path === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(document)}\n\n`)
      const listeners = this.#listeners.get(pod) ?? new Set()
      this.#listeners.set(pod, listeners)
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
    } else if (path === '/screen.png') {
      response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': picture.length }).end(picture)
    } else response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document))
  }
}

/** A picture in two colours. */
const picture = (() => {
  const png = new PNG({ width: 64, height: 48 })
  for (let i = 0; i < png.data.length; i += 4) png.data.writeUInt32BE(i < png.data.length / 2 ? 0x20_60_a0_ff : 0xe0_e0_40_ff, i)
  return PNG.sync.write(png)
})()
