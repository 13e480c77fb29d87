import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { type Chart, makeView, type View } from '../../../src/values/chart.ts'
import { ValuesDocument } from '../../../src/values/document.ts'
import { Schema } from '../../../src/values/schema.ts'

export const folder = join(packageRoot(), 'helm', 'loco-chart')

/** The chart as the editor has it once it is read. */
export function chartIn(place: string): Chart {
  const schema = Schema.parse(`${place}/values.schema.json`, readFileSync(join(place, 'values.schema.json'), 'utf8'))
  const templates = readdirSync(join(place, 'templates'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ya?ml|tpl|txt)$/.test(name))
  return {
    folder: place,
    name: 'loco',
    version: '1',
    ours: true,
    defaults: ValuesDocument.parse(`${place}/values.yaml`, readFileSync(join(place, 'values.yaml'), 'utf8')),
    schema: schema instanceof Schema ? schema : undefined,
    templates: templates.map((name) => ({ file: `${place}/templates/${name}`, text: readFileSync(join(place, 'templates', name), 'utf8') })),
  }
}

export function viewOfText(text: string, place: string, chart = chartIn(place)): View {
  return makeView({ document: ValuesDocument.parse('/w/values-mine.yaml', text), role: 'overlay', chart })
}

/** values.yaml, made up to a number of lines with variables of the emulator. */
export function fileOf(lines: number): string {
  const text = readFileSync(join(folder, 'values.yaml'), 'utf8')
  const missing = Math.max(0, lines - text.split('\n').length)
  const variables = Array.from({ length: missing }, (_, n) => `    VARIABLE_${n}: "value ${n}"`).join('\n')
  return text.replace(/^ {2}env: \{\}$/m, `  env:\n${variables}`)
}
