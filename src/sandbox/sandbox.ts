import { existsSync } from 'node:fs'
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocoError } from '../base/error.ts'
import type { Logger } from '../base/logger.ts'
import { waitFor } from '../base/wait.ts'
import type { SandboxStatus } from '../contracts/sandbox.ts'
import { SandboxApi } from './api.ts'
import { noteBefore, setSysctls } from './before.ts'
import { type Arch, type BinaryPaths, binaryPaths, goArch } from './binaries/catalogue.ts'
import { binariesRefusal, ensureBinaries } from './binaries/ensure.ts'
import { ensureCertificates } from './certificates.ts'
import { makeCgroups, mountCgroups, track, trackedProcesses } from './cgroups.ts'
import { raiseFirewall } from './firewall.ts'
import { runGraph, type Step } from './graph.ts'
import { ensureNodeImages } from './images/node-images.ts'
import { makeStandIns, missingBaseImages, registryAnswers } from './images/stand-ins.ts'
import { writeKubeconfigs } from './kubeconfig.ts'
import { proveGone, removeLeftovers, whatIsLeft } from './leftovers.ts'
import { portRefusals } from './listeners.ts'
import { lockHolder, takeLock } from './lock.ts'
import { makeBridges, podResolvConf, routeRefusals, routes } from './network.ts'
import { sandboxObjects } from './objects.ts'
import { cniPluginFolder, installPackages, missingPackages, packagesRefusal, systemPath } from './packages.ts'
import type { Part, PartContext, Readiness } from './part.ts'
import { allParts } from './parts/all.ts'
import type { SandboxPaths } from './paths.ts'
import { plan } from './plan.ts'
import { machineFacts, ownerRefusal, readOwner, refusals } from './preflight.ts'
import type { SandboxProgress } from './progress.ts'
import { isReady } from './readiness.ts'
import { run, tryRun } from './run.ts'
import { stopContainers } from './runtime.ts'
import { Supervisor } from './supervisor.ts'

export type { SandboxProgress } from './progress.ts'

/** How to speak with a sandbox that runs. */
export interface SandboxAccess {
  kubeconfig: string
  context: 'loco-sandbox'
  /** unix://… */
  dockerHost: string
  containerd: { address: string; namespace: 'k8s.io'; ctr: string }
  bin: { kubectl: string; helm: string }
  /** Name of the one node. */
  node: string
}

export interface SandboxOptions {
  paths: SandboxPaths
  log: Logger
  progress: (progress: SandboxProgress) => void
}

/** Seconds between SIGTERM and SIGKILL for containers when the node goes off: QEMU's agent needs about two to end its guest cleanly. */
const containerGrace = 3
const lockPatience = 10 * 60_000
const interval = 50

/** A real one-node Kubernetes on this machine: on, off, and what it is right now. Its parts are daemons; this object holds nothing open. */
export class Sandbox {
  readonly #paths: SandboxPaths
  readonly #log: Logger
  readonly #tell: (progress: SandboxProgress) => void
  readonly #supervisor: Supervisor

  constructor({ paths, log, progress }: SandboxOptions) {
    this.#paths = paths
    this.#log = log
    this.#tell = progress
    this.#supervisor = new Supervisor({ pids: join(paths.run, 'pids'), logs: paths.logs }, track)
  }

  /** Everything that keeps this machine from holding the sandbox, each with its fix. Empty when it can, also when it does already. Changes nothing. */
  async preflight(): Promise<LocoError[]> {
    const machine = refusals(await machineFacts(this.#paths))
    const arch = goArch(process.arch)
    // What follows asks this machine as root on Linux.
    if (arch === undefined || machine.some(({ code }) => code === 'LOCO-SBX-001' || code === 'LOCO-SBX-002')) return machine
    const owner = await this.#ownerRefusal()
    if (owner !== undefined) return [...machine, owner]
    const rest = await Promise.all([
      portRefusals(new Set(trackedProcesses())),
      routes().then(routeRefusals),
      binariesRefusal(this.#paths.cache, arch, process.env).then(some),
      packagesRefusal(missingPackages(), existsSync('/usr/bin/apt-get')),
    ])
    return [...machine, ...rest.flat().filter((error) => error !== undefined)]
  }

  /**
   * Brings the node up and gives the way to it. What runs already is left running, what is broken or half there is made whole.
   * A start from nothing that fails or is cancelled is taken back; logs and state stay.
   */
  async up({ signal }: { signal?: AbortSignal } = {}): Promise<SandboxAccess> {
    const there = await this.#whole()
    if (there !== undefined) return there
    const lock = await this.#lock('up', signal)
    try {
      const [refusal] = await this.preflight()
      if (refusal !== undefined) throw refusal
      return await this.#start(signal)
    } finally {
      lock.dispose()
    }
  }

  /**
   * Switches the node off: containers end, then the parts, and nothing but the state stays on the machine, which is proved. `purge` takes the state too.
   * Programs and base images in the cache stay. Does nothing when there is nothing.
   */
  async down({ purge = false, signal }: { purge?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    const { root, run: runFolder } = this.#paths
    const nothing = !existsSync(runFolder) && (await whatIsLeft({ root, run: runFolder })).length === 0
    if (nothing && (!purge || !existsSync(root))) return
    if (process.getuid?.() !== 0) throw new LocoError('LOCO-SBX-002', { what: 'The sandbox must be stopped as root.', fix: ['sudo loco sandbox down'] })
    const lock = await this.#lock('down', signal)
    try {
      const refusal = await this.#ownerRefusal()
      // Plain root may switch off what anybody started.
      if (refusal !== undefined && !(refusal.code === 'LOCO-SBX-008' && this.#paths.owner.uid === 0)) throw refusal
      await this.#stop()
      if (purge) await this.#purge()
    } finally {
      lock.dispose()
    }
  }

  /** What the sandbox is right now. Needs no root. */
  async status(): Promise<SandboxStatus> {
    const { run: runFolder, root, kubeconfig, dockerSocket } = this.#paths
    const running = await readOwner(join(runFolder, 'owner.json'))
    const owner = running ?? (await readOwner(join(root, 'owner.json')))
    const noted = new Set(this.#supervisor.noted())
    const parts = partNames().map((name) => {
      const pid = this.#supervisor.alive(name) ?? null
      return { name, pid, state: pid !== null ? ('running' as const) : noted.has(name) ? ('failed' as const) : ('stopped' as const) }
    })
    const state = !existsSync(runFolder)
      ? 'down'
      : (await lockHolder())?.what === 'up'
        ? 'starting'
        : parts.every((part) => part.state === 'running') && (await isReady(apiAnswers, undefined, 0))
          ? 'up'
          : 'broken'
    const kept = running?.root ?? root
    return {
      schema: 'loco.sandbox/1',
      state,
      kubeconfig: state === 'up' ? (running?.root === root ? kubeconfig : join(kept, 'kubeconfig')) : null,
      dockerHost: state === 'up' ? `unix://${dockerSocket}` : null,
      owner: owner?.name ?? null,
      parts,
      kept: existsSync(join(kept, 'owner.json')) ? { path: kept, bytes: await sizeOf(kept) } : null,
    }
  }

  /** The way to a sandbox that runs; undefined when none of ours does. Quick, and needs no root. */
  async access(): Promise<SandboxAccess | undefined> {
    const arch = goArch(process.arch)
    const running = await readOwner(join(this.#paths.run, 'owner.json'))
    if (arch === undefined || running?.root !== this.#paths.root) return undefined
    if (!['apiserver', 'etcd', 'containerd', 'kubelet'].every((name) => this.#supervisor.alive(name) !== undefined)) return undefined
    return this.#access(binaryPaths(this.#paths.cache, arch))
  }

  /** The access when every part runs and the API answers: then `up` has nothing to do. */
  async #whole(): Promise<SandboxAccess | undefined> {
    if (!partNames().every((name) => this.#supervisor.alive(name) !== undefined)) return undefined
    return (await isReady(apiAnswers, undefined, 0)) && (await lockHolder()) === undefined ? this.access() : undefined
  }

  #access(bin: BinaryPaths): SandboxAccess {
    const { kubeconfig, dockerSocket, containerdSocket } = this.#paths
    return {
      kubeconfig,
      context: plan.context,
      dockerHost: `unix://${dockerSocket}`,
      containerd: { address: containerdSocket, namespace: 'k8s.io', ctr: 'ctr' },
      bin: { kubectl: bin.kubectl, helm: bin.helm },
      node: plan.node,
    }
  }

  #lock(what: 'up' | 'down', signal: AbortSignal | undefined): ReturnType<typeof takeLock> {
    return takeLock({
      what,
      wait: lockPatience,
      ...(signal ? { signal } : {}),
      onWait: (holder) => {
        const who = holder === undefined ? 'Another command' : `loco sandbox ${holder.what} (process ${holder.pid})`
        this.#tell({ part: 'lock', sentence: `${who} works on the sandbox; waiting for it.` })
      },
    })
  }

  async #ownerRefusal(): Promise<LocoError | undefined> {
    const running = await readOwner(join(this.#paths.run, 'owner.json'))
    // A note whose node is gone (a machine that lost its power keeps none; a killed one may) claims nothing.
    const lives =
      running !== undefined && (trackedProcesses().length > 0 || this.#supervisor.noted().some((name) => this.#supervisor.alive(name) !== undefined))
    return ownerRefusal(this.#paths, await readOwner(join(this.#paths.root, 'owner.json')), lives ? running : undefined)
  }

  async #start(signal: AbortSignal | undefined): Promise<SandboxAccess> {
    const paths = this.#paths
    const arch = goArch(process.arch) as Arch
    await installPackages(missingPackages(), this.#tell, signal)
    const bin = await ensureBinaries({ paths, arch, env: process.env, tell: this.#tell, log: this.#log, ...(signal ? { signal } : {}) })
    const fromNothing = !this.#supervisor.noted().some((name) => this.#supervisor.alive(name) !== undefined)
    if (fromNothing) await this.#clear()
    try {
      await this.#prepare()
      await this.#bringUp(bin, arch, signal)
    } catch (error) {
      if (fromNothing) {
        this.#tell({ part: 'sandbox', sentence: 'The sandbox did not come up; taking back what was started.' })
        await this.#stop().catch((later: Error) => this.#log.warn(later.message))
      }
      throw error
    }
    return this.#access(bin)
  }

  /** Takes away what an earlier, unclean end left, also of a sandbox with another root. */
  async #clear(): Promise<void> {
    const earlier = await readOwner(join(this.#paths.run, 'owner.json'))
    const folders = { root: earlier?.root ?? this.#paths.root, run: this.#paths.run }
    if ((await whatIsLeft(folders)).length === 0) return
    this.#tell({ part: 'sandbox', sentence: 'Clearing away what an earlier run left behind.' })
    await removeLeftovers(folders)
  }

  /** Everything that parts find ready: folders, notes, network, cgroups, certificates. */
  async #prepare(): Promise<void> {
    const { root, run: runFolder, owner, pki } = this.#paths
    this.#tell({ part: 'sandbox', sentence: 'Preparing the node: network, cgroups, certificates.' })
    await claimRoot(root)
    await mkdir(runFolder, { recursive: true, mode: 0o755 })
    const note = JSON.stringify({ uid: owner.uid, name: owner.name, root })
    await writeFile(join(root, 'owner.json'), note)
    await writeFile(join(runFolder, 'owner.json'), note)
    await noteBefore(runFolder, await mountCgroups())
    await setSysctls()
    await Promise.all([
      makeCgroups(),
      makeBridges().then(raiseFirewall),
      ensureCertificates(pki).then(() => writeKubeconfigs(this.#paths)),
      ...['volumes', 'logs', 'kubelet-volume-plugins', 'pod-logs'].map((name) => mkdir(join(root, name), { recursive: true })),
    ])
  }

  async #bringUp(bin: BinaryPaths, arch: Arch, signal: AbortSignal | undefined): Promise<void> {
    const paths = this.#paths
    const api = await SandboxApi.open(paths.pki)
    try {
      const context = partContext(paths, bin)
      const parts = allParts(context)
      const total = parts.length
      let done = 0
      const partSteps = parts.map(
        (part): Step => ({
          name: part.name,
          after: part.after,
          run: async () => {
            await this.#startPart(part, api, signal)
            done += 1
            this.#tell({ part: part.name, sentence: 'Starting the parts of the node.', done, total })
          },
        }),
      )
      const jobs: Step[] = [
        { name: 'node images', after: ['containerd'], run: () => ensureNodeImages(paths.containerdSocket, arch) },
        { name: 'objects', after: ['apiserver'], run: () => this.#apply(api, signal) },
        { name: 'base images', after: ['dockerd'], run: () => this.#baseImages(arch, signal) },
        { name: 'sockets', after: ['dockerd', 'containerd'], run: () => this.#handOver() },
        ...(context.kvm ? [{ name: 'kvm', after: ['kubelet', 'devices'], run: () => this.#await('kvm', kvmOffered, 30_000, 'kubelet', api, 0, signal) }] : []),
      ]
      await runGraph([...partSteps, ...jobs])
      for (const { name } of parts) await this.#supervisor.mustLive(name)
    } finally {
      api.close()
    }
  }

  async #startPart(part: Part, api: SandboxApi, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const since = this.#supervisor.alive(part.name) === undefined ? Date.now() : 0
    if (since !== 0) {
      for (const { path, text, mode } of part.files ?? []) {
        await mkdir(join(path, '..'), { recursive: true })
        await writeFile(path, text, mode === undefined ? {} : { mode })
      }
    }
    this.#supervisor.start(part, { PATH: systemPath, HOME: '/root' })
    await this.#await(part.name, part.ready, part.patience, part.name, api, since, signal)
  }

  /** Waits until something is ready, and no longer than its part lives. */
  async #await(name: string, ready: Readiness, patience: number, part: string, api: SandboxApi, since: number, signal?: AbortSignal): Promise<void> {
    const start = Date.now()
    let gone: unknown
    await waitFor(
      async () => {
        await this.#supervisor.mustLive(part).catch((error: unknown) => (gone = error))
        if (gone !== undefined) return true
        return isReady(ready, api, since)
      },
      () =>
        new LocoError('LOCO-SBX-014', {
          what: `${name} of the sandbox was not ready within ${patience / 1000} s.`,
          fix: [`Look at ${join(this.#paths.logs, `${part}.log`)}`, 'loco sandbox down, then up'],
        }),
      { timeout: patience, interval, ...(signal ? { signal } : {}) },
    )
    if (gone !== undefined) throw gone
    this.#log.debug(`${name} is ready`, { seconds: (Date.now() - start) / 1000 })
  }

  async #apply(api: SandboxApi, signal: AbortSignal | undefined): Promise<void> {
    // The API server makes kube-system itself, a moment after it is ready for the first time.
    const kubeSystem: Readiness = { kind: 'api', path: '/api/v1/namespaces/kube-system' }
    await this.#await('The namespace kube-system', kubeSystem, 20_000, 'apiserver', api, 0, signal)
    const isNamespace = ({ kind }: { kind: string }): boolean => kind === 'Namespace'
    for (const object of sandboxObjects.filter(isNamespace)) await api.apply(object)
    await Promise.all(sandboxObjects.filter((object) => !isNamespace(object)).map((object) => api.apply(object)))
  }

  async #baseImages(arch: Arch, signal: AbortSignal | undefined): Promise<void> {
    const { default: Docker } = await import('dockerode')
    const docker = new Docker({ socketPath: this.#paths.dockerSocket })
    const missing = await missingBaseImages(docker)
    if (missing.length === 0 || (await registryAnswers())) return
    try {
      await makeStandIns(docker, missing, { paths: this.#paths, arch, tell: this.#tell, ...(signal ? { signal } : {}) })
    } catch (error) {
      signal?.throwIfAborted()
      // The node is whole without them; a build that needs one will say what it lacks.
      const why = error instanceof Error ? error.message : String(error)
      this.#log.warn(`base images: ${why}`)
      this.#tell({ part: 'base images', sentence: `The base images could not be made, so images cannot be built here: ${why}` })
    }
  }

  /** The person who called can use the engines without root: their kubeconfig already makes them master of this node. */
  async #handOver(): Promise<void> {
    const { owner, dockerSocket, containerdSocket } = this.#paths
    if (owner.uid === 0) return
    for (const socket of [dockerSocket, containerdSocket]) await chown(socket, owner.uid, owner.gid)
  }

  async #stop(): Promise<void> {
    const { containerdSocket, run: runFolder, root } = this.#paths
    const stop = (names: readonly string[], grace: number): Promise<void> => this.#supervisor.stop(names, grace)
    this.#tell({ part: 'sandbox', sentence: 'Switching the node off: containers end.' })
    // First all that would start something again.
    await stop(['controller-manager', 'scheduler', 'local-path-provisioner', 'kubelet', 'devices'], 3_000)
    const containers = async (): Promise<void> => {
      if (this.#supervisor.alive('containerd') === undefined) return
      await stopContainers(containerdSocket, containerGrace).catch((error: Error) => this.#log.warn(`containers: ${error.message}`))
    }
    await Promise.all([containers(), stop(['kube-proxy', 'coredns', 'dockerd', 'apiserver'], 5_000)])
    this.#tell({ part: 'sandbox', sentence: 'Switching the node off: parts end, and what they made goes.' })
    await stop(['containerd', 'etcd', ...this.#supervisor.noted()], 4_000)
    const folders = { root: (await readOwner(join(runFolder, 'owner.json')))?.root ?? root, run: runFolder }
    await removeLeftovers(folders)
    await proveGone(folders)
  }

  async #purge(): Promise<void> {
    const { root } = this.#paths
    if (!existsSync(root)) return
    if (!existsSync(join(root, 'owner.json'))) throw notOurs(root)
    this.#tell({ part: 'sandbox', sentence: `Taking the state in ${root} away.` })
    await run('rm', ['-rf', '--one-file-system', root], { timeout: 5 * 60_000 })
  }
}

const apiAnswers: Readiness = { kind: 'http', url: 'https://127.0.0.1:6443/readyz' }
const kvmOffered: Readiness = { kind: 'resource', node: plan.node, name: plan.kvmResource }

/** The state folder is ours, or becomes ours when it is empty: a mistyped LOCO_SANDBOX_ROOT must not end in somebody's home. */
async function claimRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  if (existsSync(join(root, 'owner.json'))) return
  if ((await readdir(root)).length > 0) throw notOurs(root)
}

function notOurs(root: string): LocoError {
  return new LocoError('LOCO-SBX-021', {
    what: `${root} holds other things and is not the state of a sandbox.`,
    fix: ['LOCO_SANDBOX_ROOT=/an/empty/folder loco sandbox up'],
  })
}

function partContext(paths: SandboxPaths, bin: BinaryPaths): PartContext {
  const bundled = join(import.meta.dirname, 'devices.cjs')
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name))
  return {
    paths,
    bin,
    resolvConf: podResolvConf(),
    kvm: hasKvm(),
    cniPlugins: cniPluginFolder() ?? '/usr/lib/cni',
    devices: { node: process.execPath, entry: existsSync(bundled) ? bundled : join(import.meta.dirname, 'devices', 'main.ts') },
    proxies: Object.fromEntries(proxies),
  }
}

const hasKvm = (): boolean => existsSync('/dev/kvm')

function partNames(): string[] {
  const nowhere = '/'
  const paths: SandboxPaths = {
    root: nowhere,
    run: nowhere,
    cache: nowhere,
    kubeconfig: nowhere,
    dockerSocket: nowhere,
    containerdSocket: nowhere,
    logs: nowhere,
    pki: nowhere,
    owner: { uid: 0, gid: 0, name: '', home: nowhere },
  }
  return allParts(partContext(paths, binaryPaths(nowhere, 'amd64'))).map(({ name }) => name)
}

const some = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

/** Bytes that a folder takes on its own disk. */
async function sizeOf(folder: string): Promise<number> {
  const { stdout } = await tryRun('du', ['-sx', '--block-size=1', folder])
  return Number.parseInt(stdout, 10) || 0
}
