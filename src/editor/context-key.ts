import * as vscode from 'vscode'

/** A key for `when` clauses; VS Code hears of it only when it changes. */
export class ContextKey<T extends string | boolean> {
  readonly #name: string
  #value: T | undefined

  /** `name` with its prefix `loco.`. */
  constructor(name: string) {
    this.#name = name
  }

  set(value: T): void {
    if (value === this.#value) return
    this.#value = value
    void vscode.commands.executeCommand('setContext', this.#name, value)
  }
}
