import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import type { Chart, View } from '../../values/chart.ts'
import { check } from '../../values/check.ts'
import { complete } from '../../values/complete.ts'
import { fixAll, fixesFor } from '../../values/fixes.ts'
import { hover } from '../../values/hover.ts'
import { deployedHints, inheritedHints } from '../../values/lenses.ts'
import { definitions, definitionsInTemplate, links, references, referencesInTemplate, rename } from '../../values/navigate.ts'
import { readersIn } from '../../values/readers.ts'
import { folding, outline } from '../../values/symbols.ts'
import type { Completion, Location, Problem, TextRange } from '../../values/types.ts'
import { settings } from '../settings.ts'
import { codeUri, completionItem, documentSymbol, locationOf, rangeIn, workspaceEdit } from './convert.ts'
import { slashed, type ValuesLanguage } from './language.ts'
import type { YamlExtension } from './yaml-extension.ts'

/** Values files are YAML by language; whether a document is one of ours is asked of the language each time. */
const values: vscode.DocumentSelector = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'helm', pattern: '**/*values*.{yaml,yml}' },
]
const templates: vscode.DocumentSelector = { scheme: 'file', pattern: '**/templates/**' }
const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('loco')

/** What VS Code asks of a language, each answered by the engine for the documents that are ours. */
export class Providers implements Disposable {
  readonly #language: ValuesLanguage
  readonly #yaml: YamlExtension
  readonly #scope = new Scope()

  constructor(language: ValuesLanguage, yaml: YamlExtension) {
    this.#language = language
    this.#yaml = yaml
    const { languages } = vscode
    const redraw = this.#scope.add(new vscode.EventEmitter<void>())
    this.#scope.add(language.changes(() => redraw.fire()))
    this.#scope.add(
      vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('loco.valuesLanguage.inheritedDefaults') && redraw.fire()),
    )
    for (const registration of [
      languages.registerCompletionItemProvider(
        values,
        { provideCompletionItems: (document, position, _token, context) => this.#complete(document, position, context) },
        ...[' ', ':', '-', '"', '\n'],
      ),
      languages.registerHoverProvider(values, { provideHover: (document, position) => this.#hover(document, position) }),
      languages.registerCodeActionsProvider(
        values,
        { provideCodeActions: (document, range, context) => this.#actions(document, range, context) },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind] },
      ),
      languages.registerDefinitionProvider(values, {
        provideDefinition: (document, position) => this.#locate(document, (view) => definitions(view, document.offsetAt(position))),
      }),
      languages.registerDefinitionProvider(templates, { provideDefinition: (document, position) => this.#fromTemplate(document, position) }),
      languages.registerReferenceProvider(values, { provideReferences: (document, position) => this.#references(document, position) }),
      languages.registerReferenceProvider(templates, { provideReferences: (document, position) => this.#referencesFromTemplate(document, position) }),
      languages.registerRenameProvider(values, {
        prepareRename: (document, position) => this.#renamed(document, position),
        provideRenameEdits: (document, position, name) => this.#rename(document, position, name),
      }),
      languages.registerDocumentSymbolProvider(values, { provideDocumentSymbols: (document) => this.#outline(document) }),
      languages.registerFoldingRangeProvider(values, { provideFoldingRanges: (document) => this.#folding(document) }),
      languages.registerDocumentLinkProvider(values, { provideDocumentLinks: (document) => this.#links(document) }),
      languages.registerCodeLensProvider(values, { onDidChangeCodeLenses: redraw.event, provideCodeLenses: (document) => this.#lenses(document) }),
      languages.registerInlayHintsProvider(values, {
        onDidChangeInlayHints: redraw.event,
        provideInlayHints: (document, range) => this.#inherited(document, range),
      }),
    ])
      this.#scope.add(registration)
  }

  dispose(): void {
    this.#scope.dispose()
  }

  async #complete(
    document: vscode.TextDocument,
    position: vscode.Position,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionItem[] | undefined> {
    // A new line below a finished value asks for nothing: a list that opens there would take the next Enter.
    if (triggerCharacter === '\n' && !opensBlock(document, position)) return undefined
    const view = await this.#language.viewOf(document)
    if (view === undefined) return undefined
    const { schema } = this.#yaml.partOf(document.uri)
    const known: Completion[] = complete(view, document.offsetAt(position))
    return known.filter(({ kind }) => schema || kind === 'cluster' || kind === 'snippet').map((one) => completionItem(document, one))
  }

  async #hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const view = this.#yaml.partOf(document.uri).schema ? await this.#language.viewOf(document) : undefined
    if (view === undefined) return undefined
    const found = hover(view, document.offsetAt(position), { readBy: readersIn(view) })
    return found && new vscode.Hover(new vscode.MarkdownString(found.contents), rangeIn(document, found.range))
  }

  async #actions(document: vscode.TextDocument, range: vscode.Range, { only, diagnostics }: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const view = await this.#language.viewOf(document)
    if (view === undefined) return []
    if (only !== undefined && vscode.CodeActionKind.Source.contains(only)) return only.intersects(fixAllKind) ? this.#fixAll(view) : []
    // The fixes of problems that the YAML extension tells are ours all the same.
    const here = check(view).problems.filter((problem) => rangeIn(document, problem.range).intersection(range) !== undefined)
    return (await Promise.all(here.map((problem) => this.#fixes(view, problem, diagnosticsOf(document, problem, diagnostics))))).flat()
  }

  async #fixes(view: View, problem: Problem, diagnostics: vscode.Diagnostic[]): Promise<vscode.CodeAction[]> {
    return Promise.all(
      fixesFor(view, problem).map(async ({ title, preferred, edits }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix)
        action.edit = await workspaceEdit(edits)
        action.diagnostics = diagnostics
        action.isPreferred = preferred
        return action
      }),
    )
  }

  async #fixAll(view: View): Promise<vscode.CodeAction[]> {
    const edits = fixAll(view)
    if (edits.length === 0) return []
    const action = new vscode.CodeAction(t('Fix all that Loco Cluster can mend surely'), fixAllKind)
    action.edit = await workspaceEdit(edits)
    return [action]
  }

  async #locate(document: vscode.TextDocument, find: (view: View) => readonly Location[]): Promise<vscode.Location[] | undefined> {
    const view = await this.#language.viewOf(document)
    return view && Promise.all(find(view).map(locationOf))
  }

  async #fromTemplate(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location[] | undefined> {
    const found = await this.#language.chartOf(document)
    if (found?.place.role !== 'template') return undefined
    return Promise.all(definitionsInTemplate(found.chart, slashed(document.uri.fsPath), document.offsetAt(position)).map(locationOf))
  }

  async #references(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location[] | undefined> {
    const view = await this.#language.viewOf(document)
    if (view?.chart === undefined) return undefined
    const overlays = await this.#language.overlaysOf(document, view.chart)
    return Promise.all(references(view, document.offsetAt(position), overlays).map(locationOf))
  }

  async #referencesFromTemplate(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location[] | undefined> {
    const found = await this.#language.chartOf(document)
    if (found?.place.role !== 'template') return undefined
    const overlays = await this.#language.overlaysOf(document, found.chart)
    return Promise.all(referencesInTemplate(found.chart, slashed(document.uri.fsPath), document.offsetAt(position), overlays).map(locationOf))
  }

  async #renamed(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Range> {
    const view = await this.#language.viewOf(document)
    const at = view?.document.pathAt(document.offsetAt(position))
    const key = at?.part === 'key' ? view?.document.locate(at.path)?.key : undefined
    if (key === undefined) throw new Error(t('Only the key of a value can be renamed.'))
    return rangeIn(document, key)
  }

  async #rename(document: vscode.TextDocument, position: vscode.Position, name: string): Promise<vscode.WorkspaceEdit | undefined> {
    const view = await this.#language.viewOf(document)
    if (view === undefined) return undefined
    const chart: Chart | undefined = view.chart
    const overlays = chart === undefined ? [] : await this.#language.overlaysOf(document, chart)
    return workspaceEdit(rename(view, document.offsetAt(position), name, overlays))
  }

  async #outline(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[] | undefined> {
    const view = this.#yaml.partOf(document.uri).syntax ? await this.#language.viewOf(document) : undefined
    return view && outline(view.document).map((one) => documentSymbol(document, one))
  }

  async #folding(document: vscode.TextDocument): Promise<vscode.FoldingRange[] | undefined> {
    const view = this.#yaml.partOf(document.uri).syntax ? await this.#language.viewOf(document) : undefined
    return view && folding(view.document).map((range) => foldingRange(rangeIn(document, range)))
  }

  async #links(document: vscode.TextDocument): Promise<vscode.DocumentLink[] | undefined> {
    const view = await this.#language.viewOf(document)
    const folder = vscode.Uri.joinPath(document.uri, '..')
    return (
      view &&
      links(view).map(
        ({ range, target }) =>
          new vscode.DocumentLink(rangeIn(document, range), 'code' in target ? codeUri(target.code) : vscode.Uri.joinPath(folder, target.relative)),
      )
    )
  }

  async #lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[] | undefined> {
    const view = await this.#language.viewOf(document)
    return view && deployedHints(view).map(({ range, text }) => new vscode.CodeLens(rangeIn(document, range), { title: text, command: 'loco.previewValues' }))
  }

  async #inherited(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.InlayHint[] | undefined> {
    if (!settings.valuesLanguageInheritedDefaults(document.uri)) return undefined
    const view = await this.#language.viewOf(document)
    return (
      view &&
      inheritedHints(view)
        .flatMap((hint) => inlayHint(document, hint))
        .filter(({ position }) => range.contains(position))
    )
  }
}

function inlayHint(document: vscode.TextDocument, { range, text }: { range: TextRange; text: string }): vscode.InlayHint[] {
  const hint = new vscode.InlayHint(document.positionAt(range.end), text)
  hint.paddingLeft = true
  return [hint]
}

/** True when the line above ends with the `:` or `-` of something that comes on this one. */
function opensBlock(document: vscode.TextDocument, { line }: vscode.Position): boolean {
  return line > 0 && /(?::|^\s*-)\s*(?:#.*)?$/.test(document.lineAt(line - 1).text)
}

/** VS Code shows a fix beside the diagnostic that it mends: ours, or that of the YAML extension for the same place. */
function diagnosticsOf(document: vscode.TextDocument, problem: Problem, diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] {
  const range = rangeIn(document, problem.range)
  return diagnostics.filter((one) => {
    const code = typeof one.code === 'object' ? one.code.value : one.code
    return code === problem.code ? one.range.isEqual(range) : /^yaml/i.test(one.source ?? '') && one.range.intersection(range) !== undefined
  })
}

/** A range that ends at the beginning of a line does not hold that line. */
function foldingRange({ start, end }: vscode.Range): vscode.FoldingRange {
  return new vscode.FoldingRange(start.line, end.character === 0 && end.line > start.line ? end.line - 1 : end.line)
}
