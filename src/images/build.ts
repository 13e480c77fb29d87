import { t } from '@vscode/l10n'
import { LocoError } from '../base/error.ts'
import { contextArchive } from './archive.ts'
import { buildError } from './build-errors.ts'
import { BuildLog } from './builder-stream.ts'
import { contentHash, contentTag } from './content-hash.ts'
import { type ContextFile, readContext } from './context.ts'
import { baseImages } from './dockerfile.ts'
import type { DockerEngine } from './engine.ts'
import type { ImagePart } from './parts.ts'
import type { ImageListener } from './progress.ts'

/** Labels that our images carry. */
export const imageLabels = {
  part: 'org.loco-cluster.part',
  hash: 'org.loco-cluster.content-hash',
  version: 'org.loco-cluster.version',
} as const

export interface ImageOptions {
  part: ImagePart
  docker: DockerEngine
  /** Arguments for the Dockerfile, such as DISK_IMAGE. */
  buildArgs?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** What an image will be: its content is known, whether it is built or not. */
export interface ImagePlan {
  part: ImagePart
  hash: string
  /** The main name with the content tag; what the chart deploys. */
  ref: string
  /** Every name with content tag and with release tag. */
  refs: string[]
  files: ContextFile[]
  buildArgs: Readonly<Record<string, string>>
}

export interface BuiltImage {
  id: string
  hash: string
  ref: string
  refs: string[]
  /** Bytes, unpacked. */
  bytes: number
  /** False when the engine had it already. */
  built: boolean
}

/**
 * Reads what goes into an image and hashes it. Base images that the engine lacks are fetched first, because their ids belong to the hash.
 * @throws LOCO-BLD-003 to -005 for the files, -011 and -012 for base images, LOCO-ENV-00x for the engine
 */
export async function planImage(options: ImageOptions & ImageListener): Promise<ImagePlan> {
  const { part, buildArgs = {}, signal } = options
  const files = await readContext(part.context, signal)
  const dockerfile = files.find(({ path }) => path === 'Dockerfile')
  if (dockerfile === undefined) {
    throw new LocoError('LOCO-BLD-003', {
      what: t`${part.context.folder} has no Dockerfile, and the image of the ${part.name} is made by it.`,
      fix: [t('Restore it (git checkout), or install Loco Cluster again.')],
    })
  }
  const bases: Record<string, string> = {}
  for (const reference of baseImages(dockerfile.content.toString('utf8'), buildArgs)) bases[reference] = await baseId(reference, options)
  const hash = contentHash({ files, buildArgs, baseImages: bases })
  const refs = part.repositories.flatMap((repository) => [`${repository}:${contentTag(hash)}`, `${repository}:${part.version}`])
  return { part, hash, ref: `${part.repositories[0]}:${contentTag(hash)}`, refs, files, buildArgs }
}

/** The image of a plan, if the engine has it under all its names; undefined when there is something to do. */
export async function findImage(plan: ImagePlan, docker: DockerEngine, signal?: AbortSignal): Promise<BuiltImage | undefined> {
  const found = await sameContent(plan, docker, signal)
  if (found === undefined || plan.refs.some((ref) => !found.refs.includes(ref))) return undefined
  return { id: found.id, hash: plan.hash, ref: plan.ref, refs: plan.refs, bytes: found.bytes, built: false }
}

/**
 * Sees to it that the engine has the image under all its names: nothing to do, or names only, or one build.
 * @throws LOCO-BLD-01x when the build fails; the signal's reason when aborted, after the engine was told to stop
 */
export async function buildImage(plan: ImagePlan, options: Pick<ImageOptions, 'docker' | 'signal'> & ImageListener): Promise<BuiltImage> {
  const { docker, signal } = options
  const before = await sameContent(plan, docker, signal)
  const id = before?.id ?? (await runBuild(plan, options))
  const named = before ?? (await docker.image(id, signal))
  for (const ref of plan.refs) if (!named?.refs.includes(ref)) await docker.tag(id, ref, signal)
  return { id, hash: plan.hash, ref: plan.ref, refs: plan.refs, bytes: named?.bytes ?? 0, built: before === undefined }
}

/** One build, from the engine's cache or with `noCache` from nothing, without names. @returns the id of the image */
export async function runBuild(plan: ImagePlan, options: Pick<ImageOptions, 'docker' | 'signal'> & ImageListener & { noCache?: boolean }): Promise<string> {
  const { docker, signal, progress, log, noCache = false } = options
  const { part, hash, buildArgs } = plan
  const labels = { [imageLabels.part]: part.name, [imageLabels.hash]: hash, [imageLabels.version]: part.version }
  const seen = new BuildLog()
  let at = 0
  const context = contextArchive(plan.files)
  // An image may want to know its own hash, and tell it (the agent does in /health).
  const allArgs = { ...proxies(process.env), ...buildArgs, LOCO_IMAGE_HASH: hash }
  try {
    for await (const message of docker.build({ context, buildArgs: allArgs, labels, noCache, signal })) {
      for (const line of seen.feed(message)) log?.(line)
      const { step } = seen
      if (step === undefined || step.number === at) continue
      at = step.number
      progress?.({ sentence: t`Building the image of the ${part.name}: ${step.instruction}`, done: step.number, total: step.total })
    }
  } catch (error) {
    // What is wrong with the Dockerfile the engine says before it builds, as an answer of its own.
    const words = error instanceof LocoError && error.code === 'LOCO-ENV-005' ? error.evidence.join('\n') : ''
    if (/dockerfile|parse error|unknown instruction/i.test(words)) throw buildError(part.name, { error: words, step: undefined, tail: [] })
    throw error
  } finally {
    context.destroy()
  }
  if (seen.error !== undefined) throw buildError(part.name, { error: seen.error, step: seen.step, tail: seen.tail })
  if (seen.image === undefined) {
    throw new LocoError('LOCO-BLD-019', {
      what: t`Building the image of the ${part.name} broke off.`,
      why: t('The Docker engine ended the build without an image and without an error.'),
      fix: [t('Run the command again.')],
      evidence: seen.tail,
    })
  }
  return seen.image
}

async function sameContent(plan: ImagePlan, docker: DockerEngine, signal: AbortSignal | undefined): ReturnType<DockerEngine['image']> {
  const [newest] = await docker.labelled({ [imageLabels.part]: plan.part.name, [imageLabels.hash]: plan.hash }, signal)
  return newest
}

async function baseId(reference: string, options: ImageOptions & ImageListener): Promise<string> {
  const { part, docker, signal, progress } = options
  const there = await docker.image(reference, signal)
  if (there !== undefined) return there.id
  progress?.({ sentence: t`Fetching the base image ${reference}` })
  const fail = (error: string): LocoError =>
    buildError(part.name, { error, step: undefined, tail: [t`The base image ${reference} is not in the Docker engine.`] })
  const seen = new BuildLog()
  try {
    for await (const message of docker.pull(reference, signal)) seen.feed(message)
  } catch (error) {
    if (error instanceof LocoError && error.code === 'LOCO-ENV-005') throw fail(error.evidence.join('\n'))
    throw error
  }
  if (seen.error !== undefined) throw fail(seen.error)
  const fetched = await docker.image(reference, signal)
  if (fetched === undefined) throw fail(`No such image: ${reference}`)
  return fetched.id
}

/** The proxy that this process uses, for the steps of a build: predefined arguments, which reach no layer, history or cache key. */
function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const found = Object.entries(env).filter(([name, value]) => /^(?:https?|ftp|no|all)_proxy$/i.test(name) && value)
  return Object.fromEntries(found) as Record<string, string>
}
