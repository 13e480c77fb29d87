import * as vscode from 'vscode'

/** A question before something happens. */
export interface Question {
  /** The question itself, one sentence that names the target. */
  question: string
  /** What will happen, and what will be lost. */
  detail?: string
  /** Label of the button that goes on. */
  yes: string
}

/** Asks a person. An own service because VS Code refuses modal dialogs in extension tests. */
export type Confirm = (question: Question) => Promise<boolean>

/** Asks with a modal dialog. */
export const confirmWithDialog: Confirm = async ({ question, detail, yes }) =>
  (await vscode.window.showWarningMessage(question, { modal: true, ...(detail !== undefined && { detail }) }, yes)) === yes
