/** Where a build or a transfer stands. Steps are counted by `done` of `total`, bytes too; `left` is seconds, only where measured. */
export interface ImageProgress {
  sentence: string
  done?: number
  total?: number
  left?: number
}

/** Who wants to hear. `log` gets single lines of the engine's own words. */
export interface ImageListener {
  progress?: (progress: ImageProgress) => void
  log?: (line: string) => void
}
