import type { CodeEntry } from './entry.ts'

export const agentCodes = {} as const satisfies Record<string, CodeEntry>
