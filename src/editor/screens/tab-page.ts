import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { type Disposable, disposable, Scope } from '../../base/disposable.ts'
import { Emitter } from '../../base/emitter.ts'
import type { Logger } from '../../base/logger.ts'
import type { FromPage, PageBoot, ToPage } from '../../contracts/screen.ts'
import { Answers } from './answers.ts'
import { PageChannel } from './page-channel.ts'
import { pageHtml } from './page-html.ts'

/** A page is whole in itself: it may fetch nothing, not even from our folder. */
export const pageOptions: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] }

/** The texts of which every page consists. */
interface PageFiles {
  readonly script: string
  readonly style: string
}

/** What a page begins with. */
export interface PageStart {
  readonly boot: PageBoot
  readonly picture: Uint8Array | undefined
}

/** What a page says by itself: its answers to questions are given to who asked. */
export type PageNews = Exclude<FromPage, { type: 'ready' | 'copied' }>

/** The document in a tab: drawn, talked to, taken out of memory while the tab is hidden, drawn anew. */
export class TabPage implements Disposable {
  /** A page took the place of another and knows nothing of what was under way. */
  readonly replaced = new Emitter<void>()
  readonly news = new Emitter<PageNews>()
  readonly #panel: vscode.WebviewPanel
  /** Folder of the page's files. */
  readonly #root: string
  readonly #start: () => Promise<PageStart>
  readonly #channel: PageChannel
  readonly #pictures = new Answers<Uint8Array>()
  readonly #copies = new Answers<{ readonly problem: string | undefined }>()
  readonly #scope = new Scope()
  #emptied = false

  constructor({ panel, extension, log, start }: { panel: vscode.WebviewPanel; extension: vscode.Uri; log: Logger; start(): Promise<PageStart> }) {
    this.#panel = panel
    this.#root = join(extension.fsPath, 'dist', 'webview')
    this.#start = start
    this.#channel = this.#scope.add(new PageChannel(panel.webview, log))
    this.#scope.add(this.#channel.messages.event((message) => this.#hear(message)))
    this.#scope.add(this.#channel.ready.event(({ first }) => (first ? undefined : this.replaced.fire())))
    this.#scope.add(panel.onDidChangeViewState(() => this.#refill()))
    this.#scope.add(disposable(() => this.#pictures.end()))
    this.#scope.add(disposable(() => this.#copies.end()))
    void this.#fill()
  }

  post(message: ToPage): void {
    this.#channel.post(message)
  }

  /** The picture that the page has, as PNG; undefined when it has none, or is no more. */
  async takePicture(): Promise<Uint8Array | undefined> {
    return this.#emptied ? undefined : await this.#pictures.ask((request) => this.post({ type: 'takePicture', request }))
  }

  /** Has the page copy its picture. @returns undefined when it did, else why not */
  async copyPicture(): Promise<string | undefined> {
    const answer = await this.#copies.ask((request) => this.post({ type: 'copyPicture', request }))
    return answer === undefined ? t('The page of the tab did not answer.') : answer.problem
  }

  /** Takes the page of a hidden tab out of memory. */
  empty(): void {
    if (this.#panel.visible || this.#emptied) return
    this.#emptied = true
    this.#channel.emptied()
    this.#panel.webview.html = ''
  }

  dispose(): void {
    this.#scope.dispose()
  }

  async #fill(): Promise<void> {
    const [{ boot, picture }, { script, style }] = await Promise.all([this.#start(), pageFiles(this.#root)])
    if (this.#scope.ended || this.#emptied) return
    const { webview } = this.#panel
    // Anew each time: a tab that was restored carries the options of the version that made it (vscode#197103).
    webview.options = pageOptions
    webview.html = pageHtml({
      nonce: randomBytes(16).toString('base64url'),
      script,
      style,
      language: vscode.env.language,
      boot,
      picture,
    })
  }

  #refill(): void {
    if (!this.#panel.visible || !this.#emptied) return
    this.#emptied = false
    void this.#fill()
  }

  #hear(message: FromPage): void {
    if (message.type === 'copied') this.#copies.answer(message.request, { problem: message.problem })
    else if (message.type === 'picture' && message.request !== undefined) this.#pictures.answer(message.request, message.png)
    else if (message.type !== 'ready') this.news.fire(message)
  }
}

let files: Promise<PageFiles> | undefined

/** The texts of the page, read once. @throws what the file system says; then they are read again the next time */
function pageFiles(folder: string): Promise<PageFiles> {
  files ??= Promise.all(['screen.js', 'screen.css'].map((name) => readFile(join(folder, name), 'utf8'))).then(([script = '', style = '']) => ({
    script,
    style,
  }))
  files.catch(() => {
    files = undefined
  })
  return files
}
