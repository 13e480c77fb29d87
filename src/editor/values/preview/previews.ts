import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../../base/disposable.ts'
import { asLocoError, type LocoError } from '../../../base/error.ts'
import type { ResourceChange } from '../../../chart/compare.ts'
import { Helm } from '../../../chart/helm.ts'
import { type Preview, previewRelease, type ValuesText } from '../../../chart/preview.ts'
import { helmProgram } from '../../../operations/helm-program.ts'
import { foundValues, overlayFor } from '../../../operations/release-values.ts'
import { findValue, valuesOf } from '../../../operations/values-lines.ts'
import type { FleetSession } from '../../fleets.ts'
import type { Services } from '../../services.ts'
import { settings } from '../../settings.ts'
import { codeUri } from '../convert.ts'
import type { ValuesPlace } from '../place.ts'
import type { Places } from '../places.ts'
import { likelyFleet } from '../values.ts'
import { type Deployed, kubeconfigList, readDeployed } from './deployed.ts'
import { Live, type LiveState } from './live.ts'
import { previewScheme, resourceUri, type Side, sourceOf } from './uris.ts'
import { previewWords } from './words.ts'

/** Milliseconds that a person has to stop typing for. */
const pause = 200
/** Milliseconds for which what is deployed is not asked for again. */
const fresh = 10_000

interface Item extends vscode.QuickPickItem {
  readonly resources: readonly ResourceChange[]
}

/** Previews of what values files would change in the release, one for each file that is looked at. */
export class Previews implements Disposable {
  readonly #services: Services
  readonly #places: Places
  readonly #scope = new Scope()
  readonly #live = new Map<string, Live<Preview>>()
  readonly #stale = this.#scope.add(new vscode.EventEmitter<vscode.Uri>())
  readonly #refusals = this.#scope.add(vscode.languages.createDiagnosticCollection('loco-preview'))
  readonly #status = this.#scope.add(vscode.languages.createLanguageStatusItem('loco.preview', []))
  #looksAround = true
  #deployed: { of: FleetSession; at: number; answer: Promise<Deployed> } | undefined

  constructor(services: Services, places: Places) {
    this.#services = services
    this.#places = places
    this.#status.name = t('Preview of rendered changes')
    this.#status.command = { title: t('Show'), command: 'loco.previewValues' }
    this.#scope.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0 || places.of(document) === undefined) return
        // Any file of the chart, or under another one, may have a part in any preview.
        for (const live of this.#live.values()) live.touch()
      }),
    )
    this.#scope.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => uri.scheme === previewScheme && this.#forget()))
  }

  /** Fires for documents whose text is another one now. */
  get changes(): vscode.Event<vscode.Uri> {
    return this.#stale.event
  }

  /** Shows what the values of a file would change: a list of resources, each as a difference, or all of them at once. */
  async show(document: vscode.TextDocument): Promise<void> {
    const { uri } = document
    const { value, error } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: t('Rendering the chart') }, async () => {
      await this.#services.fleets.ready()
      return this.#of(uri).now()
    })
    if (error !== undefined || value === undefined) throw error
    const changed = value.resources.filter(({ change }) => change !== 'unchanged')
    if (changed.length === 0) {
      void vscode.window.showInformationMessage(t`These values change nothing in the release (revision ${value.revision ?? 0}).`)
      return
    }
    const picked = changed.length === 1 ? { resources: changed } : await vscode.window.showQuickPick(itemsOf(changed), { placeHolder: placeholder(value) })
    if (picked !== undefined) await this.#open(uri, value, picked.resources)
  }

  /** The text of one side of a resource. */
  async text(uri: vscode.Uri): Promise<string> {
    const { file, side, resource } = sourceOf(uri)
    const live = this.#of(file)
    const { value } = live.state.value === undefined ? await live.now() : live.state
    return value?.resources.find(({ name }) => name === resource)?.[side] ?? ''
  }

  dispose(): void {
    for (const live of this.#live.values()) live.dispose()
    this.#scope.dispose()
  }

  #of(uri: vscode.Uri): Live<Preview> {
    const known = this.#live.get(uri.toString())
    if (known !== undefined) return known
    const live = new Live((signal) => this.#render(uri, signal), pause)
    this.#live.set(uri.toString(), live)
    let before: Preview | undefined
    live.changes(() => {
      this.#tell(uri, live.state)
      const { value } = live.state
      if (value === undefined || value === before) return
      for (const uriOf of changedSides(uri, before, value)) this.#stale.fire(uriOf)
      before = value
    })
    return live
  }

  /** Ends the previews of which nothing is open any more. */
  #forget(): void {
    const shown = new Set(shownSources())
    for (const [name, live] of this.#live) {
      if (shown.has(name) || live.state.running) continue
      live.dispose()
      this.#live.delete(name)
      this.#refusals.delete(vscode.Uri.parse(name))
    }
    if (this.#live.size === 0) this.#status.selector = []
  }

  async #open(uri: vscode.Uri, { revision }: Preview, resources: readonly ResourceChange[]): Promise<void> {
    const [first] = resources
    const from = revision === undefined ? t('not installed') : t`revision ${revision}`
    const sides = ({ name }: ResourceChange): [vscode.Uri, vscode.Uri] => [resourceUri(uri, 'before', name), resourceUri(uri, 'after', name)]
    if (first !== undefined && resources.length === 1) {
      await vscode.commands.executeCommand('vscode.diff', ...sides(first), t`${first.name}: ${from} ↔ ${basename(uri.fsPath)}`, { preview: false })
      return
    }
    const rows = resources.map((one): [vscode.Uri, vscode.Uri, vscode.Uri] => [sides(one)[1], ...sides(one)])
    await vscode.commands.executeCommand('vscode.changes', t`Release: ${from} ↔ ${basename(uri.fsPath)}`, rows)
  }

  async #render(uri: vscode.Uri, signal: AbortSignal): Promise<Preview> {
    const place = this.#places.at(uri)
    if (place === undefined || place.role === 'template') throw new Error(`${uri.fsPath} holds no values`)
    const deployed = await this.#deployedNow(signal)
    const ours = deployed?.record?.chartName === 'loco' ? deployed.record : undefined
    const overlay = ours === undefined || deployed === undefined ? undefined : overlayFor(place.chart, deployed.kind)
    const kubeconfig = deployed && kubeconfigList(process.env, settings.kubeconfig())
    const { log } = this.#services
    const helm = new Helm({ binary: helmProgram(settings.helmPath(), process.env), kubeconfig, context: deployed?.fleet.context, log })
    const preview = await previewRelease(helm, {
      chart: place.chart,
      release: deployed?.fleet.release ?? settings.release(uri),
      namespace: deployed?.fleet.namespace ?? settings.namespace(uri),
      values: [
        ...(overlay === undefined ? [] : [await valuesText(overlay)]),
        ...(ours === undefined ? [] : [{ values: foundValues(ours.values) }]),
        ...(await filesOf(uri, place)),
      ],
      defaults: await valuesText(vscode.Uri.joinPath(vscode.Uri.file(place.chart), 'values.yaml').fsPath),
      deployed: ours,
      rendered: { ...deployed?.rendered, lookingAround: deployed !== undefined && this.#looksAround },
      signal,
    })
    // What was refused once is not asked for at each key; another session begins anew.
    if (deployed !== undefined) this.#looksAround = preview.lookedAround
    return preview
  }

  async #deployedNow(signal: AbortSignal): Promise<Deployed | undefined> {
    const session = likelyFleet(this.#services.fleets.sessions)
    if (session === undefined) return undefined
    if (this.#deployed?.of !== session || Date.now() - this.#deployed.at > fresh) {
      if (this.#deployed?.of !== session) this.#looksAround = true
      const answer = readDeployed(session, AbortSignal.timeout(fresh))
      this.#deployed = { of: session, at: Date.now(), answer }
      answer.catch(() => {
        if (this.#deployed?.answer === answer) this.#deployed = undefined
      })
    }
    const answer = await this.#deployed.answer
    signal.throwIfAborted()
    return answer
  }

  #tell(uri: vscode.Uri, state: LiveState<Preview>): void {
    this.#status.selector = { scheme: uri.scheme, pattern: new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), basename(uri.fsPath)) }
    this.#status.text = previewWords(state)
    this.#status.busy = state.running
    this.#status.severity = state.error === undefined ? vscode.LanguageStatusSeverity.Information : vscode.LanguageStatusSeverity.Error
    if (state.running) return
    if (state.error === undefined) this.#refusals.delete(uri)
    else this.#refuse(uri, asLocoError(state.error))
  }

  /** Helm's words at the value that they name. A file in which we found errors ourselves says it better already. */
  #refuse(uri: vscode.Uri, error: LocoError): void {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())
    const told = vscode.languages.getDiagnostics(uri).some(({ source, severity }) => source === 'loco' && severity === vscode.DiagnosticSeverity.Error)
    this.#refusals.delete(uri)
    if (document === undefined || told) return
    const text = document.getText()
    const place = valuesOf({ code: error.code, evidence: [...error.evidence] }).flatMap((path) => findValue(text, path) ?? [])[0]
    const range = place === undefined ? new vscode.Range(0, 0, 0, 1) : new vscode.Range(place.line, place.column, place.line, place.endColumn)
    const diagnostic = new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error)
    diagnostic.source = 'helm'
    diagnostic.code = { value: error.code, target: codeUri(error.code) }
    this.#refusals.set(uri, [diagnostic])
  }
}

/** A file and those under it, with the texts of this window. Chart defaults are told to helm in another way. */
async function filesOf(uri: vscode.Uri, { role, under }: ValuesPlace): Promise<ValuesText[]> {
  const files = role === 'defaults' ? [] : [...under, uri.fsPath]
  return Promise.all(files.map(valuesText))
}

async function valuesText(file: string): Promise<ValuesText> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file)
  return { file, text: open === undefined ? await readFile(file, 'utf8') : open.getText() }
}

const icons: Record<ResourceChange['change'], string> = { added: '$(diff-added)', changed: '$(diff-modified)', removed: '$(diff-removed)', unchanged: '' }

function itemsOf(changed: readonly ResourceChange[]): Item[] {
  const words: Record<ResourceChange['change'], string> = { added: t('new'), changed: t('changed'), removed: t('gone'), unchanged: '' }
  return [
    { label: t`$(diff-multiple) All changes (${changed.length})`, resources: changed },
    ...changed.map((one): Item => ({ label: `${icons[one.change]} ${one.name}`, description: words[one.change], resources: [one] })),
  ]
}

function placeholder({ revision }: Preview): string {
  return revision === undefined ? t('Nothing is installed: all of it would be new.') : t`What would change in revision ${revision}`
}

/** Both sides of the resources whose texts differ between two previews. */
function changedSides(uri: vscode.Uri, before: Preview | undefined, now: Preview): vscode.Uri[] {
  const sides: Side[] = ['before', 'after']
  const names = new Set([...(before?.resources ?? []), ...now.resources].map(({ name }) => name))
  const text = (preview: Preview | undefined, name: string, side: Side): string => preview?.resources.find((one) => one.name === name)?.[side] ?? ''
  return [...names].flatMap((name) => sides.filter((side) => text(before, name, side) !== text(now, name, side)).map((side) => resourceUri(uri, side, name)))
}

/** The values files of which a document of a preview is open. */
function shownSources(): string[] {
  return vscode.workspace.textDocuments.flatMap(({ uri }) => (uri.scheme === previewScheme ? [sourceOf(uri).file.toString()] : []))
}
