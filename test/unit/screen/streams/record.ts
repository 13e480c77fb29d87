// Records what a real QEMU sends in each encoding, for the tests beside it: node test/unit/screen/streams/record.ts
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Emitter } from '../../../../src/base/emitter.ts'
import { ScreenSession } from '../../../../src/screen/session.ts'
import { FakeViewer, keyMessage } from '../../../fakes/fake-viewer.ts'
import { buildGuest } from '../../../guest/machine.ts'

/** The encoding that the machine is asked for first. The demo guest has colours and moves; the text of the BIOS is small where packing is poor. */
const recordings: Record<string, { first: number; guest: 'demo' | 'bios'; lossy?: boolean }> = {
  raw: { first: 0, guest: 'bios' },
  hextile: { first: 5, guest: 'bios' },
  zlib: { first: 6, guest: 'bios' },
  tight: { first: 7, guest: 'demo' },
  'tight-jpeg': { first: 7, guest: 'demo', lossy: true },
  'tight-png': { first: -260, guest: 'bios' },
  zrle: { first: 16, guest: 'demo' },
}
/** Bytes that are kept of one recording. */
const most = 150_000
const always = [0, -26, -254, -223, -224, -258, -261, -308, -307, -239]

const folder = mkdtempSync(join(tmpdir(), 'loco-record-'))
buildGuest(join(folder, 'demo.img'))
for (const [name, { first, guest, lossy }] of Object.entries(recordings)) {
  const socket = join(folder, `${name}.sock`)
  const vnc = `unix:${socket}${lossy ? ',lossy=on' : ''}`
  const drive = guest === 'demo' ? ['-snapshot', '-drive', `if=ide,format=raw,file=${join(folder, 'demo.img')}`] : []
  const machine = ['-nodefaults', '-M', 'pc', '-accel', 'tcg', '-m', '32', '-vga', 'std', '-display', 'none', ...drive, '-vnc', vnc]
  const qemu = spawn('qemu-system-x86_64', machine, { stdio: 'inherit' })
  await new Promise((resolve) => setTimeout(resolve, 2500))
  const recorded: Buffer[] = []
  const session = new ScreenSession({
    source: { pod: 'recorded', reason: undefined, changes: new Emitter<void>().event },
    connect: async () => {
      const stream = createConnection(socket)
      await once(stream, 'connect')
      stream.on('data', (piece: Buffer) => recorded.push(piece))
      return stream
    },
  })
  const viewer = new FakeViewer(session, { encodings: [first, ...always] })
  session.setDriver(true)
  session.setPace('focused')
  for (let n = 0; n < 3; n++) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    // Lines that move the text of the BIOS.
    for (const down of [true, false]) viewer.send(keyMessage(down, 0xff0d, 0x1c))
  }
  session.dispose()
  qemu.kill()
  await once(qemu, 'close')
  // The greeting is not part of it: 12 + 2 + 4 bytes and ServerInit with the name.
  const all = Buffer.concat(recorded)
  const init = 18
  const messages = all.subarray(init + 24 + all.readUInt32BE(init + 20))
  writeFileSync(join(import.meta.dirname, `${name}.bin.gz`), gzipSync(name === 'raw' ? messages : messages.subarray(0, most), { level: 9 }))
  process.stdout.write(`${name}: ${messages.length} bytes, ${viewer.reader?.updates} updates, ${viewer.fault ?? 'understood by noVNC'}\n`)
}
rmSync(folder, { recursive: true })
