import type { Readable } from 'node:stream'
import { planImage, runBuild } from '../../../src/images/build.ts'
import type { DockerEngine } from '../../../src/images/engine.ts'
import type { ImagePart } from '../../../src/images/parts.ts'

/** One side of the comparison. Seconds of the builds and the names; bytes of one archive that holds all nine names. */
export interface BuildCost {
  builds: number
  seconds: number
  archiveBytes: number
}

export interface NineBuilds {
  /** One build from nothing and nine names for it. */
  oneBuild: BuildCost
  /** Nine builds from nothing, as the original system made its nine images. */
  nineBuilds: BuildCost
}

/**
 * Measures, for the bench, what one build with nine names saves beside nine builds: the same Dockerfile, the same engine, no cache on either side,
 * base images there before. What it makes it takes away again; names that the part has outside of the bench are not touched.
 */
export async function measureNineBuilds(part: ImagePart, docker: DockerEngine, heard: (sentence: string) => void, signal?: AbortSignal): Promise<NineBuilds> {
  const plan = await planImage({ part: { ...part, name: `${part.name}-bench` }, docker, ...(signal && { signal }) })
  const names = part.repositories.map((repository) => `${repository}:bench`)
  const cost = async (builds: number): Promise<BuildCost> => {
    const ids: string[] = []
    try {
      const start = performance.now()
      for (const [index, name] of names.entries()) {
        if (ids.length < builds) {
          heard(`Build ${ids.length + 1} of ${builds}, without cache`)
          ids.push(await runBuild(plan, { docker, noCache: true, ...(signal && { signal }) }))
        }
        await docker.tag(ids[Math.min(index, builds - 1)] ?? '', name, signal)
      }
      const seconds = (performance.now() - start) / 1000
      return { builds, seconds, archiveBytes: await length(await docker.save(names, signal)) }
    } finally {
      for (const name of [...names, ...ids]) await docker.remove(name)
    }
  }
  return { oneBuild: await cost(1), nineBuilds: await cost(names.length) }
}

async function length(stream: Readable): Promise<number> {
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length
  return bytes
}
