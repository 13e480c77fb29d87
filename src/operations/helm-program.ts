import { existsSync } from 'node:fs'
import { binaryPaths, goArch } from '../sandbox/binaries/catalogue.ts'
import { sandboxPaths } from '../sandbox/paths.ts'

/** The helm program for work without a cluster: the one that is named, else that of the environment, else the sandbox's, else what is on the path. */
export function helmProgram(named: string, env: NodeJS.ProcessEnv): string {
  const arch = goArch(process.arch)
  const cached = arch === undefined ? '' : binaryPaths(sandboxPaths(env).cache, arch).helm
  return named || env['LOCO_HELM'] || (cached !== '' && existsSync(cached) ? cached : 'helm')
}
