import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import type { Logger } from '../../base/logger.ts'
import { settings } from '../settings.ts'
import { type Mode, modeOf, namesSchema, type Part, partOf, schemaGlobs } from './mode.ts'
import type { Places } from './places.ts'
import { type SchemaContributor, valuesContributor } from './schema-contributor.ts'

const id = 'redhat.vscode-yaml'

/** What the YAML extension exports, as far as we use it. */
interface YamlApi {
  registerContributor(
    schema: string,
    requestSchema: (resource: string) => string | undefined,
    requestSchemaContent: (uri: string) => string | undefined,
  ): boolean
}

/**
 * Lives beside redhat.vscode-yaml, where that is there: its schema help is switched off for values files of ours, unless a person gave them a schema, and
 * nothing is answered twice. Its settings are never written.
 */
export class YamlExtension implements Disposable {
  readonly #scope = new Scope()
  readonly #changes = this.#scope.add(new Emitter<void>())
  readonly #log: Logger
  readonly #contributor: SchemaContributor
  #registered = false

  constructor(places: Places, log: Logger) {
    this.#log = log
    this.#contributor = valuesContributor({
      modeOf: (uri) => {
        const resource = vscode.Uri.parse(uri)
        const place = places.at(resource)
        return place === undefined || place.role === 'template' ? undefined : { mode: this.modeOf(resource), place }
      },
    })
    this.#scope.add(vscode.extensions.onDidChange(() => this.#look()))
    this.#scope.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('yaml') || change.affectsConfiguration('loco.valuesLanguage.features')) this.#changes.fire()
      }),
    )
    // Before documents are validated: what it has once decided about a file, it does not ask again.
    void this.#register()
  }

  /** Fires when any document may be in another mode. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  get present(): boolean {
    return vscode.extensions.getExtension(id) !== undefined
  }

  modeOf(uri: vscode.Uri): Mode {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())
    return modeOf({
      setting: settings.valuesLanguageFeatures(uri),
      yamlExtension: this.present,
      namesSchema: document !== undefined && namesSchema(document.getText(new vscode.Range(0, 0, 5, 0))),
      schemaByUser: document !== undefined && this.#schemaByUser(document),
    })
  }

  /** What of a document is ours to answer. */
  partOf(uri: vscode.Uri): Part {
    return partOf(this.modeOf(uri), vscode.workspace.getConfiguration('yaml', uri).get('validate', true))
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #schemaByUser(document: vscode.TextDocument): boolean {
    const globs = schemaGlobs(vscode.workspace.getConfiguration('yaml', document.uri).get('schemas'))
    return globs.some((pattern) => vscode.languages.match({ pattern }, document) > 0)
  }

  #look(): void {
    void this.#register()
    this.#changes.fire()
  }

  async #register(): Promise<void> {
    const extension = vscode.extensions.getExtension<YamlApi | undefined>(id)
    if (extension === undefined || this.#registered) return
    this.#registered = true
    try {
      const api = await extension.activate()
      const { requestSchema, requestSchemaContent } = this.#contributor
      api?.registerContributor('loco-values', requestSchema, requestSchemaContent)
    } catch (error) {
      // It says itself what is wrong with it; ours goes on beside it.
      this.#log.warn('the YAML extension takes no schema from us', { error: String(error) })
    }
  }
}
