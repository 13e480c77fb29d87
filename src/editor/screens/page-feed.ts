import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, disposable, Scope } from '../../base/disposable.ts'
import type { ShownState } from '../../contracts/screen.ts'
import type { EmulatorRef } from '../emulator-ref.ts'
import type { Services } from '../services.ts'
import { onSettings } from '../settings.ts'
import { FailureCount } from './failure-count.ts'
import { paceOf } from './pace.ts'
import { openStream, type ScreenStream } from './stream.ts'
import { pacingOf, pacingSettings } from './tab-options.ts'
import type { PageNews, TabPage } from './tab-page.ts'

/** Milliseconds between two readings of the meter. */
const meterEvery = 1000

export interface FeedParts {
  readonly panel: vscode.WebviewPanel
  readonly page: TabPage
  readonly ref: EmulatorRef
  readonly services: Services
  /** As the tab obeys them now. */
  options(): { readonly viewOnly: boolean; readonly meter: boolean }
}

/** The stream of a machine on its way into the page of a tab: begun when somebody looks, paced by how they look, told of in words. */
export class PageFeed implements Disposable {
  readonly #parts: FeedParts
  readonly #scope = new Scope()
  readonly #failures = new FailureCount()
  #stream: ScreenStream | undefined
  #starting = false
  #connection = 0
  #captured = false
  /** The viewer in the page gave up; what the session says does not count until a new connection begins. */
  #gaveUp = false

  constructor(parts: FeedParts) {
    this.#parts = parts
    const { panel, page } = parts
    this.#scope.add(page.news.event((news) => this.#hear(news)))
    this.#scope.add(page.replaced.event(() => this.#replaced()))
    this.#scope.add(panel.onDidChangeViewState(() => this.#looked()))
    this.#scope.add(vscode.window.onDidChangeWindowState(() => this.pace()))
    this.#scope.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#looked()))
    this.#scope.add(onSettings(...pacingSettings)(() => this.#stream?.session.setPacing(pacingOf())))
    const meter = setInterval(() => this.#measure(), meterEvery)
    this.#scope.add(disposable(() => clearInterval(meter)))
    this.#looked()
  }

  /** What the tab says of itself now. */
  get state(): ShownState {
    if (!vscode.workspace.isTrusted) {
      return { phase: 'waiting', sentence: t('This workspace is not trusted, so no cluster is asked. The screen comes up once it is.') }
    }
    if (this.#gaveUp) {
      return { phase: 'refused', sentence: t('What the machine sends cannot be drawn. It is not tried again by itself.'), code: 'LOCO-SCR-026' }
    }
    return this.#stream?.session.state ?? { phase: 'connecting', sentence: t('Connecting to the cluster.') }
  }

  /** Begins anew, because a person asks for it. */
  reconnect(): void {
    this.#failures.reset()
    void this.#stream?.source.review()
    this.#stream?.session.reconnect()
  }

  /** How the tab is looked at, or who drives, may have changed. */
  pace(): void {
    const { panel, options } = this.#parts
    this.#stream?.session.setPace(
      paceOf({ visible: panel.visible, active: panel.active, windowFocused: vscode.window.state.focused, captured: this.#captured }),
    )
    this.#stream?.session.setDriver(!options().viewOnly)
  }

  dispose(): void {
    this.#scope.dispose()
    this.#stream?.dispose()
  }

  /** Connects, once somebody looks and may. */
  #looked(): void {
    const { panel, services, ref } = this.#parts
    if (!this.#starting && panel.visible && vscode.workspace.isTrusted) {
      this.#starting = true
      openStream(services, ref).then(
        (stream) => this.#started(stream),
        (error: unknown) => {
          this.#starting = false
          void services.tell.error(error)
        },
      )
    }
    this.pace()
    this.#tellState()
  }

  #started(stream: ScreenStream): void {
    if (this.#scope.ended) return void stream.dispose()
    const { page } = this.#parts
    const { session } = stream
    this.#stream = stream
    this.#scope.add(session.opened((connection) => this.#opened(connection)))
    // The session makes copies of their own (page messages carry whole buffers).
    this.#scope.add(session.output((bytes) => page.post({ type: 'output', connection: this.#connection, bytes: bytes as Uint8Array<ArrayBuffer> })))
    this.#scope.add(session.stateChanges(() => this.#tellState()))
    this.pace()
    this.#tellState()
  }

  #opened(connection: number): void {
    this.#connection = connection
    this.#gaveUp = false
    this.#parts.page.post({ type: 'open', connection })
  }

  #hear(news: PageNews): void {
    if (news.type === 'input') this.#stream?.session.input(news.connection, news.bytes)
    else if (news.type === 'consumed') this.#stream?.session.acknowledge(news.connection, news.bytes)
    else if (news.type === 'captured') {
      this.#captured = news.captured
      this.pace()
    } else if (news.type === 'failed' && news.connection === this.#connection) this.#viewerFailed(news.reason)
  }

  /** The viewer in the page gave up: a fresh one is tried, but not for ever. */
  #viewerFailed(reason: string): void {
    const { services, ref } = this.#parts
    services.log.warn('The viewer of a screen gave up.', { emulator: ref.emulator, reason })
    if (this.#failures.more()) return void this.#stream?.session.reconnect()
    this.#gaveUp = true
    this.#tellState()
  }

  /** A new page listens in the place of one that is gone, with a viewer that knows nothing. */
  #replaced(): void {
    this.#captured = false
    this.#tellState()
    this.#stream?.session.reconnect()
  }

  #tellState(): void {
    this.#parts.page.post({ type: 'state', state: this.state })
  }

  #measure(): void {
    const { panel, page, options } = this.#parts
    if (this.#stream === undefined || !panel.visible || !options().meter || this.state.phase !== 'live') return
    page.post({ type: 'meter', ...this.#stream.session.meter() })
  }
}
