import assert from 'node:assert/strict'
import { chmodSync, existsSync, lchownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MachineFolders } from '../../../src/cluster/node-folders.ts'
import { skipBecause } from '../../skip.ts'

describe('folders of this machine for the emulators', () => {
  const folders = new MachineFolders()
  let root: string
  before(function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'only root gives folders away')
  })
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'loco-folders-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const disk = (): { path: string; mode: number } => ({ path: join(root, 'shared', 'disks', '0'), mode: 0o700 })

  it('are made for the emulators alone, the ones above them for root', async () => {
    assert.deepEqual(await folders.wrong([disk()]), [disk()])
    await folders.make([disk()])
    const made = statSync(disk().path)
    assert.deepEqual([made.uid, made.gid, made.mode & 0o777], [10001, 10001, 0o700])
    const above = statSync(join(root, 'shared'))
    assert.deepEqual([above.uid, above.mode & 0o777], [0, 0o755])
    assert.deepEqual(await folders.wrong([disk()]), [])
  })

  it('made again, they keep what they hold and lose what is wrong', async () => {
    await folders.make([disk()])
    writeFileSync(join(disk().path, 'overlay'), 'what a guest wrote')
    chmodSync(disk().path, 0o777)
    assert.equal((await folders.wrong([disk()])).length, 1)
    await folders.make([disk()])
    assert.equal(statSync(disk().path).mode & 0o777, 0o700)
    assert.ok(existsSync(join(disk().path, 'overlay')))
  })

  it('somebody’s link is not followed, neither to give away nor to delete', async () => {
    mkdirSync(join(root, 'precious'))
    writeFileSync(join(root, 'precious', 'file'), '')
    symlinkSync(join(root, 'precious'), join(root, 'shared'))
    lchownSync(join(root, 'shared'), 1000, 1000)
    await assert.rejects(folders.make([disk()]), { code: 'LOCO-VOL-012', message: /is a link/ })
    await assert.rejects(folders.remove(join(root, 'shared', 'file')), { code: 'LOCO-VOL-012' })
    assert.equal(statSync(join(root, 'precious')).uid, 0)
    assert.ok(existsSync(join(root, 'precious', 'file')))
  })

  it('a file in the way is named', async () => {
    writeFileSync(join(root, 'shared'), '')
    await assert.rejects(folders.make([disk()]), { code: 'LOCO-VOL-012' })
  })

  it('go with all they hold, and twice is the same', async () => {
    await folders.make([disk()])
    writeFileSync(join(disk().path, 'overlay'), '')
    mkdirSync(join(root, 'of-a-person'))
    await folders.remove(disk().path)
    await folders.remove(disk().path)
    assert.ok(!existsSync(join(root, 'shared')), 'empty folders above it go, too')
    assert.ok(existsSync(join(root, 'of-a-person')))
  })
})
