import type { CodeEntry } from './entry.ts'

export const chartCodes = {} as const satisfies Record<string, CodeEntry>
