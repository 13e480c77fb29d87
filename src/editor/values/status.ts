import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { ValuesLanguage } from './language.ts'
import type { Mode } from './mode.ts'
import type { Places } from './places.ts'
import type { YamlExtension } from './yaml-extension.ts'

const words: Record<Mode, () => string> = {
  loco: () => t('Values: Loco'),
  shared: () => t('Values: Loco; syntax: YAML'),
  chosen: () => t('Values: YAML; rules: Loco'),
  given: () => t('Values: YAML with a schema of its own; rules: Loco'),
}

/** Tells, for the values file in front, who helps in it, which chart it is of, and whether a cluster is asked. */
export class ValuesStatus implements Disposable {
  readonly #scope = new Scope()
  readonly #item: vscode.LanguageStatusItem
  readonly #deps: { places: Places; language: ValuesLanguage; yaml: YamlExtension }

  constructor(deps: { places: Places; language: ValuesLanguage; yaml: YamlExtension }) {
    this.#deps = deps
    this.#item = this.#scope.add(vscode.languages.createLanguageStatusItem('loco.values', []))
    this.#item.name = t('Values file')
    this.#item.command = { title: t('Settings'), command: 'workbench.action.openSettings', arguments: ['loco.valuesLanguage'] }
    const look = (): void => void this.#look()
    this.#scope.add(vscode.window.onDidChangeActiveTextEditor(look))
    this.#scope.add(deps.language.changes(look))
    this.#scope.add(deps.yaml.changes(look))
    look()
  }

  dispose(): void {
    this.#scope.dispose()
  }

  async #look(): Promise<void> {
    const { places, language, yaml } = this.#deps
    const document = vscode.window.activeTextEditor?.document
    const place = document && places.of(document)
    if (document === undefined || place === undefined || place.role === 'template') return
    // Items are shown by what they select, and documents of ours are told by more than a pattern.
    this.#item.selector = { scheme: document.uri.scheme, pattern: new vscode.RelativePattern(vscode.Uri.joinPath(document.uri, '..'), nameOf(document.uri)) }
    this.#item.text = words[yaml.modeOf(document.uri)]()
    const chart = (await language.chartOf(document))?.chart
    const facts = language.facts.current
    const of = chart === undefined ? t('the chart cannot be read') : t`chart ${chart.name} ${chart.version}`
    this.#item.detail = facts === undefined ? t`${of}; no cluster is connected` : t`${of}; ${facts.context} was asked`
    this.#item.severity = chart === undefined ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information
  }
}

const nameOf = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1)
