import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import type { SandboxStatus } from '../../../src/contracts/sandbox.ts'

/** The process of a part of the sandbox that runs. */
export function readPid(part: string): number {
  const text = execFileSync(process.execPath, [join(packageRoot(), 'dist', 'cli.cjs'), 'sandbox', 'status', '--output', 'json'], { encoding: 'utf8' })
  const pid = (JSON.parse(text) as SandboxStatus).parts.find(({ name }) => name === part)?.pid
  if (pid === undefined || pid === null) throw new Error(`the sandbox has no running ${part}`)
  return pid
}
