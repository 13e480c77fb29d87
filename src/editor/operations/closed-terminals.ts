import * as vscode from 'vscode'

/** Milliseconds in which VS Code says why a terminal was closed, when it does. */
const patience = 2_000

/**
 * Whether a terminal that was closed a moment ago was closed by a person, or by ending its task, and not together with its window. A window that goes says
 * so, or says nothing any more: silence counts as that.
 */
export function closedByPerson(): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (person: boolean): void => {
      subscription.dispose()
      clearTimeout(timer)
      resolve(person)
    }
    const subscription = vscode.window.onDidCloseTerminal(({ exitStatus }) => settle(exitStatus?.reason !== vscode.TerminalExitReason.Shutdown))
    const timer = setTimeout(() => settle(false), patience)
  })
}
