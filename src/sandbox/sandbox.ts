import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { t } from '@vscode/l10n'
import type { Disposable } from '../base/disposable.ts'
import { LocoError } from '../base/error.ts'
import type { Logger } from '../base/logger.ts'
import type { SandboxStatus } from '../contracts/sandbox.ts'
import { type AdditionName, noteAdditions, partsOf, readAdditions } from './additions.ts'
import { SandboxApi } from './api.ts'
import { type Arch, type BinaryPaths, binaryPaths, goArch } from './binaries/catalogue.ts'
import { binariesRefusal, ensureBinaries } from './binaries/ensure.ts'
import { track, trackedProcesses } from './cgroups.ts'
import type { NodeTools } from './context.ts'
import { csiPathRefusal } from './csi/places.ts'
import { removeLeftovers, whatIsLeft } from './leftovers.ts'
import { portRefusals } from './listeners.ts'
import { lockHolder, takeLock } from './lock.ts'
import { routeRefusals, routes } from './network.ts'
import { installPackages, missingPackages, packagesRefusal } from './packages.ts'
import type { SandboxPaths } from './paths.ts'
import { plan, ports } from './plan.ts'
import { machineFacts, ownerRefusal, readOwner, refusals } from './preflight.ts'
import type { SandboxProgress, Tell } from './progress.ts'
import { isWhole, partNames, sandboxStatus } from './status.ts'
import { Supervisor } from './supervisor.ts'
import { purgeState, switchOff } from './switch-off.ts'
import { prepareNode, startNode } from './switch-on.ts'

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

/** Milliseconds that a command waits for another one that works on the sandbox: the longest thing it can be doing is a build of Kubernetes. */
const lockPatience = 30 * 60_000

/** A real one-node Kubernetes on this machine: on, off, and what it is right now. Its parts are daemons; this object holds nothing open. */
export class Sandbox {
  readonly #paths: SandboxPaths
  readonly #log: Logger
  readonly #tell: Tell
  readonly #supervisor: Supervisor

  constructor({ paths, log, progress }: SandboxOptions) {
    this.#paths = paths
    this.#log = log
    this.#tell = progress
    this.#supervisor = new Supervisor({ pids: join(paths.run, 'pids'), logs: paths.logs }, track)
  }

  /** Everything that keeps this machine from holding the sandbox, each with its fix. Empty when it can, also when it does already. Changes nothing. */
  async preflight(): Promise<LocoError[]> {
    return this.#preflight(await this.#additions())
  }

  async #preflight(additions: readonly AdditionName[]): Promise<LocoError[]> {
    const machine = refusals(await machineFacts(this.#paths))
    const arch = goArch(process.arch)
    // What follows asks this machine as root on Linux.
    if (arch === undefined || machine.some(({ code }) => code === 'LOCO-SBX-001' || code === 'LOCO-SBX-002')) return machine
    const owner = await this.#ownerRefusal()
    if (owner !== undefined) return [...machine, owner]
    const names = partNames(additions)
    const wanted = ports.filter(({ part }) => names.includes(part))
    const [taken, addresses, programs] = await Promise.all([
      portRefusals(new Set(trackedProcesses()), wanted),
      routes().then(routeRefusals),
      binariesRefusal(this.#paths.cache, arch, additions, process.env),
    ])
    const packages = packagesRefusal(missingPackages(), existsSync('/usr/bin/apt-get'))
    const paths = additions.includes('csi') ? csiPathRefusal(this.#paths) : undefined
    return [...machine, ...taken, ...addresses, ...[programs, packages, paths].filter((error) => error !== undefined)]
  }

  /**
   * Brings the node up and gives the way to it. What runs already is left running, what is broken or half there is made whole.
   * A start from nothing that fails or is cancelled is taken back; logs and state stay.
   */
  async up({ signal }: { signal?: AbortSignal } = {}): Promise<SandboxAccess> {
    return (await this.#whole(await this.#additions())) ?? (await this.#raise('up', [], signal))
  }

  /**
   * Gives the sandbox something more and brings it up; what it has is left as it is. It is remembered: every later `up` brings it back, until a purge.
   * An addition that fails or is cancelled is taken back.
   */
  async add(name: AdditionName, { signal }: { signal?: AbortSignal } = {}): Promise<SandboxAccess> {
    const additions = await this.#additions()
    const there = additions.includes(name) ? await this.#whole(additions) : undefined
    return there ?? (await this.#raise(`add ${name}`, [name], signal))
  }

  /** Takes an addition away again, with all that came with it; brings the node up for it. @throws LOCO-SBX-024 while data would be lost. */
  async remove(name: AdditionName, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
    if (!(await this.#additions()).includes(name)) return
    const lock = await this.#lock(`remove ${name}`, signal)
    try {
      const before = await this.#additions()
      const [refusal] = await this.#preflight(before)
      if (refusal !== undefined) throw refusal
      await this.#start(before, [], signal)
      await (await import('./csi/take-away.ts')).takeCsiAway(this.#tools(signal))
      const left = before.filter((other) => other !== name)
      await noteAdditions(this.#paths.root, left)
    } finally {
      lock.dispose()
    }
  }

  /** The way to a node of which every part runs and on which nobody works. */
  async #whole(additions: readonly AdditionName[]): Promise<SandboxAccess | undefined> {
    const quiet = this.#supervisor.ending().length === 0 && (await isWhole(this.#supervisor, additions)) && (await lockHolder()) === undefined
    return quiet ? this.access() : undefined
  }

  async #raise(what: string, more: readonly AdditionName[], signal: AbortSignal | undefined): Promise<SandboxAccess> {
    const lock = await this.#lock(what, signal)
    try {
      const before = await this.#additions()
      const fresh = more.filter((name) => !before.includes(name))
      const [refusal] = await this.#preflight([...before, ...fresh])
      if (refusal !== undefined) throw refusal
      return await this.#start(before, fresh, signal)
    } finally {
      lock.dispose()
    }
  }

  #additions(): Promise<AdditionName[]> {
    return readAdditions(this.#paths.root)
  }

  /**
   * Switches the node off: containers end, then the parts, and nothing but the state stays on the machine, which is proved. `purge` takes the state too.
   * Programs and base images in the cache stay. Does nothing when there is nothing. The signal ends only the wait for another command: half off helps nobody.
   */
  async down({ purge = false, signal }: { purge?: boolean; signal?: AbortSignal } = {}): Promise<void> {
    const { root, run } = this.#paths
    const off = !existsSync(run) && (await whatIsLeft({ root, run })).length === 0
    if (off && (!purge || !existsSync(root))) return
    if (process.getuid?.() !== 0) throw new LocoError('LOCO-SBX-002', { what: t('The sandbox must be stopped as root.'), fix: ['sudo loco sandbox down'] })
    const lock = await this.#lock('down', signal)
    try {
      const refusal = await this.#ownerRefusal()
      // Plain root may switch off what anybody started.
      if (refusal !== undefined && !(refusal.code === 'LOCO-SBX-008' && this.#paths.owner.uid === 0)) throw refusal
      if (!off) await switchOff(this.#tools(undefined))
      if (purge) await purgeState(this.#tools(undefined))
    } finally {
      lock.dispose()
    }
  }

  /** What the sandbox is right now. Needs no root. */
  status(): Promise<SandboxStatus> {
    return sandboxStatus(this.#paths, this.#supervisor)
  }

  /** The way to a sandbox that runs; undefined when none of ours does. Quick, and needs no root. */
  async access(): Promise<SandboxAccess | undefined> {
    const arch = goArch(process.arch)
    const running = await readOwner(join(this.#paths.run, 'owner.json'))
    if (arch === undefined || running?.root !== this.#paths.root) return undefined
    if (!['apiserver', 'etcd', 'containerd', 'kubelet'].every((name) => this.#supervisor.alive(name) !== undefined)) return undefined
    return this.#access(binaryPaths(this.#paths.cache, arch))
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

  #tools(signal: AbortSignal | undefined): NodeTools {
    return { paths: this.#paths, supervisor: this.#supervisor, tell: this.#tell, log: this.#log, signal }
  }

  #lock(what: string, signal: AbortSignal | undefined): Promise<Disposable> {
    return takeLock({
      what,
      wait: lockPatience,
      ...(signal ? { signal } : {}),
      onWait: (holder) => {
        const sentence =
          holder === undefined
            ? t('Another command works on the sandbox; waiting for it.')
            : t`loco sandbox ${holder.what} works on the sandbox (process ${holder.pid}); waiting for it.`
        this.#tell({ part: 'lock', sentence })
      },
    })
  }

  async #ownerRefusal(): Promise<LocoError | undefined> {
    const running = await readOwner(join(this.#paths.run, 'owner.json'))
    // A note whose node was killed claims nothing.
    const lives = running !== undefined && (trackedProcesses().length > 0 || this.#anyAlive())
    return ownerRefusal(this.#paths, await readOwner(join(this.#paths.root, 'owner.json')), lives ? running : undefined)
  }

  #anyAlive(): boolean {
    return partNames([]).some((name) => this.#supervisor.alive(name) !== undefined)
  }

  async #start(before: readonly AdditionName[], fresh: readonly AdditionName[], signal: AbortSignal | undefined): Promise<SandboxAccess> {
    const additions = [...before, ...fresh]
    const arch = goArch(process.arch) as Arch // Preflight refused all others.
    const tools = this.#tools(signal)
    await installPackages(missingPackages(), this.#tell, signal)
    const bin = await ensureBinaries({ paths: this.#paths, arch, additions, env: process.env, tell: this.#tell, log: this.#log, ...(signal ? { signal } : {}) })
    const fromNothing = !this.#anyAlive()
    if (fromNothing) await this.#clear()
    try {
      await prepareNode(tools)
      // Noted before it starts: should this process be killed, the next `up` goes on, and `down` knows what to end.
      if (fresh.length > 0) await noteAdditions(this.#paths.root, additions)
      await startNode(tools, bin, arch, additions)
    } catch (error) {
      if (fresh.length > 0) await this.#takeBack(before, fresh).catch((later: Error) => this.#log.warn(later.message))
      if (fromNothing) {
        this.#tell({ part: 'sandbox', sentence: t('The sandbox did not come up; taking back what was started.') })
        await switchOff(tools).catch((later: Error) => this.#log.warn(later.message))
      }
      throw error
    }
    return this.#access(bin)
  }

  /** Undoes additions that did not come up. The snapshot kinds stay: one that is deleted while the API server is about to serve it was seen to end for minutes. */
  async #takeBack(before: readonly AdditionName[], fresh: readonly AdditionName[]): Promise<void> {
    await this.#supervisor.stop(partsOf(fresh), 3_000)
    await noteAdditions(this.#paths.root, before)
    const { deleteCsiObjects } = await import('./csi/take-away.ts')
    const api = await SandboxApi.open(this.#paths.pki)
    try {
      await deleteCsiObjects(api)
    } finally {
      api.close()
    }
  }

  /** Takes away what an earlier, unclean end left, also of a sandbox with another root. */
  async #clear(): Promise<void> {
    const earlier = await readOwner(join(this.#paths.run, 'owner.json'))
    const folders = { root: earlier?.root ?? this.#paths.root, run: this.#paths.run }
    if ((await whatIsLeft(folders)).length === 0) return
    this.#tell({ part: 'sandbox', sentence: t('Clearing away what an earlier run left behind.') })
    await removeLeftovers(folders)
  }
}
