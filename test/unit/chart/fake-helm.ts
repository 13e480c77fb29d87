import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FakeHelm {
  binary: string
  folder: string
  /** One entry for each run, in order. */
  calls(): { args: string[]; env: Record<string, string>; files: { path: string; mode: number; text: string }[] }[]
  dispose(): void
}

/**
 * A program that stands in for helm: it writes down how it was called and what the values files held, then runs `body` (JavaScript; `args` are its arguments).
 * Only for what a real helm cannot be made to do.
 */
export function fakeHelm(body: string): FakeHelm {
  const folder = mkdtempSync(join(tmpdir(), 'loco-fake-helm-'))
  const binary = join(folder, 'helm')
  const record = join(folder, 'calls')
  writeFileSync(record, '')
  // A program without an ending is what the nearest package.json says; one of somebody else may lie above.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}')
  writeFileSync(
    binary,
    `#!${process.execPath}
const fs = require('node:fs')
const args = process.argv.slice(2)
const files = args.filter((_, index) => args[index - 1] === '--values').map((path) => ({ path, mode: fs.statSync(path).mode & 0o777, text: fs.readFileSync(path, 'utf8') }))
fs.appendFileSync(${JSON.stringify(record)}, JSON.stringify({ args, env: process.env, files }) + '\\n')
if (args[0] === 'version') { process.stdout.write('v4.3.1'); process.exit(0) }
${body}
`,
  )
  chmodSync(binary, 0o755)
  return {
    binary,
    folder,
    calls: () =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  }
}
