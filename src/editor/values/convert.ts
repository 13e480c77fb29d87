import { readFile } from 'node:fs/promises'
import * as vscode from 'vscode'
import { LineMap } from '../../values/line-map.ts'
import type { Completion, Edit, Location, Symbol as OutlineSymbol, Problem, Severity, TextRange } from '../../values/types.ts'
import { slashed } from './language.ts'

/** Offsets of the engine as ranges of VS Code. */
export const rangeIn = (document: vscode.TextDocument, { start, end }: TextRange): vscode.Range =>
  new vscode.Range(document.positionAt(start), document.positionAt(end))

/** The document that explains a code. */
export const codeUri = (code: string): vscode.Uri => vscode.Uri.from({ scheme: 'loco-code', path: `/${code}.md` })

/** The text in which offsets of a file count: that of its document, where it is open. */
async function textOf(file: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && slashed(uri.fsPath) === file)
  return open === undefined ? readFile(file, 'utf8').catch(() => '') : open.getText()
}

async function rangeOf({ file, range }: Location): Promise<vscode.Range> {
  const { start, end } = new LineMap(await textOf(file)).span(range)
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1)
}

export async function locationOf(location: Location): Promise<vscode.Location> {
  return new vscode.Location(vscode.Uri.file(location.file), await rangeOf(location))
}

/** Edits, of any files, as one change. */
export async function workspaceEdit(edits: readonly Edit[]): Promise<vscode.WorkspaceEdit> {
  const change = new vscode.WorkspaceEdit()
  for (const edit of edits) change.replace(vscode.Uri.file(edit.file), await rangeOf(edit), edit.newText)
  return change
}

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
}

export async function diagnosticOf(document: vscode.TextDocument, problem: Problem): Promise<vscode.Diagnostic> {
  const { code, severity, message, range, related = [], tag } = problem
  const diagnostic = new vscode.Diagnostic(rangeIn(document, range), message, severities[severity])
  diagnostic.source = 'loco'
  diagnostic.code = { value: code, target: codeUri(code) }
  diagnostic.relatedInformation = await Promise.all(related.map(async (one) => new vscode.DiagnosticRelatedInformation(await locationOf(one), one.message)))
  if (tag !== undefined) diagnostic.tags = [tag === 'unnecessary' ? vscode.DiagnosticTag.Unnecessary : vscode.DiagnosticTag.Deprecated]
  return diagnostic
}

const completionKinds: Record<Completion['kind'], vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  enum: vscode.CompletionItemKind.EnumMember,
  snippet: vscode.CompletionItemKind.Snippet,
  cluster: vscode.CompletionItemKind.Reference,
}

export function completionItem(document: vscode.TextDocument, completion: Completion): vscode.CompletionItem {
  const { label, kind, detail, documentation, range, newText, isSnippet, sortText, preselect, deprecated } = completion
  const item = new vscode.CompletionItem(label, completionKinds[kind])
  if (detail !== undefined) item.detail = detail
  if (documentation !== undefined) item.documentation = new vscode.MarkdownString(documentation)
  item.range = rangeIn(document, range)
  item.insertText = isSnippet ? new vscode.SnippetString(newText) : newText
  item.sortText = sortText
  // LineMap of the new text are indented by the engine, which knows how the file does it.
  item.keepWhitespace = true
  if (preselect === true) item.preselect = true
  if (deprecated === true) item.tags = [vscode.CompletionItemTag.Deprecated]
  return item
}

const symbolKinds: Record<OutlineSymbol['kind'], vscode.SymbolKind> = {
  map: vscode.SymbolKind.Object,
  list: vscode.SymbolKind.Array,
  text: vscode.SymbolKind.String,
  number: vscode.SymbolKind.Number,
  boolean: vscode.SymbolKind.Boolean,
  null: vscode.SymbolKind.Null,
}

export function documentSymbol(document: vscode.TextDocument, { name, detail, kind, range, selection, children }: OutlineSymbol): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(name === '' ? '""' : name, detail, symbolKinds[kind], rangeIn(document, range), rangeIn(document, selection))
  symbol.children = children.map((child) => documentSymbol(document, child))
  return symbol
}
