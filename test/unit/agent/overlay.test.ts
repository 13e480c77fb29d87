import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../../containers/qemu-softgpu/agent/config.ts'
import { prepareDisk } from '../../../containers/qemu-softgpu/agent/overlay.ts'
import { silentLogger } from '../../../src/base/logger.ts'

describe('overlay on a file system', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-overlay-'))
    writeFileSync(join(folder, 'base'), 'disk')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const config = (images: string) => readConfig({ DISK: join(folder, 'base'), LOCO_IMAGES_DIR: images })

  it('a place where nothing can be made is a coded end', async () => {
    writeFileSync(join(folder, 'file'), '')
    await assert.rejects(prepareDisk(config(join(folder, 'file', 'images')), undefined, silentLogger), { code: 'LOCO-AGT-008' })
  })

  it('an overlay whose note is garbage is refused, not adopted', async () => {
    writeFileSync(join(folder, 'win98_instance_0.qcow2'), 'overlay')
    writeFileSync(join(folder, 'win98_instance_0.qcow2.json'), '{"schema":')
    await assert.rejects(prepareDisk(config(folder), undefined, silentLogger), { code: 'LOCO-AGT-007' })
  })
})
