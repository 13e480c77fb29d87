import type { CodeEntry } from './entry.ts'

export const screensCodes = {} as const satisfies Record<string, CodeEntry>
