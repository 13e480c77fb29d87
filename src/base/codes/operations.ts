import type { CodeEntry } from './entry.ts'

export const operationsCodes = {} as const satisfies Record<string, CodeEntry>
