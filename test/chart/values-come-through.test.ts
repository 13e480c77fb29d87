import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ValuesSchema } from '../../src/chart/values-table.ts'
import { chart, realHelm } from './real-helm.ts'
import { everything, wholeChart } from './whole-chart.ts'

/** What a value is set to, so that it can be found again in what the chart makes: no two alike, and none that is there by itself. */
function mark(path: string, node: ValuesSchema, count: number): unknown {
  const last = path.split('.').at(-1) ?? ''
  const pattern = typeof node['pattern'] === 'string' ? node['pattern'] : ''
  if (node.type === 'integer') return (node.maximum ?? 0) - count
  if (last === 'cpu') return `${7000 + count}m`
  if (pattern.includes('Mi')) return `${7000 + count}Mi`
  if (pattern.includes('ms')) return `${7000 + count}s`
  if (last === 'path') return `/asked-${count}`
  if (last === 'tolerations') return [{ key: `key-${count}` }]
  if (last === 'affinity') return { nodeAffinity: { mark: `mark-${count}` } }
  if (last === 'apiServerPorts' || last === 'ports') return [64000 - count]
  if (node.type === 'array') return [`mark-${count}`]
  if (node.type === 'object') return { MARK: `mark-${count}` }
  return `mark-${count}`
}

/** The text that must be found for a value. */
const traceOf = (value: unknown): string => (typeof value === 'object' && value !== null ? traceOf(Object.values(value)[0]) : String(value))

/** Leaves of the schema that hold numbers or free text. Switches and words of a list have tests of their own. */
function leaves(node: ValuesSchema, path: readonly string[] = []): [path: string, node: ValuesSchema][] {
  if (node.properties !== undefined) return Object.entries(node.properties).flatMap(([key, child]) => leaves(child, [...path, key]))
  return node.type === 'boolean' || node.enum !== undefined ? [] : [[path.join('.'), node]]
}

function setAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  if (rest.length === 0) {
    target[key] = value
    return
  }
  target[key] ??= {}
  setAt(target[key] as Record<string, unknown>, rest, value)
}

// `global` is Helm's own; numbers of pods are too small to be told from others; hosts and certificates have tests of their own; so has storage.
const elsewhere = /^(global|storage\..*|replicas|(backend|frontend|vr)\.replicas|ingress\.(hosts|tls)|rbac\.subjects)$/

describe('chart: every number and every text of the values comes through', () => {
  it('with all workloads, all at once', async function () {
    const helm = realHelm(this)
    const whole = wholeChart()
    try {
      const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as ValuesSchema
      const values = structuredClone(everything) as Record<string, unknown>
      for (const component of ['backend', 'frontend', 'vr']) setAt(values, [component, 'serviceType'], 'NodePort')
      const counts = new Map<number | undefined, number>()
      const next = (maximum: number | undefined): number => {
        const count = counts.get(maximum) ?? 0
        counts.set(maximum, count + 1)
        return count
      }
      const set = leaves(schema)
        .filter(([path]) => !elsewhere.test(path))
        .map(([path, node]) => [path, mark(path, node, next(node.maximum))] as const)
      for (const [path, value] of set) setAt(values, path.split('.'), value)
      const made = JSON.stringify(await helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [values] }))
      assert.deepEqual(
        set
          .filter(([, value]) => !new RegExp(`(?<![\\w-])${traceOf(value)}(?![\\w-])`).test(made))
          .map(([path, value]) => `${path} = ${JSON.stringify(value)}`),
        [],
      )
    } finally {
      whole.remove()
    }
  })
})
