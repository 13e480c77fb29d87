import { readFileSync } from 'node:fs'

export interface ProcessUsage {
  /** Seconds of processor time since the process began. */
  cpuSeconds: number
  /** Bytes in memory. */
  resident: number
}

/** Linux counts processor time for /proc in hundredths of a second on every architecture we build for. */
const ticksPerSecond = 100

/** `/proc/<pid>/stat` as usage; the name in parentheses may hold spaces. Undefined when the text is something else. */
export function parseStat(stat: string, pageSize = 4096): ProcessUsage | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user, system, pages] = [Number(fields[11]), Number(fields[12]), Number(fields[21])]
  if (!Number.isFinite(user + system + pages)) return undefined
  return { cpuSeconds: (user + system) / ticksPerSecond, resident: pages * pageSize }
}

/** Usage of a process; undefined when it is gone. */
export function usageOf(pid: number): ProcessUsage | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return undefined
  }
}

/** Percent of one processor that was used between two asks; null for the first. Two asks within a second get the same figure. */
export class CpuMeter {
  #last: { at: number; cpuSeconds: number } | undefined
  #percent: number | null = null

  percent(now: number, usage: ProcessUsage | undefined): number | null {
    if (usage === undefined) return null
    if (this.#last === undefined) this.#last = { at: now, cpuSeconds: usage.cpuSeconds }
    const elapsed = (now - this.#last.at) / 1000
    if (elapsed < 1) return this.#percent
    this.#percent = Math.round(((usage.cpuSeconds - this.#last.cpuSeconds) / elapsed) * 1000) / 10
    this.#last = { at: now, cpuSeconds: usage.cpuSeconds }
    return this.#percent
  }
}
