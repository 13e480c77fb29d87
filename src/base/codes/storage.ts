import type { CodeEntry } from './entry.ts'

export const storageCodes = {} as const satisfies Record<string, CodeEntry>
