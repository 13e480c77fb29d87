import { addAbortSignal, type Readable } from 'node:stream'
import { t } from '@vscode/l10n'
import type Docker from 'dockerode'
import { LocoError } from '../base/error.ts'
import { firstFile } from './archive.ts'
import { type EngineMessage, engineMessages } from './builder-stream.ts'
import { asDockerError, isNotThere } from './docker-errors.ts'
import { fullReference } from './reference.ts'

/** An image as the engine keeps it. */
export interface EngineImage {
  /** `sha256:…` of the image's configuration: the same on every engine and node. */
  id: string
  /** Names with tags, as a person writes them. */
  refs: string[]
  labels: Readonly<Record<string, string>>
  /** Seconds since the epoch. */
  created: number
  /** Bytes, unpacked. */
  bytes: number
}

export interface BuildRequest {
  context: Readable
  buildArgs: Readonly<Record<string, string>>
  labels: Readonly<Record<string, string>>
  /** True builds every step anew. */
  noCache: boolean
  signal: AbortSignal | undefined
}

type Connection = Pick<Docker.DockerOptions, 'socketPath' | 'host' | 'port' | 'protocol'>

/** How to reach the address of an engine. @throws LOCO-ENV-004 for addresses of another kind. */
export function connectionOf(host: string): Connection {
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1]
  if (local !== undefined) return { socketPath: local }
  const tcp = /^(?:tcp|http):\/\/([^:/]+|\[[^\]]+\])(?::(\d+))?\/?$/.exec(host)
  if (tcp?.[1] !== undefined) return { protocol: 'http', host: tcp[1], port: tcp[2] ?? '2375' }
  throw new LocoError('LOCO-ENV-004', {
    what: t`The address ${host} of a Docker engine cannot be used.`,
    why: t('Only unix://, npipe:// and tcp:// without TLS are understood.'),
    fix: ['export DOCKER_HOST=unix:///var/run/docker.sock', t('or leave DOCKER_HOST out and use the engine of the sandbox: loco sandbox up')],
  })
}

/**
 * A Docker engine, as far as building and handing over images needs it. Making one opens nothing; the client library loads with the first call.
 * Every method throws a `LocoError` of docker-errors.ts when the engine cannot be reached or fails, and the signal's reason when aborted.
 */
export class DockerEngine {
  /** Its address, `unix:///…` and the like. */
  readonly host: string
  readonly #connection: Connection
  #client: Promise<Docker> | undefined

  /** @throws LOCO-ENV-004 for an address that cannot be used */
  constructor(host: string) {
    this.host = host
    this.#connection = connectionOf(host)
  }

  /** Version of the engine, which proves that it answers. */
  async version(signal?: AbortSignal): Promise<string> {
    return this.#ask(t('Could not ask the Docker engine for its version.'), signal, async (docker) => (await docker.version()).Version)
  }

  /** The image of a name or id; undefined when the engine has none. */
  async image(reference: string, signal?: AbortSignal): Promise<EngineImage | undefined> {
    return this.#ask(t`Could not look for the image ${reference}.`, signal, async (docker) => {
      try {
        const seen = await docker.getImage(reference).inspect()
        const created = Math.round(Date.parse(seen.Created) / 1000)
        return { id: seen.Id, refs: seen.RepoTags ?? [], labels: seen.Config.Labels ?? {}, created, bytes: seen.Size }
      } catch (error) {
        if (isNotThere(error)) return undefined
        throw error
      }
    })
  }

  /** All images that carry all these labels, newest first. */
  async labelled(labels: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<EngineImage[]> {
    return this.#ask(t('Could not list the images of the Docker engine.'), signal, async (docker) => {
      const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) }
      const seen = await docker.listImages({ filters: JSON.stringify(filters) })
      const images = seen.map((one) => ({
        id: one.Id,
        refs: (one.RepoTags ?? []).filter((ref) => ref !== '<none>:<none>'),
        labels: one.Labels ?? {},
        created: one.Created,
        bytes: one.Size,
      }))
      return images.sort((a, b) => b.created - a.created)
    })
  }

  /** Fetches an image from its registry, message by message. */
  async *pull(reference: string, signal?: AbortSignal): AsyncGenerator<EngineMessage> {
    // Without a tag the engine would fetch all of them.
    const name = fullReference(reference)
    yield* this.#stream(t`Could not fetch the image ${reference}.`, signal, (docker) =>
      docker.createImage({ fromImage: name, ...(signal && { abortSignal: signal }) }),
    )
  }

  /** Builds with the classic builder, message by message; it ends early when aborted, and the engine kills the step it is at. */
  async *build(request: BuildRequest): AsyncGenerator<EngineMessage> {
    const { context, buildArgs, labels, noCache, signal } = request
    yield* this.#stream(t('Could not build an image.'), signal, (docker) =>
      docker.buildImage(context, {
        buildargs: { ...buildArgs },
        labels: { ...labels },
        nocache: noCache,
        rm: true,
        forcerm: true,
        // Package mirrors are reached the way this machine reaches them: its name resolution, its loopback proxy.
        networkmode: 'host',
        ...(signal && { abortSignal: signal }),
      }),
    )
  }

  /** Gives an image one more name; a name that another image had moves over. */
  async tag(id: string, reference: string, signal?: AbortSignal): Promise<void> {
    const colon = reference.lastIndexOf(':')
    await this.#ask(t`Could not name an image ${reference}.`, signal, (docker) =>
      docker.getImage(id).tag({ repo: reference.slice(0, colon), tag: reference.slice(colon + 1) }),
    )
  }

  /** One archive that holds all these names, and every layer once. */
  async save(references: readonly string[], signal?: AbortSignal): Promise<Readable> {
    return this.#ask(t`Could not read ${references[0] ?? ''} from the Docker engine.`, signal, async (docker) => {
      const stream = await new Promise<Readable>((resolve, reject) => {
        docker.modem.dial(
          {
            path: '/images/get?',
            method: 'GET',
            options: { names: [...references] },
            isStream: true,
            statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
            ...(signal && { abortSignal: signal }),
          },
          (error, answer) => (error ? reject(error) : resolve(answer as Readable)),
        )
      })
      return signal === undefined ? stream : addAbortSignal(signal, stream)
    })
  }

  /** A small file inside an image; undefined when it has none of that path. The image is not run. */
  async readFile(image: string, path: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    return this.#ask(t`Could not read ${path} in an image.`, signal, async (docker) => {
      const container = await docker.createContainer({ Image: image, NetworkDisabled: true })
      try {
        return await firstFile((await container.getArchive({ path })) as Readable)
      } catch (error) {
        if (isNotThere(error)) return undefined
        throw error
      } finally {
        await container.remove({ force: true })
      }
    })
  }

  /** Takes a name away, and the image with its last name. A name that is not there is fine. @returns false when a container still uses the image */
  async remove(reference: string, signal?: AbortSignal): Promise<boolean> {
    return this.#ask(t`Could not remove the image ${reference}.`, signal, async (docker) => {
      try {
        await docker.getImage(reference).remove()
        return true
      } catch (error) {
        if (isNotThere(error)) return true
        if ((error as { statusCode?: number }).statusCode === 409) return false
        throw error
      }
    })
  }

  /** Names of the containers that run now. */
  async containers(signal?: AbortSignal): Promise<string[]> {
    return this.#ask(t('Could not list the containers of the Docker engine.'), signal, async (docker) => {
      const seen = await docker.listContainers()
      return seen.flatMap((one) => one.Names.map((name) => name.replace(/^\//, '')))
    })
  }

  async #ask<T>(failed: string, signal: AbortSignal | undefined, ask: (docker: Docker) => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    try {
      return await ask(await this.#docker())
    } catch (error) {
      throw asDockerError(error, failed, this.host, signal)
    }
  }

  async *#stream(failed: string, signal: AbortSignal | undefined, open: (docker: Docker) => Promise<NodeJS.ReadableStream>): AsyncGenerator<EngineMessage> {
    const stream = (await this.#ask(failed, signal, open)) as Readable
    if (signal !== undefined) addAbortSignal(signal, stream)
    try {
      yield* engineMessages(stream)
    } catch (error) {
      throw asDockerError(error, failed, this.host, signal)
    } finally {
      stream.destroy()
    }
  }

  #docker(): Promise<Docker> {
    this.#client ??= import('dockerode').then(({ default: Client }) => new Client(this.#connection))
    return this.#client
  }
}
