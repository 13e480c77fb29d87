import { t } from '@vscode/l10n'
import { asLocoError, LocoError } from '../../base/error.ts'
import type { OperationEvent, PlanEvent } from '../../contracts/operation.ts'
import type { OperationOptions, RebuildOptions } from '../../operations/options.ts'
import type { Question } from '../confirm.ts'
import type { Followed } from './followed.ts'
import { questionOf } from './question.ts'
import type { TaskScreen, TerminalWork } from './task-terminal.ts'
import { operationName } from './title.ts'

/** What a session needs of its surroundings: VS Code, the processes, the journals. */
export interface SessionHost {
  trusted(): boolean
  newId(): string
  plan(request: { id: string; options: OperationOptions }, signal: AbortSignal): Promise<PlanEvent>
  /** Progress until the plan is made; `cancel` is the person's wish. */
  planning(title: string, made: Promise<unknown>, cancel: () => void): void
  confirm(question: Question): Promise<boolean>
  /** What becomes of machines whose base disk changed; undefined when the person chose nothing. */
  chooseBase(plan: PlanEvent): Promise<RebuildOptions['base']>
  /** Whether a plan without losses needs no answer. */
  asksForLossesOnly(): boolean
  start(request: { id: string; options: OperationOptions; plan: PlanEvent }, signal: AbortSignal): Promise<void>
  follow(id: string): Followed
  failed(error: LocoError): void
  /** Whether the terminal that was just closed was closed by a person, and not with its window. */
  closedByPerson(): Promise<boolean>
}

/** How often a plan may change between question and start before we give up asking. */
const mostQuestions = 3

/**
 * An operation that a person asked for in this window: planned, agreed to, begun in a process of its own, shown until its report.
 * The operation does not depend on it: when the window goes, the operation goes on.
 */
export class OperationSession implements TerminalWork {
  readonly #host: SessionHost
  readonly #options: () => OperationOptions
  readonly #before = new AbortController()
  #followed: Followed | undefined
  #screen: TaskScreen | undefined
  #wishes = 0

  /** `options` may throw: what is wrong with a task is told where the task is shown. */
  constructor(host: SessionHost, options: () => OperationOptions) {
    this.#host = host
    this.#options = options
  }

  async run(screen: TaskScreen): Promise<number> {
    this.#screen = screen
    try {
      if (!this.#host.trusted()) {
        screen.complain(t('Loco Cluster starts no program in a workspace that is not trusted.'))
        return 1
      }
      const id = await this.#begin(this.#options(), screen)
      if (id === undefined) return nothingChanged(screen)
      const followed = this.#host.follow(id)
      this.#followed = followed
      if (this.#before.signal.aborted) followed.cancel() // the wish came when it had just begun
      // The plan was shown when it was to be agreed to.
      followed.attach({ emit: (event: OperationEvent) => void (event.kind !== 'plan' && screen.emit(event)) })
      return (await followed.report).exit
    } catch (thrown) {
      const error = asLocoError(thrown)
      if (error.code === 'LOCO-USE-002') return nothingChanged(screen)
      screen.complain(`${error.code}: ${error.message}`)
      for (const fix of error.fix) screen.say(`  → ${fix}`)
      if (this.#followed === undefined) this.#host.failed(error)
      return error.exit
    }
  }

  /** Asks the operation to stop at its next safe point; called again, at once. Before it has begun: gives it up. */
  interrupt(): void {
    this.#wishes += 1
    if (this.#followed === undefined) {
      this.#before.abort(new DOMException('Cancelled in the editor.', 'AbortError'))
      return
    }
    this.#screen?.say(
      this.#wishes === 1
        ? t('It stops at its next safe point and says what stands. Once more: at once.')
        : t('It stops at once; the next run finds out what stands.'),
    )
    this.#followed.cancel()
  }

  /** A person who closes the terminal, or ends the task, wants the operation to stop, as with any program. A window that closes wants nothing. */
  async closed(): Promise<void> {
    if (this.#followed === undefined) this.interrupt()
    else if (await this.#host.closedByPerson()) this.#followed.cancel()
  }

  /** @returns the id of the operation that was begun; undefined when the person did not agree */
  async #begin(asked: OperationOptions, screen: TaskScreen): Promise<string | undefined> {
    const { signal } = this.#before
    let options = asked
    for (let question = 1; ; question += 1) {
      const id = this.#host.newId()
      screen.say(t('Looking at what is there, for the plan …'))
      const planned = this.#host.plan({ id, options }, signal)
      this.#host.planning(t`${operationName(options.operation)}: making the plan`, planned, () => this.interrupt())
      const plan = await planned
      screen.emit(plan)
      if (options.operation === 'rebuild' && plan.baseDisk !== undefined) {
        const base = await this.#host.chooseBase(plan)
        signal.throwIfAborted()
        if (base === undefined) return undefined
        options = { ...options, base } // planned anew: a choice may lose something, and that must be named and agreed to
        continue
      }
      if (!(await this.#agreed(plan, signal))) return undefined
      try {
        await this.#host.start({ id, options, plan }, signal)
        return id
      } catch (error) {
        if (!(error instanceof LocoError) || error.code !== 'LOCO-OPS-004' || question >= mostQuestions) throw error
        screen.complain(`${error.code}: ${error.message}`)
      }
    }
  }

  async #agreed(plan: PlanEvent, signal: AbortSignal): Promise<boolean> {
    if (plan.losses.length === 0 && (plan.warnings ?? []).length === 0 && this.#host.asksForLossesOnly()) return true
    const agreed = await this.#host.confirm(questionOf(plan))
    signal.throwIfAborted()
    return agreed
  }
}

function nothingChanged(screen: TaskScreen): number {
  screen.say(t('Nothing was changed.'))
  return 130
}
