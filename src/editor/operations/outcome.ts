import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import type { ReportEvent } from '../../contracts/operation.ts'

export interface OutcomeActions {
  showReport: () => void
  runAgain: () => void
}

/** Tells how an operation ended, with what one may want to do then. A failure says its first cause with its code. */
export async function tellOutcome({ outcome, sentence, findings }: ReportEvent, { showReport, runAgain }: OutcomeActions): Promise<void> {
  const [report, again, copyFix] = [t('Show Report'), t('Run Again'), t('Copy Fix')]
  const [cause] = findings.filter(({ severity }) => severity === 'fatal')
  const failed = outcome === 'failed' && cause !== undefined
  const message = failed ? t`${sentence} ${cause.cause} (${cause.code})` : sentence
  const show =
    outcome === 'succeeded' ? vscode.window.showInformationMessage : outcome === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage
  const [fix] = failed ? cause.fix : []
  const chosen = await show(message, report, ...(fix === undefined ? [] : [copyFix]), again)
  if (chosen === report) showReport()
  if (chosen === again) runAgain()
  if (chosen === copyFix && fix !== undefined) await vscode.env.clipboard.writeText(fix)
}
