import assert from 'node:assert/strict'
import { loco, mustLoco } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { difference, listing } from '../sandbox/listing.ts'

describe('loco sandbox up and down, killed at any moment', function () {
  this.timeout(5 * 60_000)

  before(async function () {
    if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
    const { documents } = await loco(['sandbox', 'status', '--output', 'json'])
    if (documents[0]?.['state'] !== 'down') skipBecause(this, 'a sandbox is running')
  })

  it('the next up heals, the next down leaves nothing', async () => {
    const untouched = listing()
    // Up takes about six seconds here, down about three.
    for (const [verb, longest] of [
      ['up', 5_000],
      ['down', 2_500],
      ['up', 5_000],
    ] as const) {
      if (verb === 'down') await mustLoco(['sandbox', 'up', '--output', 'json'])
      const killAfter = 300 + Math.random() * longest
      await loco(['sandbox', verb, '--output', 'json'], { killAfter })
      const healed = await loco(['sandbox', 'up', '--output', 'json'])
      assert.equal(healed.exit, 0, `${verb} killed after ${Math.round(killAfter)} ms: ${healed.stderr}`)
      assert.equal(healed.documents[0]?.['state'], 'up')
      await mustLoco(['sandbox', 'down', '--output', 'json'])
      assert.deepEqual(difference(untouched, listing()), [], `${verb} killed after ${Math.round(killAfter)} ms`)
    }
  })

  after(async () => {
    if (process.env['LOCO_TEST_MAY_HURT']) await loco(['sandbox', 'down', '--output', 'json'])
  })
})
