import assert from 'node:assert/strict'
import { Emitter } from '../../../src/base/emitter.ts'
import { LocoError } from '../../../src/base/error.ts'
import type { Pod } from '../../../src/diagnosis/evidence.ts'
import { containersOf, lifeOf, usualContainer } from '../../../src/editor/actions/logs/container-life.ts'
import { failureLines, forEachOf, listOf } from '../../../src/editor/actions/outcomes.ts'
import { podOf } from '../../../src/editor/actions/pod-of.ts'
import { comeBack } from '../../../src/editor/actions/restart/come-back.ts'
import { diskOf, restartQuestion } from '../../../src/editor/actions/restart/question.ts'
import { containerIn, findingsIn, fleetIn, namesIn } from '../../../src/editor/actions/rows.ts'
import type { FleetSession } from '../../../src/editor/fleets.ts'
import type { FleetChange } from '../../../src/fleet/diff.ts'
import type { Emulator } from '../../../src/fleet/emulator.ts'
import { crashed, pod, running, waiting } from '../fleet/given.ts'
import { emulator, finding } from './given.ts'

const fleet = { context: 'kind', namespace: 'loco', release: 'loco' }
const ref = { fleet, emulator: 'instance-3' }

describe('arguments of the actions', () => {
  const row = { ref, container: 'emulator', name: 'emulator', finding: finding() }
  const other = { fleet, name: 'loco/loco' }

  it('rows are taken from the selection when there is one', () => {
    assert.deepEqual(namesIn([row]), ['emulator'])
    assert.deepEqual(namesIn([row, [row, other]]), ['emulator', 'loco/loco'])
    assert.deepEqual(findingsIn([row, [row, { ...row }, other]]), [finding()])
    assert.equal(containerIn([row, [other, row]]), 'emulator')
  })

  it('a fleet is that of the row or of what is below it', () => {
    assert.deepEqual(fleetIn([other]), fleet)
    assert.deepEqual(fleetIn([{ ref }]), fleet)
  })

  for (const args of [[], [undefined], ['text'], [7, 'x'], [{}], [{ name: 3, container: {}, finding: 'x', ref: null, fleet: {} }], [null, []]]) {
    it(`nonsense is nothing: ${JSON.stringify(args)}`, () => {
      assert.deepEqual([namesIn(args), findingsIn(args), containerIn(args), fleetIn(args)], [[], [], undefined, undefined])
    })
  }

  it('an emulator is its pod by name', () => assert.equal(podOf(ref), 'loco-loco-emulator-3'))
})

describe('what a log can be read of', () => {
  const of = (seen: Pod | undefined): [unknown, string] => {
    const { life, waiting: words } = lifeOf(seen, 'pod-0', 'emulator')
    return [life, words]
  }
  const two: Pod = { ...pod(), spec: { initContainers: [{ name: 'seed' }], containers: [{ name: 'sidecar' }, { name: 'emulator' }] } }

  const cases: [name: string, seen: Pod | undefined, life: unknown, words: RegExp][] = [
    ['no pod', undefined, undefined, /There is no pod pod-0/],
    ['a container that runs', running({ restarts: 2 }), { pod: 'pod-0', run: 2, state: 'running' }, /^$/],
    ['one that is being made', waiting('ContainerCreating'), undefined, /has not started yet: ContainerCreating\./],
    ['one whose image is missing', waiting('ErrImageNeverPull', 'not present'), undefined, /ErrImageNeverPull\. not present/],
    ['one between two runs', crashed(1, 4), { pod: 'pod-0', run: 4, state: 'ended' }, /code 1 and waits for its next start: CrashLoopBackOff\./],
    ['a pod without any status', { metadata: { uid: 'pod-0' } }, undefined, /has not started yet, so it has written nothing\./],
  ]
  for (const [name, seen, life, words] of cases) {
    it(name, () => {
      const [found, sentence] = of(seen)
      assert.deepEqual(found, life)
      assert.match(sentence, words)
    })
  }

  it('all containers, and the usual one', () => {
    assert.deepEqual(containersOf(two), ['seed', 'sidecar', 'emulator'])
    assert.equal(usualContainer(two), 'emulator')
    assert.equal(usualContainer({ spec: { containers: [{ name: 'other' }] } }), 'other')
    assert.equal(usualContainer(undefined), 'emulator')
  })
})

describe('results of several', () => {
  const why = (code: 'LOCO-ACT-002' | 'LOCO-ACT-004', what: string): LocoError => new LocoError(code, { what })

  it('each has one, whatever happens to the others', async () => {
    const outcomes = await forEachOf([1, 2, 3], String, async (item) => {
      if (item === 2) throw why('LOCO-ACT-004', 'No pod.')
    })
    assert.deepEqual(
      outcomes.map(({ name, error }) => [name, error?.code]),
      [
        ['1', undefined],
        ['2', 'LOCO-ACT-004'],
        ['3', undefined],
      ],
    )
  })

  it('those that fail for one reason are one line', () => {
    const denied = why('LOCO-ACT-002', 'Denied.')
    const lines = failureLines([
      { name: 'a', error: denied },
      { name: 'b', error: why('LOCO-ACT-004', 'No pod.') },
      { name: 'c', error: denied },
      { name: 'd', error: undefined },
    ])
    assert.deepEqual(lines, ['a, c: Denied. (LOCO-ACT-002)', 'b: No pod. (LOCO-ACT-004)'])
  })

  it('a long list says how many more there are', () => {
    const names = Array.from({ length: 12 }, (_, index) => `instance-${index}`)
    assert.equal(listOf(names.slice(0, 2)), 'instance-0, instance-1')
    assert.match(listOf(names), /instance-7 and 4 more$/)
  })
})

describe('restart', () => {
  const onClaim: Pod = { spec: { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk-0' } }] } }
  const inPod: Pod = { spec: { volumes: [{ name: 'disk' }] } }

  it('knows where the disk lies', () => assert.deepEqual([onClaim, inPod, undefined].map(diskOf), ['claim', 'pod', 'unknown']))

  it('the question names all of them, the place, and what is lost for whom', () => {
    const { question, detail = '' } = restartQuestion([
      { name: 'instance-0', fleet, disk: 'pod' },
      { name: 'instance-1', fleet, disk: 'claim' },
      { name: 'instance-2', fleet, disk: 'unknown' },
    ])
    assert.equal(question, 'Restart instance-0, instance-1, instance-2 on kind · loco/loco?')
    assert.match(detail, /is lost for instance-0:.*\n.*stays for instance-1:.*\n.*cannot be seen for instance-2\./s)
    assert.doesNotMatch(restartQuestion([{ name: 'instance-1', fleet, disk: 'claim' }]).detail ?? '', /Everything/)
  })

  describe('waiting until it is back', () => {
    const changes = new Emitter<readonly FleetChange[]>()
    let seen: Emulator
    const session = { store: { get: () => seen, changes } } as unknown as FleetSession
    const lease = { session, changes: new Emitter<void>().event }
    const becomes = (more: Partial<Emulator>): void => {
      seen = emulator(more)
      changes.fire([])
    }
    const wait = (timeout = 2000, signal = new AbortController().signal): Promise<void> =>
      comeBack({ lease, emulator: 'instance-0', old: 'uid-0', timeout, signal })

    beforeEach(() => {
      seen = emulator()
    })

    it('the old pod does not count, a new one only when it is healthy', async () => {
      let done = false
      const waiting = wait().then(() => {
        done = true
      })
      for (const more of [{}, { podUid: null, pod: null, verdict: 'starting' }, { podUid: 'uid-1', verdict: 'starting' }] as const) {
        becomes(more)
        await new Promise(setImmediate)
        assert.equal(done, false)
      }
      becomes({ podUid: 'uid-1', verdict: 'healthy' })
      await waiting
    })

    it('too late is LOCO-ACT-020 with what is seen', async () => {
      becomes({ podUid: 'uid-1', verdict: 'starting', sentence: 'The guest boots.' })
      await assert.rejects(wait(20), (error: LocoError) => error.code === 'LOCO-ACT-020' && /The guest boots\./.test(error.message))
    })

    it('no new pod in time says so', async () => {
      await assert.rejects(wait(20), (error: LocoError) => error.code === 'LOCO-ACT-020' && /did not get a new pod/.test(error.message))
    })

    it('a known cause is told as itself', async () => {
      becomes({ podUid: 'uid-1', verdict: 'unhealthy', sentence: 'No image.', findings: [finding()] })
      await assert.rejects(wait(20), (error: LocoError) => error.code === 'LOCO-IMG-010' && error.fix.includes('loco rebuild emulator'))
    })

    it('ends when it is no longer wanted', async () => {
      const end = new AbortController()
      const waiting = wait(2000, end.signal)
      end.abort(new Error('enough'))
      await assert.rejects(waiting, /enough/)
    })
  })
})
