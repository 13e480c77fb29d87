import { existsSync } from 'node:fs'
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { waitFor } from '../base/wait.ts'
import type { AdditionName } from './additions.ts'
import { SandboxApi } from './api.ts'
import { noteBefore, setSysctls } from './before.ts'
import type { Arch, BinaryPaths } from './binaries/catalogue.ts'
import { ensureCertificates } from './certificates.ts'
import { makeCgroups, mountCgroups } from './cgroups.ts'
import { type NodeTools, partContext } from './context.ts'
import { driverName } from './csi/driver-name.ts'
import { csiPlaces } from './csi/places.ts'
import { raiseFirewall } from './firewall.ts'
import { runGraph, type Step } from './graph.ts'
import { writeKubeconfigs } from './kubeconfig.ts'
import { makeBridges } from './network.ts'
import { sandboxObjects } from './objects.ts'
import { systemPath } from './packages.ts'
import type { Part, Readiness } from './part.ts'
import { allParts } from './parts/all.ts'
import type { SandboxPaths } from './paths.ts'
import { plan } from './plan.ts'
import { isReady } from './readiness.ts'

const interval = 50

/** Makes everything that parts find ready: folders, notes, network, cgroups, certificates. What is there already stays. */
export async function prepareNode({ paths, tell }: NodeTools): Promise<void> {
  const { root, run, owner, pki } = paths
  tell({ part: 'sandbox', sentence: t('Preparing the node: network, cgroups, certificates.') })
  await claimRoot(root)
  await mkdir(run, { recursive: true, mode: 0o755 })
  const note = JSON.stringify({ uid: owner.uid, name: owner.name, root })
  await writeFile(join(root, 'owner.json'), note)
  await writeFile(join(run, 'owner.json'), note)
  await noteBefore(run, await mountCgroups())
  await setSysctls()
  await Promise.all([
    makeCgroups(),
    makeBridges().then(raiseFirewall),
    ensureCertificates(pki).then(() => writeKubeconfigs(paths)),
    ...['volumes', 'logs', 'kubelet-volume-plugins', 'pod-logs'].map((name) => mkdir(join(root, name), { recursive: true })),
  ])
}

/** Milliseconds for parts that were asked to end before. */
const endingGrace = 5_000

/** Starts every part that does not run, as many at once as their order allows, and waits until the node is whole. */
export async function startNode(tools: NodeTools, bin: BinaryPaths, arch: Arch, additions: readonly AdditionName[]): Promise<void> {
  const { paths, supervisor, tell, signal } = tools
  // A `down` that was killed half-way leaves parts that are about to end: found alive, they would be gone a moment later.
  await supervisor.stop(supervisor.ending(), endingGrace)
  const api = await SandboxApi.open(paths.pki)
  try {
    const context = partContext(paths, bin, additions)
    const parts = allParts(context)
    let done = 0
    const partSteps = parts.map(
      (part): Step => ({
        name: part.name,
        after: part.after,
        run: async () => {
          await startPart(tools, part, api)
          done += 1
          tell({ part: part.name, sentence: t('Starting the parts of the node.'), done, total: parts.length })
        },
      }),
    )
    const jobs: Step[] = [
      { name: 'node-images', after: ['containerd'], run: async () => (await import('./images/node-images.ts')).ensureNodeImages(paths.containerdSocket, arch) },
      { name: 'objects', after: ['apiserver'], run: () => applyObjects(tools, api) },
      { name: 'base-images', after: ['dockerd'], run: () => ensureBaseImages(tools, arch) },
      { name: 'sockets', after: ['dockerd', 'containerd'], run: () => handOver(paths) },
    ]
    if (context.kvm) {
      const offered: Readiness = { kind: 'resource', node: plan.node, name: plan.kvmResource }
      jobs.push({
        name: 'kvm',
        after: ['kubelet', 'devices'],
        run: () => becomes(tools, offered, { name: plan.kvmResource, part: 'devices', patience: 30_000 }, api),
      })
    }
    if (additions.includes('csi')) jobs.push(...csiSteps(tools, api))
    await runGraph([...partSteps, ...jobs])
    signal?.throwIfAborted()
    for (const { name } of parts) await supervisor.mustLive(name)
  } finally {
    api.close()
  }
}

async function startPart(tools: NodeTools, part: Part, api: SandboxApi): Promise<void> {
  const { supervisor, signal } = tools
  signal?.throwIfAborted()
  let since = 0
  if (supervisor.alive(part.name) === undefined) {
    since = Date.now()
    for (const { path, text } of part.files ?? []) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
    supervisor.start(part, { PATH: systemPath, HOME: '/root' })
  }
  await becomes(tools, part.ready, { name: part.name, part: part.name, patience: part.patience, since }, api)
}

interface Expectation {
  /** Name for the message when it does not come true. */
  name: string
  /** The part that must live for it. */
  part: string
  /** Milliseconds. */
  patience: number
  /** Milliseconds of the part's start; reports from before do not count. */
  since?: number
}

/** Waits until something is ready, and no longer than its part lives. */
async function becomes({ paths, supervisor, log, signal }: NodeTools, ready: Readiness, expected: Expectation, api: SandboxApi): Promise<void> {
  const { name, part, patience, since = 0 } = expected
  const start = Date.now()
  let gone: { error: unknown } | undefined
  await waitFor(
    async () => {
      await supervisor.mustLive(part).catch((error: unknown) => {
        gone = { error }
      })
      return gone !== undefined || (await isReady(ready, api, since))
    },
    () =>
      new LocoError('LOCO-SBX-014', {
        what: t`${name} of the sandbox was not ready within ${patience / 1000} s.`,
        fix: [t`Look at ${join(paths.logs, `${part}.log`)}`, t('loco sandbox down, then up')],
      }),
    { timeout: patience, interval, ...(signal ? { signal } : {}) },
  )
  if (gone !== undefined) throw gone.error
  log.debug(`${name} is ready`, { seconds: (Date.now() - start) / 1000 })
}

async function applyObjects(tools: NodeTools, api: SandboxApi): Promise<void> {
  // The API server makes kube-system itself, a moment after it is ready for the first time.
  const kubeSystem: Readiness = { kind: 'api', path: '/api/v1/namespaces/kube-system' }
  await becomes(tools, kubeSystem, { name: 'namespace/kube-system', part: 'apiserver', patience: 20_000 }, api)
  const isNamespace = ({ kind }: { kind: string }): boolean => kind === 'Namespace'
  for (const object of sandboxObjects.filter(isNamespace)) await api.apply(object)
  await Promise.all(sandboxObjects.filter((object) => !isNamespace(object)).map((object) => api.apply(object)))
}

/** What the parts of `csi` find ready, and the proof that the kubelet took the driver. */
function csiSteps(tools: NodeTools, api: SandboxApi): Step[] {
  const taken: Readiness = { kind: 'file', path: csiPlaces(tools.paths).registered }
  return [
    { name: 'csi-objects', after: ['apiserver'], run: () => applyCsiObjects(tools, api) },
    { name: 'csi', after: ['kubelet', 'csi-driver'], run: () => becomes(tools, taken, { name: driverName, part: 'csi-driver', patience: 30_000 }, api) },
  ]
}

async function applyCsiObjects(tools: NodeTools, api: SandboxApi): Promise<void> {
  const { csiObjects, snapshotDefinitions } = await import('./csi/objects.ts')
  await Promise.all(snapshotDefinitions().map((object) => api.apply(object)))
  const served: Readiness = { kind: 'api', path: '/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses' }
  await becomes(tools, served, { name: 'snapshot.storage.k8s.io', part: 'apiserver', patience: 20_000 }, api)
  await Promise.all(csiObjects.map((object) => api.apply(object)))
}

async function ensureBaseImages({ paths, tell, log, signal }: NodeTools, arch: Arch): Promise<void> {
  const [{ default: Docker }, { makeStandIns, missingBaseImages, registryAnswers }] = await Promise.all([import('dockerode'), import('./images/stand-ins.ts')])
  const docker = new Docker({ socketPath: paths.dockerSocket })
  const missing = await missingBaseImages(docker)
  if (missing.length === 0 || (await registryAnswers())) return
  try {
    await makeStandIns(docker, missing, { paths, arch, tell, ...(signal ? { signal } : {}) })
  } catch (error) {
    signal?.throwIfAborted()
    // The node is whole without them; a build that needs one will say what it lacks.
    const why = error instanceof Error ? error.message : String(error)
    log.warn(`base images: ${why}`)
    tell({ part: 'base-images', sentence: t`The base images could not be made, so images cannot be built here: ${why}` })
  }
}

/** The person who called can use the engines without root: their kubeconfig makes them master of this node anyway. */
async function handOver({ owner, dockerSocket, containerdSocket }: SandboxPaths): Promise<void> {
  if (owner.uid === 0) return
  for (const socket of [dockerSocket, containerdSocket]) await chown(socket, owner.uid, owner.gid)
}

/** The state folder is ours, or becomes ours when it is empty: a mistyped LOCO_SANDBOX_ROOT must not end in somebody's home. */
async function claimRoot(root: string): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  if (!existsSync(join(root, 'owner.json')) && (await readdir(root)).length > 0) throw notASandbox(root)
}

export function notASandbox(root: string): LocoError {
  return new LocoError('LOCO-SBX-021', {
    what: t`${root} holds other things and is not the state of a sandbox.`,
    fix: ['LOCO_SANDBOX_ROOT=/an/empty/folder loco sandbox up'],
  })
}
