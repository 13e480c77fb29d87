import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter } from '../../base/emitter.ts'
import { LocoError } from '../../base/error.ts'
import type { KeyEvent, PageCommand, SavedTab, Scaling, ScreenOptions } from '../../contracts/screen.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import { fleetKey } from '../fleets.ts'
import type { Services } from '../services.ts'
import { onSettings } from '../settings.ts'
import type { LastPictures } from './last-pictures.ts'
import { PageFeed } from './page-feed.ts'
import { optionSettings, optionsOf } from './tab-options.ts'
import { type PageNews, type PageStart, TabPage } from './tab-page.ts'

export interface TabParts {
  readonly panel: vscode.WebviewPanel
  readonly ref: EmulatorRef
  /** What was chosen in the tab before the window was reloaded. */
  readonly chosen: Pick<SavedTab, 'scaling' | 'viewOnly'>
  readonly services: Services
  readonly pictures: LastPictures
  /** A button of the page was pressed. */
  run(tab: ScreenTab, command: PageCommand): void
}

/** One screen in one tab: the panel, its page and the feed into it. Bound to an emulator; pods, clusters and pages come and go below it. */
export class ScreenTab implements Disposable {
  readonly panel: vscode.WebviewPanel
  readonly ref: EmulatorRef
  /** Shown, hidden, brought to the front; captured or released the keyboard. */
  readonly changes = new Emitter<void>()
  readonly closed = new Emitter<void>()
  readonly #services: Services
  readonly #pictures: LastPictures
  readonly #run: TabParts['run']
  readonly #page: TabPage
  readonly #feed: PageFeed
  readonly #scope = new Scope()
  #saved: SavedTab
  #captured = false

  constructor({ panel, ref, chosen, services, pictures, run }: TabParts) {
    this.panel = panel
    this.ref = ref
    this.#services = services
    this.#pictures = pictures
    this.#run = run
    this.#saved = { ...chosen, fleet: fleetKey(ref.fleet), emulator: ref.emulator }
    this.#page = this.#scope.add(new TabPage({ panel, extension: services.context.extensionUri, log: services.log, start: () => this.#pageStart() }))
    this.#feed = this.#scope.add(new PageFeed({ panel, page: this.#page, ref, services, options: () => this.options }))
    this.#scope.add(this.#page.news.event((news) => this.#hear(news)))
    this.#scope.add(this.#page.replaced.event(() => this.#replaced()))
    this.#scope.add(panel.onDidChangeViewState(() => this.#viewChanged()))
    this.#scope.add(panel.onDidDispose(() => this.dispose()))
    this.#scope.add(onSettings(...optionSettings)(() => this.#optionsChanged()))
    this.#scope.add(services.fleets.changes(() => this.#entitle()))
    this.#entitle()
  }

  get captured(): boolean {
    return this.#captured
  }

  get options(): ScreenOptions {
    return optionsOf(this.#saved)
  }

  /** @throws LOCO-SCR-021 without a live picture, LOCO-SCR-022 in a tab that is view only */
  requireKeys(): void {
    const { emulator } = this.ref
    if (this.options.viewOnly) {
      throw new LocoError('LOCO-SCR-022', { what: t`The tab of ${emulator} is view only.`, fix: [t('Run the command Loco: Screen: Toggle View Only.')] })
    }
    const { phase, sentence } = this.#feed.state
    if (phase !== 'live') throw new LocoError('LOCO-SCR-021', { what: t`The screen of ${emulator} is not connected.`, ...(sentence && { why: sentence }) })
  }

  /** @throws as `requireKeys` */
  sendKeys(keys: readonly KeyEvent[]): void {
    this.requireKeys()
    this.#page.post({ type: 'keys', keys })
  }

  releaseKeys(): void {
    this.#page.post({ type: 'releaseKeys' })
  }

  setScaling(scaling: Scaling): void {
    this.#saved = { ...this.#saved, scaling }
    this.#optionsChanged()
  }

  toggleViewOnly(): void {
    this.#saved = { ...this.#saved, viewOnly: !this.options.viewOnly }
    this.#optionsChanged()
  }

  reconnect(): void {
    this.#feed.reconnect()
  }

  /** The picture as it is now, else the last known one, as PNG. */
  async picture(): Promise<Uint8Array | undefined> {
    return (await this.#page.takePicture()) ?? (await this.#pictures.read(this.ref))
  }

  /** Has the page copy its picture. @returns undefined when it did, else why not */
  copyPicture(): Promise<string | undefined> {
    return this.#page.copyPicture()
  }

  /** Takes the page of a hidden tab out of memory. */
  empty(): void {
    this.#page.empty()
  }

  /** Lets go of the machine. The panel stays: when only the extension ends, the window hands it to the next one. */
  dispose(): void {
    if (this.#scope.ended) return
    this.#scope.dispose()
    this.closed.fire()
  }

  async #pageStart(): Promise<PageStart> {
    const picture = await this.#pictures.read(this.ref)
    return { picture, boot: { saved: this.#saved, options: this.options, ...(vscode.l10n.bundle !== undefined && { texts: vscode.l10n.bundle }) } }
  }

  #hear(news: PageNews): void {
    switch (news.type) {
      case 'captured':
        this.#captured = news.captured
        this.changes.fire()
        break
      case 'picture':
        if (news.png !== undefined) void this.#pictures.write(this.ref, news.png)
        break
      case 'run':
        this.#run(this, news.command)
        break
      case 'explain':
        void vscode.commands.executeCommand('loco.explainCode', news.code)
    }
  }

  /** A new page listens, with the document of the one that is gone: what was chosen and seen since is told. */
  #replaced(): void {
    this.#captured = false
    this.#optionsChanged()
    void this.#showLast()
    this.changes.fire()
  }

  async #showLast(): Promise<void> {
    const png = await this.#pictures.read(this.ref)
    if (png !== undefined) this.#page.post({ type: 'lastPicture', png })
  }

  #viewChanged(): void {
    if (!this.panel.visible) void this.#keepPicture()
    this.changes.fire()
  }

  async #keepPicture(): Promise<void> {
    const png = await this.#page.takePicture()
    if (png !== undefined) await this.#pictures.write(this.ref, png)
  }

  #optionsChanged(): void {
    this.#page.post({ type: 'options', options: this.options, saved: this.#saved })
    this.#feed.pace()
  }

  #entitle(): void {
    const { emulator, fleet } = this.ref
    // With one fleet its name would only be noise.
    this.panel.title = this.#services.fleets.sessions.length > 1 ? `${emulator} · ${fleet.namespace}/${fleet.release}` : emulator
  }
}
