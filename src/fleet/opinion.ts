import type { Finding, Stage, VerdictWord } from '../contracts/fleet.ts'

/** What is said of one emulator at one moment. */
export interface Opinion {
  verdict: VerdictWord
  /** Left out where it cannot be seen how far the guest is. */
  stage?: Stage | null
  /** One sentence why; no clock in it. */
  sentence: string
  findings: Finding[]
  /** ISO time since which it holds, where the source tells. */
  since?: string
}
