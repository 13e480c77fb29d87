import {
  isCallExpression,
  isConditionalExpression,
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isTaggedTemplateExpression,
  isTemplateExpression,
  type Node,
} from 'typescript/unstable/ast'
import { placeOf, type Source, walk } from './syntax.ts'

/** What VS Code calls a bundle: English text (with its comment, if any) → text. */
export type Bundle = Record<string, string | { message: string; comment: string[] }>

/** Texts that are written where no language is known, and translated where they are shown: `t(entry.title)`. */
export interface Table {
  files: RegExp
  /** Fields that hold them. */
  fields: readonly string[]
}

export const tables: readonly Table[] = [
  // Read before a host has handed over its language.
  { files: /^src\/base\/codes\/.+\.ts$/, fields: ['title', 'explain'] },
  // Told by the agent in the pod, which speaks English.
  { files: /^containers\/qemu-softgpu\/agent\/verdict\.ts$/, fields: ['sentence'] },
]

/** Folders whose sources hold messages. */
export const folders = ['src', 'webview', 'containers']

/**
 * All messages of the sources: `t('…')`, t`…`, `t({ message, comment })`, and the fields of the tables.
 * @throws Error naming the place of a call of `t` whose message is not written there
 */
export function messagesOf(sources: readonly Source[]): Bundle {
  const bundle: Bundle = {}
  for (const source of sources) {
    const table = tables.find(({ files }) => files.test(source.path))
    walk(source.tree, (node) => {
      if (table !== undefined && isField(node, table.fields)) for (const text of choicesOf(node.initializer)) bundle[text] = text
      if (!isTranslation(node)) return undefined
      const found = messageOf(node)
      if (typeof found === 'string') bundle[found] = found
      else if (found !== undefined) bundle[`${found.message}/${found.comment.join('')}`] = found
      else if (!isFromTable(node)) throw new Error(`${placeOf(source, node)}: t() must hold its message`)
      return undefined
    })
  }
  return Object.fromEntries(Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** `t(entry.title)`, `t(explain)`: a text that some table holds. */
function isFromTable(node: Node): boolean {
  const [first] = isCallExpression(node) ? node.arguments : []
  const name = first !== undefined && isPropertyAccessExpression(first) ? first.name : first
  return name !== undefined && isIdentifier(name) && tables.some(({ fields }) => fields.includes(name.text))
}

/** The texts that an expression may come out as. */
function choicesOf(node: Node): string[] {
  if (isConditionalExpression(node)) return [...choicesOf(node.whenTrue), ...choicesOf(node.whenFalse)]
  const text = textOf(node)
  return text === undefined ? [] : [text]
}

/** A call of `t`, as a function or before a template. */
export function isTranslation(node: Node): boolean {
  if (isCallExpression(node)) return isT(node.expression)
  return isTaggedTemplateExpression(node) && isT(node.tag)
}

function isT(callee: Node): boolean {
  if (isIdentifier(callee)) return callee.text === 't'
  return isPropertyAccessExpression(callee) && callee.name.text === 't' && isIdentifier(callee.expression) && callee.expression.text === 'l10n'
}

/** The text of a literal as the program sees it, its substitutions numbered as `t` does; undefined for anything else. */
export function textOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return node.text
  if (isTemplateExpression(node)) return node.templateSpans.reduce((text, span, index) => `${text}{${index}}${span.literal.text}`, node.head.text)
  return undefined
}

function messageOf(node: Node): string | { message: string; comment: string[] } | undefined {
  if (isTaggedTemplateExpression(node)) return textOf(node.template)
  const [first] = isCallExpression(node) ? node.arguments : []
  if (first === undefined || isTemplateExpression(first)) return undefined
  if (!isObjectLiteralExpression(first)) return textOf(first)
  const field = (name: string): string | undefined => textOf(first.properties.find((one) => isField(one, [name]))?.initializer)
  const [message, comment] = [field('message'), field('comment')]
  return message === undefined ? undefined : { message, comment: comment === undefined ? [] : [comment] }
}

function isField(node: Node, names: readonly string[]): node is Node & { initializer: Node } {
  return isPropertyAssignment(node) && isIdentifier(node.name) && names.includes(node.name.text)
}
