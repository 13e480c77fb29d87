import { readdirSync, readFileSync } from 'node:fs'

export interface Process {
  pid: number
  command: string
}

/** The variable that every process of one test run inherits, so that what is left over is told from other people's processes. */
export const markName = 'LOCO_TEST_EDITOR'

/** Every live process whose environment carries the mark. */
export function marked(mark: string): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`${markName}=${mark}`)) return []
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return []
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() }]
      } catch {
        return [] // It has ended meanwhile.
      }
    })
}
