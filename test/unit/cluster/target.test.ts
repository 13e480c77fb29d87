import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { DetectedCluster } from '../../../src/cluster/detect.ts'
import type { ProviderName } from '../../../src/cluster/kind-of-cluster.ts'
import { assertSameTarget } from '../../../src/cluster/same-target.ts'
import { type ClusterChoice, resolveTarget, type TargetWorld } from '../../../src/cluster/target.ts'

/** A fake world: which context leads to which kind; a context that is not listed does not answer. */
function fakeWorld(kinds: Record<string, ProviderName>, currentContext?: string, sandboxRuns = false): TargetWorld {
  return {
    contexts: Object.keys(kinds),
    currentContext,
    sandboxRuns,
    detect: async (context): Promise<DetectedCluster> => {
      const provider = kinds[context]
      if (provider === undefined) throw new LocoError('LOCO-KUB-004', { what: `${context} does not answer.` })
      const local = provider !== 'production'
      return { context, server: `https://${context}`, clusterUid: `uid-${context}`, provider, local, proof: local ? ['seen'] : [], doubts: [] }
    },
  }
}

const sandbox = { 'loco-sandbox': 'native' } as const
const prod = { prod: 'production' } as const
const kind = { 'kind-a': 'kind' } as const
type Case = [what: string, cluster: ClusterChoice, context: string | undefined, world: TargetWorld, expected: string]
/** Expected: `provider context`, with `(to start)` when the sandbox has yet to be started, or a code. */
const cases: Case[] = [
  ['a running sandbox wins over the current context', 'auto', undefined, fakeWorld({ ...sandbox, ...kind }, 'kind-a', true), 'native loco-sandbox'],
  ['else the current context if proved local', 'auto', undefined, fakeWorld(kind, 'kind-a'), 'kind kind-a'],
  ['an unproved current context is never taken', 'auto', undefined, fakeWorld(prod, 'prod'), 'native loco-sandbox (to start)'],
  ['nor another context that is local but not current', 'auto', undefined, fakeWorld({ ...prod, ...kind }, 'prod'), 'native loco-sandbox (to start)'],
  ['a current context that does not answer', 'auto', undefined, fakeWorld({}, 'gone'), 'native loco-sandbox (to start)'],
  ['nothing at all', 'auto', undefined, fakeWorld({}), 'native loco-sandbox (to start)'],
  ['a named context is obeyed, proved or not', 'auto', 'prod', fakeWorld({ ...sandbox, ...prod }, undefined, true), 'production prod'],
  ['a named context that does not answer is an error', 'auto', 'gone', fakeWorld({}, undefined, true), 'LOCO-KUB-004'],
  ['a name in front of the sandbox’s own', 'auto', undefined, fakeWorld({ 'loco-sandbox': 'production' }, undefined, true), 'LOCO-ENV-011'],

  ['native, running', 'native', undefined, fakeWorld(sandbox, undefined, true), 'native loco-sandbox'],
  ['native, to be started', 'native', undefined, fakeWorld(kind, 'kind-a'), 'native loco-sandbox (to start)'],
  ['native and a context of another kind', 'native', 'kind-a', fakeWorld(kind), 'LOCO-ENV-011'],

  ['current, proved', 'current', undefined, fakeWorld(kind, 'kind-a'), 'kind kind-a'],
  ['current, unproved', 'current', undefined, fakeWorld(prod, 'prod'), 'LOCO-ENV-010'],
  ['current, none', 'current', undefined, fakeWorld(kind), 'LOCO-ENV-016'],
  ['current, named', 'current', 'prod', fakeWorld(prod, 'prod'), 'production prod'],

  ['kind: the only one', 'kind', undefined, fakeWorld({ ...prod, ...kind }, 'prod'), 'kind kind-a'],
  ['kind: the current one of several', 'kind', undefined, fakeWorld({ ...kind, 'kind-b': 'kind' }, 'kind-b'), 'kind kind-b'],
  ['kind: several, none current', 'kind', undefined, fakeWorld({ ...kind, 'kind-b': 'kind' }, 'prod'), 'LOCO-ENV-013'],
  ['kind: none', 'kind', undefined, fakeWorld(prod, 'prod'), 'LOCO-ENV-012'],
  ['kind: a name that lies', 'kind', undefined, fakeWorld({ 'kind-prod': 'production' }), 'LOCO-ENV-010'],
  ['kind and a named context of that kind', 'kind', 'kind-a', fakeWorld(kind), 'kind kind-a'],
  ['kind and a named context that is unproved', 'kind', 'kind-prod', fakeWorld({ 'kind-prod': 'production' }), 'LOCO-ENV-011'],
  ['minikube', 'minikube', undefined, fakeWorld({ minikube: 'minikube' }), 'minikube minikube'],
  ['k3d', 'k3d', undefined, fakeWorld({ 'k3d-x': 'k3d' }), 'k3d k3d-x'],
]

describe('resolveTarget', () => {
  for (const [what, cluster, context, world, expected] of cases) {
    it(`${what} → ${expected}`, async () => {
      const resolving = resolveTarget({ cluster, context, namespace: 'loco', release: 'loco' }, world)
      if (expected.startsWith('LOCO-')) return assert.rejects(resolving, { code: expected })
      const { target, why } = await resolving
      assert.equal(`${target.provider} ${target.context}${target.clusterUid === null ? ' (to start)' : ''}`, expected)
      assert.match(why, /\.$/)
    })
  }
})

describe('assertSameTarget', () => {
  const target = { provider: 'kind', context: 'a', server: 'https://a', clusterUid: 'uid', namespace: 'loco', release: 'loco' }
  const fakeClient = (changes: object): Parameters<typeof assertSameTarget>[0] => ({
    context: 'a',
    server: 'https://a',
    clusterUid: async () => 'uid',
    ...changes,
  })
  it('the same', () => assertSameTarget(fakeClient({}), target))
  const others: [what: string, changes: object][] = [
    ['context', { context: 'b' }],
    ['server', { server: 'https://b' }],
    ['identity', { clusterUid: async () => 'other' }],
  ]
  for (const [what, changes] of others) {
    it(`another ${what}`, () =>
      assert.rejects(assertSameTarget(fakeClient(changes), target), { code: 'LOCO-ENV-014', message: new RegExp(`its ${what} is another`) }))
  }
  it('planned before the cluster existed', () => assert.rejects(assertSameTarget(fakeClient({}), { ...target, clusterUid: null }), { code: 'LOCO-ENV-014' }))
})
