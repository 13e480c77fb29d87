/** A word of an action of a Go template. Offsets count in the template's text. */
export interface Token {
  /** `field`: `.name` (its offsets are those of the name); `dot`: a `.` alone; `variable`: `$` or `$name`. */
  readonly kind: 'word' | 'field' | 'dot' | 'variable' | 'string' | 'number' | 'mark'
  /** The name of a field or variable, the content of a string, else as written. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** True where nothing stands between this token and the one before. */
  readonly adjoins: boolean
}

export interface Action {
  readonly start: number
  readonly end: number
  readonly tokens: readonly Token[]
}

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'/y],
  ['field', /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ['variable', /\$[\p{L}\p{N}_]*/uy],
  ['number', /[+-]?(?:\d[\w.]*|\.\d+)/y],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['dot', /\./y],
  ['mark', /:=|[=|(),]/y],
]

/** The actions (`{{ … }}`) of a template in order, comments left out. Text that is no template gives none; a broken action ends where the next begins. */
export function actionsOf(text: string): Action[] {
  const actions: Action[] = []
  let at = 0
  for (;;) {
    const start = text.indexOf('{{', at)
    if (start === -1) return actions
    const inner = /^-[\s]/.test(text.slice(start + 2, start + 4)) ? start + 3 : start + 2
    const comment = /\s*\/\*/y
    comment.lastIndex = inner
    if (comment.test(text)) {
      const end = text.indexOf('*/', inner)
      if (end === -1) return actions
      at = end + 2
      continue
    }
    const { tokens, end } = tokensFrom(text, inner)
    actions.push({ start, end, tokens })
    at = end
  }
}

function tokensFrom(text: string, from: number): { tokens: Token[]; end: number } {
  const tokens: Token[] = []
  let at = from
  let lastEnd = -1
  while (at < text.length) {
    if (text.startsWith('}}', at)) return { tokens, end: at + 2 }
    if (text.startsWith('{{', at)) return { tokens, end: at }
    const found = matchAt(text, at)
    if (found === undefined) {
      at++
      continue
    }
    const [kind, written] = found
    tokens.push(tokenOf(kind, written, at, lastEnd === at))
    at += written.length
    lastEnd = at
  }
  return { tokens, end: at }
}

function matchAt(text: string, at: number): [Token['kind'], string] | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at
    const written = pattern.exec(text)?.[0]
    if (written !== undefined) return [kind, written]
  }
  return undefined
}

function tokenOf(kind: Token['kind'], written: string, start: number, adjoins: boolean): Token {
  const end = start + written.length
  if (kind === 'field') return { kind, text: written.slice(1), start: start + 1, end, adjoins }
  if (kind === 'variable') return { kind, text: written.slice(1), start, end, adjoins }
  if (kind === 'string') return { kind, text: written.slice(1, -1), start: start + 1, end: end - 1, adjoins }
  return { kind, text: written, start, end, adjoins }
}
