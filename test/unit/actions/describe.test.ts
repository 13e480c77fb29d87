import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { packageRoot } from '../../../src/base/package-root.ts'
import type { KubeEvent } from '../../../src/diagnosis/evidence.ts'
import { describe as describeText, type Known } from '../../../src/editor/actions/describe/description.ts'
import { eventLines } from '../../../src/editor/actions/describe/events.ts'
import type { FullPod } from '../../../src/editor/actions/describe/full-objects.ts'
import { health } from '../fleet/given.ts'
import { emulator, finding, fixture, moment } from './given.ts'

const live = { state: 'live', since: '2026-11-25T04:00:00.000Z' } as const
const known = (more: Partial<Known> = {}): Known => ({
  emulator: emulator(),
  freshness: live,
  pod: undefined,
  claims: [],
  events: [],
  agent: undefined,
  moment,
  ...more,
})

const full = {
  metadata: { name: 'loco-loco-emulator-0', uid: 'uid-0', creationTimestamp: '2026-11-25T03:59:00Z' },
  spec: {
    nodeName: 'vm',
    containers: [
      {
        name: 'emulator',
        image: 'compose-emulator-0:abc',
        ports: [{ name: 'health', containerPort: 8080 }],
        resources: { requests: { cpu: '100m' }, limits: { memory: '288Mi' } },
        startupProbe: { httpGet: { path: '/startup', port: 'health' }, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 180 },
      },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '10.1.2.3',
    hostIP: '192.0.2.1',
    qosClass: 'Burstable',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-25T03:59:10Z' }],
    containerStatuses: [
      {
        name: 'emulator',
        imageID: 'sha256:1',
        ready: true,
        restartCount: 1,
        state: { running: { startedAt: '2026-11-25T03:59:05Z' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-25T03:59:04Z' } },
      },
    ],
  },
} satisfies FullPod

describe('description of an emulator', () => {
  it('says everything that is known, once and in order', () => {
    const claim = {
      metadata: { name: 'disk-0' },
      spec: { storageClassName: 'standard', volumeName: 'pv-1' },
      status: { phase: 'Bound', capacity: { storage: '10Gi' } },
    }
    const text = describeText(known({ emulator: emulator({ findings: [finding()] }), pod: full, claims: [claim], agent: health() }))
    assert.deepEqual(Object.keys(parse(text) as object), ['Emulator', 'Verdict', 'Stage', 'Why', 'Since', 'Findings', 'Pod', 'Containers', 'Claims', 'Agent'])
    const { Pod, Containers, Claims, Findings } = parse(text) as Record<string, Record<string, Record<string, unknown>>>
    assert.equal(Pod?.['IP of the pod'], '10.1.2.3')
    assert.deepEqual(Pod?.['Conditions'], { Ready: 'True (since 2026-11-25 03:59:10)' })
    assert.deepEqual(Containers?.['emulator'], {
      Image: 'compose-emulator-0:abc',
      'Image id': 'sha256:1',
      State: 'running since 2026-11-25 03:59:05',
      Ready: 'yes',
      Restarts: 1,
      'Run before': 'ended with code 137 at 2026-11-25 03:59:04: OOMKilled',
      Requests: { cpu: '100m' },
      Limits: { memory: '288Mi' },
      Ports: ['8080 (health)'],
      Probes: { Startup: 'GET /startup on port health, every 1 s, answer within 2 s, given up after 180 failures' },
    })
    assert.deepEqual(Claims?.['disk-0'], { Phase: 'Bound', 'Storage class': 'standard', Size: '10Gi', Volume: 'pv-1' })
    assert.deepEqual(Findings, [
      {
        Finding: 'The image is not on the node (LOCO-IMG-010)',
        Cause: 'The node has no image x.',
        Outlook: 'Waiting does not help.',
        'What to do': ['loco rebuild emulator'],
        Evidence: ['ErrImageNeverPull'],
      },
    ])
  })

  for (const file of readdirSync(join(packageRoot(), 'test', 'fixtures', 'diagnosis')).filter((name) => name.startsWith('pod-'))) {
    it(`is YAML for ${file}, and the same for the same objects`, () => {
      const { pod, events } = fixture(file.slice(0, -'.json'.length))
      const text = describeText(known({ pod, events }))
      assert.equal((parse(text) as { Emulator: string }).Emulator, 'instance-0')
      assert.equal(describeText(known({ pod, events })), text)
      assert.doesNotMatch(text, /undefined|null|\[object/)
    })
  }

  const freshness: [state: 'stale' | 'denied' | 'offline', words: RegExp][] = [
    ['stale', /^# The connection to the cluster is lost since 2026-11-25 04:00:00/],
    ['denied', /^# The cluster has not let this account see its pods since 2026-11-25 04:00:00/],
    ['offline', /^# The cluster cannot be reached since 2026-11-25 04:00:00/],
  ]
  for (const [state, words] of freshness) {
    it(`says at its top that what it shows is ${state}`, () => {
      const text = describeText(known({ freshness: { ...live, state } }))
      assert.match(text, words)
      assert.equal((parse(text) as { Emulator: string }).Emulator, 'instance-0')
    })
  }

  it('an agent that says nothing is told with its reason', () => {
    assert.equal((parse(describeText(known({ agent: { silent: 'Refused. (LOCO-FLT-001)' } }))) as { Agent: string }).Agent, 'Refused. (LOCO-FLT-001)')
  })

  it('names with markup and line ends stay values', () => {
    const evil = 'a: [b]\n# c\n- d "e" \u0007'
    const text = describeText(known({ emulator: emulator({ sentence: evil }) }))
    assert.equal((parse(text) as { Why: string }).Why, evil)
  })
})

describe('events of a description', () => {
  const event = (reason: string, second: number, more: Partial<KubeEvent> = {}): KubeEvent => ({
    type: 'Normal',
    reason,
    message: 'words',
    lastTimestamp: `2026-11-25T04:00:${String(second).padStart(2, '0')}Z`,
    ...more,
  })

  it('stand in the order of time, equal ones folded into one with their number', () => {
    const lines = eventLines(
      [
        event('Unhealthy', 30, { type: 'Warning', count: 3, firstTimestamp: '2026-11-25T04:00:10Z' }),
        event('Pulled', 5),
        event('Started', 6),
        event('Pulled', 20),
        event('Scheduled', 1, { message: 'several\n  lines' }),
      ],
      moment,
    )
    assert.deepEqual(lines, [
      '2026-11-25 04:00:01  Scheduled: several lines',
      '2026-11-25 04:00:06  Started: words',
      '2026-11-25 04:00:20  Pulled: words (2 times since 2026-11-25 04:00:05)',
      '2026-11-25 04:00:30  Warning: Unhealthy: words (3 times since 2026-11-25 04:00:10)',
    ])
  })
})
