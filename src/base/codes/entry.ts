/**
 * What a code means, for docs/codes.md and for exit codes.
 * `exit`: tens digit = layer (1 tools and environment, 2 images, 3 chart and values, 4 cluster and API, 5 workloads, 6 storage, 7 screens, 8 snapshots),
 * unit digit = kind (1 conflict, 2 time-out, 3 not running, 5 not found, 6 unsupported, 7 permission, 8 configuration, 9 unavailable, 0 mixed);
 * 2 = usage, 130 = cancelled.
 */
export interface CodeEntry {
  exit: number
  /** A short heading, in a person's words. */
  title: string
  /** One to three sentences: when it appears, what causes it, what to do. Markdown. */
  explain: string
}
