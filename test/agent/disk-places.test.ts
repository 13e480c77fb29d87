import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArtChoice, chooseArt } from '../../containers/qemu-softgpu/agent/art.ts'
import { type Config, readConfig } from '../../containers/qemu-softgpu/agent/config.ts'
import { prepareDisk } from '../../containers/qemu-softgpu/agent/overlay.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { skipBecause } from '../skip.ts'

/** With the real qemu-img: what becomes of an overlay when its base moves between the shared folder and the image. */
describe('a base disk that comes and goes', () => {
  let folder: string
  let config: Config
  const gone: ArtChoice = { schema: 'loco.art/1', choice: 'builtin', why: 'denied' }

  before(function () {
    try {
      execFileSync('qemu-img', ['--version'])
    } catch {
      skipBecause(this, 'no qemu-img on this machine')
    }
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-places-'))
    for (const name of ['art', 'images', 'builtin']) mkdirSync(join(folder, name))
    config = readConfig({
      LOCO_ART_DIR: join(folder, 'art'),
      LOCO_IMAGES_DIR: join(folder, 'images'),
      LOCO_BUILTIN_DISK: join(folder, 'builtin', 'disk'),
      LOCO_RUN_DIR: folder,
    })
    bring('the disk of the first image')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** What the build of an image does: its disk, and the checksum beside it. */
  const bring = (text: string): void => {
    const disk = Buffer.alloc(65_536)
    disk.write(text)
    writeFileSync(config.builtinDisk, disk)
    writeFileSync(`${config.builtinDisk}.sha256`, `${createHash('sha256').update(disk).digest('hex')}  disk\n`)
  }
  const backingOf = (overlay: string): string =>
    (JSON.parse(execFileSync('qemu-img', ['info', '--output', 'json', overlay], { encoding: 'utf8' })) as { 'backing-filename': string })['backing-filename']
  const write = (overlay: string): void => void execFileSync('qemu-io', ['-f', 'qcow2', '-c', 'write -P 7 1024 512', overlay])
  const wrote = (overlay: string): boolean =>
    execFileSync('qemu-io', ['-r', '-f', 'qcow2', '-c', 'read -P 7 1024 512', overlay], { encoding: 'utf8' }).includes('read 512')

  it('the same content in both places: one overlay goes to and fro and keeps what was written', async () => {
    const shared = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    assert.deepEqual([shared.base.source, shared.standby, backingOf(shared.overlay)], ['shared', false, config.sharedDisk])
    write(shared.overlay)
    const builtin = await prepareDisk(config, gone, silentLogger)
    assert.deepEqual([builtin.base.source, builtin.standby, builtin.overlay], ['builtin', false, shared.overlay])
    assert.equal(backingOf(builtin.overlay), config.builtinDisk)
    assert.ok(wrote(builtin.overlay))
    const back = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    assert.equal(backingOf(back.overlay), config.sharedDisk)
    assert.ok(wrote(back.overlay))
  })

  it('without a shared folder, too (another strategy)', async () => {
    const shared = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    write(shared.overlay)
    const persistent = await prepareDisk(config, undefined, silentLogger)
    assert.equal(persistent.overlay, shared.overlay)
    assert.ok(wrote(persistent.overlay))
  })

  it('another disk in the folder: the emulator runs on a second overlay while the folder is away, and comes back to the first', async () => {
    writeFileSync(config.sharedDisk, Buffer.alloc(65_536, 'a disk of a person'))
    const first = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    write(first.overlay)
    const before = readFileSync(first.overlay)
    const second = await prepareDisk(config, gone, silentLogger)
    assert.deepEqual([second.base.source, second.standby], ['builtin', true])
    assert.notEqual(second.overlay, first.overlay)
    assert.deepEqual(readFileSync(first.overlay), before)
    const back = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    assert.deepEqual([back.overlay, back.standby], [first.overlay, false])
    assert.ok(wrote(back.overlay))
  })

  it('a new image with another disk: the folder keeps the old one, and the overlay stays good', async () => {
    const first = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    write(first.overlay)
    bring('the disk of the next image')
    const next = await prepareDisk(config, await chooseArt(config, silentLogger), silentLogger)
    assert.deepEqual([next.overlay, next.base.source], [first.overlay, 'shared'])
    // While the folder is away, nobody is kept from a start; where no folder is shared, the changed base is refused.
    assert.equal((await prepareDisk(config, gone, silentLogger)).standby, true)
    await assert.rejects(prepareDisk(config, undefined, silentLogger), { code: 'LOCO-AGT-007' })
  })
})
