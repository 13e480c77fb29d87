import { readFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { BookEntry } from '../../operations/operations-book.ts'

/**
 * Failures at the lines of the values files that caused them, in the Problems view. They are those of the latest ended operation of each fleet, so a later one
 * that succeeds takes them away.
 */
export class ValuesProblems implements Disposable {
  readonly #root: string
  readonly #scope = new Scope()
  readonly #diagnostics: vscode.DiagnosticCollection
  #shown = ''

  constructor(root: string) {
    this.#root = root
    this.#diagnostics = this.#scope.add(vscode.languages.createDiagnosticCollection('loco'))
  }

  /** Takes what the journals say now; does something only when the latest operations are others than last time. */
  async take(entries: readonly BookEntry[]): Promise<void> {
    const { latestOfEachFleet } = await import('../../operations/operations-book.ts')
    const failed = latestOfEachFleet(entries).filter(({ standing }) => standing === 'failed')
    const key = failed.map(({ id }) => id).join()
    if (key === this.#shown) return
    this.#shown = key
    this.#diagnostics.clear()
    const found = new Map<string, vscode.Diagnostic[]>()
    for (const entry of failed) {
      for (const { file, place, finding } of await this.#problemsOf(entry)) {
        const range = new vscode.Range(place.line, place.column, place.line, place.endColumn)
        const severity = finding.severity === 'fatal' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning
        const diagnostic = new vscode.Diagnostic(range, finding.cause, severity)
        diagnostic.source = 'Loco Cluster'
        diagnostic.code = finding.code
        found.set(file, [...(found.get(file) ?? []), diagnostic])
      }
    }
    if (this.#shown !== key) return // a later call was faster
    for (const [file, diagnostics] of found) this.#diagnostics.set(vscode.Uri.file(file), diagnostics)
  }

  dispose(): void {
    this.#scope.dispose()
  }

  async #problemsOf({ id, state }: BookEntry): Promise<readonly import('../../operations/values-lines.ts').PlacedProblem[]> {
    const findings = state.report?.findings ?? []
    const [{ askedOf }, { problemsInValues }] = await Promise.all([import('../../operations/journals.ts'), import('../../operations/values-lines.ts')])
    try {
      const asked = askedOf(this.#root, id)
      if (asked.operation !== 'bootstrap' || asked.values.length === 0) return []
      const files = await Promise.all(asked.values.map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => undefined) })))
      return problemsInValues(findings, files)
    } catch {
      return [] // what it was asked to do was not kept
    }
  }
}
