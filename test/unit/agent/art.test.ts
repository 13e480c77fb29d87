import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArtPlaces, chooseArt, leaveChoice, readChoice, sharedSha256 } from '../../../containers/qemu-softgpu/agent/art.ts'
import { silentLogger } from '../../../src/base/logger.ts'

/* Folders that are read-only, full or somebody else's are tried on the real node (test/cluster/storage): root may write everywhere but there. */

describe('the folder that all emulators share', () => {
  let folder: string
  let places: ArtPlaces
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-art-'))
    const artDir = join(folder, 'art')
    places = { artDir, sharedDisk: join(artDir, 'win98.qcow2'), builtinDisk: join(folder, 'builtin'), runDir: folder }
    mkdirSync(artDir)
    writeFileSync(places.builtinDisk, 'the disk of the image')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const content = (): string => readFileSync(places.sharedDisk, 'utf8')

  it('gets the disk of the image, whole, with its checksum', async () => {
    assert.deepEqual(await chooseArt(places, silentLogger), { schema: 'loco.art/1', choice: 'shared', why: null })
    assert.equal(content(), 'the disk of the image')
    assert.match((await sharedSha256(places.sharedDisk)) ?? '', /^[0-9a-f]{64}$/)
    assert.deepEqual(readdirSync(places.artDir).sort(), ['win98.qcow2', 'win98.qcow2.json'])
  })

  it('a disk that is there stays, and has no checksum that is not its own', async () => {
    await chooseArt(places, silentLogger)
    writeFileSync(`${places.sharedDisk}.new`, 'a disk of a person')
    rmSync(places.sharedDisk)
    writeFileSync(places.sharedDisk, 'a disk of a person')
    assert.equal((await chooseArt(places, silentLogger)).choice, 'shared')
    assert.equal(content(), 'a disk of a person')
    assert.equal(await sharedSha256(places.sharedDisk), undefined)
  })

  it('many at once: one copies, all find the same', async () => {
    const choices = await Promise.all(Array.from({ length: 9 }, () => chooseArt(places, silentLogger)))
    assert.ok(choices.every(({ choice }) => choice === 'shared'))
    assert.equal(content(), 'the disk of the image')
    assert.deepEqual(readdirSync(places.artDir).sort(), ['win98.qcow2', 'win98.qcow2.json'])
  })

  it('a copy whose pod died half-way counts for nothing and blocks nobody', async () => {
    writeFileSync(`${places.sharedDisk}.making`, '')
    writeFileSync(`${places.sharedDisk}.1.part`, 'the di')
    utimesSync(`${places.sharedDisk}.making`, 0, 0)
    assert.equal((await chooseArt(places, silentLogger)).choice, 'shared')
    assert.equal(content(), 'the disk of the image')
    assert.deepEqual(readdirSync(places.artDir).sort(), ['win98.qcow2', 'win98.qcow2.json'])
  })

  const broken: [name: string, breakIt: () => void, why: string][] = [
    ['no folder', () => rmSync(places.artDir, { recursive: true }), 'missing'],
    [
      'a file where the folder was',
      () => {
        rmSync(places.artDir, { recursive: true })
        writeFileSync(places.artDir, '')
      },
      'missing',
    ],
    ['a folder where the disk should be', () => mkdirSync(places.sharedDisk), 'unusable'],
  ]
  for (const [name, breakIt, why] of broken) {
    it(`${name} → the disk in the image, because it is ${why}`, async () => {
      breakIt()
      assert.deepEqual(await chooseArt(places, silentLogger), { schema: 'loco.art/1', choice: 'builtin', why })
    })
  }

  it('the choice reaches the agent; where there is no such step there is none', async () => {
    assert.equal(await readChoice(folder), undefined)
    await leaveChoice(folder, { schema: 'loco.art/1', choice: 'builtin', why: 'full' })
    assert.deepEqual(await readChoice(folder), { schema: 'loco.art/1', choice: 'builtin', why: 'full' })
    writeFileSync(join(folder, 'art.json'), '{"schema":')
    assert.equal(await readChoice(folder), undefined)
  })
})
