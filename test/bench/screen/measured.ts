import { type Figure, quantile } from '../figure.ts'

/** What one way to a screen gave, over all rounds. */
export interface Measured {
  fps: number[]
  keys: number[]
}

/** Both ways side by side, as figures. `away` is milliseconds there and back. */
export function compared(away: number, theirs: Measured, own: Measured, conditions: string): Figure[] {
  const where = away === 0 ? 'near' : `${away} ms away there and back`
  const [rate, median, late] = away === 0 ? ['≥ 1.0×', '≤ 1.25×', '≤ 1.0×'] : ['≥ 3×', '–', '–']
  const ratio = (q: number): number => quantile(own.keys, q) / quantile(theirs.keys, q)
  const figure = (what: string, unit: Figure['unit'], samples: number[], wanted = '(beside it)'): Figure => ({
    what: `${what}, ${where}`,
    unit,
    samples,
    wanted,
    conditions,
  })
  return [
    figure('frames seen, noVNC over a plain relay', 'fps', theirs.fps),
    figure('frames seen, our session', 'fps', own.fps),
    figure('frames seen, ours to plain', '×', [quantile(own.fps, 0.5) / quantile(theirs.fps, 0.5)], rate),
    figure('key → pixel, noVNC over a plain relay', 'ms', theirs.keys),
    figure('key → pixel, our session', 'ms', own.keys),
    figure('key → pixel, ours to plain at p50', '×', [ratio(0.5)], median),
    figure('key → pixel, ours to plain at p95', '×', [ratio(0.95)], late),
  ]
}
