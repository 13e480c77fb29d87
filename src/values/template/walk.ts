import type { ValuePath } from '../types.ts'
import { anyEntry, either, type Meaning, type Mention, meaningKey } from './mention.ts'
import type { Field, Node, Operand, ParsedTemplate, Pipeline } from './parser.ts'

/** How the surrounding of an expression uses it. `pass`: handed on, to a variable, a named template or a dict. */
interface Mode {
  readonly use: 'pass' | 'test' | 'read'
  readonly guarded: boolean
  readonly turnsFalse?: boolean
}

const pass: Mode = { use: 'pass', guarded: false }
const test: Mode = { use: 'test', guarded: true }
const read: Mode = { use: 'read', guarded: false }

/** An expression as a call with all its arguments; what came over a pipe is the last one. */
type Expression = Exclude<Operand, { kind: 'function' }> | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }

interface Scope {
  readonly file: string
  readonly dot: Meaning
  /** What `$` is: the dot with which the template began. */
  readonly root: Meaning
  readonly variables: Map<string, Meaning>
  /** Paths that an `if` or `with` around has asked for. */
  readonly asked: readonly ValuePath[]
}

export interface Walked {
  readonly mentions: readonly Mention[]
  /** True when a template that is not there is handed all values: then nobody knows what is read. */
  readonly opaque: boolean
}

/** Follows the values through the templates of a chart: dots, variables, `with`, `range`, `include`, `dict`. */
export function walkTemplates(templates: readonly ParsedTemplate[]): Walked {
  const walker = new Walker(templates)
  for (const { file, body } of templates) walker.nodes(body, scopeOf(file, { kind: 'root' }))
  // Named templates that nothing includes are mostly meant for the whole context.
  for (const template of templates) for (const name of template.defines.keys()) if (!walker.included.has(name)) walker.include(name, { kind: 'root' }, [])
  return walker
}

const scopeOf = (file: string, dot: Meaning, asked: readonly ValuePath[] = []): Scope => ({ file, dot, root: dot, variables: new Map(), asked })

class Walker implements Walked {
  opaque = false
  readonly included = new Set<string>()
  readonly #mentions = new Map<string, Mention>()
  readonly #defines = new Map<string, { file: string; body: readonly Node[] }>()
  readonly #walked = new Set<string>()

  constructor(templates: readonly ParsedTemplate[]) {
    for (const { file, defines } of templates) for (const [name, body] of defines) this.#defines.set(name, { file, body })
  }

  get mentions(): readonly Mention[] {
    return [...this.#mentions.values()]
  }

  nodes(nodes: readonly Node[], scope: Scope): void {
    for (const node of nodes) this.#node(node, scope)
  }

  #node(node: Node, scope: Scope): void {
    switch (node.kind) {
      case 'output': {
        const { declares } = node.pipeline
        const meaning = this.#pipeline(node.pipeline, declares.length > 0 ? pass : read, scope)
        for (const name of declares) scope.variables.set(name, meaning)
        return
      }
      case 'template':
        this.include(node.name, this.#pipeline(node.pipeline, pass, scope), scope.asked)
        return
      default:
        this.#branch(node, scope)
    }
  }

  #branch(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, scope: Scope): void {
    const { kind, pipeline, body, otherwise } = node
    const before = this.#mentions.size
    const meaning = this.#pipeline(pipeline, kind === 'range' ? { use: 'read', guarded: true } : test, scope)
    const asked = [...scope.asked, ...[...this.#mentions.values()].slice(before).map(({ path }) => path), ...pathsOf(meaning)]
    const inner: Scope = { ...scope, asked, variables: new Map(scope.variables) }
    if (kind === 'range') {
      const element = entryOf(meaning)
      const { declares } = pipeline
      const last = declares.at(-1)
      if (last !== undefined) inner.variables.set(last, element)
      if (declares.length > 1) inner.variables.set(declares[0] ?? '', undefined)
      this.nodes(body, { ...inner, dot: element })
    } else {
      for (const name of pipeline.declares) inner.variables.set(name, meaning)
      this.nodes(body, kind === 'with' ? { ...inner, dot: meaning } : inner)
    }
    this.nodes(otherwise, { ...scope, variables: new Map(scope.variables) })
    // An assignment within a branch changes the variable outside; what it was stays possible.
    for (const [name, was] of scope.variables) {
      const is = inner.variables.get(name)
      if (meaningKey(is) !== meaningKey(was) && !pipeline.declares.includes(name)) scope.variables.set(name, either(was, is))
    }
  }

  #pipeline({ commands }: Pipeline, mode: Mode, scope: Scope): Meaning {
    let piped: Expression | undefined
    for (const command of commands) piped = expression(command, piped) ?? piped
    return piped === undefined ? undefined : this.#evaluate(piped, mode, scope)
  }

  #evaluate(it: Expression, mode: Mode, scope: Scope): Meaning {
    switch (it.kind) {
      case 'literal':
        return undefined
      case 'text':
        return { kind: 'text', text: it.text }
      case 'chain':
        return this.#chain(it, mode, scope)
      case 'call':
        return this.#call(it.name, it.args, mode, scope)
    }
  }

  #chain({ base, fields, start, end }: Extract<Operand, { kind: 'chain' }>, mode: Mode, scope: Scope): Meaning {
    const of =
      base.kind === 'dot'
        ? scope.dot
        : base.kind === 'group'
          ? this.#pipeline(base.pipeline, fields.length > 0 ? { ...mode, use: 'pass' } : mode, scope)
          : base.name === ''
            ? scope.root
            : scope.variables.get(base.name)
    if (fields.length === 0) {
      if (base.kind !== 'group') for (const path of pathsOf(of)) this.#record(path, { start, end }, mode, scope, false)
      return of
    }
    return this.#descend(of, fields, mode, scope)
  }

  #descend(of: Meaning, fields: readonly Field[], mode: Mode, scope: Scope): Meaning {
    const [field, ...rest] = fields
    if (field === undefined) return of
    const here = this.#step(of, field, rest.length === 0 ? mode : undefined, scope)
    return this.#descend(here, rest, mode, scope)
  }

  /** The entry `field` of a meaning, recorded as read by `mode`; without one it is a step to what is below. */
  #step(of: Meaning, field: Field, mode: Mode | undefined, scope: Scope): Meaning {
    switch (of?.kind) {
      case 'root':
        return field.name === 'Values' ? { kind: 'values', path: [] } : undefined
      case 'values': {
        if (of.path.length >= deepestPath) return undefined
        const path = [...of.path, field.name]
        this.#record(path, field, mode ?? pass, scope, true)
        return { kind: 'values', path }
      }
      case 'dict': {
        const entry = of.entries.get(field.name)
        if (mode !== undefined) for (const path of pathsOf(entry)) this.#record(path, field, mode, scope, false)
        return entry
      }
      case 'either':
        return either(...of.meanings.map((one) => this.#step(one, field, mode, scope)))
      default:
        return undefined
    }
  }

  #record(path: ValuePath, { start, end }: { start: number; end: number }, mode: Mode, scope: Scope, spelt: boolean): void {
    const guarded = mode.guarded || scope.asked.some((asked) => asked.length > 0 && asked.every((key, index) => key === path[index]))
    const use = mode.use === 'pass' ? 'step' : mode.use
    const key = `${scope.file}\0${start}\0${use}\0${JSON.stringify(path)}`
    const known = this.#mentions.get(key)
    this.#mentions.set(key, {
      path,
      file: scope.file,
      range: { start, end },
      use,
      spelt,
      guarded: guarded && (known?.guarded ?? true),
      turnsFalse: mode.turnsFalse === true || known?.turnsFalse === true,
    })
  }

  #call(name: string, args: readonly Expression[], mode: Mode, scope: Scope): Meaning {
    const each = (how: Mode, from: readonly Expression[] = args): Meaning[] => from.map((arg) => this.#evaluate(arg, how, scope))
    switch (name) {
      case 'default': {
        const [fallback, given] = args
        if (given === undefined) return either(...each(mode))
        const other = fallback === undefined ? undefined : this.#evaluate(fallback, { ...mode, guarded: true }, scope)
        const turnsFalse = fallback?.kind === 'literal' && fallback.text === 'true'
        return either(this.#evaluate(given, { ...mode, guarded: true, turnsFalse }, scope), other)
      }
      case 'coalesce':
      case 'or':
      case 'and':
        return either(...each({ ...mode, guarded: true }))
      case 'required':
        return either(...each({ ...mode, guarded: true }, args.slice(1)))
      case 'ternary':
        each(test, args.slice(2))
        return either(...each(mode, args.slice(0, 2)))
      case 'not':
      case 'empty':
        each(test)
        return undefined
      case 'index':
        return this.#entries(args, mode, scope)
      case 'get':
        return this.#entries(args, { ...mode, guarded: true }, scope)
      case 'hasKey':
        this.#entries(args, test, scope)
        return undefined
      case 'dig': {
        const of = args.at(-1)
        return of === undefined ? undefined : this.#entries([of, ...args.slice(0, -2)], { ...mode, guarded: true }, scope)
      }
      case 'dict':
        return this.#dict(args, mode, scope)
      case 'deepCopy':
      case 'merge':
      case 'mergeOverwrite':
      case 'mustMerge':
      case 'mustMergeOverwrite':
        return either(...each(mode))
      case 'set':
        each(pass, args.slice(0, 1))
        each(read, args.slice(2))
        return undefined
      case 'include':
      case 'template': {
        const [of, context] = args
        if (of?.kind === 'text') this.include(of.text, context === undefined ? undefined : this.#evaluate(context, pass, scope), scope.asked)
        else this.#handToUnknown(each(read))
        return undefined
      }
      default:
        each(read)
        return undefined
    }
  }

  /** The entry of the first argument whose keys are the others. A key that is no constant may be any. */
  #entries(args: readonly Expression[], mode: Mode, scope: Scope): Meaning {
    const [of, ...keys] = args
    if (of === undefined) return undefined
    let meaning = this.#evaluate(of, { ...mode, use: 'pass' }, scope)
    for (const [index, key] of keys.entries()) {
      const last = index === keys.length - 1
      if (key.kind === 'text') meaning = this.#step(meaning, { name: key.text, start: key.start, end: key.end }, last ? mode : undefined, scope)
      else {
        const named = this.#evaluate(key, read, scope)
        const inside = pathsOf(meaning)
        if (named?.kind === 'text') meaning = either(...inside.map((path): Meaning => ({ kind: 'values', path: [...path, named.text] })))
        else meaning = entryOf(meaning)
        for (const path of pathsOf(meaning)) this.#record(path, of.kind === 'chain' ? of : { start: 0, end: 0 }, last ? mode : pass, scope, false)
      }
    }
    return meaning
  }

  #dict(args: readonly Expression[], mode: Mode, scope: Scope): Meaning {
    const entries = new Map<string, Meaning>()
    for (let index = 0; index + 1 < args.length; index += 2) {
      const [key, value] = args.slice(index, index + 2) as [Expression, Expression]
      const meaning = this.#evaluate(value, mode, scope)
      if (key.kind === 'text') entries.set(key.text, meaning)
    }
    const depth = 1 + Math.max(0, ...[...entries.values()].map((entry) => (entry?.kind === 'dict' ? entry.depth : 0)))
    return depth > deepestDict ? undefined : { kind: 'dict', entries, depth }
  }

  /** Walks a named template with what it is handed; each only once for the same meaning. */
  include(name: string, dot: Meaning, asked: readonly ValuePath[]): void {
    this.included.add(name)
    const define = this.#defines.get(name)
    if (define === undefined) {
      this.#handToUnknown([dot])
      return
    }
    const key = `${name}\0${meaningKey(dot)}\0${JSON.stringify(asked)}`
    if (this.#walked.has(key) || this.#walked.size >= maxWalks) return
    this.#walked.add(key)
    this.nodes(define.body, scopeOf(define.file, dot, asked))
  }

  #handToUnknown(meanings: readonly Meaning[]): void {
    for (const meaning of meanings) {
      if (meaning?.kind === 'root') this.opaque = true
      for (const path of pathsOf(meaning))
        this.#record(path, { start: 0, end: 0 }, read, { file: '', dot: undefined, root: undefined, variables: new Map(), asked: [] }, false)
      if (meaning?.kind === 'dict') this.#handToUnknown([...meaning.entries.values()])
    }
  }
}

/** Named templates that hand on ever new dicts would be walked for ever. */
const maxWalks = 5000
const deepestDict = 6
const deepestPath = 20

function expression(command: readonly Operand[], piped: Expression | undefined): Expression | undefined {
  const [head, ...rest] = command
  if (head === undefined) return undefined
  if (head.kind !== 'function') return head
  const args = rest.flatMap((operand): Expression[] => [operand.kind === 'function' ? { kind: 'call', name: operand.name, args: [] } : operand])
  return { kind: 'call', name: head.name, args: piped === undefined ? args : [...args, piped] }
}

function pathsOf(meaning: Meaning): ValuePath[] {
  if (meaning?.kind === 'values') return [meaning.path]
  return meaning?.kind === 'either' ? meaning.meanings.flatMap(pathsOf) : []
}

function entryOf(meaning: Meaning): Meaning {
  return either(...pathsOf(meaning).flatMap((path): Meaning[] => (path.length < deepestPath ? [{ kind: 'values', path: [...path, anyEntry] }] : [])))
}
