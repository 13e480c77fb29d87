import { isLocoCode, titleOf } from '../base/codes.ts'
import type { PlacedFinding } from '../diagnosis/group.ts'
import { makeView, type View } from '../values/chart.ts'
import { type ChartFileSystem, ChartFiles } from '../values/chart-files.ts'
import { check } from '../values/check.ts'
import { ValuesDocument } from '../values/document.ts'
import { fixesFor } from '../values/fixes.ts'
import { LineMap } from '../values/line-map.ts'
import type { ClusterFacts, Problem } from '../values/types.ts'

export interface ValuesCheck {
  /** Folder of the chart. */
  readonly chart: string
  /** Values files and values themselves, in the order in which they are laid over each other. */
  readonly layers: readonly (string | Readonly<Record<string, unknown>>)[]
  readonly facts: ClusterFacts | undefined
  readonly fs: ChartFileSystem
}

/** No reason to stop: Bootstrap itself brings the image to the node, later. */
const noReason = new Set(['LOCO-VA-06'])

/**
 * Errors that the values language finds in the files of a Bootstrap, each with `file:line`. What a later layer puts right is none. Files that cannot be read are
 * left to helm, which says so.
 */
export async function valuesErrors({ chart: folder, layers, facts, fs }: ValuesCheck): Promise<PlacedFinding[]> {
  const chart = await new ChartFiles(fs).chartIn(folder)
  if (chart === undefined) return []
  const documents = await Promise.all(layers.map((layer, index) => documentOf(layer, index, fs)))
  const viewOf = (index: number): View | undefined => {
    const document = documents[index]
    return document && makeView({ document, role: 'overlay', chart, overlays: documents.slice(0, index), facts })
  }
  const last = viewOf(documents.length - 1)
  if (last === undefined) return []
  const standing = new Set(errorsOf(last).map(({ code }) => code))
  // What an earlier file has wrong is wrong for those over it too: told once, where it stands.
  const told = new Set<string>()
  return documents.flatMap((document, index) => {
    const view = typeof layers[index] === 'string' ? viewOf(index) : undefined
    if (view === undefined) return []
    const lines = new LineMap(document.text)
    return errorsOf(view).flatMap((problem) => {
      // What is wrong with a text stays wrong with it; what is wrong with values may have been covered.
      const ofText = document.syntax.some(({ code, range }) => code === problem.code && range.start === problem.range.start)
      const key = `${problem.code} ${JSON.stringify(problem.path ?? problem.message)}`
      if (!ofText && (!standing.has(problem.code) || told.has(key))) return []
      told.add(key)
      return placed(view, problem, `${document.file}:${lines.at(problem.range.start).line}`)
    })
  })
}

const errorsOf = (view: View): Problem[] => check(view).problems.filter(({ severity, code }) => severity === 'error' && !noReason.has(code))

function placed(view: View, problem: Problem, where: string): PlacedFinding[] {
  const { code, message } = problem
  if (!isLocoCode(code)) return []
  const fix = fixesFor(view, problem).map(({ title }) => title)
  return [{ finding: { code, title: titleOf(code), cause: message, evidence: [where], fix, severity: 'fatal' }, where }]
}

async function documentOf(layer: ValuesCheck['layers'][number], index: number, fs: ChartFileSystem): Promise<ValuesDocument> {
  if (typeof layer !== 'string') return ValuesDocument.parse(`layer ${index}`, JSON.stringify(layer))
  return ValuesDocument.parse(layer, await fs.read(layer).catch(() => ''))
}

/** Values of `--set` as a layer; undefined when one of them is more than a plain path and a plain value, which only helm reads. */
export function layerOf(set: readonly string[]): Record<string, unknown> | undefined {
  const layer: Record<string, unknown> = {}
  for (const one of set) {
    const [, path, text] = /^([\w-]+(?:\.[\w-]+)*)=([^,{}[\]\\]*)$/.exec(one) ?? []
    if (path === undefined || text === undefined || path.includes('__proto__')) return undefined
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let map = layer
    for (const key of keys) {
      const below = map[key]
      map[key] = typeof below === 'object' && below !== null ? below : {}
      map = map[key] as Record<string, unknown>
    }
    map[last] = /^(?:true|false|null|-?\d{1,15})$/.test(text) ? (JSON.parse(text) as unknown) : text
  }
  return layer
}
