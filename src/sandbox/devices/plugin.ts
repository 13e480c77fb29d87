import { existsSync, mkdirSync, rmSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

/** One device of the machine, offered to pods as a resource. */
export interface DeviceOffer {
  /** Such as devices.kubevirt.io/kvm. */
  resource: string
  /** The device node, the same in the pod. */
  path: string
  /** How many pods can use it at once. */
  units: number
}

/** `RESOURCE=PATH[,UNITS]`; undefined when it is not of that form. As many units as a node has pods, when not said. */
export function parseOffer(text: string): DeviceOffer | undefined {
  const match = /^([^=]+)=(\/[^,]+)(?:,([1-9]\d*))?$/.exec(text)
  if (match?.[1] === undefined || match[2] === undefined) return undefined
  return { resource: match[1], path: match[2], units: Number(match[3] ?? 110) }
}

/** The list that the kubelet gets: every unit healthy while the device node exists. */
export function deviceList(offer: DeviceOffer, exists: boolean): { ID: string; health: string }[] {
  return Array.from({ length: offer.units }, (_, index) => ({ ID: String(index), health: exists ? 'Healthy' : 'Unhealthy' }))
}

/** What a container that was given units gets: the device node, readable and writable. */
export function allocation(offer: DeviceOffer, containers: number): object {
  const device = { container_path: offer.path, host_path: offer.path, permissions: 'rw' }
  return { container_responses: Array.from({ length: containers }, () => ({ devices: [device] })) }
}

/** Name of the plugin's socket in the kubelet's folder. */
export const socketName = (resource: string): string => `${resource.replaceAll(/[/.]/g, '_')}.sock`

const proto = loadPackageDefinition(loadSync(join(import.meta.dirname, 'deviceplugin.proto'), { keepCase: true }))['v1beta1'] as unknown as {
  Registration: ServiceClientConstructor
  DevicePlugin: ServiceClientConstructor
}

/** Serves one device. `serve` and `register` run again for every life of the kubelet. */
export class DevicePlugin {
  readonly #offer: DeviceOffer
  readonly #folder: string
  #server: Server | undefined

  constructor(offer: DeviceOffer, folder: string) {
    this.#offer = offer
    this.#folder = folder
  }

  /** Opens a fresh socket (the kubelet empties its folder when it starts) and tells the kubelet of it. */
  async register(): Promise<void> {
    this.stop()
    const server = new Server()
    server.addService(proto.DevicePlugin.service, {
      GetDevicePluginOptions: (_: unknown, reply: (error: null, value: object) => void) => reply(null, {}),
      ListAndWatch: (stream: ServerWritableStream<object, object>) => this.#watchDevice(stream),
      Allocate: (call: { request: { container_requests?: unknown[] } }, reply: (error: null, value: object) => void) =>
        reply(null, allocation(this.#offer, call.request.container_requests?.length ?? 0)),
      GetPreferredAllocation: (_: unknown, reply: (error: null, value: object) => void) => reply(null, {}),
      PreStartContainer: (_: unknown, reply: (error: null, value: object) => void) => reply(null, {}),
    })
    this.#server = server
    const endpoint = socketName(this.#offer.resource)
    rmSync(join(this.#folder, endpoint), { force: true })
    await new Promise<void>((resolve, reject) =>
      server.bindAsync(`unix://${join(this.#folder, endpoint)}`, ServerCredentials.createInsecure(), (error) => (error === null ? resolve() : reject(error))),
    )
    await this.#tell(endpoint)
  }

  stop(): void {
    this.#server?.forceShutdown()
    this.#server = undefined
  }

  async #tell(endpoint: string): Promise<void> {
    const client: Client = new proto.Registration(`unix://${join(this.#folder, 'kubelet.sock')}`, credentials.createInsecure())
    const register = proto.Registration.service['Register']
    if (register === undefined) throw new Error('the proto has no Register')
    try {
      await new Promise<void>((resolve, reject) =>
        client.makeUnaryRequest(
          register.path,
          register.requestSerialize,
          register.responseDeserialize,
          { version: 'v1beta1', endpoint, resource_name: this.#offer.resource },
          { deadline: Date.now() + 5_000 },
          (error) => (error === null ? resolve() : reject(error)),
        ),
      )
    } finally {
      client.close()
    }
  }

  #watchDevice(stream: ServerWritableStream<object, object>): void {
    let last: boolean | undefined
    const look = (): void => {
      const exists = existsSync(this.#offer.path)
      if (exists === last) return
      last = exists
      stream.write({ devices: deviceList(this.#offer, exists) })
    }
    look()
    const timer = setInterval(look, 1_000)
    stream.on('cancelled', () => clearInterval(timer))
    stream.on('close', () => clearInterval(timer))
  }
}

/**
 * Calls `appeared` whenever a new kubelet.sock is there. The kubelet forgets its plugins when it restarts, and tells nobody: its new socket is the only sign.
 * Returns what ends the watch.
 */
export function onKubelet(folder: string, appeared: () => void): () => void {
  mkdirSync(folder, { recursive: true })
  let seen: string | undefined
  const look = (): void => {
    let now: string | undefined
    try {
      const { ino, ctimeMs } = statSync(join(folder, 'kubelet.sock'))
      now = `${ino} ${ctimeMs}`
    } catch {
      now = undefined
    }
    if (now !== undefined && now !== seen) appeared()
    seen = now
  }
  const watcher = watch(folder, look)
  watcher.on('error', () => undefined)
  const timer = setInterval(look, 1_000) // Should the folder itself be made anew.
  look()
  return () => {
    watcher.close()
    clearInterval(timer)
  }
}
