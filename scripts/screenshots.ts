/**
 * node scripts/screenshots.ts [DIR [SERIES…]]: pictures of every view and of a screen's tab, in four themes, wide and narrow, of the fleet that runs on this machine (npm start, or loco bootstrap).
 * A series is `dark-wide`, `hc-light-narrow` …; without names all are taken. They go to DIR (out/screenshots); those that README.md and the docs show go to docs/pictures.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packageRoot } from '../src/base/package-root.ts'
import { sandboxPaths } from '../src/sandbox/paths.ts'
import { EditorHost } from '../test/editor/lib/editor-host.ts'
import { prepareEditors } from '../test/editor/lib/prepare-editors.ts'
import { EditorWindow } from '../test/editor/window/lib/editor-window.ts'
import { ScreenTab } from '../test/editor/window/lib/screen-tab.ts'
import { TextEditor } from '../test/editor/window/lib/text-editor.ts'
import { until } from '../test/editor/window/lib/until.ts'

const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern', 'hc-dark': 'Default High Contrast', 'hc-light': 'Default High Contrast Light' }
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 720, height: 900 } }

/** Pictures that are shown to people, by the name they have there. */
const shownToPeople: Record<string, string> = {
  'dark-wide-screen': 'screen',
  'dark-wide-fleet': 'fleet',
  'light-wide-report': 'report',
  'dark-wide-values': 'values',
}

/** A values file with what people get wrong. */
const wrongValues = `# Nine machines on the disk of this node.
replicaCount: 9
storage:
  strategy: hostPath
  persistentVolume:
    size: 10GB # enough for Windows
emulator:
  memoryMiB: 1024
  tag: latest
`

const [folder, ...wanted] = process.argv.slice(2)
const out = resolve(folder ?? join(packageRoot(), 'out', 'screenshots'))
const pictures = join(packageRoot(), 'docs', 'pictures')
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)
mkdirSync(out, { recursive: true })
mkdirSync(pictures, { recursive: true })
const refusal = await prepareEditors(say)
if (refusal !== undefined) throw new Error(refusal)

for (const [theme, colorTheme] of Object.entries(themes)) {
  for (const [width, size] of Object.entries(sizes)) {
    const name = `${theme}-${width}`
    if (wanted.length === 0 || wanted.includes(name)) await series(name, colorTheme, size)
  }
}

async function series(name: string, colorTheme: string, size: { width: number; height: number }): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'loco-screenshots-'))
  const folder = join(scratch, 'loco')
  mkdirSync(folder)
  const values = join(folder, 'values.yaml')
  writeFileSync(values, wrongValues)
  // The sandbox and its operations, as a person sees them; no other kubeconfig.
  const env = { KUBECONFIG: join(scratch, 'none'), LOCO_SANDBOX_ROOT: sandboxPaths(process.env).root }
  const host = await EditorHost.start({ settings: { 'workbench.colorTheme': colorTheme, 'loco.values': ['values.yaml'] }, env, size })
  try {
    const window = await EditorWindow.open(host, { folder })
    const shot: Shot = async (what, { still = false } = {}) => {
      const file = join(out, `${name}-${what}.png`)
      if (!still) await window.page.mouse.move(size.width - 300, 10)
      await window.page.screenshot({ path: file })
      const shown = shownToPeople[`${name}-${what}`]
      if (shown !== undefined) copyFileSync(file, join(pictures, `${shown}.png`))
      say(file)
    }
    await pictureValues(window, values, shot)
    await pictureAll(window, shot)
  } finally {
    await host.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Takes one picture; `still` leaves the mouse where it is, for a hover. */
type Shot = (what: string, how?: { still?: boolean }) => Promise<void>

/** What is said of a values file, on the line and under the mouse. */
async function pictureValues(window: EditorWindow, file: string, shot: Shot): Promise<void> {
  const editor = new TextEditor(window.page)
  await editor.open(file)
  await until(async () => (await editor.squiggles('error')) > 0, 'mistakes to be shown')
  await editor.goTo(4, 15)
  await window.palette.run('Show or Focus Hover')
  await window.page.locator('.monaco-hover:visible').getByText('storage.strategy').first().waitFor()
  await shot('values', { still: true })
  await window.palette.run('View: Revert and Close Editor')
}

/** Goes through everything that there is to see, on the fleet `loco` in namespace `loco`. */
async function pictureAll(window: EditorWindow, shot: Shot): Promise<void> {
  const row = (label: string) => ({ under: 'loco/loco', row: label })
  const { views, palette, editors, notices } = window
  await views.open('Loco Cluster')
  await views.waitRow('Fleet', { under: 'loco/loco', row: ({ label, badge }) => label === 'instance-2' && badge !== '' })
  await views.expand('Fleet', row('instance-0'))
  await shot('fleet')
  await views.hover('Fleet', row('instance-1'))
  // The picture in the hover comes a moment after its text; the mouse must stay.
  await window.page.waitForFunction("document.querySelector('.workbench-hover img')?.naturalWidth > 0").catch(() => undefined)
  await shot('hover', { still: true })
  const tab = await ScreenTab.open(window, 'instance-0', row('instance-0'))
  await tab.waitState(({ picture, meter }) => picture === 'live' && meter !== '', 'a live picture and its meter')
  await shot('screen')
  await tab.capture()
  await shot('screen-captured')
  await tab.release()
  await views.menu('Fleet', row('instance-1'), 'Show Logs')
  await editors.terminal(/./)
  await shot('logs')
  await palette.run('Terminal: Kill All Terminals')
  await views.menu('Fleet', row('instance-1'), 'Describe')
  await editors.waitTab(/instance-1/)
  await shot('describe')
  const operations = await views.rows('Operations')
  if (operations[0] !== undefined) {
    await views.inline('Operations', ({ index }) => index === 0, 'Show Report')
    const report = await editors.webview(/Preview/)
    await report.locator('h1').first().waitFor()
    await shot('report')
  }
  await palette.run('Loco: Get Started')
  await shot('walkthrough')
  await views.menu('Fleet', ({ label }) => label === 'loco/loco', 'Destroy')
  await notices.waitDialog(/Take away/, 60_000)
  await shot('dialog')
  await notices.answerDialog('Cancel')
}
