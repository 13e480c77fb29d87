import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter, type Event } from '../../base/emitter.ts'
import { overlayFor } from '../../operations/release-values.ts'
import { type Chart, makeView, type View } from '../../values/chart.ts'
import { type ChartFileSystem, ChartFiles } from '../../values/chart-files.ts'
import { ValuesDocument } from '../../values/document.ts'
import { isValuesFile } from '../../values/values-file.ts'
import { onSettings, settings } from '../settings.ts'
import type { LiveFacts } from './live-facts.ts'
import type { ValuesPlace } from './place.ts'
import type { Places } from './places.ts'

/** Milliseconds after which a changed file of a chart counts for other files: not each key of it. */
const settle = 300

/** A path with `/`, as the engine takes it. */
export const slashed = (path: string): string => path.replaceAll('\\', '/')

interface Known {
  readonly key: string
  readonly view: Promise<View | undefined>
}

/** The values engine over the documents of this window: unsaved text counts, and nothing is parsed twice. */
export class ValuesLanguage implements Disposable {
  readonly facts: LiveFacts
  readonly #places: Places
  readonly #charts: ChartFiles
  readonly #scope = new Scope()
  readonly #changes = this.#scope.add(new Emitter<void>())
  readonly #views = new Map<string, Known>()
  readonly #parsed = new Map<string, ValuesDocument>()
  readonly #touched = new Set<string>()
  /** Folders of the charts that were asked for, and files that were read because they lie under another one. */
  readonly #folders = new Set<string>()
  readonly #under = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  /** Counts what may change the view of any document: settings, facts, charts. */
  #epoch = 0

  constructor({ places, facts }: { places: Places; facts: LiveFacts }) {
    this.#places = places
    this.facts = facts
    this.#charts = new ChartFiles(openFiles)
    const anew = (): void => this.#anew()
    this.#scope.add(places.changes(anew))
    this.#scope.add(facts.changes(anew))
    this.#scope.add(onSettings('valuesLanguage.severity')(anew))
    this.#scope.add(vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.#touch(document.uri)))
    this.#scope.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)))
    const watcher = this.#scope.add(vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml,tpl,txt,json}'))
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) this.#scope.add(event((uri) => this.#touch(uri)))
  }

  /** Fires when views may be other ones though their documents are the same. */
  get changes(): Event<void> {
    return this.#changes.event
  }

  /** All that is known of a document; undefined for one that holds no values of ours. */
  viewOf(document: vscode.TextDocument): Promise<View | undefined> {
    const name = document.uri.toString()
    const key = `${document.version} ${this.#epoch}`
    const known = this.#views.get(name)
    if (known?.key === key) return known.view
    const place = this.#places.of(document)
    const view = place === undefined || place.role === 'template' ? Promise.resolve(undefined) : this.#make(document, place)
    this.#views.set(name, { key, view })
    return view
  }

  /** The chart that a document belongs to, and what it is to it. */
  async chartOf(document: vscode.TextDocument): Promise<{ chart: Chart; place: ValuesPlace } | undefined> {
    const place = this.#places.of(document)
    const chart = place && (await this.#chartIn(place.chart))
    return place && chart && { chart, place }
  }

  /** Every values file of a chart but its defaults, with those that lie under or over `document` elsewhere. */
  async overlaysOf(document: vscode.TextDocument, chart: Chart): Promise<ValuesDocument[]> {
    const beside = (await openFiles.list(chart.folder)).filter((name) => isValuesFile(name) && name !== 'values.yaml').map((name) => `${chart.folder}/${name}`)
    const under = (this.#places.of(document)?.under ?? []).map(slashed)
    return Promise.all([...new Set([...beside, ...under])].map((file) => this.#read(file)))
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#scope.dispose()
  }

  async #make(document: vscode.TextDocument, { chart: folder, role, under }: ValuesPlace): Promise<View | undefined> {
    const file = slashed(document.uri.fsPath)
    const parsed = this.#parse(file, document.getText())
    const [chart, overlays] = await Promise.all([this.#chartIn(folder), Promise.all(under.map((one) => this.#read(slashed(one))))])
    const facts = this.facts.current
    const ofKind =
      chart?.ours === true && role === 'overlay' && !file.startsWith(`${chart.folder}/`) ? overlayFor(chart.folder, facts?.kind ?? 'unknown') : undefined
    return makeView({
      document: parsed,
      role: role === 'defaults' ? 'defaults' : 'overlay',
      // What is typed counts at once in its own file; the chart hears of it a little later.
      chart: chart && role === 'defaults' ? { ...chart, defaults: parsed } : chart,
      // What Bootstrap lays under the files of a person on this kind of cluster.
      overlays: ofKind === undefined ? overlays : [await this.#read(ofKind), ...overlays],
      facts,
      settings: { severity: settings.valuesLanguageSeverity(document.uri) },
    })
  }

  #chartIn(folder: string): Promise<Chart | undefined> {
    this.#folders.add(slashed(folder))
    return this.#charts.chartIn(slashed(folder))
  }

  async #read(file: string): Promise<ValuesDocument> {
    this.#under.add(file)
    return this.#parse(file, await openFiles.read(file).catch(() => ''))
  }

  #parse(file: string, text: string): ValuesDocument {
    const known = this.#parsed.get(file)
    if (known?.text === text) return known
    const parsed = ValuesDocument.parse(file, text)
    this.#parsed.set(file, parsed)
    return parsed
  }

  #touch({ scheme, fsPath }: vscode.Uri): void {
    const file = slashed(fsPath)
    if (scheme !== 'file' || !(this.#under.has(file) || this.#isOfChart(file))) return
    this.#touched.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      for (const touched of this.#touched) if (this.#isOfChart(touched)) this.#charts.changed(touched)
      this.#touched.clear()
      this.#anew()
    }, settle)
  }

  /** True for what a chart is made of; overlays are not. */
  #isOfChart(file: string): boolean {
    return [...this.#folders].some((folder) => {
      const inChart = file.slice(folder.length + 1)
      return file.startsWith(`${folder}/`) && (inChart === 'values.yaml' || !isValuesFile(inChart))
    })
  }

  #forget(uri: vscode.Uri): void {
    this.#views.delete(uri.toString())
    this.#parsed.delete(slashed(uri.fsPath))
  }

  #anew(): void {
    this.#epoch += 1
    this.#changes.fire()
  }
}

/** Files as this window has them: an open document counts before the disk. */
const openFiles: ChartFileSystem = {
  async read(path) {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && slashed(uri.fsPath) === path)
    return open === undefined ? readFile(path, 'utf8') : open.getText()
  },
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  async list(folder) {
    try {
      const entries = await readdir(join(folder), { withFileTypes: true })
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    } catch {
      return [] // no such folder
    }
  },
}
