/** What the sandbox does right now. `part` names what is worked on, `left` is in seconds and only where it is measured. */
export interface SandboxProgress {
  part: string
  sentence: string
  done?: number
  total?: number
  left?: number
}

export type Tell = (progress: SandboxProgress) => void
