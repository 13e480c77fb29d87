import assert from 'node:assert/strict'
import { config } from '@vscode/l10n'
import type { Command } from 'commander'
import { messagesOf } from '../../../scripts/l10n/messages.ts'
import { pseudo } from '../../../scripts/l10n/pseudo.ts'
import { codes, isLocoCode, titleOf } from '../../../src/base/codes.ts'
import { LocoError } from '../../../src/base/error.ts'
import { helmError } from '../../../src/chart/helm-errors.ts'
import { main } from '../../../src/cli/main.ts'
import { makeProgram } from '../../../src/cli/program.ts'
import type { OperationEvent } from '../../../src/contracts/operation.ts'
import { catalogue } from '../../../src/diagnosis/catalogue.ts'
import { noFacts } from '../../../src/diagnosis/row.ts'
import { judge } from '../../../src/fleet/judge.ts'
import { buildError } from '../../../src/images/build-errors.ts'
import { ApiAnswerError, asKubeError } from '../../../src/kube/errors.ts'
import { bootstrap } from '../../../src/operations/bootstrap.ts'
import { destroy, destroyLosses } from '../../../src/operations/destroy.ts'
import { rebuild } from '../../../src/operations/rebuild.ts'
import type { StepList } from '../../../src/operations/runner.ts'
import { operationLines } from '../../../src/operations/text.ts'
import { refusals } from '../../../src/sandbox/preflight.ts'
import { clusterWords, offlineWords } from '../chart/helm-words.ts'
import { fakeTerminal } from '../cli/fake-terminal.ts'
import * as fleet from '../fleet/given.ts'
import { FakeWorld } from '../operations/fake-world.ts'
import { parsedSources } from './parsed-sources.ts'

/** What is left of a text when everything translated is taken out of it. */
function untranslated(text: string): string {
  const inner = text.replace(/\[\[[^[\]]*(?:\[(?!\[)[^[\]]*\](?!\])[^[\]]*)*\]\]/g, '')
  return inner === text ? text : untranslated(inner)
}

/** Lines to type are the same in all languages. */
const command = /^(?:sudo |export |loco |kubectl |helm |docker |minikube |kind |k3d |npm |df |date$|LOCO_)/

function assertTranslated(texts: readonly (string | undefined)[], of: string): void {
  for (const text of texts) {
    if (text === undefined || text === '' || command.test(text)) continue
    assert.doesNotMatch(untranslated(text), /[a-z]{2,} +[a-z]{2,}/, `${of}: ${text}`)
    assert.match(text, /\[\[.*\]\]/s, `${of}: ${text}`)
  }
}

const assertErrorTranslated = (error: LocoError): void => assertTranslated([error.what, error.why, ...error.fix], error.code)

/** Texts that a person reads in what an operation tells. Words of others (`step-log`, evidence) are as they came. */
function textsOf(event: OperationEvent): (string | undefined)[] {
  switch (event.kind) {
    case 'plan':
      return [...event.steps.flatMap(({ title, detail }) => [title, detail]), ...event.losses]
    case 'step-start':
      return [event.title]
    case 'step-end':
      return [event.title, event.sentence]
    case 'step-progress':
      return [event.sentence]
    case 'finding':
      return [event.finding.title, event.finding.cause, ...event.finding.fix]
    case 'report':
      return [event.sentence, ...event.next]
    case 'step-log':
      return []
  }
}

describe('in the pseudo-locale everything that is told is translated', () => {
  before(() => {
    const bundle = messagesOf(parsedSources())
    config({ contents: Object.fromEntries(Object.entries(bundle).map(([key, text]) => [key, pseudo(typeof text === 'string' ? text : text.message)])) })
  })
  after(() => config({ contents: {} }))

  it('codes', () => {
    for (const code of Object.keys(codes)) assert.match(isLocoCode(code) ? titleOf(code) : '', /^\[\[.*\]\]$/, code)
  })

  it('diagnosis: every row of the catalogue', () => {
    const facts = {
      ...noFacts,
      namespace: 'loco',
      object: 'x-0',
      container: 'emulator',
      image: 'a:b',
      groups: ['one', 'two', 'three'] as const,
      storageClass: 'c',
    }
    for (const exit of [1, 126, 127, 132, 134, 137, 139])
      for (const { code, cause, fix } of catalogue) assertTranslated([cause({ ...facts, exit }), ...fix({ ...facts, exit })], code)
  })

  it('judge', () => {
    const { given, pod, running, waiting, crashed, answers, claim, unreachable, ago, set } = fleet
    const moments = [
      given(),
      given({ set: undefined, pods: [pod()] }),
      given({ pods: [pod()] }),
      given({ pods: [running()] }),
      given({ pods: [running({ seconds: 100 })], agent: { state: 'silent', since: fleet.now - 60_000, error: unreachable } }),
      given({ pods: [waiting('ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never')] }),
      given({ pods: [crashed(139, 4)] }),
      given({ set: set(0), claims: [claim()] }),
      given({ pods: [running()], agent: answers({ sentence: 'The machine runs and shows a picture.' }) }),
      given({ pods: [running({ ready: false })], agent: answers({ sentence: 'The machine runs and shows a picture.' }) }),
    ]
    for (const moment of moments)
      for (const { sentence, findings } of judge(moment)) assertTranslated([sentence, ...findings.map(({ title }) => title)], sentence)
    const before = new Map(judge(given({ pods: [running()] })).map((one) => [one.id, one]))
    for (const state of ['stale', 'denied', 'offline'] as const)
      for (const { sentence } of judge(given({ freshness: { state, since: ago(60) } }), before)) assertTranslated([sentence], state)
  })

  it('errors of the cluster, of helm, of Docker, of the machine', () => {
    const answers = [400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 422, 429, 500, 504, 302].map((status) => new ApiAnswerError(status, ''))
    const faults = [
      'ECONNREFUSED',
      'ENOTFOUND',
      'ETIMEDOUT',
      'ECONNRESET',
      'EHOSTUNREACH',
      'CERT_HAS_EXPIRED',
      'CERT_UNTRUSTED',
      'EPROTO',
      'HPE_INVALID_VERSION',
    ]
    for (const error of [...answers, ...faults.map((code) => Object.assign(new Error(code), { code }))]) {
      const { what, ...told } = asKubeError(error, '[[x]]')
      assertErrorTranslated(new LocoError(told.code, { what, why: told.why ?? '', fix: told.fix }))
    }
    for (const [, words] of [...offlineWords, ...clusterWords])
      assertTranslated([helmError(words, { release: 'loco', namespace: 'loco', chart: 'c', context: 'x' }).what.replace(/^[\w.]+: .*$/, '')], words)
    assertErrorTranslated(buildError('emulator', { error: 'no space left on device', step: { number: 1, total: 2, instruction: 'RUN make' }, tail: [] }))
    const machine = {
      platform: 'linux',
      arch: 'amd64',
      uid: 0,
      capabilities: 0n,
      namespaces: [],
      cgroups: undefined,
      mountable: [],
      features: new Set<string>(),
    }
    for (const error of refusals({ ...machine, room: [{ folder: '/', free: 0, needed: 1 }] } as unknown as Parameters<typeof refusals>[0]))
      assertErrorTranslated(error)
  })

  it('operations, from plan to report', async () => {
    const common = { cluster: 'auto', namespace: 'loco', release: 'loco' } as const
    const deps = (world: FakeWorld) => ({ place: world, chart: '/chart', reached: async () => {}, clock: world.clock })
    const operations: ((world: FakeWorld) => StepList)[] = [
      (world) => bootstrap({ operation: 'bootstrap', ...common, values: [], set: [], rebuildEmulators: false, only: [], timeout: 2000 }, deps(world)),
      (world) => bootstrap({ operation: 'bootstrap', ...common, values: [], set: [], rebuildEmulators: true, only: [], timeout: 2000 }, deps(world)),
      (world) => rebuild({ operation: 'rebuild', ...common, parts: [], timeout: 2000 }, deps(world)),
      (world) => destroy({ operation: 'destroy', ...common, deleteData: false, timeout: 300 }, deps(world)),
      (world) => destroy({ operation: 'destroy', ...common, deleteData: true, timeout: 300 }, deps(world)),
    ]
    const world = Object.assign(new FakeWorld(), { why: '[[because]]' })
    for (const operation of operations) {
      const { sink, report } = await world.run(operation(world))
      assert.equal(report.outcome, 'succeeded')
      for (const event of [...sink.events, report]) {
        assertTranslated(textsOf(event), event.kind)
        assertTranslated(
          operationLines(event).map(({ text }) => text.replace(/^ +→ (?:loco|kubectl) .*|^ {4}.*/s, '')),
          `lines of ${event.kind}`,
        )
      }
      const site = await world.reach()
      if (site !== undefined) assertTranslated(await destroyLosses(site, { deleteData: true }), 'losses')
    }
  })

  it('the terminal: help pages and refused command lines', async () => {
    const walk = (command: Command): void => {
      assertTranslated([command.description()], command.name())
      for (const option of [...command.options, ...command.registeredArguments]) assertTranslated([option.description], `${command.name()} ${option.name()}`)
      for (const child of command.commands) walk(child)
    }
    walk(makeProgram(fakeTerminal(), () => {}))
    for (const line of [
      'bootstrap --help',
      'bootstap',
      'status --bogus',
      'bootstrap --replicas many',
      'bootstrap --cluster moon',
      'logs',
      'logs nobody',
      'logs a b',
    ]) {
      const terminal = fakeTerminal({ env: { HOME: '/nonexistent' } })
      await main(line.split(' '), terminal)
      const told = `${terminal.out()}${terminal.err()}`.split('\n').filter((one) => one.trim() !== '' && !/^ *→ loco/.test(one))
      assert.doesNotMatch(untranslated(told.join(' ')), /[a-z]{3,} [a-z]{3,} [a-z]{3,}/, told.join('\n'))
    }
  })
})
