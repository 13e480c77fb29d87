import { t } from '@vscode/l10n'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import type { EmulatorRef } from '../../emulator-ref.ts'
import type { FleetLease } from '../../fleets.ts'
import { type AgentSaid, askAgent } from './agent-sight.ts'
import { moments } from './moments.ts'

/** Milliseconds in which changes are gathered into one new text. */
const gather = 500

/** One emulator whose description is open. Holds the lease of its fleet until disposed; tells when the text is another one. */
export class DescribedEmulator implements Disposable {
  readonly #ref: EmulatorRef
  readonly #lease: FleetLease
  readonly #changed: () => void
  readonly #scope = new Scope()
  #session = new Scope()
  #timer: NodeJS.Timeout | undefined
  #told = ''
  /** Composed to see whether it is another one, and not asked for yet. */
  #next: string | undefined

  constructor(ref: EmulatorRef, lease: FleetLease, changed: () => void) {
    this.#ref = ref
    this.#lease = this.#scope.add(lease)
    this.#changed = changed
    this.#scope.add(
      lease.changes(() => {
        this.#follow()
        this.#soon()
      }),
    )
    this.#follow()
  }

  /** The description as it is now. */
  async text(): Promise<string> {
    this.#told = this.#next ?? (await this.#compose())
    this.#next = undefined
    return this.#told
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#session.dispose()
    this.#scope.dispose()
  }

  #follow(): void {
    this.#session.dispose()
    this.#session = new Scope()
    const { session } = this.#lease
    if (session === undefined) return
    this.#session.add(session.objects.changes(() => this.#soon()))
    this.#session.add(session.store.changes.event(() => this.#soon()))
  }

  /** VS Code asks for the text again only when it is told to, and then repaints the editor: so only for another text. */
  #soon(): void {
    if (this.#timer !== undefined || this.#scope.ended) return
    this.#timer = setTimeout(async () => {
      this.#timer = undefined
      const text = await this.#compose()
      if (text === this.#told || this.#scope.ended) return
      this.#next = text
      this.#changed()
    }, gather)
  }

  async #compose(): Promise<string> {
    const { session, error, id } = this.#lease
    if (session === undefined) return `# ${error === undefined ? t`Connecting to the cluster of ${id.context} …` : `${error.message} (${error.code})`}\n`
    const { store, objects } = session
    const emulator = store.get(this.#ref.emulator)
    if (emulator === undefined)
      return `# ${store.freshness.state === 'live' ? t`There is no ${this.#ref.emulator} in this fleet.` : t('The fleet is not seen yet.')}\n`
    const pod = emulator.pod === null ? undefined : objects.pod(emulator.pod)
    const agent: AgentSaid | undefined = store.freshness.state === 'live' ? await askAgent(session, pod) : undefined
    const { describe } = await import('./description.ts')
    return describe({
      emulator,
      freshness: store.freshness,
      pod,
      claims: emulator.pod === null ? [] : objects.claims(emulator.pod),
      events: emulator.pod === null ? [] : objects.events(emulator.pod),
      agent,
      moment: moments(),
    })
  }
}
