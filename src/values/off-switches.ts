import { lineOf } from './syntax.ts'
import type { Problem } from './types.ts'

/** What the comments of a file switch off: codes as they are written, `LOCO-ST-08` or `ST-08`; none named: all. */
interface Switch {
  /** The line it acts on, from 1; undefined: the whole file. */
  readonly line: number | undefined
  hides(problem: Problem): boolean
}

const comment = /^[^\S\r\n]*#[^\S\r\n]*(loco-disable-next-line|loco-disable-file|yaml-language-server-disable)(?![\w-])[^\S\r\n]*([^\r\n]*)/gm

/**
 * Takes away what comments switch off: `# loco-disable-next-line CODE …`, `# loco-disable-file CODE …`,
 * and the comment of yaml-language-server, which acts on the next line and may name parts of messages.
 */
export function withoutDisabled(text: string, problems: readonly Problem[]): Problem[] {
  const switches = [...text.matchAll(comment)].map((match): Switch => {
    const [, word = '', rest = ''] = match
    const named = rest.split(word === 'yaml-language-server-disable' ? ',' : /[\s,]+/).flatMap((name) => name.trim() || [])
    const line = word === 'loco-disable-file' ? undefined : nextLine(text, match.index)
    if (word === 'yaml-language-server-disable')
      return { line, hides: ({ message }) => named.length === 0 || named.some((part) => message.toLowerCase().includes(part.toLowerCase())) }
    // Words behind the codes are a reason, for people.
    const codes = named.map(fullCode).filter((code) => code !== undefined)
    return { line, hides: ({ code }) => codes.length === 0 || codes.includes(code) }
  })
  if (switches.length === 0) return [...problems]
  return problems.filter((problem) => {
    const line = lineOf(text, problem.range.start)
    return !switches.some((one) => (one.line === undefined || one.line === line) && one.hides(problem))
  })
}

/** The first line below a comment that is neither empty nor a comment, so that several comments can stand above one line. */
function nextLine(text: string, offset: number): number {
  const lines = text.slice(offset).split('\n')
  const further = lines.slice(1).findIndex((line) => !/^\s*(?:#.*)?$/.test(line))
  return lineOf(text, offset) + (further === -1 ? 0 : further + 1)
}

const fullCode = (name: string): string | undefined => {
  const [, area, number] = /^(?:LOCO-)?(ST|VA)-(\d+)$/i.exec(name) ?? []
  return area === undefined || number === undefined ? undefined : `LOCO-${area.toUpperCase()}-${number}`
}
