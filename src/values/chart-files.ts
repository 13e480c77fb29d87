import type { Chart } from './chart.ts'

/** Files as the host reads them: a disk, an editor with unsaved text, a test. Paths are the host's own, with `/`. */
export interface ChartFileSystem {
  /** The text of a file; rejects when there is none. */
  read(path: string): Promise<string>
  exists(path: string): Promise<boolean>
  /** Names in a folder, folders with a `/` at their end; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
}

export class ChartFiles {
  constructor(_fs: ChartFileSystem) {}
  /** The chart that a file belongs to: of the nearest folder above with a Chart.yaml. */
  chartOf(_file: string): Promise<Chart | undefined> {
    return Promise.resolve(undefined)
  }
  /** The chart in a folder. */
  chartIn(_folder: string): Promise<Chart | undefined> {
    return Promise.resolve(undefined)
  }
  /** Forgets what was read of the chart that a changed file belongs to. */
  changed(_file: string): void {}
}

/** True for a file that holds values by its place: YAML beside or below a Chart.yaml, but not a template, a CRD or Chart.yaml itself. `inChart` is the path below the chart's folder. */
export function isValuesFile(_inChart: string): boolean {
  return false
}
