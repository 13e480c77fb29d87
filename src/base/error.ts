import { t } from '@vscode/l10n'
import { entryOf, type LocoCode } from './codes.ts'

export interface LocoErrorDetails {
  /** What happened, one sentence with the names in it. */
  what: string
  /** Why, one sentence; left out when what says it. */
  why?: string
  /** What to do, best first; commands as they would be typed. */
  fix?: readonly string[]
  /** Raw words of the system that failed, kept for the report. */
  evidence?: readonly string[]
  cause?: unknown
}

/** The one error type that reaches a person. Nobody matches on its text; `code` says which error it is. */
export class LocoError extends Error {
  readonly code: LocoCode
  readonly what: string
  readonly why: string | undefined
  readonly fix: readonly string[]
  readonly evidence: readonly string[]

  constructor(code: LocoCode, details: LocoErrorDetails) {
    super(details.why === undefined ? details.what : `${details.what} ${details.why}`, { cause: details.cause })
    this.name = 'LocoError'
    this.code = code
    this.what = details.what
    this.why = details.why
    this.fix = details.fix ?? []
    this.evidence = details.evidence ?? []
  }

  /** The exit code of a process that ends with this error (docs/cli.md). */
  get exit(): number {
    return entryOf(this.code).exit
  }
}

/** Any thrown thing as a `LocoError`: ours as they are, an abort as cancelled, the rest as a defect with its text as evidence. */
export function asLocoError(error: unknown): LocoError {
  if (error instanceof LocoError) return error
  if (error instanceof Error && error.name === 'AbortError') return new LocoError('LOCO-USE-002', { what: t('Cancelled.'), cause: error })
  const text = error instanceof Error ? error.message : String(error)
  return new LocoError('LOCO-USE-003', { what: t('Something went wrong that Loco Cluster did not foresee.'), why: text, evidence: [text], cause: error })
}
