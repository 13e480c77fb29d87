import { rename, stat, writeFile } from 'node:fs/promises'
import { t } from '@vscode/l10n'
import { LocoError } from '../../base/error.ts'
import { applied } from '../../values/edit.ts'
import { LineMap } from '../../values/line-map.ts'
import type { Edit } from '../../values/types.ts'

/** Writes a file whole or not at all, with the rights that it has. @throws LOCO-CHT-015 when it cannot be written */
export async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.loco-${process.pid}`
  try {
    await writeFile(beside, text, { mode: (await stat(file)).mode })
    await rename(beside, file)
  } catch (error) {
    throw new LocoError('LOCO-CHT-015', {
      what: t`The values file ${file} cannot be written.`,
      why: t`The system says: ${(error as Error).message}`,
      cause: error,
    })
  }
}

/** What edits of one file change, as the lines before and after them, each group under the place where it begins. */
export function editsText(name: string, text: string, edits: readonly Edit[]): string {
  const lines = new LineMap(text)
  return blocksOf(lines, edits)
    .map(({ first, last, edits: parts }) => {
      const start = lines.offset({ line: first, column: 1 }) ?? 0
      const end =
        start +
        text
          .slice(start)
          .split('\n', last - first + 1)
          .join('\n').length
      const shifted = parts.map((edit) => ({ ...edit, range: { start: edit.range.start - start, end: edit.range.end - start } }))
      const [before, after] = [text.slice(start, end), applied(text.slice(start, end), shifted)].map((block) => block.split(/\r?\n/)) as [string[], string[]]
      const head = before.findIndex((line, index) => line !== after[index])
      const same = head === -1 ? Math.min(before.length, after.length) : head
      let tail = 0
      while (tail < Math.min(before.length, after.length) - same && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
      const changed = (sign: string, of: string[]): string[] => of.slice(same, of.length - tail).map((line) => `${sign} ${line}`.trimEnd())
      return [`${name}:${first + same}`, ...changed('-', before), ...changed('+', after)].map((line) => `${line}\n`).join('')
    })
    .join('')
}

/** Edits on the same or neighbouring lines, with the lines that they touch. */
function blocksOf(lines: LineMap, edits: readonly Edit[]): { first: number; last: number; edits: Edit[] }[] {
  const blocks: { first: number; last: number; edits: Edit[] }[] = []
  for (const edit of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    const { start, end } = lines.span(edit.range)
    const block = blocks.at(-1)
    if (block === undefined || start.line > block.last) blocks.push({ first: start.line, last: end.line, edits: [edit] })
    else blocks[blocks.length - 1] = { first: block.first, last: Math.max(block.last, end.line), edits: [...block.edits, edit] }
  }
  return blocks
}
