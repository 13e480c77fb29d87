import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Browser, Page } from 'playwright-core'
import { BenchBrowser } from '../screen/browser.ts'

export interface PlainScreenOptions {
  kubeconfig: string
  kubectl: string
  namespace: string
  pod: string
  /** The browser in which the editor runs. */
  browser: Browser
}

/** The rival: noVNC in a plain page of the same browser, over a plain relay and kubectl's port-forward to the pod. */
export class PlainScreen {
  readonly #pages: BenchBrowser
  readonly #forward: ChildProcess
  readonly #port: number

  private constructor(pages: BenchBrowser, forward: ChildProcess, port: number) {
    this.#pages = pages
    this.#forward = forward
    this.#port = port
  }

  static async start({ kubeconfig, kubectl, namespace, pod, browser }: PlainScreenOptions): Promise<PlainScreen> {
    const forward = spawn(kubectl, ['--kubeconfig', kubeconfig, '-n', namespace, 'port-forward', `pod/${pod}`, ':5901'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: forward.stdout }), 'line')) as [string]
    return new PlainScreen(await BenchBrowser.on(browser), forward, Number(/:(\d+) ->/.exec(line)?.[1]))
  }

  /** Opens a page and waits for its first picture. */
  open(): Promise<{ page: Page; firstMs: number }> {
    return this.#pages.open('plain', this.#port)
  }

  async close(): Promise<void> {
    this.#forward.kill()
    await this.#pages.close()
  }
}
