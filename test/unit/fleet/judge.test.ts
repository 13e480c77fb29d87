import assert from 'node:assert/strict'
import type { AgentHealth } from '../../../src/contracts/agent.ts'
import type { Stage, VerdictWord } from '../../../src/contracts/fleet.ts'
import type { AgentSight, Emulator } from '../../../src/fleet/emulator.ts'
import { judge } from '../../../src/fleet/judge.ts'
import {
  ago,
  answers,
  claim,
  crashed,
  event,
  forbidden,
  type Given,
  given,
  health,
  node,
  nonsense,
  now,
  pod,
  running,
  set,
  unreachable,
  waiting,
} from './given.ts'

interface Case {
  name: string
  given: Given
  verdict: VerdictWord
  stage?: Stage | null
  sentence: RegExp
  codes?: string[]
}

const withArt = (art: AgentHealth['disk']['art']): AgentSight => ({ state: 'answers', health: { ...health(), disk: { ...health().disk, art } } })
const image = 'compose-emulator-0:abc'
const deleting = (from = running()) => ({ ...from, metadata: { ...from.metadata, deletionTimestamp: ago(1) } })
const unplaced = (message: string, seconds: number) => {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: ago(seconds) }
  const base = pod(0, { conditions: [condition], containerStatuses: [] })
  return { ...base, spec: { containers: [{ name: 'emulator', image }] } }
}
const notPlacedYet = { ...pod(0, { conditions: [], containerStatuses: [] }), spec: { containers: [{ name: 'emulator', image }] } }
const withClaim = pod(0, {}, { volumes: [{ name: 'disk', persistentVolumeClaim: { claimName: 'disk-loco-loco-emulator-0' } }] })
const refused =
  'create Pod loco-loco-emulator-0 in StatefulSet loco-loco-emulator failed error: pods "loco-loco-emulator-0" is forbidden: exceeded quota: few, requested: pods=1'
const silent = (seconds: number, last = true, error = unreachable) => ({
  state: 'silent' as const,
  since: now - seconds * 1000,
  error,
  ...(last && { last: health() }),
})
const starting = { name: 'copy', restartCount: 0, state: { running: { startedAt: ago(2) } } }

const cases: Case[] = [
  // nothing there yet
  { name: 'no pod yet', given: {}, verdict: 'starting', sentence: /not made its pod yet/ },
  {
    name: 'quota, at once',
    given: { events: [event('set', 'FailedCreate', refused, { first: 1, container: false })] },
    verdict: 'starting',
    sentence: /quota few/,
    codes: ['LOCO-CTL-001'],
  },
  {
    name: 'quota, seen twice',
    given: { events: [event('set', 'FailedCreate', refused, { container: false })] },
    verdict: 'unhealthy',
    sentence: /quota few/,
    codes: ['LOCO-CTL-001'],
  },
  {
    name: 'refusal of another pod',
    given: { events: [event('set', 'FailedCreate', refused.replaceAll('emulator-0', 'emulator-1'), { container: false })] },
    verdict: 'starting',
    sentence: /not made its pod yet/,
    codes: [],
  },
  { name: 'fleet removed', given: { set: set(1, { deletionTimestamp: ago(1) }), claims: [claim(0, 'Bound')] }, verdict: 'stopped', sentence: /being removed/ },
  { name: 'scaled away, disk kept', given: { set: set(0), claims: [claim(0, 'Bound')] }, verdict: 'stopped', sentence: /scaled away/ },

  // a pod on its way
  { name: 'not placed yet', given: { pods: [notPlacedYet] }, verdict: 'starting', sentence: /waits for a place/ },
  {
    name: 'no room, new',
    given: { pods: [unplaced('0/1 nodes are available: 1 Insufficient cpu.', 3)] },
    verdict: 'starting',
    sentence: /processor time/,
    codes: ['LOCO-SCH-001'],
  },
  {
    name: 'no room, 20 s',
    given: { pods: [unplaced('0/1 nodes are available: 1 Insufficient cpu.', 20)] },
    verdict: 'unhealthy',
    sentence: /processor time/,
    codes: ['LOCO-SCH-001'],
  },
  {
    name: 'no room, 20 s, but an autoscaler works',
    given: {
      pods: [unplaced('0/1 nodes are available: 1 Insufficient cpu.', 20)],
      events: [event('pod-0', 'TriggeredScaleUp', 'pod triggered scale-up', { container: false })],
    },
    verdict: 'starting',
    sentence: /processor time/,
  },
  { name: 'being prepared', given: { pods: [pod()] }, verdict: 'starting', sentence: /preparing/ },
  {
    name: 'fetching the image',
    given: { pods: [pod()], events: [event('pod-0', 'Pulling', 'Pulling image')] },
    verdict: 'starting',
    sentence: /fetching its image/,
  },
  { name: 'init container at work', given: { pods: [pod(0, { initContainerStatuses: [starting] })] }, verdict: 'starting', sentence: /init container copy/ },
  {
    name: 'claim waits for its pod',
    given: { pods: [withClaim], claims: [claim()], events: [event('claim-0', 'WaitForFirstConsumer', 'waiting for first consumer')] },
    verdict: 'starting',
    sentence: /preparing/,
    codes: [],
  },
  {
    name: 'claim without class: the claim is the cause, not the scheduler',
    given: {
      pods: [
        {
          ...withClaim,
          ...unplaced('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found', 40),
          spec: { volumes: withClaim.spec?.volumes ?? [] },
        },
      ],
      claims: [claim()],
      events: [event('claim-0', 'ProvisioningFailed', 'storageclass.storage.k8s.io "absent" not found')],
    },
    verdict: 'unhealthy',
    sentence: /storage class absent/,
    codes: ['LOCO-PVC-001'],
  },

  // image, configuration, crash
  { name: 'image missing, first look', given: { pods: [waiting('ErrImageNeverPull')] }, verdict: 'starting', sentence: /no image/, codes: ['LOCO-IMG-010'] },
  {
    name: 'image missing, known for longer',
    given: { pods: [waiting('ErrImageNeverPull')], events: [event('pod-0', 'ErrImageNeverPull', 'Container image is not present with pull policy of Never')] },
    verdict: 'unhealthy',
    sentence: /no image/,
    codes: ['LOCO-IMG-010'],
  },
  {
    name: 'registry out of reach, new',
    given: { pods: [waiting('ErrImagePull', 'dial tcp: lookup x: no such host')] },
    verdict: 'starting',
    sentence: /does not reach/,
    codes: ['LOCO-IMG-006'],
  },
  {
    name: 'ConfigMap missing',
    given: { pods: [waiting('CreateContainerConfigError', 'configmap "x" not found')], events: [event('pod-0', 'Failed', 'Error: configmap "x" not found')] },
    verdict: 'unhealthy',
    sentence: /ConfigMap x/,
    codes: ['LOCO-CFG-001'],
  },
  { name: 'crashed once', given: { pods: [crashed(1, 0)] }, verdict: 'unhealthy', sentence: /exit code 1/, codes: ['LOCO-RUN-002'] },
  { name: 'crashes again and again', given: { pods: [crashed(1, 3)] }, verdict: 'unhealthy', sentence: /exit code 1/, codes: ['LOCO-RUN-002'] },
  { name: 'out of memory', given: { pods: [crashed(137, 2, 'OOMKilled')] }, verdict: 'unhealthy', sentence: /memory limit/, codes: ['LOCO-RUN-004'] },
  {
    name: 'crashed, runs again, agent not there yet',
    given: { pods: [running({ seconds: 3, ready: false, restarts: 1, lastExit: 1 })] },
    verdict: 'starting',
    sentence: /not answered yet/,
    codes: ['LOCO-RUN-002'],
  },
  {
    name: 'in a loop, runs at the moment',
    given: { pods: [running({ seconds: 3, ready: false, restarts: 5, lastExit: 1 })] },
    verdict: 'unhealthy',
    sentence: /exit code 1/,
    codes: ['LOCO-RUN-002'],
  },
  {
    name: 'in a loop, says it is well',
    given: { pods: [running({ seconds: 3, ready: false, restarts: 5, lastExit: 1 })], agent: answers() },
    verdict: 'degraded',
    stage: 'P2',
    sentence: /exit code 1/,
  },
  {
    name: 'evicted',
    given: { pods: [pod(0, { phase: 'Failed', reason: 'Evicted', message: 'low on resource', containerStatuses: [] })] },
    verdict: 'unhealthy',
    sentence: /evicted/,
    codes: ['LOCO-NOD-001'],
  },
  { name: 'failed without reason', given: { pods: [pod(0, { phase: 'Failed', containerStatuses: [] })] }, verdict: 'unhealthy', sentence: /failed/ },

  // going
  { name: 'going away', given: { pods: [deleting()], agent: answers() }, verdict: 'stopped', sentence: /going away/ },
  { name: 'going away while it crashes', given: { pods: [deleting(crashed(1, 5))] }, verdict: 'stopped', sentence: /going away/, codes: [] },
  { name: 'scaled away, pod still there', given: { set: set(0), pods: [deleting()] }, verdict: 'stopped', sentence: /going away/ },
  { name: 'ended', given: { pods: [pod(0, { phase: 'Succeeded' })] }, verdict: 'stopped', sentence: /ended/ },

  // the agent speaks
  {
    name: 'well, on the disk in its image because the shared folder is full',
    given: { pods: [running()], agent: withArt({ choice: 'builtin', why: 'full', standby: false }) },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /shows a picture/,
    codes: ['LOCO-VOL-010'],
  },
  {
    name: 'well, on the shared disk',
    given: { pods: [running()], agent: withArt({ choice: 'shared', why: null, standby: false }) },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /shows a picture/,
    codes: [],
  },
  { name: 'well', given: { pods: [running()], agent: answers() }, verdict: 'healthy', stage: 'P2', sentence: /shows a picture/, codes: [] },
  {
    name: 'well, without StatefulSet to be seen',
    given: { set: undefined, pods: [running()], agent: answers() },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /shows a picture/,
  },
  {
    name: 'well, not ready yet',
    given: { pods: [running({ ready: false, seconds: 3 })], agent: answers() },
    verdict: 'starting',
    stage: 'P2',
    sentence: /not count its pod as ready yet/,
  },
  {
    name: 'well, never becomes ready',
    given: { pods: [running({ ready: false, seconds: 90 })], agent: answers() },
    verdict: 'degraded',
    stage: 'P2',
    sentence: /not count its pod as ready\./,
  },
  {
    name: 'ready by the probe, black by the agent',
    given: { pods: [running()], agent: answers({ verdict: 'degraded', stage: 'P1', sentence: 'The screen is black.', code: 'LOCO-GST-006' }) },
    verdict: 'degraded',
    stage: 'P1',
    sentence: /black/,
    codes: ['LOCO-GST-006'],
  },
  {
    name: 'frozen',
    given: { pods: [running()], agent: answers({ verdict: 'unhealthy', stage: 'P2', sentence: 'The machine is frozen.', code: 'LOCO-GST-009' }) },
    verdict: 'unhealthy',
    stage: 'P2',
    sentence: /frozen/,
    codes: ['LOCO-GST-009'],
  },
  {
    name: 'guest still starting',
    given: { pods: [running({ seconds: 2, ready: false })], agent: answers({ verdict: 'starting', stage: 'P1', sentence: 'No picture yet.' }) },
    verdict: 'starting',
    stage: 'P1',
    sentence: /No picture/,
  },
  {
    name: 'guest switched off',
    given: { pods: [running()], agent: answers({ verdict: 'stopped', stage: 'P0', sentence: 'The guest has shut down.' }) },
    verdict: 'stopped',
    stage: 'P0',
    sentence: /shut down/,
  },
  {
    name: 'a code of another version',
    given: { pods: [running()], agent: answers({ verdict: 'degraded', stage: 'P2', sentence: 'Odd.', code: 'LOCO-GST-999' }) },
    verdict: 'degraded',
    stage: 'P2',
    sentence: /Odd/,
    codes: ['LOCO-GST-999'],
  },
  {
    name: 'one restart long ago',
    given: { pods: [running({ restarts: 1, lastExit: 1 })], agent: answers() },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /picture/,
    codes: [],
  },
  {
    name: 'many restarts, ready now',
    given: { pods: [running({ restarts: 4, lastExit: 1 })], agent: answers() },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /picture/,
    codes: ['LOCO-RUN-002'],
  },

  // the agent does not speak
  {
    name: 'just started',
    given: { pods: [running({ seconds: 1, ready: false })], agent: { state: 'connecting' } },
    verdict: 'starting',
    sentence: /not answered yet/,
  },
  {
    name: 'just started, nothing listens',
    given: { pods: [running({ seconds: 1, ready: false })], agent: silent(1, false) },
    verdict: 'starting',
    sentence: /not answered yet/,
    codes: [],
  },
  { name: 'runs for long, first seen', given: { pods: [running()], agent: { state: 'connecting' } }, verdict: 'unknown', sentence: /not answered yet/ },
  { name: 'runs for long, agent unheard of', given: { pods: [running()] }, verdict: 'unknown', sentence: /not answered yet/ },
  { name: 'stream broke a moment ago', given: { pods: [running()], agent: silent(1) }, verdict: 'healthy', stage: 'P2', sentence: /picture/, codes: [] },
  {
    name: 'out of our reach, but ready',
    given: { pods: [running()], agent: silent(20) },
    verdict: 'unknown',
    sentence: /cannot be reached from here/,
    codes: ['LOCO-FLT-001'],
  },
  {
    name: 'out of everybody’s reach',
    given: { pods: [running({ ready: false })], agent: silent(20) },
    verdict: 'degraded',
    sentence: /neither here nor/,
    codes: ['LOCO-FLT-001'],
  },
  {
    name: 'never heard, not ready',
    given: { pods: [running({ ready: false })], agent: silent(20, false) },
    verdict: 'degraded',
    sentence: /neither here nor/,
    codes: ['LOCO-FLT-001'],
  },
  {
    name: 'port-forward forbidden',
    given: { pods: [running()], agent: silent(1, false, forbidden) },
    verdict: 'unknown',
    sentence: /does not let this account/,
    codes: ['LOCO-FLT-001'],
  },
  {
    name: 'nonsense',
    given: { pods: [running()], agent: { state: 'nonsense', error: nonsense } },
    verdict: 'unknown',
    sentence: /makes no sense/,
    codes: ['LOCO-FLT-002'],
  },

  // the node
  {
    name: 'node away',
    given: { pods: [running()], nodes: [node('Unknown')], agent: silent(20) },
    verdict: 'unknown',
    sentence: /node node does not report/,
    codes: ['LOCO-NOD-006'],
  },
  {
    name: 'node away hides the pod’s troubles',
    given: { pods: [crashed(1, 4)], nodes: [node('Unknown')] },
    verdict: 'unknown',
    sentence: /node node/,
    codes: ['LOCO-NOD-006'],
  },
  {
    name: 'node away for a moment',
    given: { pods: [running()], nodes: [node('Unknown', 3)], agent: answers() },
    verdict: 'healthy',
    stage: 'P2',
    sentence: /picture/,
  },
  {
    name: 'node not ready, agent speaks',
    given: { pods: [running()], nodes: [node('False')], agent: answers() },
    verdict: 'degraded',
    stage: 'P2',
    sentence: /node node/,
  },
  { name: 'node fine', given: { pods: [running()], nodes: [node('True')], agent: answers() }, verdict: 'healthy', stage: 'P2', sentence: /picture/ },
]

const fleetOf = (emulators: readonly Emulator[]): ReadonlyMap<string, Emulator> => new Map(emulators.map((emulator) => [emulator.id, emulator]))

describe('fleet: judge', () => {
  for (const { name, given: what, verdict, stage, sentence, codes } of cases) {
    it(`${name} → ${verdict}`, () => {
      const emulators = judge(given(what))
      assert.equal(emulators.length, 1)
      const [emulator] = emulators
      assert.ok(emulator)
      assert.equal(emulator.id, 'instance-0')
      assert.deepEqual([emulator.verdict, emulator.stage], [verdict, stage ?? null])
      assert.match(emulator.sentence, sentence)
      assert.match(emulator.sentence, /^[A-Z].*\.$/)
      assert.doesNotMatch(emulator.sentence, /\d+ ?(?:s|min|seconds)\b|\d\d:\d\d/)
      if (codes !== undefined)
        assert.deepEqual(
          emulator.findings.map(({ code }) => code),
          codes,
        )
    })
  }

  describe('blind', () => {
    const known = fleetOf(judge(given({ pods: [running()], agent: answers() })))
    const blindCases: [string, Given, VerdictWord, RegExp][] = [
      ['a hiccup: the last word stands', { freshness: { state: 'stale', since: ago(2) } }, 'healthy', /picture/],
      ['lost for longer', { freshness: { state: 'stale', since: ago(20) } }, 'unknown', /connection to the cluster is lost/],
      ['offline for a moment', { freshness: { state: 'offline', since: ago(2) } }, 'healthy', /picture/],
      ['offline', { freshness: { state: 'offline', since: ago(20) }, blindness: unreachable }, 'unknown', /cannot be reached/],
      ['denied, at once', { freshness: { state: 'denied', since: ago(0) }, blindness: forbidden }, 'unknown', /does not let this account/],
    ]
    for (const [name, what, verdict, sentence] of blindCases) {
      it(`${name} → ${verdict}`, () => {
        const [emulator] = judge(given({ ...what, pods: [], set: undefined }), known)
        assert.equal(emulator?.verdict, verdict)
        assert.match(emulator?.sentence ?? '', sentence)
        assert.equal(emulator?.stage, verdict === 'unknown' ? null : 'P2')
      })
    }
    it('nothing is made up about a fleet that was never seen', () => {
      assert.deepEqual(judge(given({ freshness: { state: 'offline', since: ago(20) } })), [])
    })
  })

  it('names what is wanted and what is there, by ordinal', () => {
    const pods = [running({ ordinal: 11 }), running({ ordinal: 1 }), { ...running(), metadata: { name: 'loco-loco-emulator-0-debug', uid: 'x' } }]
    assert.deepEqual(
      judge(given({ set: set(3), pods })).map(({ id, pod: name }) => [id, name]),
      [
        ['instance-0', null],
        ['instance-1', 'loco-loco-emulator-1'],
        ['instance-2', null],
        ['instance-11', 'loco-loco-emulator-11'],
      ],
    )
  })

  it('counts from the start that the StatefulSet says', () => {
    const odd = { ...set(), spec: { replicas: 2, ordinals: { start: 5 } } }
    assert.deepEqual(
      judge(given({ set: odd })).map(({ id }) => id),
      ['instance-5', 'instance-6'],
    )
  })

  it('says since when: from the source at first sight, kept while verdict and stage stay, new with a change', () => {
    const first = fleetOf(judge(given({ pods: [running()], agent: answers() })))
    assert.equal(first.get('instance-0')?.since, ago(90))
    const other = answers({ sentence: 'Another sentence.', since: ago(10) })
    const same = fleetOf(judge(given({ pods: [running()], agent: other }, now + 1000), first))
    assert.equal(same.get('instance-0')?.since, ago(90))
    const [gone] = judge(given({ pods: [deleting()] }, now + 2000), same)
    assert.equal(gone?.since, new Date(now + 2000).toISOString())
  })

  it('a warning becomes fatal by standing, although Kubernetes tells no time', () => {
    const what = { pods: [waiting('ErrImageNeverPull')] }
    const first = fleetOf(judge(given(what)))
    assert.equal(first.get('instance-0')?.findings[0]?.severity, 'warning')
    const [later] = judge(given(what, now + 2500), first)
    assert.equal(later?.findings[0]?.severity, 'fatal')
  })

  it('a new pod does not inherit the patience that the old one used up', () => {
    const first = fleetOf(judge(given({ pods: [waiting('ErrImageNeverPull')] })))
    const young = { ...waiting('ErrImageNeverPull'), metadata: { name: 'loco-loco-emulator-0', namespace: 'loco', uid: 'pod-new' } }
    const [later] = judge(given({ pods: [young] }, now + 60_000), first)
    assert.equal(later?.findings[0]?.severity, 'warning')
  })

  it('a thousand emulators, well or refused, are judged without a search of everything for each (cubic once: two minutes, far beyond the time that a test has)', () => {
    const pods = Array.from({ length: 1000 }, (_, ordinal) => running({ ordinal }))
    const probes = pods.map(({ metadata }) => event(metadata?.uid ?? '', 'Unhealthy', 'Readiness probe failed: 503'))
    const refusals = pods.map(({ metadata }) =>
      event('set', 'FailedCreate', refused.replaceAll('loco-loco-emulator-0', metadata?.name ?? ''), { container: false }),
    )
    assert.equal(judge(given({ set: set(1000), pods, events: probes })).length, 1000)
    assert.ok(judge(given({ set: set(1000), events: refusals })).every(({ verdict }) => verdict === 'unhealthy'))
  })
})
