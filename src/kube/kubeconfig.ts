import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { Cluster, User } from '@kubernetes/client-node'
import { t } from '@vscode/l10n'
import { parseDocument } from 'yaml'
import { LocoError } from '../base/error.ts'
import { kubeconfigFiles } from './kubeconfig-files.ts'

/** A context as a person chooses it. */
export interface KubeContext {
  name: string
  cluster: string
  user: string
  /** Namespace that kubectl would use; undefined means `default`. */
  namespace: string | undefined
  /** URL of the API server; undefined when the cluster is defined nowhere. */
  server: string | undefined
  /** The file that defines the context. */
  file: string
}

/** One context with what it points to, in the shapes of the library. */
export interface ResolvedContext {
  context: KubeContext
  cluster: Cluster
  user: User
}

/** One file, parsed. */
interface Part {
  path: string
  clusters: Cluster[]
  users: User[]
  contexts: Omit<KubeContext, 'server'>[]
  currentContext: string | undefined
}

/** All kubeconfig files as one, merged as kubectl does it: of equal names the first one read counts. Read only; never written. */
export class Kubeconfig {
  readonly contexts: readonly KubeContext[]
  /** The current context; undefined when no file sets one, or when a broken file in front of it may have. */
  readonly currentContext: string | undefined
  /** The files that were read, in order. */
  readonly files: readonly string[]
  /** Files that are there and could not be used: the rest works without them. */
  readonly problems: readonly LocoError[]
  readonly #clusters: ReadonlyMap<string, Cluster>
  readonly #users: ReadonlyMap<string, User>

  constructor(parts: readonly Part[], options: { problems?: readonly LocoError[]; currentContext?: string | undefined } = {}) {
    this.#clusters = firstByName(parts.flatMap((part) => part.clusters))
    this.#users = firstByName(parts.flatMap((part) => part.users))
    const contexts = firstByName(parts.flatMap((part) => part.contexts))
    this.contexts = [...contexts.values()].map((context) => ({ ...context, server: this.#clusters.get(context.cluster)?.server }))
    this.currentContext = options.currentContext
    this.files = parts.map((part) => part.path)
    this.problems = options.problems ?? []
  }

  /**
   * A context with its cluster and user.
   * @throws LOCO-KUB-004 no such context, -005 its cluster or user is nowhere, -006 it logs in through a program and `allowExec` is false
   */
  resolve(name: string, options: { allowExec?: boolean } = {}): ResolvedContext {
    const context = this.contexts.find((one) => one.name === name)
    if (context === undefined) throw this.#noContext(name)
    const cluster = this.#clusters.get(context.cluster)
    if (cluster === undefined) throw this.#dangling(context, t`The context "${name}" names the cluster "${context.cluster}", which is defined nowhere.`)
    // A context without a user is anonymous for kubectl; the library applies the authority of a cluster only when there is a user.
    const user: User | undefined = context.user === '' ? { name: '' } : this.#users.get(context.user)
    if (user === undefined) throw this.#dangling(context, t`The context "${name}" names the user "${context.user}", which is defined nowhere.`)
    if (options.allowExec === false && logsInByProgram(user)) throw execRefused(context, user)
    return { context, cluster, user }
  }

  #noContext(name: string): LocoError {
    const known = this.contexts.map((context) => context.name)
    return new LocoError('LOCO-KUB-004', {
      what: t`There is no context "${name}" in the kubeconfig.`,
      why: known.length === 0 ? t('No context is defined at all.') : t`Known are: ${known.join(', ')}.`,
      fix: ['kubectl config get-contexts', t('or name another context with --context')],
      evidence: [...this.files, ...this.problems.map((problem) => problem.what)],
    })
  }

  #dangling(context: KubeContext, what: string): LocoError {
    return new LocoError('LOCO-KUB-005', {
      what,
      why: t`It was read from ${context.file}; the other half is missing there and in the other files.`,
      fix: [
        t('Add the missing file to KUBECONFIG, or fetch a fresh kubeconfig from the cluster.'),
        t`or delete the context: kubectl config delete-context ${context.name}`,
      ],
      evidence: [...this.files, ...this.problems.map((problem) => problem.what)],
    })
  }
}

/**
 * Reads every kubeconfig file that kubectl would read, and then `extraFiles` (absent ones are skipped, as kubectl skips them).
 * A file that cannot be used becomes one of `problems` and hides nothing of the others.
 * @throws LOCO-KUB-001 when no file exists; the file's own problem (-002, -003) when none that exists can be used
 */
export async function loadKubeconfig(options: {
  env: NodeJS.ProcessEnv
  extraFiles?: readonly string[]
  platform?: NodeJS.Platform
  home?: string
}): Promise<Kubeconfig> {
  const parts: Part[] = []
  const problems: LocoError[] = []
  let current: string | undefined
  for (const { path } of kubeconfigFiles(options)) {
    try {
      const part = await readPart(path)
      if (part === undefined) continue
      parts.push(part)
      // Behind a broken file nobody knows which context the person is in: to guess would be to act on the wrong cluster.
      if (current === undefined && problems.length === 0) current = part.currentContext
    } catch (error) {
      if (!(error instanceof LocoError)) throw error
      problems.push(error)
    }
  }
  if (parts.length === 0) throw problems[0] ?? noKubeconfig(options)
  return new Kubeconfig(parts, { problems, currentContext: current })
}

/** A kubeconfig from its text alone. `path` is what messages call it, and where relative paths in it start. @throws LOCO-KUB-003 */
export function parseKubeconfig(content: string, path: string): Kubeconfig {
  const part = parsePart(path, content)
  return new Kubeconfig([part], { currentContext: part.currentContext })
}

async function readPart(path: string): Promise<Part | undefined> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new LocoError('LOCO-KUB-002', {
      what: t`The kubeconfig ${path} cannot be read.`,
      why: code === 'EISDIR' ? t('It is a folder.') : t`The system says ${code}.`,
      fix: [`chmod u+r ${path}`, t('or take it out of KUBECONFIG')],
      evidence: [(error as Error).message],
      cause: error,
    })
  }
  return parsePart(path, content)
}

/**
 * One kubeconfig file as data. Entries without a name are left out, as kubectl leaves them unused; an empty file is an empty kubeconfig.
 * @throws LOCO-KUB-003 with the line, when the text is no YAML or no kubeconfig
 */
function parsePart(path: string, content: string): Part {
  const document = parseDocument(content)
  const problem = document.errors[0]
  if (problem !== undefined) throw broken(path, `${(problem.message.split('\n')[0] ?? '').replace(/:$/, '')}.`, problem.linePos?.[0].line, problem)
  const root: unknown = document.toJS() ?? {}
  if (!isMapping(root)) throw broken(path, t('It holds no mapping with clusters, users and contexts.'), 1)
  const entries = (key: string, inner: string): [string, Mapping][] => {
    const list = root[key] ?? []
    if (!Array.isArray(list)) throw broken(path, t`"${key}" must be a list.`)
    return list.flatMap((entry: unknown) =>
      isMapping(entry) && text(entry['name']) ? [[String(entry['name']), isMapping(entry[inner]) ? entry[inner] : {}]] : [],
    )
  }
  const folder = dirname(path)
  return {
    path,
    clusters: entries('clusters', 'cluster').map(([name, cluster]) => toCluster(name, cluster, folder)),
    users: entries('users', 'user').map(([name, user]) => toUser(name, user, folder)),
    contexts: entries('contexts', 'context').map(([name, context]) => ({
      name,
      cluster: text(context['cluster']) ?? '',
      user: text(context['user']) ?? '',
      namespace: text(context['namespace']),
      file: path,
    })),
    currentContext: text(root['current-context']),
  }
}

type Mapping = Record<string, unknown>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function toCluster(name: string, fields: Mapping, folder: string): Cluster {
  return defined<Cluster>({
    name,
    server: (text(fields['server']) ?? '').replace(/\/$/, ''),
    skipTLSVerify: fields['insecure-skip-tls-verify'] === true,
    caData: text(fields['certificate-authority-data']),
    caFile: absolute(folder, fields['certificate-authority']),
    tlsServerName: text(fields['tls-server-name']),
    proxyUrl: text(fields['proxy-url']),
  })
}

function toUser(name: string, fields: Mapping, folder: string): User {
  const tokenFile = absolute(folder, fields['tokenFile'])
  return defined<User>({
    name,
    certData: text(fields['client-certificate-data']),
    certFile: absolute(folder, fields['client-certificate']),
    keyData: text(fields['client-key-data']),
    keyFile: absolute(folder, fields['client-key']),
    exec: withCommandPath(fields['exec'], folder),
    // The library knows a token file only as a provider of its own; it is read again each minute, and wins over a token, as with kubectl.
    authProvider: tokenFile === undefined ? fields['auth-provider'] : { name: 'tokenFile', config: { tokenFile } },
    token: tokenFile === undefined ? text(fields['token']) : undefined,
    username: text(fields['username']),
    password: text(fields['password']),
    impersonateUser: text(fields['as']),
  })
}

/** The login program: a path with a slash is meant from the folder of the file. */
function withCommandPath(exec: unknown, folder: string): unknown {
  if (!isMapping(exec)) return undefined
  const command = text(exec['command'])
  return command?.includes('/') ? { ...exec, command: absolute(folder, command) } : exec
}

function absolute(folder: string, path: unknown): string | undefined {
  const file = text(path)
  return file === undefined || isAbsolute(file) ? file : join(folder, file)
}

/** Without the fields that are undefined: the library tells an absent field from one that is there. */
function defined<T>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

function firstByName<T extends { name: string }>(entries: readonly T[]): Map<string, T> {
  const map = new Map<string, T>()
  for (const entry of entries) if (!map.has(entry.name)) map.set(entry.name, entry)
  return map
}

/** Whether it takes a program to log in as this user. */
export function logsInByProgram(user: User): boolean {
  const config: Record<string, unknown> | undefined = user.authProvider?.config
  return Boolean(user.exec) || Boolean(config?.['exec']) || Boolean(config?.['cmd-path'])
}

function execRefused(context: KubeContext, user: User): LocoError {
  const command: unknown = user.exec?.command ?? user.authProvider?.config?.['cmd-path']
  return new LocoError('LOCO-KUB-006', {
    what:
      typeof command === 'string'
        ? t`The context "${context.name}" logs in by running "${command}", which is not allowed here.`
        : t`The context "${context.name}" logs in by running a program, which is not allowed here.`,
    why: t('A program named by a kubeconfig is run only where the folder is trusted.'),
    fix: [t('Trust this folder (command "Workspaces: Manage Workspace Trust").'), t('or take a context that uses a token or a certificate')],
    evidence: [context.file],
  })
}

function broken(path: string, why: string, line?: number, cause?: unknown): LocoError {
  return new LocoError('LOCO-KUB-003', {
    what: line === undefined ? t`The kubeconfig ${path} is broken.` : t`The kubeconfig ${path} is broken in line ${line}.`,
    why,
    fix: [t('Correct the file, or fetch it again from the cluster.'), t('or take it out of KUBECONFIG')],
    evidence: [path],
    cause,
  })
}

function noKubeconfig(options: Parameters<typeof kubeconfigFiles>[0]): LocoError {
  const files = kubeconfigFiles(options)
  const listed = files.some((file) => file.listed)
  return new LocoError('LOCO-KUB-001', {
    what: t('There is no kubeconfig, so no cluster is known.'),
    why: listed ? t('No file of KUBECONFIG exists.') : t('KUBECONFIG is not set, and the default file does not exist.'),
    fix: ['loco sandbox up', t('or set KUBECONFIG to your file')],
    evidence: files.map((file) => file.path),
  })
}
