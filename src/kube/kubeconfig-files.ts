import { homedir } from 'node:os'
import { join, posix, win32 } from 'node:path'

/** A kubeconfig file to look for. `listed`: the person named it (in `$KUBECONFIG`), so its absence is worth telling. */
export interface KubeconfigFile {
  path: string
  listed: boolean
}

/**
 * The files that kubectl would read, in its order, and then `extra`: all entries of `$KUBECONFIG` when it is set and not empty,
 * else `~/.kube/config`. Each path appears once. Nothing is opened here.
 */
export function kubeconfigFiles(options: {
  env: NodeJS.ProcessEnv
  extraFiles?: readonly string[]
  platform?: NodeJS.Platform
  home?: string
}): KubeconfigFile[] {
  const { env, extraFiles = [], platform = process.platform } = options
  const separator = platform === 'win32' ? win32.delimiter : posix.delimiter
  const listed = (env['KUBECONFIG'] ?? '').split(separator).filter((path) => path !== '')
  const files = listed.map((path) => ({ path, listed: true }))
  if (files.length === 0) files.push({ path: join(options.home ?? homeOf(env, platform), '.kube', 'config'), listed: false })
  for (const path of extraFiles) files.push({ path, listed: false })
  const seen = new Set<string>()
  return files.filter(({ path }) => !seen.has(path) && seen.add(path))
}

function homeOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const name = platform === 'win32' ? 'USERPROFILE' : 'HOME'
  return env[name] || homedir()
}
