import { t } from '@vscode/l10n'
import { actionsCodes } from './codes/actions.ts'
import { agentCodes } from './codes/agent.ts'
import { chartCodes } from './codes/chart.ts'
import { clusterCodes } from './codes/cluster.ts'
import type { CodeEntry } from './codes/entry.ts'
import { environmentCodes } from './codes/environment.ts'
import { imagesCodes } from './codes/images.ts'
import { operationsCodes } from './codes/operations.ts'
import { sandboxCodes } from './codes/sandbox.ts'
import { screenTabCodes } from './codes/screen-tab.ts'
import { screensCodes } from './codes/screens.ts'
import { storageCodes } from './codes/storage.ts'
import { usageCodes } from './codes/usage.ts'
import { valuesCodes } from './codes/values.ts'
import { workloadsCodes } from './codes/workloads.ts'

/** Every code that a person can meet, once. Published for ever: a code never changes its meaning. */
export const codes = {
  ...environmentCodes,
  ...sandboxCodes,
  ...imagesCodes,
  ...chartCodes,
  ...clusterCodes,
  ...workloadsCodes,
  ...storageCodes,
  ...operationsCodes,
  ...agentCodes,
  ...actionsCodes,
  ...screensCodes,
  ...screenTabCodes,
  ...usageCodes,
  ...valuesCodes,
} as const

export type LocoCode = keyof typeof codes

/** True for a text that is one of our codes (text from outside, such as an agent's answer). */
export function isLocoCode(text: string): text is LocoCode {
  return Object.hasOwn(codes, text)
}

/** The heading of a code in the language of the person. */
export function titleOf(code: LocoCode): string {
  return t(codes[code].title)
}

/** The entry of a code, in English. */
export function entryOf(code: LocoCode): CodeEntry {
  return codes[code]
}
