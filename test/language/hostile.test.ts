import assert from 'node:assert/strict'
import type { Chart } from '../../src/values/chart.ts'
import { check } from '../../src/values/check.ts'
import { applied } from '../../src/values/edit.ts'
import { fixAll, fixesFor, withText } from '../../src/values/fixes.ts'
import { deployedHints, inheritedHints } from '../../src/values/lenses.ts'
import { clusterOf, given, node, ourChart } from '../unit/values/rules/given.ts'

/** A small generator of numbers from 0 to 1 that always gives the same ones. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  }
}

/** What people and accidents put where something else belongs. */
const odd = [
  'null',
  '[]',
  '{}',
  '""',
  '-1',
  '1e309',
  '.nan',
  'true',
  'latest',
  '10GB',
  '[a, {b: c}]',
  '{a: {b: []}}',
  '"\\u0000"',
  '52:54:00:12:34:56',
  '/',
  '../..',
  '*a',
  '&a x',
  '|\n    text',
]
const lines = `replicas: 3
imageRepo: ghcr.io/acme
emulator:
  tag: v1
  memoryMiB: 128
  healthPort: 8080
  kvm:
    enabled: true
  resources:
    limits:
      memory: 1Gi
      ephemeral-storage: 1Gi
  env:
    GUEST_MAC: a
  nodeSelector:
    disk: ssd
storage:
  strategy: hostpath
  class: standard
  persistentVolume:
    size: 10Gi
    storageClass: standard
  hostPath:
    sharedDirectory: /data/art
  retention:
    whenScaled: Delete
backend:
  nodePort: 30001
`.split('\n')

/** The lines with a few taken away, given an odd value, doubled, cut off or moved to the side. */
function mutated(next: () => number): string {
  const text = [...lines]
  for (let count = 1 + Math.floor(next() * 4); count > 0; count--) {
    const at = Math.floor(next() * text.length)
    const line = text[at] ?? ''
    const value = odd[Math.floor(next() * odd.length)] ?? ''
    const changes = [
      [],
      [line.replace(/:.*/, `: ${value}`)],
      [line, line],
      [line.slice(0, Math.floor(next() * line.length))],
      [`  ${line}`],
      [`\t${line}`],
      [line.replace(':', '')],
    ]
    text.splice(at, 1, ...(changes[Math.floor(next() * changes.length)] ?? []))
  }
  return text.join(next() < 0.1 ? '\r\n' : '\n')
}

describe('values: whatever stands in a file', () => {
  let chart: Chart
  before(async () => {
    chart = await ourChart()
  })

  const seeds = Array.from({ length: 4 }, (_, index) => index + 1)
  for (const seed of seeds) {
    it(`nothing throws, fixes parse, and fix-all comes to rest (seed ${seed})`, () => {
      const next = random(seed)
      for (let round = 0; round < 25; round++) {
        const text = mutated(next)
        const facts = clusterOf({ nodes: [node('a'), node('b')], deployed: { revision: 1, emulators: 3, values: chart.defaults.values } })
        const view = given({ text, chart, ...(next() < 0.5 ? { facts } : {}) })
        const { problems } = check(view)
        for (const problem of problems) {
          assert.ok(
            problem.range.start >= 0 && problem.range.start <= problem.range.end && problem.range.end <= text.length,
            `${text}\n${JSON.stringify(problem)}`,
          )
          for (const { edits, title } of fixesFor(view, problem)) {
            const after = withText(view, applied(text, edits))
            assert.ok(view.document.broken || !after.document.broken, `${title}\n${text}\n→\n${after.document.text}`)
          }
        }
        const done = withText(view, applied(text, fixAll(view)))
        assert.ok(view.document.broken || !done.document.broken, text)
        assert.deepEqual(fixAll(done), [], `${text}\n→\n${done.document.text}`)
        inheritedHints(view)
        deployedHints(view)
      }
    }).timeout(60_000)
  }

  it('values of any type at the places that rules look at', () => {
    for (const path of [
      'replicas',
      'emulator',
      'emulator.resources',
      'emulator.env',
      'emulator.nodeSelector',
      'storage',
      'storage.strategy',
      'storage.hostPath',
      'storage.persistentVolume',
      'storage.retention',
    ])
      for (const value of [null, [], {}, '', 0, -1, true, [1], { a: 1 }, 'x']) {
        const keys = path.split('.')
        const values = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)
        const view = given({
          text: JSON.stringify(values),
          chart,
          facts: { deployed: { revision: 1, emulators: 2, values: values as Record<string, unknown> } },
        })
        for (const problem of check(view).problems) fixesFor(view, problem)
      }
  }).timeout(60_000)
})
