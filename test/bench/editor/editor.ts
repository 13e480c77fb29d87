import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Frame, Page } from 'playwright-core'
import { packageRoot } from '../../../src/base/package-root.ts'
import { podName } from '../../../src/contracts/names.ts'
import { KubeClient } from '../../../src/kube/client.ts'
import { loadKubeconfig } from '../../../src/kube/kubeconfig.ts'
import { EditorHost, type EditorHostOptions } from '../../editor/lib/editor-host.ts'
import { prepareEditors } from '../../editor/lib/prepare-editors.ts'
import { EditorWindow } from '../../editor/window/lib/editor-window.ts'
import { ScreenTab } from '../../editor/window/lib/screen-tab.ts'
import { until } from '../../editor/window/lib/until.ts'
import { FakeFleet } from '../../fakes/fake-fleet.ts'
import { mustLoco } from '../../loco.ts'
import type { Figure } from '../figure.ts'
import type { Bench, Scenario } from '../scenarios.ts'
import { PlainScreen } from './plain-screen.ts'
import { cpuOf, residentOf } from './process-usage.ts'

const replicas = 9
const namespace = 'loco-bench'
const where = 'VS Code 1.139 (server, headless Chromium), extension minified'
const probe = readFileSync(join(import.meta.dirname, 'strip-probe.js'), 'utf8')

/**
 * When the page of a screen first showed each state, by the clock of this machine; the last picture is shown by the document itself before its script runs.
 * And when a mouse button was last pressed: what a test does before that is not part of a click.
 */
const noteStates = `
globalThis.noted ??= { document: performance.timeOrigin }
setInterval(() => {
  const picture = document.body?.dataset.picture
  if (picture) noted[picture] ??= Date.now()
  const last = document.getElementById('last')
  if (last?.complete && last.naturalWidth > 0) requestAnimationFrame(() => { noted.last ??= Date.now() })
}, 4)
addEventListener('mousedown', () => { globalThis.pressed = Date.now() }, true)`

/** Milliseconds after which a window that was opened has done all that it does by itself. */
const rest = 6_000

interface Stage {
  host: EditorHost
  window: EditorWindow
  close(): Promise<void>
}

/** An editor that sees the kubeconfig and nothing else of this machine. */
async function stage(kubeconfig: string, options: EditorHostOptions = {}): Promise<Stage> {
  const scratch = mkdtempSync(join(tmpdir(), 'loco-bench-'))
  const file = join(scratch, 'kubeconfig')
  writeFileSync(file, kubeconfig)
  const env = { KUBECONFIG: file, LOCO_SANDBOX_ROOT: join(scratch, 'none'), XDG_STATE_HOME: join(scratch, 'state') }
  const host = await EditorHost.start({ ...options, env })
  await host.context.addInitScript({ content: noteStates })
  const window = await EditorWindow.open(host, { folder: mkdtempSync(join(scratch, 'workspace-')) })
  const close = async (): Promise<void> => {
    await host.stop()
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  }
  return { host, window, close }
}

async function withProductionBuild<T>(work: () => Promise<T>): Promise<T> {
  const build = (...args: string[]) => promisify(execFile)(process.execPath, [join(packageRoot(), 'scripts', 'build.mjs'), ...args])
  await build('--production')
  try {
    return await work()
  } finally {
    await build()
  }
}

/** Milliseconds from a click on the view's icon to the frame with all rows, and to the one in which all are healthy. */
async function paintRows(page: Page): Promise<{ rows: number; healthy: number }> {
  await page.waitForTimeout(rest)
  const icon = page.locator('.activitybar .action-label[aria-label^="Loco Cluster"]').first()
  await icon.click()
  const begun = await pressedAt(page)
  const frameWith = async (label: string): Promise<number> => {
    const rows = `[...document.querySelectorAll('.monaco-list-row')].filter((row) => /^instance-\\d+, ${label}/.test(row.getAttribute('aria-label') ?? ''))`
    const found = await page.waitForFunction(`${rows}.length >= ${replicas} && Date.now()`, undefined, { polling: 'raf', timeout: 60_000 })
    return Number(await found.jsonValue()) - begun
  }
  const [rows, healthy] = await Promise.all([frameWith(''), frameWith('healthy')])
  return { rows, healthy }
}

const pressedAt = async (page: Page): Promise<number> => Number(await page.evaluate('pressed'))

/** What VS Code itself says of our activation. */
async function activation(window: EditorWindow): Promise<number> {
  await window.palette.run('Developer: Show Running Extensions')
  const row = window.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Loco Cluster' })
  const text = await until(
    async () =>
      /Activation: (\d+)ms/.exec(
        (await row
          .first()
          .textContent()
          .catch(() => '')) ?? '',
      )?.[1],
    'our row among the running extensions',
  )
  await window.page.keyboard.press('Control+F4')
  return Number(text)
}

/** Milliseconds from the call that deletes a pod to the row that says so. */
async function deleteToRow(window: EditorWindow, client: KubeClient, ordinal: number): Promise<number> {
  await window.views.waitRow('Fleet', ({ label, description }) => label === `instance-${ordinal}` && description.startsWith('healthy'), 120_000)
  const labels = `[...document.querySelectorAll('.monaco-list-row')].map((row) => row.getAttribute('aria-label') ?? '')`
  const turned = window.page.waitForFunction(
    `${labels}.some((label) => label.startsWith('instance-${ordinal}, ') && !label.startsWith('instance-${ordinal}, healthy')) && Date.now()`,
    undefined,
    { polling: 'raf', timeout: 30_000 },
  )
  const begun = Date.now()
  await client.core.deleteNamespacedPod({ name: podName('loco', ordinal), namespace })
  return Number(await (await turned).jsonValue()) - begun
}

interface Opened {
  last: number | undefined
  live: number
  /** Until VS Code has the page's document: an empty webview would cost that, too. */
  document: number
}

async function openScreen(window: EditorWindow, emulator: string): Promise<{ tab: ScreenTab; opened: Opened }> {
  const tab = await ScreenTab.open(window, emulator)
  const begun = await pressedAt(window.page)
  await tab.live(60_000)
  const noted = (await (await tab.frame()).evaluate('noted')) as { document: number; last?: number; live: number }
  return { tab, opened: { last: noted.last && noted.last - begun, live: noted.live - begun, document: noted.document - begun } }
}

const measured = async (frame: Frame | Page, canvas: string, what: string): Promise<unknown> =>
  frame.evaluate(`(${probe.slice(probe.indexOf('(canvas)'))})(document.querySelector(${JSON.stringify(canvas)})).${what}`)

/** The extension on a real cluster with nine emulators. */
export const editor: Scenario = async (bench: Bench) => {
  const { kubeconfig, bin } = await bench.access()
  const refusal = await prepareEditors((sentence) => process.stderr.write(`${sentence}\n`))
  if (refusal !== undefined) throw new Error(refusal)
  await mustLoco(['bootstrap', '--namespace', namespace, '--replicas', String(replicas), '--storage', 'ephemeral', '--output', 'json'])
  return withProductionBuild(async () => {
    const text = readFileSync(kubeconfig, 'utf8')
    const activated: number[] = []
    const painted: { rows: number; healthy: number }[] = []
    for (let round = 0; round < bench.repeats; round++) {
      const { window, close } = await stage(text)
      try {
        painted.push(await paintRows(window.page))
        activated.push(await activation(window))
      } finally {
        await close()
      }
    }
    const loaded = await loadKubeconfig({ env: { KUBECONFIG: kubeconfig } })
    const client = new KubeClient(loaded, loaded.currentContext ?? '')
    const empty = await memoryOfEmptyHost(text)
    const { host, window, close } = await stage(text)
    const plain = await PlainScreen.start({ kubeconfig, kubectl: bin.kubectl, namespace, pod: podName('loco', 0), browser: host.browser })
    try {
      await paintRows(window.page)
      const changed: number[] = []
      for (let round = 0; round < 2 * bench.repeats; round++) changed.push(await deleteToRow(window, client, 1 + (round % (replicas - 1))))
      const opened: Opened[] = []
      const firstPlain: number[] = []
      const own = { fps: [] as number[], keys: [] as number[] }
      const theirs = { fps: [] as number[], keys: [] as number[] }
      let memory = 0
      for (let round = 0; round < bench.repeats + 1; round++) {
        const shown = await plain.open()
        firstPlain.push(shown.firstMs)
        theirs.fps.push(Number(await measured(shown.page, 'canvas', 'frames(5)')))
        theirs.keys.push(...((await measured(shown.page, 'canvas', 'keys(20)')) as number[]))
        await shown.page.close()
        await window.page.bringToFront()
        const { tab, opened: one } = await openScreen(window, 'instance-0')
        if (round > 0) opened.push(one) // The first has no last picture yet.
        await tab.capture()
        own.fps.push(Number(await measured(await tab.frame(), '.screen canvas', 'frames(5)')))
        own.keys.push(...((await measured(await tab.frame(), '.screen canvas', 'keys(20)')) as number[]))
        await tab.release()
        if (round === 0) memory = residentOf(host.extensionHosts()[0]?.pid ?? 0)
        await window.palette.run('View: Close All Editors')
      }
      const conditions = `${where}; ${replicas} emulators on the sandbox (TCG)`
      const atRest = `${conditions}; a window that was opened ${rest / 1000} s before`
      const plainly =
        'noVNC 1.7 in the same browser over a plain WebSocket relay and kubectl port-forward to the same pod, in turn; looked at once each frame of the browser'
      return [
        { what: 'activation, as VS Code tells it', unit: 'ms', samples: activated, wanted: '≤ 60 ms', conditions: atRest },
        { what: 'first click on the view → all rows', unit: 'ms', samples: painted.map(({ rows }) => rows), wanted: '≤ 1,000 ms', conditions: atRest },
        {
          what: 'first click on the view → all rows with their verdict',
          unit: 'ms',
          samples: painted.map(({ healthy }) => healthy),
          wanted: '',
          conditions: atRest,
        },
        {
          what: 'pod deleted → its row says so',
          unit: 'ms',
          samples: changed,
          wanted: '≤ 500 ms p95',
          conditions: `${conditions}; the call to the API server included`,
        },
        { what: 'click → last known picture', unit: 'ms', samples: opened.flatMap(({ last }) => last ?? []), wanted: '≤ 300 ms', conditions },
        { what: 'click → VS Code has the page’s document', unit: 'ms', samples: opened.map(({ document }) => document), wanted: '', conditions },
        { what: 'click → live picture', unit: 'ms', samples: opened.map(({ live }) => live), wanted: '', conditions },
        {
          what: 'the same, over plain noVNC’s first picture plus VS Code’s document',
          unit: '×',
          samples: opened.map(({ live, document }, at) => live / (document + (firstPlain[at + 1] ?? Number.NaN))),
          wanted: '≤ 1.3×',
          conditions: plainly,
        },
        {
          what: 'frame rate in the tab, over plain noVNC',
          unit: '×',
          samples: own.fps.map((fps, at) => fps / (theirs.fps[at] ?? Number.NaN)),
          wanted: '≥ 1.0×',
          conditions: plainly,
        },
        { what: 'key → pixel in the tab', unit: 'ms', samples: own.keys, wanted: '', conditions: plainly },
        { what: 'key → pixel, plain noVNC', unit: 'ms', samples: theirs.keys, wanted: '', conditions: plainly },
        ...ratios(own.keys, theirs.keys, plainly),
        {
          what: 'extension host with one screen, over an empty one',
          unit: 'MiB',
          samples: [memory - empty],
          wanted: '≤ 90 MB',
          conditions: `${conditions}; resident memory, after the first screen`,
        },
      ]
    } finally {
      await plain.close()
      await close()
      client.dispose()
    }
  })
}

function ratios(own: readonly number[], theirs: readonly number[], conditions: string): Figure[] {
  const at = (samples: readonly number[], q: number): number => [...samples].sort((a, b) => a - b)[Math.floor(q * samples.length)] ?? Number.NaN
  return [
    { what: 'key → pixel p50, tab over plain noVNC', unit: '×', samples: [at(own, 0.5) / at(theirs, 0.5)], wanted: '≤ 1.25×', conditions },
    { what: 'key → pixel p95, tab over plain noVNC', unit: '×', samples: [at(own, 0.95) / at(theirs, 0.95)], wanted: '≤ 1.0×', conditions },
  ]
}

/** MiB of an extension host in which our extension was never used. */
async function memoryOfEmptyHost(kubeconfig: string): Promise<number> {
  const { host, window, close } = await stage(kubeconfig)
  try {
    await window.page.waitForTimeout(rest)
    return residentOf(host.extensionHosts()[0]?.pid ?? 0)
  } finally {
    await close()
  }
}

/** Two hundred emulators that change: what the extension host costs, and that the selection stays. The API server and the agents are fakes. */
export const manyEmulators: Scenario = async () => {
  const size = 200
  const refusal = await prepareEditors((sentence) => process.stderr.write(`${sentence}\n`))
  if (refusal !== undefined) throw new Error(refusal)
  return withProductionBuild(async () => {
    const fleet = await FakeFleet.start(size)
    const { host, window, close } = await stage(fleet.kubeconfig())
    try {
      await window.views.open('Loco Cluster')
      await window.statusBar.wait(`${size}/${size}`, 60_000)
      await window.views.click('Fleet', 'instance-7')
      const pid = host.extensionHosts()[0]?.pid ?? 0
      const figures: Figure[] = []
      for (const rate of [50, 1000]) {
        let turn = 0
        const churn = setInterval(() => {
          for (let n = 0; n < rate / 50; n++) fleet.pod(++turn % size, { ready: Math.floor(turn / size) % 2 === 0 })
        }, 20)
        await window.page.waitForTimeout(3_000)
        const before = cpuOf(pid)
        await window.page.waitForTimeout(10_000)
        const share = (cpuOf(pid) - before) / 10
        clearInterval(churn)
        const selected = (await window.views.rows('Fleet')).filter((row) => row.selected).map(({ label }) => label)
        if (selected.join() !== 'instance-7') throw new Error(`The selection is ${selected.join() || 'gone'}.`)
        figures.push({
          what: `extension host, ${size} emulators with ${rate} changes a second`,
          unit: 'of',
          samples: [share],
          wanted: '≤ 0.35 of a core, selection kept',
          conditions: `${where}; a fake API server and fake agents; over 10 s`,
        })
      }
      return figures
    } finally {
      await close()
      await fleet.stop()
    }
  })
}
