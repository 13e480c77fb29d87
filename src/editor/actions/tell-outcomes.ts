import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { Services } from '../services.ts'
import { failureLines, listOf, type Outcome } from './outcomes.ts'

/**
 * Tells of an action on several emulators in one message: what was done, what was not and why. An action that shows itself (a terminal, a document) says
 * nothing when all went well. One emulator alone is told like any error.
 * @throws the error of the only one
 */
export function tellOutcomes({ log, channel }: Services, outcomes: readonly Outcome[], done?: (names: string) => string): void {
  const [only] = outcomes
  if (outcomes.length === 1 && only?.error !== undefined) throw only.error
  const failed = outcomes.filter(({ error }) => error !== undefined)
  const good = listOf(outcomes.filter(({ error }) => error === undefined).map(({ name }) => name))
  const sentence = done === undefined || good === '' ? '' : done(good)
  if (failed.length === 0) {
    if (sentence !== '') void vscode.window.showInformationMessage(sentence)
    return
  }
  const lines = failureLines(outcomes)
  for (const line of lines) log.error(line)
  for (const { name, error } of failed) for (const fix of error?.fix ?? []) log.info(`  ${name}: ${fix}`)
  const output = t('Show Output')
  const text = [sentence, t`Not done for ${failed.length} of ${outcomes.length}. ${lines.join(' ')}`].filter((part) => part !== '').join(' ')
  void vscode.window.showWarningMessage(text, output).then((chosen) => {
    if (chosen === output) channel.show()
  })
}
