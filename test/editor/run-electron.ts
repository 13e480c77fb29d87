/* Runs test/editor/host in desktop builds of VS Code, which @vscode/test-electron fetches: the oldest that is supported, and stable. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTests } from '@vscode/test-electron'
import { packageRoot } from '../../src/base/package-root.ts'
import { bundleHostTests } from './lib/bundle-host-tests.ts'
import { hostTestEnvironment } from './lib/host-test-environment.ts'

interface Counts {
  passed: number
  failed: number
  skipped: { title: string; reason: string | null }[]
}

const extensionTestsPath = await bundleHostTests()
const all: Counts = { passed: 0, failed: 0, skipped: [] }
for (const version of ['1.105.0', 'stable']) {
  const scratch = mkdtempSync(join(tmpdir(), 'loco-desktop-'))
  const { env, folder, log } = hostTestEnvironment(scratch)
  const report = join(scratch, 'report.json')
  // Root, as in a container, may start it only without its sandbox and with a data folder that is named.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  try {
    await runTests({
      version,
      extensionDevelopmentPath: packageRoot(),
      extensionTestsPath,
      extensionTestsEnv: { ...env, LOCO_TEST_REPORT: report },
      launchArgs: [folder, '--user-data-dir', join(scratch, 'user'), '--disable-extensions', '--disable-workspace-trust', '--disable-gpu', ...root],
    })
  } catch (error) {
    process.stdout.write(`VS Code ${version}: ${error instanceof Error ? error.message : String(error)}\n`)
  }
  if (existsSync(log)) process.stdout.write(readFileSync(log, 'utf8'))
  const counts = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Counts) : { passed: 0, failed: 1, skipped: [] }
  all.passed += counts.passed
  all.failed += counts.failed
  all.skipped.push(...counts.skipped)
  rmSync(scratch, { recursive: true, force: true })
}
const whole = process.env['LOCO_TEST_REPORT']
if (whole !== undefined) writeFileSync(whole, JSON.stringify(all))
process.exitCode = all.failed > 0 ? 1 : 0
