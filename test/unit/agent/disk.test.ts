import assert from 'node:assert/strict'
import {
  type Base,
  type BaseChoice,
  chooseBase,
  decideOverlay,
  formatOf,
  isBaseChoice,
  mayBeginAnew,
  type OverlayNote,
} from '../../../containers/qemu-softgpu/agent/disk.ts'

const looked = { disk: '/images/win98.qcow2', builtinDisk: '/opt/builtin-images/win98.qcow2.builtin' }
const claim = { path: looked.disk, size: 10, mtime: 1 }
const builtin = { path: looked.builtinDisk, size: 20, mtime: 2 }

describe('disk choice', () => {
  it('the claim wins', () => assert.equal(chooseBase({ claim, shared: undefined, builtin }, looked).source, 'claim'))
  it('else the one in the image', () => assert.equal(chooseBase({ claim: undefined, shared: undefined, builtin }, looked).source, 'builtin'))
  it('else one clear end', () => assert.throws(() => chooseBase({ claim: undefined, shared: undefined, builtin: undefined }, looked), { code: 'LOCO-AGT-006' }))
})

describe('overlay', () => {
  const base: Base = { ...claim, source: 'claim' }
  const note = (changes: Partial<OverlayNote['base']> = {}): OverlayNote => ({
    schema: 'loco.overlay/1',
    base: { path: base.path, size: 10, mtime: 1, format: 'qcow2', sha256: 'aa', ...changes },
    madeAt: '2026-01-01T00:00:00.000Z',
    version: 'x',
  })
  const cases: [string, boolean, OverlayNote | undefined, string | undefined, string][] = [
    ['none yet', false, undefined, undefined, 'create'],
    ['none, but a note of one that never was finished', false, note(), undefined, 'create'],
    ['same base', true, note(), undefined, 'use'],
    ['same base, checksum not computed yet', true, note({ sha256: null }), undefined, 'use'],
    ['same checksum in the image, other date', true, note({ mtime: 99 }), 'aa', 'use'],
    ['other checksum in the image', true, note(), 'bb', 'changed'],
    ['other size', true, note({ size: 11 }), undefined, 'changed'],
    ['other date: the bytes decide', true, note({ mtime: 99 }), undefined, 'compare'],
    ['other date, nothing to compare', true, note({ mtime: 99, sha256: null }), undefined, 'changed'],
    ['another file', true, note({ path: looked.builtinDisk }), undefined, 'changed'],
    ['no note', true, undefined, undefined, 'changed'],
  ]
  for (const [name, exists, has, sha256, act] of cases) it(`${name} → ${act}`, () => assert.equal(decideOverlay(exists, has, base, sha256).act, act))

  const sums = ['a', 'b'].map((letter) => letter.repeat(64))
  const choices: [BaseChoice, string | undefined, boolean][] = [
    ['refuse', sums[0], false],
    ['fresh', sums[0], true],
    ['fresh', undefined, true],
    [`fresh:${sums[0]}`, sums[0], true],
    [`fresh:${sums[0]}`, sums[1], false], // the base changed once more since the person chose
    [`fresh:${sums[0]}`, undefined, false],
  ]
  for (const [choice, sha256, may] of choices)
    it(`${choice.slice(0, 9)} over ${sha256?.slice(0, 3) ?? 'an unknown base'} → ${may}`, () => assert.equal(mayBeginAnew(choice, sha256), may))
  it('a choice is one of three forms', () => {
    for (const good of ['refuse', 'fresh', `fresh:${sums[0]}`]) assert.ok(isBaseChoice(good), good)
    for (const bad of ['', 'Fresh', 'fresh:', 'fresh:abc', `fresh:${sums[0]}x`]) assert.ok(!isBaseChoice(bad), bad)
  })

  it('formats by their first bytes', () => {
    assert.equal(formatOf(Buffer.from('QFI\xfb', 'latin1')), 'qcow2')
    assert.equal(formatOf(Buffer.from([0xeb, 0x3c, 0x90, 0])), 'raw')
    assert.equal(formatOf(Buffer.alloc(0)), 'raw')
  })
})
