import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import type { Logger } from '../base/logger.ts'
import { type HelmSubject, helmError } from './helm-errors.ts'
import { type HelmResult, helmEnvironment, runHelm } from './helm-process.ts'
import { type LintMessage, parseLint } from './lint.ts'
import { parseManifest, type RenderedObject } from './manifest.ts'
import { type Healing, healing, type PlannedRelease, type ReleaseState, type Revision } from './release.ts'
import { type HelmVersion, supportedVersion } from './version.ts'

export interface HelmOptions {
  /** Path of the helm program, or a name to be found in PATH. */
  binary: string
  /** The one kubeconfig that counts, written as in `$KUBECONFIG`. Needed, with `context`, for everything but version, lint and render. */
  kubeconfig?: string | undefined
  context?: string | undefined
  log: Logger
  /** `process.env` of the host. */
  env?: NodeJS.ProcessEnv
}

export interface ReleaseRequest {
  release: string
  namespace: string
  signal?: AbortSignal | undefined
}

export interface ChartRequest extends ReleaseRequest {
  /** Folder of the chart. */
  chart: string
  /** Values in the order in which they are laid over each other: paths of files, and values themselves. */
  values?: readonly (string | Readonly<Record<string, unknown>>)[]
  /** `key=value` as a person gave it with `--set`, laid over all of `values`. It was on a command line already, so it may be on helm's. */
  set?: readonly string[]
}

/** What the templates are told of a cluster that helm does not ask. Helm has an opinion of its own on what is left out. */
export interface RenderedFor {
  /** Version of the API server, such as `v1.34.4`. */
  kubeVersion?: string | undefined
  /** Groups of its API with their versions, such as `monitoring.coreos.com/v1`. */
  apiVersions?: readonly string[] | undefined
  /** True when the release is there already. */
  upgrade?: boolean | undefined
  /** Lets the templates look into the cluster of `HelmOptions.context`, as an upgrade does; nothing is changed there. The versions are then its own. */
  lookingAround?: boolean | undefined
}

/** Milliseconds. Nothing here waits for pods: a helm that takes longer has a cluster that does not answer. */
const timeouts = { local: 30_000, read: 60_000, change: 180_000 }

/**
 * Helm as a child process: every call names its target, no call waits for pods, failures are coded (helm-errors.ts).
 * Secrets go neither into arguments nor into the log: values travel in a file that only we can read and that is gone afterwards.
 */
export class Helm {
  readonly #options: HelmOptions
  #version: Promise<HelmVersion> | undefined

  constructor(options: HelmOptions) {
    this.#options = options
  }

  /**
   * The version of helm, asked once.
   * @throws LOCO-CHT-001 no helm, -002 too old, -003 cannot be run
   */
  version(): Promise<HelmVersion> {
    this.#version ??= this.#askVersion().catch((error) => {
      this.#version = undefined // it may be installed meanwhile
      throw error
    })
    return this.#version
  }

  /**
   * Checks the chart with these values, without a cluster. Returns advice and warnings.
   * @throws the first error that helm reports, coded; LOCO-CHT-016 when it has no code of its own
   */
  async lint(request: ChartRequest): Promise<LintMessage[]> {
    const result = await this.#withValues(request, (values) =>
      this.#run(['lint', request.chart, '--namespace', request.namespace, ...values], timeouts.local, request.signal),
    )
    const messages = parseLint(result.stdout)
    const errors = messages.filter((message) => message.severity === 'error')
    if (result.code === 0 && errors.length === 0) return messages
    // Helm says one mistake in several ways, and not all of them are words that we know.
    const said = errors.length === 0 ? [`${result.stdout}\n${result.stderr}`] : errors.map(({ path, text }) => `${path}: ${text}`)
    const known = said.map((words) => helmError(words, request)).find(({ code }) => code !== 'LOCO-CHT-090')
    if (known !== undefined) throw known
    throw new LocoError('LOCO-CHT-016', { what: t`The chart ${request.chart} does not pass its check.`, why: said[0]?.trim() ?? '', evidence: said })
  }

  /** The objects that the chart makes of these values, without a cluster. */
  async render(request: ChartRequest, rendered: RenderedFor = {}): Promise<RenderedObject[]> {
    return parseManifest(await this.manifest(request, rendered))
  }

  /** The same as text, hooks and tests included. */
  async manifest(request: ChartRequest, { kubeVersion, apiVersions = [], upgrade = false, lookingAround = false }: RenderedFor = {}): Promise<string> {
    const told = lookingAround
      ? ['--dry-run=server', ...this.#target(request), ...(upgrade ? ['--is-upgrade'] : [])]
      : [
          '--namespace',
          request.namespace,
          ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
          ...apiVersions.flatMap((version) => ['--api-versions', version]),
          ...(upgrade ? ['--is-upgrade'] : []),
        ]
    const { stdout } = await this.#withValues(request, (values) =>
      this.#succeed(['template', request.release, request.chart, ...told, ...values], timeouts.local, request),
    )
    return stdout
  }

  /**
   * What `upgrade` would write down, proved against the cluster as far as helm does so: its version and kinds of objects, and whether an object
   * of the same name belongs to somebody else. Whether the server takes each object (fields, quota, policies) helm asks only when it makes them.
   */
  async dryRun(request: ChartRequest): Promise<PlannedRelease> {
    // Hooks are not part of what a release writes down.
    const local = ['template', request.release, request.chart, '--dry-run=server', '--no-hooks', ...this.#target(request)]
    return this.#withValues(request, async (values) => {
      const upgrade = ['upgrade', '--install', '--dry-run=server', ...(await this.#upgradeArguments(request)), ...values]
      try {
        const { revision, manifest } = parseRelease((await this.#succeed(upgrade, timeouts.read, request)).stdout)
        return { exists: revision > 1, manifest, objects: parseManifest(manifest) }
      } catch (error) {
        // Helm refuses even to try an upgrade of a release that is half-way. What it would make can still be told and proved: healing comes later.
        if (!(error instanceof LocoError && error.code === 'LOCO-CHT-021')) throw error
        const { stdout } = await this.#succeed([...local, ...values], timeouts.read, request)
        return { exists: true, manifest: stdout, objects: parseManifest(stdout) }
      }
    })
  }

  /** Installs or upgrades, and returns as soon as the cluster has taken the objects: whether pods come up is for others to watch. */
  async upgrade(request: ChartRequest): Promise<ReleaseState> {
    await this.#withValues(request, async (values) =>
      this.#succeed(['upgrade', '--install', '--history-max', '5', ...(await this.#upgradeArguments(request)), ...values], timeouts.change, request),
    )
    const state = await this.release(request)
    if (state === undefined) throw helmError('release: not found', request)
    return state
  }

  /** Takes the release and its objects away; claims made by the StatefulSet stay as `storage.retention` says. False when there was none. */
  async uninstall(request: ReleaseRequest): Promise<boolean> {
    return this.#uninstall(request, [])
  }

  /** The newest revision of the release; undefined when there is none. */
  async release(request: ReleaseRequest): Promise<ReleaseState | undefined> {
    const [status, history] = await Promise.all([
      this.#unlessAbsent(['status', request.release, ...this.#target(request), '--output', 'json'], request),
      this.history(request),
    ])
    if (status === undefined) return undefined
    const { name, namespace, revision, values, manifest } = parseRelease(status.stdout)
    const newest = history.find((one) => one.revision === revision)
    return newest && { ...newest, name, namespace, values, manifest, objects: parseManifest(manifest) }
  }

  /** The revisions that helm still knows, oldest first; empty when there is no release. */
  async history(request: ReleaseRequest): Promise<Revision[]> {
    const result = await this.#unlessAbsent(['history', request.release, ...this.#target(request), '--output', 'json'], request)
    return result === undefined ? [] : parseHistory(result.stdout)
  }

  /**
   * Brings a release that a dead helm left half-way back to where an upgrade can start. Pods and claims stay.
   * To be called only by who holds the lock of the operation, and so knows that no other helm of ours is at work.
   */
  async heal(request: ReleaseRequest): Promise<Healing> {
    const found = healing(await this.history(request))
    if (found.way !== 'none')
      this.#options.log.warn('healing a release that was left half-way', { release: request.release, namespace: request.namespace, ...found })
    if (found.way === 'rollback') {
      const { major } = await this.version()
      const force = major >= 4 ? ['--server-side=true', '--force-conflicts'] : []
      await this.#succeed(['rollback', request.release, String(found.to), ...this.#target(request), ...force], timeouts.change, request)
    }
    // Orphans: the StatefulSet goes, its pods and claims stay and are taken over by the next installation, even where retention says Delete.
    if (found.way === 'drop') await this.#uninstall(request, ['--cascade', 'orphan'])
    if (found.way === 'finish-uninstall') await this.#uninstall(request, [])
    return found
  }

  async #askVersion(): Promise<HelmVersion> {
    const { binary } = this.#options
    const { stdout } = await this.#run(['version', '--template', '{{.Version}}'], timeouts.local)
    return supportedVersion(stdout, binary)
  }

  async #uninstall(request: ReleaseRequest, more: readonly string[]): Promise<boolean> {
    return (await this.#unlessAbsent(['uninstall', request.release, ...this.#target(request), ...more], request, timeouts.change)) !== undefined
  }

  /** Helm 4 may apply on the server, where a field that somebody changed by hand is a conflict: what the chart says counts, as in Helm 3. */
  async #upgradeArguments(request: ChartRequest): Promise<string[]> {
    const { major } = await this.version()
    const apply = major >= 4 ? ['--server-side=true', '--force-conflicts'] : []
    return [request.release, request.chart, ...this.#target(request), '--output', 'json', ...apply]
  }

  #target({ namespace }: ReleaseRequest): string[] {
    const { context, kubeconfig } = this.#options
    if (context === undefined || kubeconfig === undefined) throw new Error('A Helm that speaks with a cluster needs a kubeconfig and a context')
    return ['--namespace', namespace, '--kube-context', context]
  }

  async #unlessAbsent(args: readonly string[], request: ReleaseRequest, timeout = timeouts.read): Promise<HelmResult | undefined> {
    try {
      return await this.#succeed(args, timeout, request)
    } catch (error) {
      if (error instanceof LocoError && error.code === 'LOCO-CHT-020') return undefined
      throw error
    }
  }

  async #succeed(args: readonly string[], timeout: number, request: ReleaseRequest): Promise<HelmResult> {
    const result = await this.#run(args, timeout, request.signal)
    if (result.code !== 0) throw helmError(result.stderr, this.#subject(request))
    return result
  }

  #subject(request: ReleaseRequest & { chart?: string }): HelmSubject {
    return { release: request.release, namespace: request.namespace, chart: request.chart, context: this.#options.context }
  }

  async #run(args: readonly string[], timeout: number, signal?: AbortSignal): Promise<HelmResult> {
    const { binary, kubeconfig, env = process.env, log } = this.#options
    const started = performance.now()
    const result = await runHelm({ binary, args, env: helmEnvironment(env, kubeconfig), timeout, signal })
    log.debug('helm', { verb: args[0], code: result.code, milliseconds: Math.round(performance.now() - started) })
    return result
  }

  /** Runs `work` with the arguments that carry the values; the files behind them are gone afterwards. */
  async #withValues<T>({ values = [], set = [] }: ChartRequest, work: (args: string[]) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'loco-values-'))
    try {
      const args: string[] = []
      for (const [index, layer] of values.entries()) {
        // An absolute path, because helm would fetch what looks like a URL.
        const file = typeof layer === 'string' ? resolve(layer) : join(folder, `${index}.json`)
        if (typeof layer !== 'string') await writeFile(file, JSON.stringify(layer), { mode: 0o600 })
        args.push('--values', listItem(file))
      }
      for (const one of set) args.push('--set', one)
      return await work(args)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

interface HelmRelease {
  name: string
  namespace: string
  version: number
  config?: Record<string, unknown> | null
  manifest?: string
}

function parseRelease(json: string): { name: string; namespace: string; revision: number; values: Record<string, unknown>; manifest: string } {
  const { name, namespace, version, config, manifest = '' } = JSON.parse(json) as HelmRelease
  return { name, namespace, revision: version, values: config ?? {}, manifest }
}

function parseHistory(json: string): Revision[] {
  const entries = JSON.parse(json) as {
    revision: number
    status: Revision['status']
    updated: string
    chart: string
    app_version: string
    description: string
  }[]
  return entries.map(({ revision, status, updated, chart, app_version, description }) => ({
    revision,
    status,
    updated,
    chart,
    appVersion: app_version,
    description,
  }))
}

/** Helm splits `--values` at commas, by the rules of CSV. */
const listItem = (text: string): string => (/[,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
