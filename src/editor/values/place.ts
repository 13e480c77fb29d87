import { isAbsolute, join, relative, sep } from 'node:path'
import { isValuesFile } from '../../values/values-file.ts'

/** What a file is to a chart. */
export interface ValuesPlace {
  /** Folder of the chart. */
  readonly chart: string
  readonly role: 'defaults' | 'overlay' | 'template'
  /** Values files that lie under this one, in order; the chart's own aside. */
  readonly under: readonly string[]
}

/** What settings and tasks say about places. All paths are absolute. */
export interface PlaceRules {
  /** Folders of charts that are not ours and are looked after all the same. */
  readonly charts: readonly string[]
  /** Values files in the order in which they are laid over the chart, one list for each Bootstrap that is known. */
  readonly lists: readonly (readonly string[])[]
  /** The chart that is installed where a file lies beside none. */
  readonly ownChart: string
}

/** As much of a disk as the question takes. */
export interface PlaceFiles {
  /** The text of a file; undefined when there is none. */
  read(path: string): string | undefined
}

/** Which chart a file belongs to by its place or by what it is used for; undefined for a file that is none of ours. Asks the disk for Chart.yaml only. */
export function placeOf(file: string, rules: PlaceRules, files: PlaceFiles): ValuesPlace | undefined {
  const list = rules.lists.find((one) => one.includes(file))
  const under = list?.slice(0, list.indexOf(file)) ?? []
  const chart = chartAbove(file, rules, files)
  if (chart !== undefined) {
    const inChart = relative(chart, file).split(sep).join('/')
    if (inChart.startsWith('templates/')) return { chart, role: 'template', under: [] }
    if (inChart === 'values.yaml') return { chart, role: 'defaults', under: [] }
    if (isValuesFile(inChart) || list !== undefined) return { chart, role: 'overlay', under }
    return undefined
  }
  return list === undefined ? undefined : { chart: rules.ownChart, role: 'overlay', under }
}

/** The nearest folder above that holds a chart, when that is one of ours or one that the settings name. */
function chartAbove(file: string, { charts }: PlaceRules, { read }: PlaceFiles): string | undefined {
  for (let folder = join(file, '..'); ; folder = join(folder, '..')) {
    const text = read(join(folder, 'Chart.yaml'))
    if (text !== undefined) return isOurs(text) || charts.includes(folder) ? folder : undefined
    if (folder === join(folder, '..')) return undefined
  }
}

const isOurs = (chart: string): boolean => /^name:\s*(['"]?)loco\1\s*(?:#.*)?\r?$/m.test(chart)

/** Paths of settings and tasks, from the folder that they start at; those that start nowhere are left out. */
export function absolutePaths(paths: readonly unknown[], folder: string | undefined): string[] {
  return paths.flatMap((path) => {
    if (typeof path !== 'string' || path === '') return []
    const filled = folder === undefined ? path : path.replaceAll(/\$\{workspaceFolder\}/g, folder)
    if (isAbsolute(filled)) return [join(filled)]
    return folder === undefined ? [] : [join(folder, filled)]
  })
}
