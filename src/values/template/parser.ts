import type { TemplateFile } from '../chart.ts'
import { type Action, actionsOf, type Token } from './lexer.ts'

/** `.a`, with the place of the name. */
export interface Field {
  readonly name: string
  readonly start: number
  readonly end: number
}

export type Operand =
  /** `.a.b`, `$x.a`, `(…).a`. `start` and `end` are those of the base: the dot or variable alone. */
  | { readonly kind: 'chain'; readonly base: Base; readonly fields: readonly Field[]; readonly start: number; readonly end: number }
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'function'; readonly name: string }

/** What the fields of a chain are taken of: the dot, a variable (`$` has an empty name), or a pipeline in brackets. */
export type Base = { readonly kind: 'dot' } | { readonly kind: 'variable'; readonly name: string } | { readonly kind: 'group'; readonly pipeline: Pipeline }

export interface Pipeline {
  /** Variables that take its result: `$x := …`, `range $key, $value := …`. */
  readonly declares: readonly string[]
  readonly commands: readonly (readonly Operand[])[]
}

export type Node =
  | { readonly kind: 'output'; readonly pipeline: Pipeline; readonly start: number }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipeline: Pipeline; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline }

export interface ParsedTemplate {
  readonly file: string
  readonly body: readonly Node[]
  /** Named templates that the file defines. */
  readonly defines: ReadonlyMap<string, readonly Node[]>
}

/** Reads a template as far as it can be read: a missing `end` closes at the end of the file, an `end` too many is passed over. */
export function parseTemplate({ file, text }: TemplateFile): ParsedTemplate {
  const defines = new Map<string, readonly Node[]>()
  const reader = new Reader(actionsOf(text), defines)
  const body: Node[] = []
  while (!reader.done) {
    body.push(...reader.block().nodes)
    reader.skip()
  }
  return { file, body, defines }
}

interface Block {
  readonly nodes: Node[]
  /** The action that ended it, an `end` or `else`; undefined at the end of the file. */
  readonly closing: Action | undefined
}

class Reader {
  readonly #actions: readonly Action[]
  readonly #defines: Map<string, readonly Node[]>
  #at = 0

  constructor(actions: readonly Action[], defines: Map<string, readonly Node[]>) {
    this.#actions = actions
    this.#defines = defines
  }

  get done(): boolean {
    return this.#at >= this.#actions.length
  }

  /** Passes over a closing action that closes nothing. */
  skip(): void {
    this.#at++
  }

  /** Nodes up to the next `end` or `else` of this depth, which is left standing. */
  block(): Block {
    const nodes: Node[] = []
    for (;;) {
      const action = this.#actions[this.#at]
      if (action === undefined) return { nodes, closing: undefined }
      const word = keyword(action)
      if (word === 'end' || word === 'else') return { nodes, closing: action }
      this.#at++
      const node = this.#node(action, word)
      if (node !== undefined) nodes.push(node)
    }
  }

  #node(action: Action, word: string | undefined): Node | undefined {
    const { tokens, start } = action
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(word, tokens.slice(1))
      case 'define': {
        const { nodes } = this.#closed()
        this.#defines.set(tokens[1]?.text ?? '', nodes)
        return undefined
      }
      case 'block': {
        const name = tokens[1]?.text ?? ''
        const { nodes } = this.#closed()
        this.#defines.set(name, nodes)
        return { kind: 'template', name, pipeline: parsePipeline(tokens.slice(2)) }
      }
      case 'template':
        return { kind: 'template', name: tokens[1]?.text ?? '', pipeline: parsePipeline(tokens.slice(2)) }
      default:
        return tokens.length === 0 || word === 'break' || word === 'continue' ? undefined : { kind: 'output', pipeline: parsePipeline(tokens), start }
    }
  }

  /** A block whose `end` is taken, too. */
  #closed(): Block {
    const block = this.block()
    this.#at++
    return block
  }

  #branch(kind: 'if' | 'with' | 'range', tokens: readonly Token[]): Node {
    const pipeline = parsePipeline(tokens)
    const { nodes, closing } = this.#closed()
    if (closing === undefined || keyword(closing) === 'end') return { kind, pipeline, body: nodes, otherwise: [] }
    const [, next, ...rest] = closing.tokens
    // `else if` and `else with` share the `end` of the first.
    if (next?.text === 'if' || next?.text === 'with') return { kind, pipeline, body: nodes, otherwise: [this.#branch(next.text, rest)] }
    return { kind, pipeline, body: nodes, otherwise: this.#closed().nodes }
  }
}

const keyword = ({ tokens }: Action): string | undefined => (tokens[0]?.kind === 'word' ? tokens[0].text : undefined)

function parsePipeline(tokens: readonly Token[]): Pipeline {
  const cursor = { tokens, at: 0 }
  const declares: string[] = []
  const assigns = tokens.findIndex(({ kind, text }) => kind === 'mark' && (text === ':=' || text === '='))
  if (assigns > 0 && tokens.slice(0, assigns).every(({ kind, text }) => kind === 'variable' || text === ',')) {
    declares.push(...tokens.slice(0, assigns).flatMap(({ kind, text }) => (kind === 'variable' ? [text] : [])))
    cursor.at = assigns + 1
  }
  return { declares, commands: commandsFrom(cursor) }
}

interface Cursor {
  readonly tokens: readonly Token[]
  at: number
}

/** Commands up to the closing bracket, which is taken, or the end. */
function commandsFrom(cursor: Cursor): Operand[][] {
  const commands: Operand[][] = [[]]
  for (;;) {
    const token = cursor.tokens[cursor.at]
    if (token === undefined) return commands
    cursor.at++
    if (token.kind === 'mark') {
      if (token.text === ')') return commands
      if (token.text === '|') commands.push([])
      else if (token.text === '(') commands.at(-1)?.push(chain({ kind: 'group', pipeline: { declares: [], commands: commandsFrom(cursor) } }, token, cursor))
      continue
    }
    commands.at(-1)?.push(operand(token, cursor))
  }
}

function operand(token: Token, cursor: Cursor): Operand {
  const { kind, text, start, end } = token
  switch (kind) {
    case 'field':
      return chain({ kind: 'dot' }, token, cursor, [{ name: text, start, end }])
    case 'dot':
      return chain({ kind: 'dot' }, token, cursor)
    case 'variable':
      return chain({ kind: 'variable', name: text }, token, cursor)
    case 'string':
      return { kind: 'text', text, start, end }
    case 'word':
      return text === 'true' || text === 'false' || text === 'nil' ? { kind: 'literal', text } : { kind: 'function', name: text }
    default:
      return { kind: 'literal', text }
  }
}

/** A base with the fields that stand directly behind it. */
function chain(base: Base, { start, end }: Token, cursor: Cursor, first: readonly Field[] = []): Operand {
  const fields = [...first]
  for (;;) {
    const token = cursor.tokens[cursor.at]
    if (token?.kind !== 'field' || !token.adjoins) return { kind: 'chain', base, fields, start, end }
    fields.push({ name: token.text, start: token.start, end: token.end })
    cursor.at++
  }
}
