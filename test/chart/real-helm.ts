import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Context } from 'mocha'
import { silentLogger } from '../../src/base/logger.ts'
import { packageRoot } from '../../src/base/package-root.ts'
import { Helm } from '../../src/chart/helm.ts'
import { binaryPaths, goArch } from '../../src/sandbox/binaries/catalogue.ts'
import { sandboxPaths } from '../../src/sandbox/paths.ts'
import { skipBecause } from '../skip.ts'

export const chart = join(packageRoot(), 'helm', 'loco-chart')

/** Path of a helm: the one that LOCO_HELM names, else the sandbox's, else the one in PATH; undefined when there is none. */
export function helmBinary(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const arch = goArch(process.arch)
  const cached = arch === undefined ? '' : binaryPaths(sandboxPaths(env).cache, arch).helm
  const inPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'helm'))
  return [env['LOCO_HELM'] ?? '', cached, ...inPath].find((file) => file !== '' && existsSync(file))
}

/** A real helm without a cluster, for a `before` hook: skips the suite where this machine has none. */
export function realHelm(context: Context): Helm {
  const binary = helmBinary()
  if (binary === undefined) return skipBecause(context, 'no helm: LOCO_HELM is not set, the sandbox has not been built, and PATH has none')
  return new Helm({ binary, log: silentLogger })
}
