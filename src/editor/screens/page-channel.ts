import * as v from 'valibot'
import type * as vscode from 'vscode'
import { type Disposable, Scope } from '../../base/disposable.ts'
import { Emitter } from '../../base/emitter.ts'
import type { Logger } from '../../base/logger.ts'
import { type FromPage, pageEnvelope, type ToPage } from '../../contracts/screen.ts'

/**
 * Typed messages with the page of one tab. What is said before the first page listens is kept for it. Each page (a tab that comes out of hiding may get a new
 * one) names its generation, and a late word of one that is gone does not count.
 */
export class PageChannel implements Disposable {
  /** A page listens; `first` is false when it took the place of another, which lost whatever was under way. */
  readonly ready = new Emitter<{ first: boolean }>()
  readonly messages = new Emitter<FromPage>()
  readonly #webview: vscode.Webview
  readonly #log: Logger
  readonly #scope = new Scope()
  #page: string | undefined
  #early: ToPage[] | undefined = []

  constructor(webview: vscode.Webview, log: Logger) {
    this.#webview = webview
    this.#log = log
    this.#scope.add(webview.onDidReceiveMessage((message: unknown) => this.#receive(message)))
    this.#scope.add(this.ready)
    this.#scope.add(this.messages)
  }

  /** Tells the page; nobody hears it while the page is emptied. */
  post(message: ToPage): void {
    if (this.#early !== undefined) this.#early.push(message)
    else if (this.#page !== undefined) void this.#webview.postMessage(message)
  }

  /** The page is taken away: nobody listens until the next one is ready. */
  emptied(): void {
    this.#page = undefined
    this.#early = undefined
  }

  dispose(): void {
    this.#scope.dispose()
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(pageEnvelope, raw)
    if (!parsed.success) return void this.#log.warn('A screen page sent what no screen page sends.', { issue: parsed.issues[0].message })
    const { page, message } = parsed.output
    if (message.type === 'ready') return void this.#isReady(page)
    if (page === this.#page) this.messages.fire(message)
  }

  #isReady(page: string): void {
    const early = this.#early
    this.#page = page
    this.#early = undefined
    this.ready.fire({ first: early !== undefined })
    for (const message of early ?? []) this.post(message)
  }
}
