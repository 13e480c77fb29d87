import { t } from '@vscode/l10n'
import * as v from 'valibot'
import * as vscode from 'vscode'
import type { Disposable } from '../../base/disposable.ts'
import { LocoError } from '../../base/error.ts'
import { type SavedTab, savedTab } from '../../contracts/screen.ts'
import type { ContextKey } from '../context-key.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import { fleetKey, parseFleetKey } from '../fleets.ts'
import type { Services } from '../services.ts'
import { LastPictures } from './last-pictures.ts'
import { Retained } from './retained.ts'
import { runScreenCommand } from './run-screen-command.ts'
import { ScreenTab } from './screen-tab.ts'
import { pageOptions } from './tab-page.ts'

/** As in package.json (`onWebviewPanel:` and the `when` clauses). */
export const viewType = 'loco.screen'

/** The screens that are open in this window, one tab for each emulator. */
export class Screens implements Disposable {
  readonly #services: Services
  readonly #captured: ContextKey<boolean>
  readonly #pictures: LastPictures
  readonly #tabs = new Map<string, ScreenTab>()
  readonly #retained = new Retained<ScreenTab>((tab) => tab.empty())

  constructor(services: Services, captured: ContextKey<boolean>) {
    this.#services = services
    this.#captured = captured
    this.#pictures = new LastPictures(vscode.Uri.joinPath(services.context.globalStorageUri, 'screens'), services.log)
  }

  /** Shows the screen of an emulator: its tab comes to the front, or is made. */
  open(ref: EmulatorRef): void {
    const open = this.#tabs.get(keyOf(ref))
    if (open !== undefined) return void open.panel.reveal()
    // The same options as the page gets: with others VS Code would begin it twice.
    const options = { ...pageOptions, retainContextWhenHidden: true }
    const panel = vscode.window.createWebviewPanel(viewType, ref.emulator, vscode.ViewColumn.Active, options)
    this.#add(panel, ref, {})
  }

  /** Takes over a tab that the window kept over a reload. One that does not say whose screen it was is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const parsed = v.safeParse(savedTab, state)
    const fleet = parsed.success ? parseFleetKey(parsed.output.fleet) : undefined
    if (!parsed.success || fleet === undefined) return void panel.dispose()
    this.#add(panel, { fleet, emulator: parsed.output.emulator }, parsed.output)
  }

  /** The tab in front. @throws LOCO-SCR-020 when that is no screen */
  get active(): ScreenTab {
    const active = [...this.#tabs.values()].find(({ panel }) => panel.active)
    if (active !== undefined) return active
    throw new LocoError('LOCO-SCR-020', { what: t('No screen tab is in front.'), fix: [t('Run the command Loco: Open Screen.')] })
  }

  dispose(): void {
    for (const tab of [...this.#tabs.values()]) tab.dispose()
  }

  #add(panel: vscode.WebviewPanel, ref: EmulatorRef, { scaling, viewOnly }: Pick<SavedTab, 'scaling' | 'viewOnly'>): void {
    const media = vscode.Uri.joinPath(this.#services.context.extensionUri, 'media')
    panel.iconPath = { light: vscode.Uri.joinPath(media, 'screen-light.svg'), dark: vscode.Uri.joinPath(media, 'screen-dark.svg') }
    const chosen = { ...(scaling !== undefined && { scaling }), ...(viewOnly !== undefined && { viewOnly }) }
    const tab = new ScreenTab({
      panel,
      ref,
      chosen,
      services: this.#services,
      pictures: this.#pictures,
      run: (from, command) => void runScreenCommand(command, from, this.#services).catch((error: unknown) => this.#services.tell.error(error)),
    })
    // A second tab of one emulator, as two windows that become one may leave it: the newer one stays.
    this.#tabs.get(keyOf(ref))?.panel.dispose()
    this.#tabs.set(keyOf(ref), tab)
    tab.changes.event(() => this.#changed(tab))
    tab.closed.event(() => {
      this.#retained.forget(tab)
      if (this.#tabs.get(keyOf(ref)) === tab) this.#tabs.delete(keyOf(ref))
      this.#tellCaptured()
    })
    this.#changed(tab)
  }

  #changed(tab: ScreenTab): void {
    if (tab.panel.visible) this.#retained.forget(tab)
    else this.#retained.hid(tab)
    this.#tellCaptured()
  }

  #tellCaptured(): void {
    this.#captured.set([...this.#tabs.values()].some(({ panel, captured }) => panel.active && captured))
  }
}

const keyOf = ({ fleet, emulator }: EmulatorRef): string => `${fleetKey(fleet)}/${emulator}`
