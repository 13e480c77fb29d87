import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocoError } from '../base/error.ts'
import { compareManifests, type ResourceChange } from './compare.ts'
import type { ChartRequest, Helm, RenderedFor } from './helm.ts'
import type { ReleaseRecord } from './release-record.ts'

/** A values file as it would be saved now. */
export interface ValuesText {
  /** Its path, for messages. */
  readonly file: string
  readonly text: string
}

export interface PreviewRequest extends Omit<ChartRequest, 'values'> {
  /** In the order in which they are laid over each other: values themselves, and files with the text that counts. */
  readonly values: readonly ({ readonly values: Readonly<Record<string, unknown>> } | ValuesText)[]
  /** The chart's own values.yaml, where another text than that on the disk counts. */
  readonly defaults?: ValuesText | undefined
  /** What is deployed; undefined when the release is not there. */
  readonly deployed: Pick<ReleaseRecord, 'revision' | 'manifest'> | undefined
  readonly rendered?: Omit<RenderedFor, 'upgrade'>
}

export interface Preview {
  /** Undefined when the release is not there: everything is added. */
  readonly revision: number | undefined
  readonly resources: readonly ResourceChange[]
  /** The templates could look into the cluster, as they will when it is installed. */
  readonly lookedAround: boolean
}

/**
 * What the cluster would get of these values, resource by resource against what it has. Helm renders on this machine; with `rendered.lookingAround` the templates
 * look into the cluster, as they will at the installation, and where it does not let them, without.
 * @throws what helm says, coded (helm-errors.ts), with the person's own file names in it; the signal's reason when aborted
 */
export async function previewRelease(helm: Helm, request: PreviewRequest): Promise<Preview> {
  const { deployed, defaults, values, rendered = {}, ...rest } = request
  const folder = await mkdtemp(join(tmpdir(), 'loco-preview-'))
  const names = new Map<string, string>()
  try {
    const layers = await Promise.all(
      values.map(async (layer, index) => {
        if ('values' in layer) return layer.values
        const copy = join(folder, `${index}.yaml`)
        await writeFile(copy, layer.text, { mode: 0o600 })
        names.set(copy, layer.file)
        return copy
      }),
    )
    const chart = defaults === undefined ? rest.chart : await chartWith(defaults, rest.chart, folder)
    if (defaults !== undefined) names.set(join(chart, 'values.yaml'), defaults.file).set(chart, rest.chart)
    const { manifest, lookedAround } = await render(helm, { ...rest, chart, values: layers }, { ...rendered, upgrade: deployed !== undefined })
    return { revision: deployed?.revision, resources: compareManifests(deployed?.manifest ?? '', manifest, rest.namespace), lookedAround }
  } catch (error) {
    throw error instanceof LocoError ? inTheirNames(error, names) : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function render(helm: Helm, request: ChartRequest, rendered: RenderedFor): Promise<{ manifest: string; lookedAround: boolean }> {
  if (rendered.lookingAround === true) {
    try {
      return { manifest: await helm.manifest(request, rendered), lookedAround: true }
    } catch (error) {
      // The words of the cluster, not of the chart: it is away, or the account may not see what the templates look for.
      if (!(error instanceof LocoError && error.code.startsWith('LOCO-KUB-'))) throw error
    }
  }
  return { manifest: await helm.manifest(request, { ...rendered, lookingAround: false }), lookedAround: false }
}

/** Helm takes the chart's values from its folder and from nowhere else. */
async function chartWith(defaults: ValuesText, chart: string, folder: string): Promise<string> {
  const copy = join(folder, 'chart')
  await cp(chart, copy, { recursive: true })
  await writeFile(join(copy, 'values.yaml'), defaults.text)
  return copy
}

/** The error with the files of the person instead of our copies. */
function inTheirNames(error: LocoError, names: ReadonlyMap<string, string>): LocoError {
  const { code, what, why, fix, evidence, cause } = error
  const rename = (text: string): string => [...names].reduce((said, [copy, name]) => said.replaceAll(copy, name), text)
  return new LocoError(code, {
    what: rename(what),
    ...(why !== undefined && { why: rename(why) }),
    fix: fix.map(rename),
    evidence: evidence.map(rename),
    cause,
  })
}
