/** One measured figure: what, its samples with their unit, and under which conditions. */
export interface Figure {
  what: string
  unit: 's' | 'ms' | 'MiB' | 'B' | 'of' | 'fps' | 'B/s' | '×'
  samples: number[]
  /** What was asked for, for the table only: the bench passes no judgement. */
  wanted: string
  conditions: string
}

export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

const text = (value: number): string => (Number.isInteger(value) ? String(value) : value < 10 ? value.toFixed(2) : value.toFixed(1))

/** Figures as the Markdown table that docs/bench.md shows. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, unit, samples, wanted, conditions }) => {
    const [least, median, most] = [Math.min(...samples), quantile(samples, 0.5), Math.max(...samples)]
    const value = samples.length === 1 ? text(median) : `${text(median)} (${text(least)} to ${text(most)}, n = ${samples.length})`
    return `| ${what} | ${value} ${unit} | ${wanted} | ${conditions} |`
  })
  return ['| what | median (least to most) | wanted | conditions |', '|---|---|---|---|', ...rows, ''].join('\n')
}
