import type { AdditionName } from './additions.ts'
import type { BinaryPaths } from './binaries/catalogue.ts'
import type { SandboxPaths } from './paths.ts'

/** How a part shows that it works. Data; `readiness.ts` knows how to look. */
export type Readiness =
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'unix'; path: string }
  /** HTTP 200 on plain HTTP, on HTTPS without checking the certificate (a part's own, made in memory), or over a socket. */
  | { kind: 'http'; url: string; socket?: string }
  /** HTTP 200 from the API server, asked as administrator. */
  | { kind: 'api'; path: string }
  | { kind: 'dns'; server: string; name: string }
  /** The node is Ready by a report younger than this start, and offers the resources. */
  | { kind: 'node'; name: string }
  | { kind: 'resource'; node: string; name: string }
  /** The part made this file, which it takes away whenever it starts. */
  | { kind: 'file'; path: string }
  /** It says nothing of itself; running must do. */
  | { kind: 'process' }

export interface ConfigFile {
  path: string
  text: string
}

/** One part of the node: what to run, with which files, after whom, and when it counts as there. */
export interface Part {
  name: string
  argv: readonly [string, ...string[]]
  /** Beside PATH and HOME; nothing else is handed on, proxies for those that fetch images aside. */
  env?: NodeJS.ProcessEnv
  files?: readonly ConfigFile[]
  /** Names of parts and jobs that must be ready first. */
  after: readonly string[]
  ready: Readiness
  /** Milliseconds until it must be ready. */
  patience: number
}

/** All that the parts' flags are made of. */
export interface PartContext {
  paths: SandboxPaths
  bin: BinaryPaths
  /** resolv.conf with servers that pods can reach. */
  resolvConf: string
  /** True when the machine has /dev/kvm. */
  kvm: boolean
  /** Folder of the CNI plugins. */
  cniPlugins: string
  /** Node binary and entry files of our own parts. */
  own: { node: string; devices: string; csi: string }
  /** What this sandbox has on request. */
  additions: readonly AdditionName[]
  /** Proxy settings of the caller, for those parts that fetch images. */
  proxies: NodeJS.ProcessEnv
}
