import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mode } from './mode.ts'
import type { ValuesPlace } from './place.ts'

/** The two questions of the YAML extension: which schema for this file, and what is in it. */
export interface SchemaContributor {
  requestSchema(resource: string): string | undefined
  requestSchemaContent(uri: string): string | undefined
}

export interface ContributorDeps {
  /** The mode and place of a values file of ours; undefined for any other file. */
  modeOf(uri: string): { mode: Mode; place: ValuesPlace } | undefined
  read?(path: string): string
}

const none = 'loco-values://none'
const schemaOf = 'loco-values://schema/'

/**
 * Answers for the YAML extension. An empty schema for a file that we look after switches off its completion, hover and schema errors there, and nothing else;
 * where it is to answer, it gets the schema of the chart.
 */
export function valuesContributor({ modeOf, read = (path) => readFileSync(path, 'utf8') }: ContributorDeps): SchemaContributor {
  return {
    requestSchema(resource) {
      const found = modeOf(resource)
      if (found === undefined || found.mode === 'given') return undefined
      if (found.mode !== 'chosen') return none
      const { chart, role } = found.place
      return `${schemaOf}${role}/${encodeURIComponent(chart)}`
    },
    requestSchemaContent(uri) {
      if (!uri.startsWith(schemaOf)) return '{}'
      const [role, chart = ''] = uri.slice(schemaOf.length).split('/')
      try {
        const text = read(join(decodeURIComponent(chart), 'values.schema.json'))
        return role === 'overlay' ? JSON.stringify(withoutRequired(JSON.parse(text))) : text
      } catch {
        return '{}' // a chart without a schema, or a broken one: nothing to check against
      }
    },
  }
}

/** A schema for files that say only a part: nothing in it has to be there. */
function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired)
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => !(key === 'required' && Array.isArray(value)))
      .map(([key, value]) => [key, withoutRequired(value)]),
  )
}
