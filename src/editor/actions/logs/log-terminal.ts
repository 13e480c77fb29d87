import { t } from '@vscode/l10n'
import * as vscode from 'vscode'
import { asKubeError } from '../../../kube/errors.ts'
import type { LogPart } from '../../../kube/log-follow.ts'
import { Pace } from '../terminal/pace.ts'
import { SafeText, safeText } from '../terminal/safe-text.ts'
import { ReadableLines } from './readable-lines.ts'

/** What a log terminal shows, made when the terminal opens. */
export interface LogFeed {
  /** First line: what this is. */
  readonly heading: string
  parts(signal: AbortSignal): AsyncIterable<LogPart>
  /** Last line, for a log that ends. */
  ending?(): string
}

/**
 * A log in a terminal: it opens at once, scrolls, keeps its colours, can be searched (Ctrl+F), lives on while hidden and holds only what the terminal's
 * scrollback holds. The whole log as a document is one link away. Ctrl+C stops following.
 */
export class LogTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>()
  readonly #end = new AbortController()
  readonly #feed: LogFeed
  readonly #lines = new ReadableLines(clockTime)
  readonly #text = new SafeText()
  readonly #pace = new Pace()
  #atLineStart = true

  constructor(feed: LogFeed) {
    this.#feed = feed
  }

  readonly onDidWrite = this.#write.event

  /** Whether it still follows; one that was stopped is replaced when its log is asked for again. */
  get following(): boolean {
    return !this.#end.signal.aborted
  }

  open(): void {
    void this.#run()
  }

  handleInput(data: string): void {
    if (!data.includes('\u0003') || !this.following) return
    this.#end.abort()
    this.#note(t('Following has stopped.'))
  }

  close(): void {
    this.#end.abort()
    this.#write.dispose()
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    this.#note(this.#feed.heading)
    try {
      for await (const part of this.#feed.parts(signal)) {
        if (part.kind === 'text') await this.#print(part.bytes)
        else this.#note(sentenceOf(part))
        if (signal.aborted) return
      }
      this.#note(this.#feed.ending?.() ?? t('The log ends here.'))
    } catch (thrown) {
      if (signal.aborted) return
      const { message, code, fix } = asKubeError(thrown, t('The log broke off before its end.'))
      this.#note(`${message} (${code})`)
      for (const line of fix) this.#note(`  ${line}`)
    }
    this.#end.abort()
  }

  async #print(bytes: Buffer): Promise<void> {
    const text = this.#text.take(this.#lines.take(bytes))
    if (text === '') return
    this.#write.fire(text)
    this.#atLineStart = text.endsWith('\n')
    await this.#pace.spend(text.length)
  }

  /** A line of ours among those of the log: on a line of its own, and not to be taken for one of them. */
  #note(sentence: string): void {
    this.#write.fire(`${this.#atLineStart ? '' : '\r\n'}\u001b[0;3;36m${safeText(sentence)}\u001b[0m\r\n`)
    this.#atLineStart = true
  }
}

/** Made when it is first needed: making one takes longer than reading all of this extension. */
let clock: Intl.DateTimeFormat | undefined

/** A moment of today as the clock shows it, in the time zone of this machine. */
function clockTime(ms: number): string {
  clock ??= new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' })
  return clock.format(ms)
}

function sentenceOf(part: Exclude<LogPart, { kind: 'text' }>): string {
  switch (part.kind) {
    case 'waiting':
      return part.sentence
    case 'started':
      return part.newPod
        ? t('Another pod stands for the emulator now; its log begins here.')
        : t`The container has started again; its restarts: ${part.life.run}.`
    case 'lost':
      return t`The log cannot be read at the moment. ${part.error.message} (${part.error.code}) It is tried again.`
    case 'back':
      return t('The log is read again; it goes on where it stopped.')
  }
}
