import type { TextRange } from './types.ts'

/** Where somebody types within `{}` or `[]`. */
export interface FlowCursor {
  readonly part: 'key' | 'value' | 'item'
  /** From the outermost bracket. */
  readonly path: readonly (string | number)[]
  readonly range: TextRange
  readonly quote: '' | '"' | "'"
  readonly hasColon: boolean
  readonly needsBlank: boolean
  readonly present: ReadonlySet<string>
}

interface Level {
  readonly map: boolean
  key: string | undefined
  index: number
  readonly keys: Set<string>
}

interface Token {
  readonly kind: '{' | '}' | '[' | ']' | ',' | ':' | 'word' | 'quoted'
  readonly start: number
  readonly end: number
}

/** Reads from the bracket at `from` to an offset, and on to the end of the map in which the offset is. Undefined behind the last bracket, or within a comment. */
export function flowCursor(text: string, from: number, offset: number): FlowCursor | undefined {
  const levels: Level[] = []
  let found: Omit<FlowCursor, 'present'> | undefined
  let level: Level | undefined
  let foundIn: Level | undefined
  let last: Token | undefined
  const settle = (token: Token | undefined, next: Token | undefined): void => {
    if (found !== undefined || level === undefined) return
    const word = token !== undefined && (token.kind === 'word' || token.kind === 'quoted') && token.start <= offset ? token : undefined
    const quote = word?.kind === 'quoted' ? ((text[word.start] ?? '') as '"' | "'") : ''
    const closed = quote !== '' && word !== undefined && word.end - word.start > 1 && text[word.end - 1] === quote
    const range = word === undefined ? { start: offset, end: offset } : { start: word.start + (quote === '' ? 0 : 1), end: word.end - (closed ? 1 : 0) }
    const above = levels.slice(0, -1).map((one) => one.key ?? one.index)
    const isKey = level.map && level.key === undefined
    const path = isKey ? above : [...above, level.map ? (level.key ?? '') : level.index]
    found = {
      part: isKey ? 'key' : level.map ? 'value' : 'item',
      path,
      range,
      quote,
      hasColon: isKey && next?.kind === ':',
      needsBlank: !isKey && last?.kind === ':' && last.end === offset && word === undefined,
    }
    foundIn = level
  }
  for (const token of tokens(text, from)) {
    if (found === undefined && token.start >= offset && !(token.start === offset && (token.kind === 'word' || token.kind === 'quoted'))) settle(last, token)
    if (found === undefined && (token.kind === 'word' || token.kind === 'quoted') && token.start <= offset && offset <= token.end) {
      const next = nextToken(text, token.end)
      settle(token, next)
    }
    switch (token.kind) {
      case '{':
      case '[':
        level = { map: token.kind === '{', key: undefined, index: 0, keys: new Set() }
        levels.push(level)
        break
      case '}':
      case ']':
        if (levels.length <= 1 || (found !== undefined && level === foundIn)) return finished()
        levels.pop()
        level = levels.at(-1)
        break
      case ',':
        if (level !== undefined) {
          level.key = undefined
          level.index += 1
        }
        break
      case ':':
        break
      default:
        if (level?.map === true && level.key === undefined && nextToken(text, token.end)?.kind === ':') {
          const name = token.kind === 'quoted' ? text.slice(token.start + 1, token.end - 1) : text.slice(token.start, token.end)
          const typed = found !== undefined && found.part === 'key' && foundIn === level && found.range.end >= token.start && found.range.start <= token.end
          if (!typed) level.keys.add(name)
          level.key = name
        }
    }
    last = token
  }
  settle(last, undefined)
  return finished()

  function finished(): FlowCursor | undefined {
    return found === undefined || foundIn === undefined ? undefined : { ...found, present: foundIn.keys }
  }
}

function* tokens(text: string, from: number): Generator<Token> {
  // A map in braces that is longer than this is not typed by a person.
  const end = Math.min(text.length, from + 100_000)
  for (let at = from; at < end; ) {
    const token = nextToken(text, at)
    if (token === undefined) return
    yield token
    at = token.end
  }
}

function nextToken(text: string, from: number): Token | undefined {
  let start = from
  for (;;) {
    while (start < text.length && /\s/.test(text[start] ?? '')) start += 1
    if (text[start] !== '#' || !/\s/.test(text[start - 1] ?? ' ')) break
    const newline = text.indexOf('\n', start)
    if (newline === -1) return undefined
    start = newline + 1
  }
  const sign = text[start]
  if (sign === undefined) return undefined
  if (sign === '{' || sign === '}' || sign === '[' || sign === ']' || sign === ',') return { kind: sign, start, end: start + 1 }
  if (sign === ':' && /^(?:[\s,[\]{}]|$)/.test(text.slice(start + 1, start + 2))) return { kind: ':', start, end: start + 1 }
  if (sign === '"' || sign === "'") {
    const close = /^(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')/.exec(text.slice(start, start + 2000))
    const length = close?.[0].length ?? /^.[^\n,\]}]*/.exec(text.slice(start, start + 2000))?.[0].length ?? 1
    const end = start + length
    return { kind: 'quoted', start, end }
  }
  let end = start + 1
  while (end < text.length && !/[,[\]{}\n\r]/.test(text[end] ?? '')) {
    if (text[end] === ':' && /^(?:[\s,[\]{}]|$)/.test(text.slice(end + 1, end + 2))) break
    if (text[end] === '#' && /\s/.test(text[end - 1] ?? '')) break
    end += 1
  }
  while (end > start + 1 && /\s/.test(text[end - 1] ?? '')) end -= 1
  return { kind: 'word', start, end }
}
