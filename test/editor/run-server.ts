/* Runs test/editor/host in the extension host of a VS Code server: node test/editor/run-server.ts newest|oldest. One window, closed by VS Code's own report of the run. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/base/package-root.ts'
import type { builds } from '../../src/cli/editor/builds.ts'
import { bundleHostTests } from './lib/bundle-host-tests.ts'
import { EditorHost } from './lib/editor-host.ts'
import { hostTestEnvironment } from './lib/host-test-environment.ts'
import { EditorWindow } from './window/lib/editor-window.ts'

/** Milliseconds that the whole run may take. */
const patience = 10 * 60_000

const build = (process.argv[2] ?? 'newest') as keyof typeof builds
const scratch = mkdtempSync(join(tmpdir(), 'loco-editor-host-'))
const tests = await bundleHostTests()
const environment = hostTestEnvironment(scratch)
const host = await EditorHost.start({ build, extension: 'development', env: environment.env, source: process.env['LOCO_TEST_EXTENSION'] ?? packageRoot() })
let exit = 1
const said: string[] = []
try {
  const ended = new Promise<number>((resolve, reject) => {
    setTimeout(() => reject(new Error(`the tests in the extension host did not end within ${patience / 60_000} minutes`)), patience).unref()
    void EditorWindow.open(host, { folder: environment.folder, tests }, async (page) => {
      await page.exposeFunction('codeAutomationLog', (_type: string, words: unknown[]) => said.push(words.join(' ')))
      await page.exposeFunction('codeAutomationExit', resolve)
    }).catch(reject)
  })
  exit = await ended
} finally {
  if (existsSync(environment.log)) process.stdout.write(readFileSync(environment.log, 'utf8'))
  else process.stdout.write(`VS Code ran no test. It said:\n${[...said.slice(-20), host.extensionHostLog()].join('\n')}\n`)
  const left = await host.stop()
  if (left.length > 0) {
    process.stdout.write(`left running: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}\n`)
    exit ||= 1
  }
  rmSync(scratch, { recursive: true, force: true })
}
process.exit(exit)
