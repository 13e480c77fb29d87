import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { packageRoot } from '../../../src/base/package-root.ts'
import { builds } from '../../../src/cli/editor/builds.ts'
import { installServer } from '../../../src/cli/editor/install-server.ts'
import { linkExtension } from '../../../src/cli/editor/link-extension.ts'
import { VscodeServer } from '../../../src/cli/editor/vscode-server.ts'
import { sandboxPaths } from '../../../src/sandbox/paths.ts'
import { inPage } from '../window/lib/in-page.ts'
import { launchChromium } from './chromium.ts'
import { oldNode } from './old-node.ts'
import { marked, markName, type Process } from './processes.ts'

export interface EditorHostOptions {
  /** Which VS Code: the newest, or the oldest that is supported, under the oldest Node that came with it. */
  build?: keyof typeof builds
  settings?: Record<string, unknown>
  env?: NodeJS.ProcessEnv
  /** `on`: trusted without a question; `ask`: the question is shown. */
  trust?: 'on' | 'ask'
  /** `development`: as under test, named by the window's URL; VS Code then shows no toasts. `installed` (default): as a person has it. */
  extension?: 'installed' | 'development'
  /** Folders of other extensions that are installed beside ours. */
  others?: readonly string[]
  /** Folder of the extension; default this checkout. */
  source?: string
  size?: { width: number; height: number }
  /** Language of the editor itself; extensions that have a bundle of it speak it. */
  displayLanguage?: string
}

/** A quiet VS Code: no gallery, no telemetry, no assistant, no welcome. All else is as a new person gets it. */
const quiet = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'git.openRepositoryInParentFolders': 'never',
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
  'window.confirmBeforeClose': 'never',
  // On a busy machine something that is drawn late takes the focus, and would close a list under the hands of a test.
  'workbench.quickOpen.closeOnFocusLost': false,
}

/** A VS Code server with fresh folders and a browser; windows are opened on it. Everything ends with `stop`. */
export class EditorHost {
  readonly root: string
  readonly server: VscodeServer
  readonly context: BrowserContext
  readonly options: EditorHostOptions
  readonly browser: Browser

  private constructor(root: string, server: VscodeServer, browser: Browser, context: BrowserContext, options: EditorHostOptions) {
    this.root = root
    this.server = server
    this.browser = browser
    this.context = context
    this.options = options
  }

  static async start(options: EditorHostOptions = {}): Promise<EditorHost> {
    const { build = 'newest', settings = {}, env = {}, trust = 'on', extension = 'installed', source = packageRoot(), size, displayLanguage } = options
    const root = mkdtempSync(join(tmpdir(), 'loco-editor-'))
    const [data, extensions] = [join(root, 'server'), join(root, 'extensions')]
    mkdirSync(join(data, 'data', 'User'), { recursive: true })
    writeFileSync(
      join(data, 'data', 'User', 'settings.json'),
      JSON.stringify({ ...quiet, ...(trust === 'ask' && { 'security.workspace.trust.startupPrompt': 'always' }), ...settings }, null, 2),
    )
    mkdirSync(extensions)
    if (extension === 'installed') await linkExtension(source, extensions)
    for (const other of options.others ?? []) await linkExtension(other, extensions)
    const { cache } = sandboxPaths(process.env)
    const person = { home: homedir() }
    const say = ({ sentence }: { sentence: string }): void => void process.stdout.write(`   ${sentence}\n`)
    const installed = await installServer({ build: builds[build], cache, person, env: process.env, tell: say })
    const node = build === 'oldest' ? await oldNode(cache) : undefined
    const args = [
      '--force-disable-user-env',
      ...(trust === 'on' ? ['--disable-workspace-trust'] : []),
      // The gate before the part of the URL that names an extension under development.
      ...(extension === 'development' ? ['--enable-smoke-test-driver'] : []),
    ]
    const server = await VscodeServer.start({
      installed,
      data,
      extensions,
      port: '0',
      person,
      env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', [markName]: basename(root), ...env },
      args,
      ...(node !== undefined && { node }),
    })
    try {
      const browser = await launchChromium()
      const context = await browser.newContext({
        viewport: size ?? { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      // As the server sets it in the page when a language pack is installed.
      if (displayLanguage !== undefined) await context.addInitScript({ content: `globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(displayLanguage)}` })
      await context.addInitScript({ path: inPage })
      return new EditorHost(root, server, browser, context, options)
    } catch (error) {
      await server.stop()
      throw error
    }
  }

  get origin(): string {
    return `http://127.0.0.1:${this.server.port}`
  }

  /** Log files below the server's folder whose path matches. */
  logs(pattern: RegExp): string[] {
    const base = join(this.root, 'server', 'data', 'logs')
    return readdirSync(base, { recursive: true, encoding: 'utf8' })
      .filter((name) => pattern.test(name))
      .map((name) => join(base, name))
  }

  /** What our output channel says. */
  output(): string {
    return this.logs(/Loco Cluster\.log$/)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
  }

  /** What the extension hosts say. */
  extensionHostLog(): string {
    return this.logs(/remoteexthost\.log$/)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
  }

  /** Processes that descend from this host and are not VS Code's own: what the extension has running. */
  foreign(): Process[] {
    return marked(basename(this.root)).filter(({ pid, command }) => pid !== this.server.pid && !command.includes('/vscode/code-server-'))
  }

  /** The extension hosts that run: one for each window. */
  extensionHosts(): Process[] {
    return marked(basename(this.root)).filter(({ command }) => command.includes('--type=extensionHost'))
  }

  /** Ends browser and server. @returns what outlived them */
  async stop(): Promise<Process[]> {
    await this.browser.close().catch(() => undefined)
    await this.server.stop()
    const left = marked(basename(this.root))
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 })
    return left
  }
}
