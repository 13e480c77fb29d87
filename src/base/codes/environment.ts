import type { CodeEntry } from './entry.ts'

export const environmentCodes = {} as const satisfies Record<string, CodeEntry>
