import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { packageRoot } from '../../base/package-root.ts'
import { readClusterFacts } from '../../cluster/facts/read.ts'
import { disk, slashed } from '../../operations/chart-disk.ts'
import { overlayFor } from '../../operations/release-values.ts'
import { type Chart, makeView, type View } from '../../values/chart.ts'
import { ChartFiles } from '../../values/chart-files.ts'
import { ValuesDocument } from '../../values/document.ts'
import { Schema } from '../../values/schema.ts'
import type { ClusterFacts } from '../../values/types.ts'
import { connect } from '../connect.ts'
import type { Terminal } from '../terminal.ts'

/** What the command line says about the surroundings of the files. */
export interface ValuesOptions {
  /** Files that lie under those that are spoken of, in order. */
  values: string[]
  chart?: string
  schema?: string
  defaults?: string
  role?: 'defaults' | 'overlay'
  context?: string
  namespace: string
  release: string
}

/** Values files as the engine sees them, with the chart, overlays and cluster facts that the command line names. */
export class OpenValues {
  readonly #terminal: Terminal
  readonly #options: ValuesOptions
  readonly #charts = new ChartFiles(disk)
  #facts: Promise<ClusterFacts | undefined> | undefined

  constructor(terminal: Terminal, options: ValuesOptions) {
    this.#terminal = terminal
    this.#options = options
  }

  /** The path that a person typed, from the folder in which they stand. */
  path(typed: string): string {
    return slashed(resolve(this.#terminal.cwd, typed))
  }

  /** The way to a file as a person there would type it. */
  shown(path: string): string {
    const folder = `${slashed(this.#terminal.cwd).replace(/\/$/, '')}/`
    return path.startsWith(folder) ? path.slice(folder.length) : path
  }

  /**
   * All that is known of a file, as it lies on the disk or with another text.
   * @throws LOCO-CHT-015 for a file that cannot be read, LOCO-CHT-010 for a folder that is no chart, coded errors of src/kube for a cluster that cannot be asked
   */
  async view(typed: string, text?: string): Promise<View> {
    const path = this.path(typed)
    const document = ValuesDocument.parse(path, text ?? (await this.#read(path)))
    const overlays = await Promise.all(this.#options.values.map(async (file) => ValuesDocument.parse(this.path(file), await this.#read(this.path(file)))))
    const chart = await this.#chartOf(path)
    const role = this.#options.role ?? (chart?.defaults.file === path ? 'defaults' : 'overlay')
    const facts = await this.facts()
    // What Bootstrap lays under the files of a person on this kind of cluster.
    const isOutside = chart?.ours === true && role === 'overlay' && !path.startsWith(`${chart.folder}/`)
    const ofKind = isOutside ? overlayFor(chart.folder, facts?.kind ?? 'unknown') : undefined
    const below = ofKind === undefined || !(await disk.exists(ofKind)) ? overlays : [ValuesDocument.parse(ofKind, await this.#read(ofKind)), ...overlays]
    return makeView({ document, role, chart, overlays: below, facts })
  }

  /** What the cluster of `--context` says; nothing is asked without it. */
  facts(): Promise<ClusterFacts | undefined> {
    this.#facts ??= this.#askFacts()
    return this.#facts
  }

  async #askFacts(): Promise<ClusterFacts | undefined> {
    const { context, namespace, release } = this.#options
    if (context === undefined) return undefined
    const connection = await connect(this.#terminal, context)
    try {
      return await readClusterFacts(connection.client, { namespace, release, signal: this.#terminal.interrupted })
    } finally {
      connection.dispose()
    }
  }

  async #chartOf(path: string): Promise<Chart | undefined> {
    const { chart, schema, defaults } = this.#options
    const named = chart === undefined ? undefined : await this.#chartIn(this.path(chart))
    if (schema === undefined && defaults === undefined) return named ?? (await this.#charts.chartOf(path)) ?? (await this.#charts.chartIn(ownChart()))
    return this.#madeOf(named, { schema, defaults })
  }

  async #chartIn(folder: string): Promise<Chart> {
    const chart = await this.#charts.chartIn(folder)
    if (chart !== undefined) return chart
    throw new LocoError('LOCO-CHT-010', { what: t`There is no chart in ${folder}.`, why: t('A chart is a folder with a Chart.yaml in it.') })
  }

  /** A chart of the files that are named, and of nothing else where none is named. */
  async #madeOf(chart: Chart | undefined, files: { schema: string | undefined; defaults: string | undefined }): Promise<Chart> {
    const folder = dirname(this.path(files.schema ?? files.defaults ?? '.'))
    const none = { folder, name: basename(folder), version: '', ours: false, defaults: ValuesDocument.parse(`${folder}/values.yaml`, ''), templates: [] }
    const base: Chart = chart ?? { ...none, schema: undefined }
    const defaults = files.defaults === undefined ? base.defaults : ValuesDocument.parse(this.path(files.defaults), await this.#read(this.path(files.defaults)))
    if (files.schema === undefined) return { ...base, defaults }
    const parsed = Schema.parse(this.path(files.schema), await this.#read(this.path(files.schema)))
    return parsed instanceof Schema ? { ...base, defaults, schema: parsed } : { ...base, defaults, schema: undefined, schemaProblem: parsed }
  }

  async #read(path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      throw new LocoError('LOCO-CHT-015', {
        what: t`The values file ${this.shown(path)} cannot be read.`,
        why: t`The system says: ${(error as Error).message}`,
        cause: error,
      })
    }
  }
}

/** The chart of this package: for files that lie beside no chart. */
export const ownChart = (): string => slashed(join(packageRoot(), 'helm', 'loco-chart'))
