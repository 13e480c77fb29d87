import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { VerdictWord } from '../../contracts/fleet.ts'
import type { FleetChange } from '../../fleet/diff.ts'
import { verdictWords } from '../../fleet/words.ts'
import { eachSession } from '../connection/each-session.ts'
import { type FleetSession, type Fleets, fleetKey } from '../fleets.ts'
import { emulatorOf, emulatorUri } from './emulator-uri.ts'

/** One sign each, told apart without colour. */
const badges: Record<VerdictWord, string> = { healthy: '✓', starting: '…', degraded: '!', unhealthy: '✗', stopped: '–', unknown: '?' }

/** Badge and colour of the emulators' rows. VS Code asks for those that are in sight; a change of verdict is told for that row alone. */
export class Decorations implements vscode.FileDecorationProvider, Disposable {
  readonly #fleets: Fleets
  readonly #scope = new Scope()
  readonly #changes = this.#scope.add(new vscode.EventEmitter<vscode.Uri[]>())
  readonly onDidChangeFileDecorations = this.#changes.event

  constructor(fleets: Fleets) {
    this.#fleets = fleets
    this.#scope.add(eachSession(fleets, (session) => this.#follow(session)))
    this.#scope.add(vscode.window.registerFileDecorationProvider(this))
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const ref = emulatorOf(uri)
    if (ref === undefined) return undefined
    const key = fleetKey(ref.fleet)
    const store = this.#fleets.sessions.find(({ id }) => fleetKey(id) === key)?.store
    const verdict = store?.get(ref.emulator)?.verdict
    if (store === undefined || verdict === undefined) return undefined
    // What cannot be seen now is grey, whatever it was.
    const color = new vscode.ThemeColor(store.freshness.state === 'live' ? `loco.${verdict}` : 'loco.unknown')
    return new vscode.FileDecoration(badges[verdict], verdictWords(verdict), color)
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #follow({ id, store }: FleetSession): Disposable {
    // A session that took the place of another may say something else.
    this.#tell({ id, store }, store.emulators)
    return store.changes.event((changes) => {
      const all = changes.some(({ type }) => type === 'freshness')
      this.#tell({ id, store }, all ? store.emulators : changes.flatMap(otherVerdict))
    })
  }

  #tell({ id }: Pick<FleetSession, 'id' | 'store'>, emulators: readonly { id: string }[]): void {
    if (emulators.length > 0) this.#changes.fire(emulators.map((emulator) => emulatorUri({ fleet: id, emulator: emulator.id })))
  }
}

/** The emulator of a change that gives it another badge. */
function otherVerdict(change: FleetChange): { id: string }[] {
  if (change.type === 'freshness') return []
  return change.type === 'changed' && change.previous.verdict === change.emulator.verdict ? [] : [change.emulator]
}
