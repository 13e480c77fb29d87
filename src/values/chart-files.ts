import type { Chart, TemplateFile } from './chart.ts'
import { ValuesDocument } from './document.ts'
import { child, type Values } from './path.ts'
import { Schema } from './schema.ts'

/** Files as the host has them: a disk, editors with unsaved text, a test. A path is the host's own, with `/` between its names. */
export interface ChartFileSystem {
  /** The text of a file; rejects when there is none. */
  read(path: string): Promise<string>
  exists(path: string): Promise<boolean>
  /** Names in a folder, those of folders with a `/` behind; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
}

/** The name under which our own chart goes. */
const ourChart = 'loco'
/** Template files and the bytes of each that are read; more is no chart that a person edits. */
const mostTemplates = 500

/** Charts by their folder, read once and kept until a file of theirs changes. */
export class ChartFiles {
  readonly #fs: ChartFileSystem
  readonly #charts = new Map<string, Promise<Chart | undefined>>()

  constructor(fs: ChartFileSystem) {
    this.#fs = fs
  }

  /** The chart that a file belongs to by its place: that of the nearest folder above with a Chart.yaml; undefined when there is none. */
  async chartOf(file: string): Promise<Chart | undefined> {
    for (let folder = parent(file); folder !== undefined; folder = parent(folder)) {
      if (await this.#fs.exists(`${folder}/Chart.yaml`)) return this.chartIn(folder)
    }
    return undefined
  }

  /** The chart in a folder; undefined when there is none. */
  chartIn(folder: string): Promise<Chart | undefined> {
    const known = this.#charts.get(folder)
    if (known !== undefined) return known
    const chart = this.#load(folder)
    this.#charts.set(folder, chart)
    return chart
  }

  /** Forgets the charts that a changed, new or deleted file belongs to. */
  changed(file: string): void {
    for (const folder of this.#charts.keys()) if (file === folder || file.startsWith(`${folder}/`)) this.#charts.delete(folder)
  }

  async #load(folder: string): Promise<Chart | undefined> {
    const chartFile = await this.#text(`${folder}/Chart.yaml`)
    if (chartFile === undefined) return undefined
    const [valuesText, schemaText, templates] = await Promise.all([
      this.#text(`${folder}/values.yaml`),
      this.#text(`${folder}/values.schema.json`),
      this.#templates(`${folder}/templates`, `${folder}/templates`),
    ])
    const about = ValuesDocument.parse(`${folder}/Chart.yaml`, chartFile).values
    const name = String(child(about, 'name') ?? '')
    const schema = schemaText === undefined ? undefined : Schema.parse(`${folder}/values.schema.json`, schemaText)
    return {
      folder,
      name,
      version: String(child(about, 'version') ?? ''),
      ours: name === ourChart,
      defaults: ValuesDocument.parse(`${folder}/values.yaml`, valuesText ?? ''),
      schema: schema instanceof Schema ? schema : undefined,
      ...(schema === undefined || schema instanceof Schema ? {} : { schemaProblem: schema }),
      templates: templates.slice(0, mostTemplates),
      subcharts: await this.#subcharts(folder, about),
    }
  }

  /** Subcharts by the names under which their values stand: dependencies of Chart.yaml, and what lies unpacked in the folder `charts`. */
  async #subcharts(folder: string, about: Values): Promise<string[]> {
    const listed = child(about, 'dependencies')
    const named = (Array.isArray(listed) ? (listed as unknown[]) : []).map((one) => child(one, 'alias') ?? child(one, 'name'))
    const unpacked = (await this.#fs.list(`${folder}/charts`)).flatMap((name) => (name.endsWith('/') ? [name.slice(0, -1)] : []))
    return [...named.filter((name) => typeof name === 'string'), ...unpacked]
  }

  async #templates(folder: string, top: string, depth = 0): Promise<TemplateFile[]> {
    if (depth > 5) return []
    const names = await this.#fs.list(folder)
    const files = names.map(async (name): Promise<TemplateFile[]> => {
      if (name.endsWith('/')) return this.#templates(`${folder}/${name.slice(0, -1)}`, top, depth + 1)
      const text = await this.#text(`${folder}/${name}`)
      return text === undefined ? [] : [{ file: `${folder}/${name}`, text }]
    })
    return (await Promise.all(files)).flat()
  }

  async #text(path: string): Promise<string | undefined> {
    try {
      return await this.#fs.read(path)
    } catch {
      // Not there, or not to be read: a chart without values, a schema or templates is a chart.
      return undefined
    }
  }
}

function parent(path: string): string | undefined {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? undefined : path.slice(0, slash)
}
