import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { agentError, agentHealth } from '../../src/contracts/agent.ts'
import { versionOf, workshop } from '../guest/machine.ts'
import { skipBecause } from '../skip.ts'
import { AgentProcess, alive, otherAddress, Pod } from './agent-process.ts'

/** Echoes keys through the BIOS: `xor ah,ah; int 16h; mov ah,0eh; int 10h; jmp $-8`. Stands still until a key comes. */
const prompt = [0x30, 0xe4, 0xcd, 0x16, 0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xf6]
/** Waits for a key, then switches the machine off through ACPI: `xor ah,ah; int 16h; mov dx,604h; mov ax,2000h; out dx,ax`. */
const powerOff = [0x30, 0xe4, 0xcd, 0x16, 0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef]

function bootSector(code: number[]): Buffer {
  const disk = Buffer.alloc(64 * 512)
  Buffer.from(code).copy(disk)
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}

describe('agent with a real QEMU', function () {
  this.timeout(60_000)
  let shop: ReturnType<typeof workshop>
  let pod: Pod
  let agent: AgentProcess

  before(function () {
    for (const [program, option] of [
      ['qemu-system-x86_64', '--version'],
      ['qemu-img', '--version'],
      ['nasm', '-v'],
    ] as const) {
      if (versionOf(program, option) === undefined) skipBecause(this, `${program} is not installed`)
    }
    shop = workshop()
  })
  after(() => shop?.dispose())
  beforeEach(() => {
    pod = new Pod()
  })
  afterEach(async () => {
    await agent?.stop()
    pod.dispose()
  })

  const withDemo = async (env: NodeJS.ProcessEnv = {}): Promise<AgentProcess> => {
    if (!existsSync(pod.builtin)) copyFileSync(shop.image, pod.builtin)
    agent = await AgentProcess.start(pod, env)
    return agent
  }
  const withSector = async (code: number[], env: NodeJS.ProcessEnv = {}): Promise<AgentProcess> => {
    writeFileSync(join(pod.images, 'win98.qcow2'), bootSector(code))
    agent = await AgentProcess.start(pod, env)
    return agent
  }

  it('comes up, tells its health by the contract, shows its screen and types', async () => {
    await withDemo()
    await agent.untilReady()
    assert.equal((await agent.fetch('/startup')).status, 200)
    const health = await agent.untilHealth('healthy', ({ guest }) => guest.verdict === 'healthy')
    assert.deepEqual([health.guest.stage, health.instance.id, health.disk.source, health.overall_status], ['P2', 'instance-3', 'builtin', 'healthy'])
    assert.match(await (await agent.fetch('/metrics')).text(), /loco_instance_stage\{instance="instance-3",stage="P2"\} 1\n/)
    const before = await agent.untilStrip('the strip', ({ ordinal }) => ordinal === 3)
    assert.deepEqual(await (await agent.post('/input/keys', { text: 'Hi!' })).json(), { typed: 3 })
    await agent.untilStrip('5 more keys (two with shift)', ({ keyPresses }) => keyPresses === before.keyPresses + 5)
  })

  it('black is degraded, blue is unhealthy with 503, and both pass', async () => {
    await withDemo()
    await agent.untilHealth('healthy', ({ guest, picture }) => guest.verdict === 'healthy' && picture.width === 1024)
    await agent.keys('f9')
    await agent.untilHealth('black', ({ guest, picture }) => guest.code === 'LOCO-GST-006' && guest.verdict === 'degraded' && picture.uniform === true)
    await agent.keys('f9')
    await agent.untilHealth('the picture is back', ({ guest }) => guest.verdict === 'healthy')
    await agent.keys('f10')
    await agent.untilHealth('blue', ({ guest }) => guest.code === 'LOCO-GST-008' && guest.verdict === 'unhealthy')
    assert.equal((await agent.fetch('/health')).status, 503)
    assert.equal((await agent.fetch('/ready')).status, 503)
    await agent.keys('f9')
    await agent.untilHealth('healthy again', ({ guest }) => guest.verdict === 'healthy')
    await agent.keys('shift+f10')
    await agent.untilHealth('blue with text', ({ guest }) => guest.code === 'LOCO-GST-008' && guest.verdict === 'degraded')
  })

  it('a hang is found and named, and a reset heals it', async () => {
    await withDemo({ LOCO_FROZEN_AFTER: '2' })
    await agent.untilHealth('healthy', ({ guest, picture }) => guest.verdict === 'healthy' && picture.width === 1024)
    await agent.keys('f11')
    await agent.untilHealth('frozen', ({ guest }) => guest.code === 'LOCO-GST-009' && guest.verdict === 'unhealthy')
    assert.deepEqual(await (await agent.post('/reset', {})).json(), { reset: true })
    // SeaBIOS that finds a halted machine resets it once or twice more by itself, and these count as well.
    await agent.untilHealth('healthy again', ({ guest, qemu }) => guest.verdict === 'healthy' && qemu.resets >= 1)
  })

  it('a BIOS prompt stands still and is not called hung', async () => {
    await withSector(prompt, { LOCO_FROZEN_AFTER: '1' })
    await agent.untilReady()
    const asked = (): Promise<unknown> => agent.untilLine('asked by a key', ({ message }) => message === 'The guest stood still and was asked by a key.')
    const keepWatching = setInterval(() => void agent.health().catch(() => {}), 200)
    try {
      assert.equal(((await asked()) as { answered: boolean }).answered, true)
    } finally {
      clearInterval(keepWatching)
    }
    const { guest } = await agent.health()
    assert.deepEqual([guest.verdict, guest.sentence], ['healthy', 'The machine shows a still picture and answers.'])
  })

  it('a guest that switches off is stopped, QEMU stays, and a reset starts it again', async () => {
    await withSector(powerOff)
    await agent.untilReady()
    // A key that comes before the BIOS has set up the keyboard is lost: press until it is taken.
    const pressing = setInterval(() => void agent.keys('spc').catch(() => {}), 500)
    const off = await agent.untilHealth('stopped', ({ guest }) => guest.verdict === 'stopped').finally(() => clearInterval(pressing))
    assert.deepEqual([off.qemu.status, off.guest.code], ['shutdown', null])
    assert.equal((await agent.fetch('/health')).status, 200)
    assert.equal((await agent.post('/reset', {})).status, 200)
    await agent.untilHealth('running again', ({ guest, qemu }) => guest.verdict === 'healthy' && qemu.status === 'running')
  })

  it('events: the state at once, then each change', async () => {
    await withDemo()
    await agent.untilHealth('healthy', ({ guest, picture }) => guest.verdict === 'healthy' && picture.width === 1024)
    const response = await agent.fetch('/events')
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    const seen: string[] = []
    const reading = (async () => {
      for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
        for (const line of Buffer.from(piece).toString().split('\n')) {
          if (line.startsWith('data: ')) seen.push(v.parse(agentHealth, JSON.parse(line.slice(6))).guest.verdict)
        }
        if (seen.length >= 2) return
      }
    })()
    await agent.keys('f9')
    await reading
    assert.deepEqual(seen, ['healthy', 'degraded'])
  })

  it('SIGTERM ends it with 0 and leaves no QEMU; what the guest wrote is there after a restart', async () => {
    await withDemo()
    const first = await agent.untilStrip('something saved', ({ savedSeconds }) => savedSeconds > 0)
    const { performance } = await agent.health()
    assert.ok(alive(performance.qemu_pid))
    assert.deepEqual(await agent.stop(), { code: 0, signal: null })
    assert.equal(alive(performance.qemu_pid), false)
    assert.deepEqual(readdirSync(pod.images), ['win98_instance_3.qcow2', 'win98_instance_3.qcow2.json'])
    await withDemo()
    const second = await agent.untilStrip('the strip', () => true)
    assert.equal(second.boots, first.boots + 1)
  })

  it('a changed base is refused with the choice; fresh keeps the old overlay aside', async () => {
    await withDemo()
    await agent.untilHealth('the checksum', ({ disk }) => disk.baseSha256 !== null)
    await agent.stop()
    writeFileSync(pod.builtin, Buffer.concat([readFileSync(shop.image), Buffer.alloc(512)]))
    await withDemo()
    assert.deepEqual(await agent.ended, { code: 61, signal: null })
    assert.equal(agent.lines.at(-1)?.['code'], 'LOCO-AGT-007')
    assert.match(readFileSync(pod.terminationLog, 'utf8'), /^LOCO-AGT-007: .*\n- Keep what the guest wrote/)
    await withDemo({ LOCO_BASE_CHANGED: 'fresh' })
    await agent.untilReady()
    assert.ok(readdirSync(pod.images).some((name) => name.endsWith('.old')))
  })

  it('without a disk there is one clear end', async () => {
    agent = await AgentProcess.start(pod)
    assert.deepEqual(await agent.ended, { code: 65, signal: null })
    assert.equal(agent.lines.at(-1)?.['code'], 'LOCO-AGT-006')
  })

  it('a second QEMU on the same disk is refused and named', async () => {
    const first = await withDemo()
    await first.untilReady()
    const otherRun = new Pod()
    try {
      const second = await AgentProcess.start(otherRun, { LOCO_IMAGES_DIR: pod.images, LOCO_BUILTIN_DISK: pod.builtin })
      assert.deepEqual(await second.ended, { code: 61, signal: null })
      assert.equal(second.lines.at(-1)?.['code'], 'LOCO-AGT-009')
    } finally {
      otherRun.dispose()
    }
  })

  it('when QEMU dies the agent ends too, coded', async () => {
    await withDemo()
    await agent.untilReady()
    process.kill(Number((await agent.health()).performance.qemu_pid), 'SIGKILL')
    assert.deepEqual(await agent.ended, { code: 50, signal: null })
    assert.equal(agent.lines.at(-1)?.['code'], 'LOCO-AGT-003')
  })

  it('a QEMU that hangs is unhealthy, and well again when it goes on', async () => {
    await withDemo()
    await agent.untilReady()
    const pid = Number((await agent.health()).performance.qemu_pid)
    process.kill(pid, 'SIGSTOP')
    try {
      await agent.untilHealth('silent', ({ guest, qemu }) => guest.code === 'LOCO-GST-001' && qemu.status === null)
      assert.equal((await agent.fetch('/screen.png')).status, 503)
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await agent.untilHealth('well again', ({ guest }) => guest.verdict === 'healthy')
  })

  it('over the network it lets read and nothing else', async function () {
    const host = otherAddress()
    if (host === undefined) return skipBecause(this, 'this machine has no address but its loopback')
    await withDemo()
    await agent.untilReady()
    for (const path of ['/', '/health', '/ready', '/startup', '/metrics']) assert.equal((await agent.fetch(path, { host })).status, 200, path)
    for (const answer of [
      await agent.post('/input/keys', { text: 'x' }, host),
      await agent.post('/reset', {}, host),
      await agent.fetch('/screen.png', { host }),
    ]) {
      assert.equal(answer.status, 403)
      assert.equal(v.parse(agentError, await answer.json()).code, 'LOCO-AGT-010')
      assert.equal(answer.headers.get('access-control-allow-origin'), null)
    }
  })

  it('bad requests get coded answers and harm nobody', async () => {
    await withDemo()
    await agent.untilReady()
    const cases: [string, unknown, number, string][] = [
      ['/input/keys', 'no json', 400, 'LOCO-AGT-013'],
      ['/input/keys', {}, 400, 'LOCO-AGT-013'],
      ['/input/keys', { text: 'a', keys: ['b'] }, 400, 'LOCO-AGT-013'],
      ['/input/keys', { text: 'x'.repeat(1025) }, 400, 'LOCO-AGT-013'],
      ['/input/keys', { text: 'x'.repeat(100_000) }, 400, 'LOCO-AGT-013'],
      ['/input/keys', { text: 'é' }, 400, 'LOCO-AGT-014'],
      ['/input/keys', { keys: ['ctrl+nothing'] }, 400, 'LOCO-AGT-014'],
      ['/nope', {}, 404, 'LOCO-AGT-011'],
      ['/health', {}, 405, 'LOCO-AGT-012'],
    ]
    for (const [path, body, status, code] of cases) {
      const answer = await agent.post(path, body)
      assert.deepEqual([path, answer.status, v.parse(agentError, await answer.json()).code], [path, status, code])
    }
    for (const bytes of ['\r\n\r\n\0garbage\r\n\r\n', 'GET /health HTTP/9.9\r\n\r\n', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`]) {
      const socket = createConnection(agent.port, '127.0.0.1')
      socket.end(bytes)
      assert.match(await text(socket), /^HTTP\/1\.1 4\d\d /)
    }
    assert.equal((await agent.fetch('/health')).status, 200)
  })
})
