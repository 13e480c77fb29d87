import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { Logger } from '../../base/logger.ts'
import type { View } from '../../values/chart.ts'
import { check } from '../../values/check.ts'
import type { Problem } from '../../values/types.ts'
import { diagnosticOf } from './convert.ts'
import type { ValuesLanguage } from './language.ts'
import type { YamlExtension } from './yaml-extension.ts'

/** Milliseconds that a person has to stop typing for. */
const pause = 200

/** Codes of the problems that a schema finds, which the YAML extension finds too where it has the schema. */
const schemaCodes = new Set(['LOCO-VA-02', 'LOCO-VA-05'])

/** The problems of the open values files, in the Problems view and under the text. A document that is typed in is checked when it rests. */
export class ValuesDiagnostics implements Disposable {
  readonly #language: ValuesLanguage
  readonly #yaml: YamlExtension
  readonly #log: Logger
  readonly #scope = new Scope()
  readonly #shown: vscode.DiagnosticCollection
  readonly #waiting = new Map<string, NodeJS.Timeout>()

  constructor({ language, yaml, log }: { language: ValuesLanguage; yaml: YamlExtension; log: Logger }) {
    this.#language = language
    this.#yaml = yaml
    this.#log = log
    this.#shown = this.#scope.add(vscode.languages.createDiagnosticCollection('loco-values'))
    const all = (): void => {
      for (const document of vscode.workspace.textDocuments) this.#wait(document, 0)
    }
    this.#scope.add(language.changes(all))
    this.#scope.add(yaml.changes(all))
    this.#scope.add(vscode.workspace.onDidOpenTextDocument((document) => this.#wait(document, 0)))
    this.#scope.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#wait(document, pause)
      }),
    )
    this.#scope.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#leave(uri)))
    all()
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#scope.dispose()
  }

  #wait(document: vscode.TextDocument, milliseconds: number): void {
    const name = document.uri.toString()
    clearTimeout(this.#waiting.get(name))
    this.#waiting.set(
      name,
      setTimeout(() => {
        this.#waiting.delete(name)
        this.#look(document).catch((error: unknown) => this.#log.error('a values file could not be checked', { file: name, error: String(error) }))
      }, milliseconds),
    )
  }

  #leave(uri: vscode.Uri): void {
    clearTimeout(this.#waiting.get(uri.toString()))
    this.#waiting.delete(uri.toString())
    this.#shown.delete(uri)
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    const { version, uri } = document
    const view = await this.#language.viewOf(document)
    if (view === undefined) return this.#shown.delete(uri)
    const problems = this.#ours(document, view)
    const diagnostics = await Promise.all(problems.map((problem) => diagnosticOf(document, problem)))
    // Somebody typed meanwhile: the next look is on its way, and these places may be others now.
    if (document.isClosed || document.version !== version) return
    this.#shown.set(uri, diagnostics)
  }

  /** Without those that the YAML extension tells of this document. */
  #ours(document: vscode.TextDocument, view: View): Problem[] {
    const part = this.#yaml.partOf(document.uri)
    const syntax = new Set(view.document.syntax.map(sameProblem))
    return check(view).problems.filter((problem) => {
      if (!part.syntax && syntax.has(sameProblem(problem))) return false
      return part.schema || !schemaCodes.has(problem.code)
    })
  }
}

/** Checks may give problems another severity, but no other place. */
const sameProblem = ({ code, range }: Problem): string => `${code} ${range.start} ${range.end}`
