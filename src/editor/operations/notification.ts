import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { OperationEvent } from '../../contracts/operation.ts'
import type { EventSink } from '../../operations/events.ts'
import { currentStep, type OperationState, stepsEnded, unread, withEvent } from '../../operations/operation-state.ts'
import { countText } from '../../operations/progress-line.ts'

/**
 * Progress of an operation as a notification, in percent by steps. Cancel asks it to stop at its next safe point; the notification then says so, and its
 * Cancel stops it at once. VS Code takes a notification away when it is cancelled, so each of the three is one of its own.
 */
export class ProgressNotification implements EventSink {
  readonly #title: string
  readonly #cancel: () => void
  #state: OperationState
  #show: ((state: OperationState) => void) | undefined
  #end: (() => void) | undefined
  #ended = false

  constructor(title: string, id: string, cancel: () => void) {
    this.#title = title
    this.#cancel = cancel
    this.#state = unread(id)
    void this.#run()
  }

  emit(event: OperationEvent): void {
    this.#state = withEvent(this.#state, event)
    this.#show?.(this.#state)
  }

  /** Takes the notification away. */
  end(): void {
    this.#ended = true
    this.#end?.()
  }

  async #run(): Promise<void> {
    const stages = [
      { title: this.#title, cancellable: true },
      { title: t`${this.#title} stops at its next safe point (Cancel again: at once)`, cancellable: true },
      { title: t`${this.#title} stops at once`, cancellable: false },
    ]
    for (const stage of stages) {
      if (this.#ended) return
      if ((await this.#stage(stage)) === 'ended') return
      this.#cancel()
    }
  }

  #stage({ title, cancellable }: { title: string; cancellable: boolean }): Promise<'ended' | 'cancelled'> {
    const work = async (
      progress: vscode.Progress<{ message?: string; increment?: number }>,
      token: vscode.CancellationToken,
    ): Promise<'ended' | 'cancelled'> => {
      let shown = 0
      this.#show = (state) => {
        const { ended, total } = stepsEnded(state)
        const percent = total === 0 ? 0 : (ended / total) * 100
        progress.report({ message: doing(state), increment: percent - shown })
        shown = percent
      }
      this.#show(this.#state)
      return new Promise((resolve) => {
        this.#end = () => resolve('ended')
        token.onCancellationRequested(() => resolve('cancelled'))
        if (this.#ended) resolve('ended')
      })
    }
    return Promise.resolve(vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable }, work))
  }
}

/** What it does right now, in the words of its step. */
function doing(state: OperationState): string {
  const step = currentStep(state)
  if (step === undefined) return t('Beginning …')
  const { progress } = step
  if (progress === undefined) return t`${step.title} …`
  return progress.done === undefined || progress.total === undefined ? progress.sentence : `${progress.sentence} ${countText(progress.done, progress.total)}`
}
