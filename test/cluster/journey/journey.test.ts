import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { emulatorName } from '../../../src/contracts/names.ts'
import { helmBinary } from '../../chart/real-helm.ts'
import type { Ended } from '../../loco.ts'
import { skipBecause } from '../../skip.ts'
import { copyOfProduct, ProofFleet } from './fleet.ts'

/** Everything that a person does with a fleet, in the order of its life; each step stands on the one before. */
describe('a fleet, from nothing to nothing', function () {
  this.timeout(10 * 60_000)
  this.bail(true)
  const fleet = new ProofFleet('loco-proof')
  // A test that finds somebody unwell waits as long as it may; here it is known.
  const bootstrap = ['bootstrap', '--replicas', '3', '--timeout', '3m', '--set', 'helmTest.timeoutSeconds=15']
  const one = ['bootstrap', '--replicas', '1', '--timeout', '3m']

  const helmTest = async (): Promise<{ code: number | null; stdout: string }> => {
    const args = ['test', 'loco', '--namespace', fleet.namespace, '--kube-context', 'loco-sandbox', '--timeout', '2m', '--logs']
    const child = spawn(helmBinary() ?? 'helm', args, {
      env: { ...process.env, KUBECONFIG: process.env['LOCO_TEST_KUBECONFIG'] },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    return { code, stdout }
  }

  before(async function () {
    if (!process.env['LOCO_TEST_KUBECONFIG']) skipBecause(this, 'no sandbox: LOCO_TEST_KUBECONFIG is not set')
    await fleet.operate(['destroy', '--delete-data', '--yes'])
  })
  after(async () => {
    if (process.env['LOCO_TEST_KUBECONFIG']) await fleet.operate(['destroy', '--delete-data', '--yes'])
    fleet.dispose()
  })

  it('a plan changes nothing', async () => {
    const { report, outcomes } = await fleet.operate([...bootstrap, '--plan'])
    assert.equal(report.exit, 0)
    assert.equal(outcomes.size, 0)
    assert.ok(await fleet.isGone())
  })

  it('Bootstrap ends with three healthy emulators', async () => {
    const { report, exit } = await fleet.operate(bootstrap)
    assert.equal(exit, 0, JSON.stringify(report.findings))
    const { emulators, freshness } = await fleet.status()
    assert.equal(freshness.state, 'live')
    assert.deepEqual(
      emulators.map(({ id, verdict, stage }) => [id, verdict, stage]),
      [0, 1, 2].map((n) => [`instance-${n}`, 'healthy', 'P2']),
    )
  })

  it('helm test asks them over the network of the pods, tells of each, and leaves nothing', async () => {
    const { code, stdout } = await helmTest()
    assert.equal(code, 0, stdout)
    for (const ordinal of [0, 1, 2]) assert.match(stdout, new RegExp(`^well {2}instance-${ordinal} {2}200 healthy: `, 'm'))
    assert.equal((await fleet.pods()).size, 3)
  })

  for (const ordinal of [0, 1, 2]) {
    it(`instance-${ordinal} shows its own number and a moving picture`, async () => {
      const first = await fleet.strip(ordinal)
      assert.equal(first.ordinal, ordinal)
      await fleet.strip(ordinal, ({ frame }) => frame > first.frame)
    })
  }

  it('a typed key appears in the pixels of the guest', async () => {
    const before = await fleet.strip(1)
    const { exit } = await fleet.run(['screen', 'keys', 'instance-1', 'hello'])
    assert.equal(exit, 0)
    const after = await fleet.strip(1, ({ keyPresses }) => keyPresses >= before.keyPresses + 5)
    assert.equal(after.lastScancode & 0x7f, 0x18) // the key "o"
    assert.equal((await fleet.strip(0)).keyPresses, 0, 'the key went to another machine')
  })

  it('a second Bootstrap finds everything true and restarts nothing', async () => {
    const before = await fleet.pods()
    const { exit, outcomes } = await fleet.operate(bootstrap)
    assert.equal(exit, 0)
    for (const step of ['namespace', 'build', 'transfer', 'install', 'renew']) assert.equal(outcomes.get(step), 'already', step)
    assert.deepEqual(await fleet.pods(), before)
  })

  it('a Service deleted behind its back is restored', async () => {
    const { core } = await fleet.client()
    await core.deleteNamespacedService({ name: emulatorName('loco'), namespace: fleet.namespace })
    const { exit, outcomes } = await fleet.operate(bootstrap)
    assert.equal(exit, 0)
    assert.equal(outcomes.get('install'), 'done')
    await core.readNamespacedService({ name: emulatorName('loco'), namespace: fleet.namespace })
  })

  it('the counter on the disk survives the deletion of the pod', async () => {
    const before = await fleet.strip(2, ({ savedSeconds }) => savedSeconds > 3)
    await fleet.deletePod(2)
    await fleet.until(2, ({ verdict }) => verdict === 'healthy', 90_000)
    const after = await fleet.strip(2, ({ boots }) => boots > before.boots)
    assert.ok(after.savedSeconds >= before.savedSeconds, `${after.savedSeconds} after ${before.savedSeconds}`)
  })

  it('a black screen is not healthy, and is again when the picture comes back', async () => {
    await fleet.run(['screen', 'keys', 'instance-0', '--chord', 'f9'])
    const black = await fleet.until(0, ({ verdict }) => verdict !== 'healthy', 60_000)
    assert.match(black.sentence, /black|one colour|dark|empty/i)
    assert.notEqual(black.findings[0]?.code, undefined)
    await fleet.run(['screen', 'keys', 'instance-0', '--chord', 'f9'])
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 60_000)
  })

  it('a frozen machine is unhealthy, with the sentence that says so', async () => {
    await fleet.run(['screen', 'keys', 'instance-2', '--chord', 'f11'])
    const frozen = await fleet.until(2, ({ verdict }) => verdict === 'unhealthy', 180_000)
    assert.match(frozen.sentence, /frozen/)
    const { code, stdout } = await helmTest()
    assert.notEqual(code, 0)
    assert.match(stdout, /^NOT WELL {2}instance-2 {2}503 unhealthy: .*frozen/m)
    assert.match(stdout, /^well {2}instance-1 {2}200 healthy/m)
    await fleet.deletePod(2)
    await fleet.until(2, ({ verdict }) => verdict === 'healthy', 90_000)
  })

  it('Rebuild after a change of the agent restarts exactly the pods that are not on it', async () => {
    const copy = copyOfProduct()
    try {
      appendFileSync(join(copy.folder, 'dist', 'agent.cjs'), `\n// changed ${Date.now()}\n`)
      const before = await fleet.pods()
      // A Bootstrap brings the new template; emulators that work are left alone, a pod that goes comes back on the new image.
      assert.equal((await fleet.operate(bootstrap, { cli: copy.cli })).exit, 0)
      assert.deepEqual(await fleet.pods(), before)
      await fleet.deletePod(1)
      await fleet.until(1, ({ verdict }) => verdict === 'healthy', 90_000)
      const middle = await fleet.pods()
      const { exit, report } = await fleet.operate(['rebuild', 'emulator', '--timeout', '3m'], { cli: copy.cli })
      assert.equal(exit, 0, JSON.stringify(report.findings))
      const after = await fleet.pods()
      assert.equal(after.get(1), middle.get(1), 'instance-1 was on the new image already')
      for (const ordinal of [0, 2]) assert.notEqual(after.get(ordinal), before.get(ordinal), `instance-${ordinal} still stands on the earlier image`)
      const again = await fleet.operate(['rebuild', 'emulator'], { cli: copy.cli })
      assert.equal(again.exit, 0)
      assert.deepEqual(await fleet.pods(), after)
    } finally {
      copy.dispose()
    }
  })

  it('a second operation at the same time is refused; the first can be cancelled from elsewhere', async () => {
    let second: Promise<Ended> | undefined
    const first = await fleet.operate(bootstrap, {
      onDocument: (event) => {
        if (event['kind'] !== 'step-end' || event['step'] !== 'hold') return
        second = fleet.run(bootstrap).then(async (refused) => {
          await fleet.run(['operations', 'cancel', String(event['op'])])
          return refused
        })
      },
    })
    const refused = await second
    assert.equal(refused?.exit, 41)
    assert.equal(refused?.documents.at(-1)?.['code'], 'LOCO-OPS-001')
    // It was cancelled from outside, unless it had ended before.
    assert.ok([0, 130].includes(first.exit), String(first.exit))
  })

  it('Ctrl-C stops at a safe point, says what stands and ends with 130', async () => {
    const { exit, report } = await fleet.operate(bootstrap, {
      onDocument: (event, end) => {
        if (event['kind'] === 'step-start' && event['step'] === 'checks') end('SIGINT')
      },
    })
    assert.equal(exit, 130)
    assert.equal(report.outcome, 'cancelled')
  })

  it('a Bootstrap that was killed is gone on with by the next one', async () => {
    for (const step of ['namespace', 'install']) {
      await fleet.operate(['destroy', '--delete-data', '--yes'])
      const killed = await fleet.run(one, {
        onDocument: (event, end) => {
          if (event['kind'] === 'step-start' && event['step'] === step) end('SIGKILL')
        },
      })
      assert.notEqual(killed.exit, 0)
      const { exit, report } = await fleet.operate(one)
      assert.equal(exit, 0, `killed at ${step}: ${JSON.stringify(report.findings)}`)
    }
  })

  it('so is one that was killed at any moment', async () => {
    // A Bootstrap of one emulator with its image there takes about eight seconds.
    for (const killAfter of [Math.random() * 4_000, 4_000 + Math.random() * 4_000]) {
      await fleet.operate(['destroy', '--delete-data', '--yes'])
      await fleet.run(one, { killAfter })
      const { exit, report } = await fleet.operate(one)
      assert.equal(exit, 0, `killed after ${Math.round(killAfter)} ms: ${JSON.stringify(report.findings)}`)
    }
  })

  it('a wrong tag is named with its cause, not waited for, and the run does not end with 0', async () => {
    // The time-out of this Bootstrap is longer than that of this test: whoever waits for it fails.
    const { exit, report } = await fleet.operate([
      ...['bootstrap', '--replicas', '1', '--timeout', '1h'],
      '--rebuild-emulators',
      '--set',
      'emulator.tag=no-such-tag',
      '--set',
      'emulator.imagePullPolicy=Never',
    ])
    assert.notEqual(exit, 0)
    assert.ok(
      report.findings.some(({ code }) => code === 'LOCO-IMG-010'),
      JSON.stringify(report.findings),
    )
    assert.equal((await fleet.operate(one)).exit, 0, 'a right Bootstrap heals it')
  })

  it('Destroy keeps the disks, and says so', async () => {
    const { exit, report } = await fleet.operate(['destroy', '--yes'])
    assert.equal(exit, 0)
    assert.ok(
      report.kept.some((line) => line.startsWith('claim')),
      JSON.stringify(report),
    )
    assert.equal((await fleet.operate(one)).exit, 0)
    assert.ok((await fleet.strip(0)).boots > 1, 'the disk was not kept')
  })

  it('Destroy leaves what is a person’s own, and says so', async () => {
    const { core } = await fleet.client()
    await core.createNamespacedConfigMap({ namespace: fleet.namespace, body: { metadata: { name: 'of-a-person' } } })
    const { exit, report } = await fleet.operate(['destroy', '--delete-data', '--yes'])
    assert.equal(exit, 0)
    assert.match(report.kept.join(), /ConfigMap\/of-a-person/)
    await core.deleteNamespacedConfigMap({ namespace: fleet.namespace, name: 'of-a-person' })
  })

  it('Destroy with the data leaves nothing, and twice is the same', async () => {
    const first = await fleet.operate(['destroy', '--delete-data', '--yes'])
    assert.equal(first.exit, 0, JSON.stringify(first.report.findings))
    assert.deepEqual(first.report.gone, ['the namespace'])
    assert.ok(await fleet.isGone())
    const second = await fleet.operate(['destroy', '--delete-data', '--yes'])
    assert.deepEqual([second.exit, second.report.gone, second.report.kept], [0, [], []])
  })

  it('with ephemeral storage the counter starts again, and nothing claims otherwise', async () => {
    assert.equal((await fleet.operate(['bootstrap', '--replicas', '1', '--storage', 'ephemeral', '--timeout', '3m'])).exit, 0)
    await fleet.strip(0, ({ savedSeconds }) => savedSeconds > 1)
    assert.equal((await (await fleet.agent(0)).health()).disk.persistent, false)
    await fleet.deletePod(0)
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 90_000)
    assert.equal((await fleet.strip(0)).boots, 1)
    assert.equal((await fleet.operate(['destroy', '--delete-data', '--yes'])).exit, 0)
  })

  it('the node switched off and on: the fleet comes back by itself, with its disks', async function () {
    if (!process.env['LOCO_TEST_MAY_HURT']) skipBecause(this, 'a sandbox was running before the tests')
    assert.equal((await fleet.operate(['bootstrap', '--replicas', '1', '--timeout', '3m'])).exit, 0)
    const before = await fleet.strip(0, ({ savedSeconds }) => savedSeconds > 3)
    assert.equal((await fleet.run(['sandbox', 'down'])).exit, 0)
    assert.equal((await fleet.run(['sandbox', 'up'])).exit, 0)
    fleet.reconnect()
    await fleet.until(0, ({ verdict }) => verdict === 'healthy', 120_000)
    const after = await fleet.strip(0, ({ boots }) => boots > before.boots)
    assert.ok(after.savedSeconds >= before.savedSeconds)
  })
})
