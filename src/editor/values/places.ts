import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { onSettings, settings } from '../settings.ts'
import { absolutePaths, type PlaceFiles, type PlaceRules, placeOf, type ValuesPlace } from './place.ts'

const files: PlaceFiles = {
  read(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
  },
}

/** Which documents are values files of a chart that we look after. Small and without the engine, because it is asked of every YAML file that is opened. */
export class Places implements Disposable {
  readonly #scope = new Scope()
  readonly #known = new Map<string, ValuesPlace | undefined>()
  readonly #changes = this.#scope.add(new Emitter<void>())
  readonly #ownChart: string
  #rules: PlaceRules | undefined

  constructor(context: vscode.ExtensionContext) {
    this.#ownChart = join(context.extensionUri.fsPath, 'helm', 'loco-chart')
    const forget = (): void => {
      this.#known.clear()
      this.#rules = undefined
      this.#changes.fire()
    }
    this.#scope.add(onSettings('values', 'valuesLanguage.charts')(forget))
    this.#scope.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('tasks')) forget()
      }),
    )
    const charts = this.#scope.add(vscode.workspace.createFileSystemWatcher('**/Chart.yaml'))
    for (const event of [charts.onDidCreate, charts.onDidChange, charts.onDidDelete]) this.#scope.add(event(forget))
  }

  /** Fires when a document may be of another chart than before. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  /** The place of a document; undefined for one that is not ours. */
  of(document: vscode.TextDocument): ValuesPlace | undefined {
    return this.at(document.uri)
  }

  at({ scheme, fsPath }: vscode.Uri): ValuesPlace | undefined {
    if (scheme !== 'file' || !/\.(?:ya?ml|tpl|txt)$/i.test(fsPath)) return undefined
    this.#rules ??= this.#read()
    if (!this.#known.has(fsPath)) this.#known.set(fsPath, placeOf(fsPath, this.#rules, files))
    return this.#known.get(fsPath)
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #read(): PlaceRules {
    const folders = vscode.workspace.workspaceFolders ?? [undefined]
    const bases = folders.map((folder) => ({ uri: folder?.uri, path: folder?.uri.fsPath }))
    // A workspace file is a folder of its own kind: relative paths of its settings start beside it.
    const beside = vscode.workspace.workspaceFile?.scheme === 'file' ? dirname(vscode.workspace.workspaceFile.fsPath) : undefined
    return {
      charts: bases.flatMap(({ uri, path }) => absolutePaths(settings.valuesLanguageCharts(uri), path ?? beside)),
      lists: bases.flatMap(({ uri, path }) => [settings.values(uri), ...valuesOfTasks(uri)].map((list) => absolutePaths(list, path ?? beside))),
      ownChart: this.#ownChart,
    }
  }
}

/** The values files of the tasks that tasks.json describes. */
function valuesOfTasks(scope: vscode.Uri | undefined): unknown[][] {
  const tasks: unknown = vscode.workspace.getConfiguration('tasks', scope).get('tasks')
  if (!Array.isArray(tasks)) return []
  return tasks.flatMap((task: unknown) => {
    const { type, values } = (task ?? {}) as { type?: unknown; values?: unknown }
    return type === 'loco' && Array.isArray(values) ? [values] : []
  })
}
