import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import * as vscode from 'vscode'
import { waitFor } from '../../../src/base/wait.ts'
import type { EmulatorStatus } from '../../../src/contracts/fleet.ts'
import type { Question } from '../../../src/editor/confirm.ts'
import type { LocoApi } from '../../../src/editor/loco-api.ts'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { extension } from './extension.ts'

/** The one kubeconfig that this extension host sees (host-test-environment.ts). */
const kubeconfig = process.env['KUBECONFIG'] ?? ''

describe('a fleet, as other extensions and commands see it', () => {
  let fleet: FakeFleet
  let api: LocoApi
  const emulators = (): readonly EmulatorStatus[] => api.fleets()[0]?.emulators ?? []
  const until = <T>(look: () => T | undefined | false, what: string): Promise<T> =>
    waitFor(look, () => new Error(`not so: ${what}; the fleet is ${JSON.stringify(emulators())}`), { timeout: 20_000, interval: 50 })

  before(async () => {
    api = await extension().activate()
    fleet = await FakeFleet.start(2)
    writeFileSync(kubeconfig, fleet.kubeconfig())
    await vscode.commands.executeCommand('loco.fleet.focus')
  })
  after(async () => {
    rmSync(kubeconfig, { force: true })
    await fleet.stop()
  })

  it('is told with its verdicts, once the view was seen', async () => {
    await until(() => emulators().length === 2 && emulators().every(({ verdict }) => verdict === 'healthy'), 'two healthy emulators')
    assert.deepEqual(api.fleets()[0]?.fleet, { context: 'fake', namespace: 'loco', release: 'loco' })
  })

  it('a change is told with its sentence', async () => {
    fleet.say(1, { verdict: 'unhealthy', stage: 'P1', sentence: 'The guest hangs.', code: 'LOCO-GST-006' })
    const changed = await until(() => emulators().find(({ verdict }) => verdict === 'unhealthy'), 'an unhealthy emulator')
    assert.equal(changed.id, 'instance-1')
    assert.match(changed.sentence, /hangs/)
    fleet.say(1, {})
    await until(() => emulators().every(({ verdict }) => verdict === 'healthy'), 'two healthy emulators')
  })

  it('Restart asks first, naming the emulator; a no changes nothing, a yes deletes the pod', async () => {
    const asked: Question[] = []
    let answer = false
    api.test?.answerConfirmations(async (question) => {
      asked.push(question)
      return answer
    })
    const ref = { fleet: api.fleets()[0]?.fleet, emulator: 'instance-0' }
    const deletions = (): string[] => fleet.api.requests.filter((request) => request.startsWith('DELETE'))
    await vscode.commands.executeCommand('loco.restart', ref)
    assert.equal(asked.length, 1)
    assert.match(`${asked[0]?.question} ${asked[0]?.detail}`, /instance-0/)
    assert.deepEqual(deletions(), [])
    answer = true
    // It goes on until the emulator is back, for which this fake does nothing.
    void vscode.commands.executeCommand('loco.restart', ref)
    await until(() => deletions().length > 0, 'a deletion')
    assert.match(deletions()[0] ?? '', /\/namespaces\/loco\/pods\/loco-loco-emulator-0/)
  })

  it('the output channel and the task type are there', async () => {
    await vscode.commands.executeCommand('loco.showOutput')
    assert.ok(Array.isArray(await vscode.tasks.fetchTasks({ type: 'loco' })))
  })
})
