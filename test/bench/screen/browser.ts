import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join, normalize } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type WebSocket, WebSocketServer } from 'ws'
import { Emitter } from '../../../src/base/emitter.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { ScreenSession } from '../../../src/screen/session.ts'
import { delayed } from './delayed.ts'
import type { Measured } from './measured.ts'

/** What page.js offers. */
declare const bench: {
  openPlain(url: string): void
  openOurs(url: string): void
  ready(): boolean
  frames(seconds: number): Promise<number>
  keys(count: number): Promise<number[]>
}

const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** noVNC in a real browser, near ours and near a plain relay, in turn. */
export class BenchBrowser {
  readonly #server: Server
  readonly #browser: Browser
  readonly #origin: string

  private constructor(server: Server, browser: Browser) {
    this.#server = server
    this.#browser = browser
    this.#origin = `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  static get missing(): string | undefined {
    return existsSync(executable) ? undefined : `no browser at ${executable}; CHROMIUM names one`
  }

  /** A browser of its own. */
  static async start(): Promise<BenchBrowser> {
    // Root has no sandbox for a browser, and a bench no need of one: the page is ours.
    const browser = await chromium.launch({ executablePath: executable, args: ['--headless=new', '--no-sandbox', '--disable-gpu'] })
    return BenchBrowser.on(browser)
  }

  /** Pages in a browser that is there. `close` closes it, too. */
  static async on(browser: Browser): Promise<BenchBrowser> {
    const server = createServer((request, response) => {
      const file = fileOf(new URL(request.url ?? '/', 'http://bench').pathname)
      if (file === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'Content-Type': file.type }).end(file.content)
    })
    const sockets = new WebSocketServer({ server, perMessageDeflate: false })
    sockets.on('connection', (socket, request) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bench')
      const way = { port: Number(searchParams.get('port')), delay: Number(searchParams.get('delay')) }
      if (pathname === '/ours') servePage(socket, way)
      else void relay(socket, way)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new BenchBrowser(server, browser)
  }

  async measure(who: 'ours' | 'plain', port: number, delayMs: number, into: Measured): Promise<void> {
    const page = await this.#browser.newPage({ viewport: { width: 1100, height: 850 } })
    try {
      await this.#measure(page, who, `${this.#origin}/${who}?port=${port}&delay=${delayMs}`, into)
    } finally {
      await page.close()
    }
  }

  /** Opens a page and waits for its first picture. */
  async open(who: 'ours' | 'plain', port: number): Promise<{ page: Page; firstMs: number }> {
    const page = await this.#browser.newPage({ viewport: { width: 1100, height: 850 } })
    const begun = Date.now()
    await page.goto(`http://${this.#origin}/`)
    await page.waitForFunction(() => 'bench' in globalThis)
    await page.evaluate(([name, url]) => (name === 'ours' ? bench.openOurs(url) : bench.openPlain(url)), [
      who,
      `ws://${this.#origin}/${who}?port=${port}&delay=0`,
    ] as const)
    await page.waitForFunction(() => bench.ready(), undefined, { timeout: 20_000, polling: 'raf' })
    return { page, firstMs: Date.now() - begun }
  }

  async #measure(page: Page, who: 'ours' | 'plain', way: string, into: Measured): Promise<void> {
    await page.goto(`http://${this.#origin}/`)
    await page.waitForFunction(() => 'bench' in globalThis)
    await page.evaluate(([name, url]) => (name === 'ours' ? bench.openOurs(url) : bench.openPlain(url)), [who, `ws://${way}`] as const)
    await page.waitForFunction(() => bench.ready(), undefined, { timeout: 20_000 })
    await page.waitForTimeout(1000)
    into.fps.push(await page.evaluate(() => bench.frames(5)))
    into.keys.push(...(await page.evaluate(() => bench.keys(20))))
  }

  async close(): Promise<void> {
    await this.#browser.close()
    this.#server.close()
  }
}

interface Way {
  port: number
  delay: number
}

/** The host of a page: the session, with a WebSocket in the place of a webview's messages. */
function servePage(socket: WebSocket, { port, delay }: Way): void {
  const session = new ScreenSession({
    source: { pod: 'bench', reason: undefined, changes: new Emitter<void>().event },
    connect: async () => {
      const stream = connect({ port, host: '127.0.0.1', noDelay: true })
      await once(stream, 'connect')
      return delayed(stream, delay)
    },
  })
  let connection = 0
  session.opened((number) => {
    connection = number
    socket.send(JSON.stringify({ open: number }))
  })
  session.output((piece) => socket.send(piece))
  socket.on('message', (message: Buffer, binary) => {
    if (binary) session.input(connection, message)
    else session.acknowledge(connection, Number(message.toString()))
  })
  socket.on('close', () => session.dispose())
  session.setPace('focused')
  session.setDriver(true)
}

/** The rival: bytes from WebSocket to TCP and back, nothing of its own. */
async function relay(socket: WebSocket, { port, delay }: Way): Promise<void> {
  const early: Buffer[] = []
  const keep = (message: Buffer): number => early.push(message)
  socket.on('message', keep)
  const stream = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(stream, 'connect')
  const far = delayed(stream, delay)
  socket.off('message', keep).on('message', (message: Buffer) => far.write(message))
  for (const message of early) far.write(message)
  far.on('data', (piece: Buffer) => socket.send(piece))
  socket.on('close', () => far.destroy())
}

function fileOf(path: string): { type: string; content: string | Buffer } | undefined {
  const page = '<!doctype html><body style="margin:0"><script type="module" src="/page.js"></script></body>'
  if (path === '/') return { type: 'text/html', content: page }
  const file =
    path === '/page.js'
      ? join(import.meta.dirname, 'page.js')
      : path.startsWith('/novnc/')
        ? join(packageRoot(), 'node_modules/@novnc/novnc', normalize(path.slice('/novnc/'.length)))
        : undefined
  if (file === undefined || !existsSync(file)) return undefined
  // noVNC 1.7.0 waits at its load for a test of the browser's decoder, which never ends in some browsers.
  const content = readFileSync(file, 'utf8').replace('= await _checkWebCodecsH264DecodeSupport()', '= false')
  return { type: 'text/javascript', content }
}
