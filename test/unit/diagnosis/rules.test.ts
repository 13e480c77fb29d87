import assert from 'node:assert/strict'
import type { Finding } from '../../../src/contracts/fleet.ts'
import { diagnoseClaim, diagnoseController, diagnosePod } from '../../../src/diagnosis/diagnose.ts'
import type { KubeEvent, Pod } from '../../../src/diagnosis/evidence.ts'
import { groupFindings } from '../../../src/diagnosis/group.ts'
import { type PodEvidence, podSignals } from '../../../src/diagnosis/pod.ts'
import { remember, weigh } from '../../../src/diagnosis/weigh.ts'
import { ago, claim, controller, crashed, event, now, pod, preparing, running, unplaced, waiting } from './given.ts'

const never = 'Container image "compose-emulator-0:abc" is not present with pull policy of Never'
const severities = (findings: readonly Finding[]): string[] => findings.map(({ code, severity }) => `${code} ${severity}`)
const diagnose = (from: Pod, events: KubeEvent[] = [], more: Partial<PodEvidence> = {}): string[] =>
  severities(diagnosePod({ pod: from, events, now, ...more }))
const network = 'dial tcp: lookup reg.invalid: no such host'

describe('diagnosis: when waiting stops making sense', () => {
  const cases: [string, string[], string[]][] = [
    ['seen for the first time', diagnose(waiting('ErrImageNeverPull')), ['LOCO-IMG-010 warning']],
    ['an event of one second', diagnose(waiting('ErrImageNeverPull'), [event('Failed', never, { first: 1 })]), ['LOCO-IMG-010 warning']],
    ['an event of three seconds', diagnose(waiting('ErrImageNeverPull'), [event('Failed', never, { first: 3 })]), ['LOCO-IMG-010 fatal']],
    ['network for 30 s', diagnose(waiting('ErrImagePull', network), [event('Failed', network, { first: 30 })]), ['LOCO-IMG-006 warning']],
    ['network for 61 s', diagnose(waiting('ErrImagePull', network), [event('Failed', network, { first: 61 })]), ['LOCO-IMG-006 fatal']],
    ['no room for 14 s', diagnose(unplaced('0/1 nodes are available: 1 Insufficient cpu.', 14)), ['LOCO-SCH-001 warning']],
    ['no room for 15 s', diagnose(unplaced('0/1 nodes are available: 1 Insufficient cpu.', 15)), ['LOCO-SCH-001 fatal']],
    ['first crash', diagnose(crashed(1, { crashes: 1 })), ['LOCO-RUN-002 warning']],
    ['second crash', diagnose(crashed(1, { crashes: 2 })), ['LOCO-RUN-002 warning']],
    ['third crash', diagnose(crashed(1, { crashes: 3 })), ['LOCO-RUN-002 fatal']],
    ['out of memory once', diagnose(crashed(137, { reason: 'OOMKilled', crashes: 1 })), ['LOCO-RUN-004 warning']],
    ['out of memory twice', diagnose(crashed(137, { reason: 'OOMKilled', crashes: 2 })), ['LOCO-RUN-004 fatal']],
    [
      'never restarted: the first end is the last',
      diagnose({
        ...pod({ state: { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(1) } } }, { phase: 'Failed' }),
        spec: { restartPolicy: 'Never', nodeName: 'node' },
      }),
      ['LOCO-RUN-002 fatal'],
    ],
    [
      'never restarted and done',
      diagnose({
        ...pod({ state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: ago(1) } } }, { phase: 'Succeeded' }),
        spec: { restartPolicy: 'Never', nodeName: 'node' },
      }),
      [],
    ],
    [
      'killed by its probe once',
      diagnose(crashed(137, { crashes: 1 }), [event('Killing', 'Container emulator failed liveness probe, will be restarted', { times: 1, last: 10 })]),
      ['LOCO-PRB-002 warning'],
    ],
  ]
  for (const [name, actual, expected] of cases) it(name, () => assert.deepEqual(actual, expected))

  it('keeps in mind what it has seen itself', () => {
    const signals = podSignals({ pod: waiting('ErrImageNeverPull'), events: [], now })
    const seen = remember(signals, { now: now - 3000 })
    assert.deepEqual(severities(weigh(signals, { now, seen })), ['LOCO-IMG-010 fatal'])
    assert.deepEqual(remember(signals, { now, seen }), seen)
    assert.deepEqual(remember([], { now, seen }), {})
  })
})

describe('diagnosis: what does not count', () => {
  const crashedBefore = running({ restartCount: 4, ready: false, lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: ago(100) } } }, 99)
  const cases: [string, string[]][] = [
    ['a pod that is being deleted', diagnose({ ...crashed(1), metadata: { uid: 'pod-1', deletionTimestamp: ago(1) } })],
    ['events of an earlier life of the same name', diagnose(preparing(), [event('FailedMount', 'configmap "x" not found', { uid: 'pod-0' })])],
    ['crashes before the operation began', diagnose(crashedBefore, [], { after: now - 50_000 })],
    [
      'restarts that were counted before',
      diagnose(running({ ready: true, restartCount: 4, lastState: { terminated: { exitCode: 1, finishedAt: ago(100) } } }), [], {
        restartsBefore: { emulator: 3 },
      }),
    ],
    ['a crash that is long over', diagnose(running({ ready: true, restartCount: 4, lastState: { terminated: { exitCode: 1, finishedAt: ago(900) } } }, 890))],
    [
      'a mount that failed before the sandbox stood',
      diagnose(pod({ state: { waiting: { reason: 'PodInitializing' } } }), [event('FailedMount', 'configmap "x" not found')]),
    ],
    [
      'a mount that failed before the container ran, on a server without the condition',
      diagnose(running({}, 10), [event('FailedMount', 'configmap "x" not found', { last: 100 })]),
    ],
    [
      'a probe that failed while the container was young',
      diagnose(running({ ready: false }, 10), [event('Unhealthy', 'Readiness probe failed: connection refused', { last: 5 })]),
    ],
    [
      'a probe that failed in an earlier life of the container',
      diagnose(running({ ready: false }, 30), [event('Unhealthy', 'Readiness probe failed: 503', { last: 40 })]),
    ],
    [
      'an init container that is done',
      diagnose({
        ...pod(),
        status: {
          initContainerStatuses: [
            { name: 'copy', restartCount: 1, state: { terminated: { exitCode: 0 } }, lastState: { terminated: { exitCode: 1, finishedAt: ago(5) } } },
          ],
        },
      }),
    ],
    [
      'a bound claim',
      severities(
        diagnoseClaim({ claim: claim({}, 'Bound'), events: [event('ProvisioningFailed', 'storageclass "x" not found', { uid: 'claim-1' })] }, { now }),
      ),
    ],
    [
      'a refusal of a pod that exists',
      severities(
        diagnoseController(
          { controller, events: [event('FailedCreate', 'create Pod a-0 in StatefulSet a failed error: exceeded quota: q', { uid: 'set-1' })], pods: ['a-0'] },
          { now },
        ),
      ),
    ],
    [
      'a refusal before a success',
      severities(
        diagnoseController(
          {
            controller,
            events: [
              event('FailedCreate', 'create Pod a-0 in StatefulSet a failed error: exceeded quota: q', { uid: 'set-1', last: 20 }),
              event('SuccessfulCreate', 'create Pod a-0 in StatefulSet a successful', { uid: 'set-1', last: 10 }),
            ],
            pods: [],
          },
          { now },
        ),
      ),
    ],
    [
      'the image that was expected',
      diagnose(running({ ready: true, imageID: `docker.io/x@sha256:${'a'.repeat(64)}` }), [], { expectedImageIds: { emulator: `sha256:${'a'.repeat(64)}` } }),
    ],
  ]
  for (const [name, findings] of cases) it(name, () => assert.deepEqual(findings, []))
})

describe('diagnosis: several signs', () => {
  it('the cause comes before its consequence, a consequence alone is told', () => {
    const waits = event(
      'FailedMount',
      'Unable to attach or mount volumes: unmounted volumes=[cfg], unattached volumes=[cfg]: timed out waiting for the condition',
      { container: '', last: 1 },
    )
    const cause = event('FailedMount', 'MountVolume.SetUp failed for volume "cfg" : configmap "x" not found', { container: '', last: 5 })
    assert.deepEqual(diagnose(preparing(), [waits, cause]), ['LOCO-VOL-001 fatal'])
    assert.deepEqual(diagnose(preparing(), [waits]), ['LOCO-VOL-003 warning'])
  })

  it('one message of the scheduler about several nodes names each reason', () => {
    const message = '0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) had untolerated taint {dedicated: games}.'
    assert.deepEqual(diagnose(unplaced(message)), ['LOCO-SCH-001 fatal', 'LOCO-SCH-002 fatal', 'LOCO-SCH-007 fatal'])
  })

  it('an older event with a cause is read behind newer ones without', () => {
    const words = 'Failed to pull image "x": reading manifest nope: manifest unknown'
    const events = [
      event('Failed', 'Error: ImagePullBackOff', { last: 1 }),
      event('BackOff', 'Back-off pulling image "x"', { last: 1 }),
      event('Failed', words, { last: 30 }),
    ]
    assert.deepEqual(diagnose(waiting('ImagePullBackOff', 'Back-off pulling image "x"'), events), ['LOCO-IMG-001 fatal'])
  })

  it('the newest cause counts when it changes', () => {
    const events = [
      event('Failed', 'Failed to pull image: not found', { first: 3, last: 1 }),
      event('Failed', `Failed to pull image: ${network}`, { first: 90, last: 20 }),
    ]
    assert.deepEqual(diagnose(waiting('ImagePullBackOff', 'Back-off'), events), ['LOCO-IMG-001 fatal'])
  })

  it('a sandbox that has to be made anew makes old events count from then', () => {
    const again = pod({ lastState: { terminated: { exitCode: 255, finishedAt: ago(4) } }, state: { waiting: { reason: 'ContainerCreating' } } })
    const made = { ...again, status: { ...again.status, conditions: [{ type: 'PodReadyToStartContainers', status: 'False', lastTransitionTime: ago(5) }] } }
    const mount = 'MountVolume.SetUp failed for volume "cfg" : configmap "x" not found'
    assert.deepEqual(
      diagnose(made, [event('FailedMount', mount, { first: 500, last: 1 })]).filter((one) => one.includes('VOL')),
      ['LOCO-VOL-001 warning'],
    )
    assert.deepEqual(
      diagnose(made, [event('FailedMount', mount, { first: 500, last: 400 })]).filter((one) => one.includes('VOL')),
      [],
    )
  })

  it('the time of an event is that of its series, then of its last sight, then its own', () => {
    const series = {
      ...event('FailedScheduling', '', {}),
      involvedObject: { uid: 'pod-1' },
      reason: 'Unhealthy',
      message: 'Readiness probe failed: 503',
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: ago(50),
      series: { count: 3, lastObservedTime: ago(1) },
    }
    const named = { ...series, involvedObject: { uid: 'pod-1', fieldPath: 'spec.containers{emulator}' } }
    assert.deepEqual(diagnose(running({ ready: false }, 60), [named]), ['LOCO-PRB-003 warning'])
  })
})

describe('diagnosis: one entry for one cause', () => {
  const finding = (ordinal: number, more: Partial<Finding> = {}): Finding => ({
    code: 'LOCO-PVC-001',
    title: 'The storage class does not exist',
    cause: `The claim disk-loco-loco-emulator-${ordinal} names a class that does not exist.`,
    evidence: [`claim disk-loco-loco-emulator-${ordinal}: storageclass "x" not found`],
    fix: ['kubectl get storageclass'],
    severity: 'warning',
    ...more,
  })
  const placed = (ordinal: number, more: Partial<Finding> = {}) => ({ where: `instance-${ordinal}`, finding: finding(ordinal, more) })

  it('nine equal findings are one with nine names and the words once', () => {
    const groups = groupFindings(Array.from({ length: 9 }, (_, ordinal) => placed(ordinal)))
    assert.equal(groups.length, 1)
    assert.deepEqual(
      groups[0]?.where,
      Array.from({ length: 9 }, (_, ordinal) => `instance-${ordinal}`),
    )
    assert.equal(groups[0]?.evidence.length, 1)
  })

  it('the worst severity counts, fatal ones come first, other causes stay apart', () => {
    const groups = groupFindings([
      placed(0, { code: 'LOCO-IMG-006' }),
      placed(0),
      placed(1, { severity: 'fatal' }),
      placed(1, { cause: 'The claim names class y.' }),
    ])
    assert.deepEqual(
      groups.map(({ code, severity, where }) => [code, severity, where.length]),
      [
        ['LOCO-PVC-001', 'fatal', 2],
        ['LOCO-IMG-006', 'warning', 1],
        ['LOCO-PVC-001', 'warning', 1],
      ],
    )
  })

  it('leaves what it was given as it was', () => {
    const given = [placed(0), placed(0, { evidence: ['other words'] })]
    const copy = structuredClone(given)
    assert.deepEqual(groupFindings(given)[0]?.where, ['instance-0'])
    assert.deepEqual(given, copy)
  })
})
