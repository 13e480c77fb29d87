import { type LocoCode, titleOf } from '../base/codes.ts'
import type { LocoError } from '../base/error.ts'
import type { Finding } from '../contracts/fleet.ts'

/** An error as a finding. `code`: what it means here, where that differs from what it is (a broken way is an agent that cannot be reached). */
export function findingOfError(error: LocoError, severity: Finding['severity'], code: LocoCode = error.code): Finding {
  return { code, title: titleOf(code), cause: error.message, evidence: [...error.evidence], fix: [...error.fix], severity }
}
