import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { skipBecause } from '../../skip.ts'
import { copyOfProduct, ProofFleet } from './fleet.ts'

/** A new image whose disk is another one, under machines that wrote over the earlier disk: nothing is lost that was not named and agreed to. */
describe('Rebuild with another base disk', function () {
  this.timeout(4 * 60_000)
  let fleet: ProofFleet
  let copy: ReturnType<typeof copyOfProduct>

  before(async function () {
    if (process.env['LOCO_TEST_KUBECONFIG'] === undefined) skipBecause(this, 'no sandbox runs')
    fleet = new ProofFleet('loco-proof-base')
    copy = copyOfProduct()
    const { exit, report } = await fleet.operate(['bootstrap', '--replicas', '1', '--storage', 'persistent'])
    assert.equal(exit, 0, JSON.stringify(report.findings))
    const words = join(copy.folder, 'containers', 'qemu-softgpu', 'guest', 'panel.asm')
    const text = readFileSync(words, 'utf8')
    assert.match(text, /'Boots '/)
    // Other words each time, so that no earlier run has built it.
    writeFileSync(words, text.replace("'Boots '", `'${Date.now().toString(36).slice(-5)} '`))
  })
  after(async () => {
    copy?.dispose()
    if (fleet === undefined) return
    await fleet.run(['destroy', '--delete-data', '--yes'])
    fleet.dispose()
  })

  it('the plan says that it may be another one before it is built, and the run stops before a machine is touched', async () => {
    await fleet.strip(0, ({ saved, savedSeconds }) => saved && savedSeconds > 0)
    const before = await fleet.pods()
    const { exit, report, plan } = await fleet.operate(['rebuild', 'emulator'], { cli: copy.cli })
    assert.deepEqual(plan.baseDisk, { certain: false, emulators: ['instance-0'] })
    assert.deepEqual([exit, report.findings[0]?.code], [61, 'LOCO-OPS-026'])
    assert.deepEqual(await fleet.pods(), before)
  })

  it('once it is built the plan knows for sure; fresh names the loss and asks', async () => {
    const { plan } = await fleet.operate(['rebuild', 'emulator', '--plan'], { cli: copy.cli })
    assert.deepEqual(plan.baseDisk, { certain: true, emulators: ['instance-0'] })
    const refused = await fleet.run(['rebuild', 'emulator', '--base', 'fresh'], { cli: copy.cli })
    assert.equal(refused.documents.at(-1)?.['code'], 'LOCO-USE-004')
    assert.match(refused.stderr, /what the guest of instance-0 wrote/)
  })

  it('fresh: the machine begins anew over the new disk, and a next Rebuild has nothing to do', async () => {
    const { boots } = await fleet.strip(0)
    await fleet.deletePod(0)
    await fleet.strip(0, (strip) => strip.boots > boots)
    const { exit, report } = await fleet.operate(['rebuild', 'emulator', '--base', 'fresh', '--yes'], { cli: copy.cli })
    assert.equal(exit, 0, JSON.stringify(report.findings))
    await fleet.strip(0, (strip) => strip.boots === 1)
    const again = await fleet.operate(['rebuild', 'emulator'], { cli: copy.cli })
    assert.deepEqual([again.exit, again.outcomes.get('restart')], [0, 'already'])
  })

  it('the plan of a Bootstrap that makes the fleet smaller says whom it switches off', async () => {
    const { plan } = await fleet.operate(['bootstrap', '--replicas', '0', '--storage', 'persistent', '--plan'])
    assert.match(plan.warnings?.join() ?? '', /switched off: instance-0\. Their claims are kept/)
    const same = await fleet.operate(['bootstrap', '--replicas', '1', '--storage', 'persistent', '--plan'])
    assert.equal(same.plan.warnings, undefined)
  })

  it('the choice held for that disk alone: the way back is stopped again', async () => {
    const { exit, report } = await fleet.operate(['rebuild', 'emulator'])
    assert.deepEqual([exit, report.findings[0]?.code], [61, 'LOCO-OPS-026'])
  })
})
