import { isTable, type Values } from './path.ts'

/** A subschema that applies to a value: a JSON object of draft-04 to 2020-12. */
export type Subschema = Values

/** What is the same for all subschemas of one schema file. */
export interface Dialect {
  readonly root: unknown
  /** Drafts up to 07: what stands beside a `$ref` says nothing, and `format` is a demand. */
  readonly old: boolean
}

/** The dialect that Helm reads a schema in: without `$schema` the newest. */
export function dialectOf(root: unknown): Dialect {
  const named = isTable(root) && typeof root['$schema'] === 'string' ? root['$schema'] : ''
  return { root, old: /draft-0[467]/.test(named) }
}

/** What a `$ref` within the same file names; undefined for another file, or for nothing. */
export function resolveRef({ root }: Dialect, ref: string): unknown {
  if (ref === '#') return root
  if (ref.startsWith('#/')) {
    return ref
      .slice(2)
      .split('/')
      .map((token) => unescaped(token))
      .reduce<unknown>((node, key) => (Array.isArray(node) ? node[Number(key)] : isTable(node) && Object.hasOwn(node, key) ? node[key] : undefined), root)
  }
  return ref.startsWith('#') ? anchored(root, ref.slice(1), 0) : undefined
}

function unescaped(token: string): string {
  const plain = token.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}

function anchored(node: unknown, name: string, depth: number): unknown {
  if (depth > 100 || typeof node !== 'object' || node === null) return undefined
  if (isTable(node) && (node['$anchor'] === name || node['$id'] === `#${name}` || node['id'] === `#${name}`)) return node
  for (const child of Object.values(node)) {
    const found = anchored(child, name, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** The subschemas in a list keyword (`allOf`), or none. */
export function listOf(schema: Subschema, keyword: string): readonly unknown[] {
  const value = schema[keyword]
  return Array.isArray(value) ? value : []
}

/** The entries of a map keyword (`properties`), or none. */
export function tableOf(schema: Subschema, keyword: string): Values {
  const value = schema[keyword]
  return isTable(value) ? value : {}
}

export function textsOf(schema: Subschema, keyword: string): readonly string[] {
  return listOf(schema, keyword).filter((item) => typeof item === 'string')
}

export function numberOf(schema: Subschema, keyword: string): number | undefined {
  const value = schema[keyword]
  return typeof value === 'number' ? value : undefined
}

export function typesOf(schema: Subschema): readonly string[] {
  const type = schema['type']
  return typeof type === 'string' ? [type] : textsOf(schema, 'type')
}

/** Equality of JSON values. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((item, index) => sameJson(item, other[index]))
  if (!isTable(one)) return one === other
  const keys = Object.keys(one)
  return isTable(other) && keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
}

export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isTable(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

const expressions = new Map<string, RegExp | undefined>()

/** A `pattern` as an expression; undefined when it is none. Helm's are RE2: what only JavaScript knows (looking around, going back) is none. */
export function expressionOf(pattern: string): RegExp | undefined {
  if (!expressions.has(pattern)) expressions.set(pattern, compiled(pattern))
  return expressions.get(pattern)
}

function compiled(pattern: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9]|\\k</.test(pattern)) return undefined
  try {
    // RE2 has `\z` and `(?i)` that JavaScript lacks, and takes escapes of any sign.
    const [, flags = '', rest = pattern] = /^\(\?([is]+)\)(.*)$/s.exec(pattern) ?? []
    return new RegExp(rest.replaceAll('\\z', '$').replace(/\\([^\w\s\\/^$.*+?()[\]{}|-])/g, '$1'), `u${flags}`)
  } catch {
    return undefined
  }
}
