import { t } from '@vscode/l10n'
import { asLocoError } from '../../base/error.ts'
import type { OperationEvent } from '../../contracts/operation.ts'
import type { Followed } from './followed.ts'
import type { TaskScreen, TerminalWork } from './task-terminal.ts'

export interface Joined {
  /** It runs and is followed; undefined for one that has ended. */
  running: Followed | undefined
  /** All events of one that has ended. @throws LOCO-OPS-010 */
  read: () => readonly OperationEvent[]
}

/** An operation that is there already, shown in a terminal from its first event. Leaving the terminal does not stop it. */
export class JoinedOperation implements TerminalWork {
  readonly #joined: Joined
  #leave: () => void = () => {}

  constructor(joined: Joined) {
    this.#joined = joined
  }

  async run(screen: TaskScreen): Promise<number> {
    const { running } = this.#joined
    try {
      if (running === undefined) return this.#show(screen)
      const left = new Promise<undefined>((resolve) => {
        this.#leave = () => resolve(undefined)
      })
      const attached = running.attach(screen)
      const report = await Promise.race([running.report, left])
      attached.dispose()
      if (report === undefined) screen.say(t('It is not followed here any more, and goes on.'))
      return report?.exit ?? 0
    } catch (thrown) {
      const error = asLocoError(thrown)
      screen.complain(`${error.code}: ${error.message}`)
      return error.exit
    }
  }

  #show(screen: TaskScreen): number {
    const events = this.#joined.read()
    for (const event of events) if (event.kind !== 'step-progress' && event.kind !== 'step-start') screen.emit(event)
    const last = events.at(-1)
    return last?.kind === 'report' ? last.exit : 0
  }

  interrupt(): void {
    this.#leave()
  }

  closed(): void {
    this.#leave()
  }
}
