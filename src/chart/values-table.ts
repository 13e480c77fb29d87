import { type Document, isMap, type Node, parseDocument, type YAMLMap } from 'yaml'

/** A value of a chart, as values.yaml tells it. */
export interface DocumentedValue {
  /** Dotted path, such as `storage.strategy`. */
  path: string
  /** The comment lines behind `# -- `, joined. */
  description: string
  default: unknown
  /** True for a mapping whose values are documented one by one. */
  section: boolean
}

/** A JSON schema, as far as ours uses it. */
export interface ValuesSchema {
  type?: string | string[]
  description?: string
  default?: unknown
  enum?: string[]
  markdownEnumDescriptions?: string[]
  minimum?: number
  maximum?: number
  properties?: Record<string, ValuesSchema>
  [keyword: string]: unknown
}

/** All values of a values.yaml in order, each mapping before what it holds. A value without a `# -- ` comment has an empty description. */
export function documentedValues(text: string): DocumentedValue[] {
  const document = parseDocument(text)
  return isMap(document.contents) ? valuesOf(document, document.contents, [], document.commentBefore ?? '') : []
}

function valuesOf(document: Document, map: YAMLMap, path: readonly string[], leading: string): DocumentedValue[] {
  return map.items.flatMap((pair, index) => {
    const key = pair.key as Node & { value: unknown }
    const value = pair.value as Node
    const here = [...path, String(key.value)]
    // The parser gives the comment above the first key of a mapping to the mapping (or the document), not to the key.
    const comment = key.commentBefore ?? (index === 0 ? (map.commentBefore ?? leading) : '')
    const section = isMap(value) && value.items.length > 0
    const entry: DocumentedValue = { path: here.join('.'), description: descriptionIn(comment), default: value.toJS(document), section }
    return section ? [entry, ...valuesOf(document, value, here, '')] : [entry]
  })
}

function descriptionIn(comment: string): string {
  const lines = comment.split('\n').map((line) => line.trim())
  const start = lines.findLastIndex((line) => line.startsWith('-- '))
  return start === -1 ? '' : [lines[start]?.slice(3), ...lines.slice(start + 1)].join(' ')
}

/** The schema with the texts and defaults of values.yaml in it: constraints are written by hand in the schema, the rest in values.yaml, each once. */
export function withTexts(schema: ValuesSchema, values: readonly DocumentedValue[]): ValuesSchema {
  const byPath = new Map(values.map((value) => [value.path, value]))
  const visit = (node: ValuesSchema, path: readonly string[]): ValuesSchema => {
    const value = byPath.get(path.join('.'))
    const { description: _description, default: _default, properties, ...rest } = node
    const texts = value === undefined ? {} : { description: value.description, ...(value.section ? {} : { default: value.default }) }
    if (properties === undefined) return { ...texts, ...rest }
    return { ...texts, ...rest, properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, visit(child, [...path, key])])) }
  }
  return visit(schema, [])
}

/** The text of docs/values.md. */
export function valuesPage(schema: ValuesSchema, values: readonly DocumentedValue[]): string {
  const lines = [
    '# Values of the chart',
    '',
    'All values of `helm/loco-chart`, with their defaults. This page is made from `helm/loco-chart/values.yaml` and `values.schema.json` (`npm run docs`); Helm refuses what the schema does not allow.',
    'Give your own with `--set emulator.memoryMiB=64`, or in a file with `-f my-values.yaml`.',
    '',
  ]
  const header = ['| Value | Default | Allowed | What it does |', '| --- | --- | --- | --- |']
  const row = (value: DocumentedValue): string =>
    `| \`${value.path}\` | \`${JSON.stringify(value.default)}\` | ${cell(allowed(schemaAt(schema, value.path)))} | ${cell(value.description)} |`
  lines.push(...header, ...values.filter(({ section, path }) => !section && !path.includes('.')).map(row), '')
  for (const section of values.filter((value) => value.section)) {
    const own = values.filter(
      ({ path, section: nested }) => !nested && path.startsWith(`${section.path}.`) && !path.slice(section.path.length + 1).includes('.'),
    )
    lines.push(`## ${section.path}`, '', section.description, '')
    if (own.length > 0) lines.push(...header, ...own.map(row), '')
  }
  const described = values.flatMap(({ path }) => {
    const node = schemaAt(schema, path)
    const words = node?.enum?.map((word, index) => `- \`${word}\`: ${node.markdownEnumDescriptions?.[index] ?? ''}`)
    return node?.markdownEnumDescriptions === undefined || words === undefined ? [] : [`### ${path}`, '', ...words, '']
  })
  lines.push('## Words', '', ...described)
  return lines.join('\n')
}

function schemaAt(schema: ValuesSchema, path: string): ValuesSchema | undefined {
  return path.split('.').reduce<ValuesSchema | undefined>((node, key) => node?.properties?.[key], schema)
}

function allowed(node: ValuesSchema | undefined): string {
  if (node === undefined) return ''
  if (node.enum !== undefined) return node.enum.map((word) => `\`${word}\``).join(', ')
  const type = [node.type ?? []].flat().join(' or ')
  return node.minimum === undefined || node.maximum === undefined ? type : `${type} from ${node.minimum} to ${node.maximum}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
