import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { qemuArgs } from '../../containers/qemu-softgpu/agent/qemu-args.ts'
import { waitFor } from '../../src/base/wait.ts'
import { skipBecause } from '../skip.ts'
import { acceptsConnection, arpAnswer, arpRequest, type Host, tcpSyn } from './frames.ts'

const guest: Host = { mac: [0x52, 0x54, 0, 0x10, 0, 0], ip: [10, 0, 2, 15] }
/** Where user-mode networking puts the machine that QEMU runs on: in a pod, the pod's loopback with the agent and VNC on it. */
const gateway = [10, 0, 2, 2]

/** The network as the agent gives it to a machine. */
function netdevOfTheAgent(): string {
  const sockets = { control: '/c', probe: '/p' }
  const args = qemuArgs({ id: 'instance-0', ordinal: 0, memory: 32, cpu: 'pentium3', smp: 1, accel: ['tcg'], overlay: '/o', vncPort: 5901, sockets })
  return args[args.indexOf('-netdev') + 1] ?? ''
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Puts frames on the wire of a machine with this network, as its guest does, and says what came of knocking at a port of the host's loopback. */
async function knock(netdev: string): Promise<{ connected: boolean; accepted: boolean }> {
  let connected = false
  const loopback = createServer((socket) => {
    connected = true
    socket.destroy()
  })
  const wire = createServer()
  const [port, wirePort] = [await listen(loopback), await listen(wire)]
  const plugged = once(wire, 'connection') as Promise<[Socket]>
  const hub = [
    '-netdev',
    'hubport,id=a,hubid=0,netdev=net0',
    '-netdev',
    `socket,id=wire,connect=127.0.0.1:${wirePort}`,
    '-netdev',
    'hubport,id=b,hubid=0,netdev=wire',
  ]
  const machine = ['-nodefaults', '-machine', 'pc', '-accel', 'tcg', '-m', '16', '-display', 'none', '-netdev', netdev, ...hub]
  const qemu = spawn('qemu-system-x86_64', machine, { stdio: 'ignore' })
  try {
    const [socket] = await plugged
    const frames = new FrameReader(socket)
    const who = async (): Promise<Host> => {
      const seen = frames.received.length
      return waitFor(
        () => {
          // Asked again and again: a machine that has just been made may not listen yet.
          frames.send(arpRequest(guest, gateway))
          return frames.received
            .slice(seen)
            .map(arpAnswer)
            .find((host) => host !== undefined)
        },
        () => new Error('nobody answers for 10.0.2.2'),
        { timeout: 20_000, interval: 50 },
      )
    }
    const host = await who()
    frames.send(tcpSyn(guest, host, port))
    // Frames are taken in order: when the next question is accepted, the knock has been dealt with.
    await who()
    if (!netdev.includes('restrict=on')) {
      await waitFor(
        () => connected || undefined,
        () => new Error('the knock did not arrive'),
        { timeout: 20_000, interval: 20 },
      )
    }
    return { connected, accepted: frames.received.some(acceptsConnection) }
  } finally {
    qemu.kill('SIGKILL')
    await once(qemu, 'close')
    for (const server of [loopback, wire]) server.close()
  }
}

/** QEMU's stream of frames: four bytes of length, then the frame. */
class FrameReader {
  readonly received: Buffer[] = []
  readonly #socket: Socket
  #rest = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('data', (piece: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, piece])
      while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32BE(0)) {
        const end = 4 + this.#rest.readUInt32BE(0)
        this.received.push(this.#rest.subarray(4, end))
        this.#rest = this.#rest.subarray(end)
      }
    })
  }

  send(frame: Buffer): void {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(frame.length)
    this.#socket.write(Buffer.concat([length, frame]))
  }
}

describe('the network of a guest', () => {
  before(function () {
    if (spawnSync('qemu-system-x86_64', ['--version']).status !== 0) skipBecause(this, 'qemu-system-x86_64 is not installed')
  })

  it('the test knocks in a way that would be heard: without restrict=on it reaches the loopback', async () => {
    assert.deepEqual(await knock('user,id=net0'), { connected: true, accepted: true })
  })

  it('a guest does not reach the loopback of its pod, where the agent and VNC listen', async () => {
    assert.deepEqual(await knock(netdevOfTheAgent()), { connected: false, accepted: false })
  })
})
