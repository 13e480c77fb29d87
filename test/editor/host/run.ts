import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import Mocha from 'mocha'

/**
 * VS Code calls this in the extension host. Runs the test files that lie beside this one (`bundle.ts` put them there) with the project's reporter;
 * what it prints goes to the file LOCO_TEST_LOG, since an extension host has no terminal.
 */
export async function run(): Promise<void> {
  const log = process.env['LOCO_TEST_LOG']
  if (log !== undefined) Mocha.reporters.Base.consoleLog = (...words: unknown[]) => appendFileSync(log, `${format(...words)}\n`)
  const mocha = new Mocha({ forbidOnly: true, timeout: 60_000, reporter: process.env['LOCO_TEST_REPORTER'] ?? 'spec' })
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.js'))
  for (const file of files.sort()) mocha.addFile(join(import.meta.dirname, file))
  const failures = await new Promise<number>((resolve) => mocha.run(resolve))
  if (failures > 0) throw new Error(`${failures} tests failed`)
}
