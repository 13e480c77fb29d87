import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../base/logger.ts'
import type { AdditionName } from './additions.ts'
import type { BinaryPaths } from './binaries/catalogue.ts'
import { podResolvConf } from './network.ts'
import { cniPluginFolder } from './packages.ts'
import type { PartContext } from './part.ts'
import type { SandboxPaths } from './paths.ts'
import type { Tell } from './progress.ts'
import type { Supervisor } from './supervisor.ts'

/** What switching on and off work with. */
export interface NodeTools {
  paths: SandboxPaths
  supervisor: Supervisor
  tell: Tell
  log: Logger
  signal: AbortSignal | undefined
}

export const hasKvm = (): boolean => existsSync('/dev/kvm')

/** A program of ours: beside the bundle in dist/, else in the sources. */
function entryOf(name: string): string {
  const bundled = join(import.meta.dirname, `${name}.cjs`)
  return existsSync(bundled) ? bundled : join(import.meta.dirname, name, 'main.ts')
}

/** What the parts' flags are made of, on this machine. */
export function partContext(paths: SandboxPaths, bin: BinaryPaths, additions: readonly AdditionName[]): PartContext {
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name))
  return {
    paths,
    bin,
    resolvConf: podResolvConf(),
    kvm: hasKvm(),
    cniPlugins: cniPluginFolder() ?? '/usr/lib/cni',
    own: { node: process.execPath, devices: entryOf('devices'), csi: entryOf('csi') },
    additions,
    proxies: Object.fromEntries(proxies),
  }
}
