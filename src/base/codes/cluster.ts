import type { CodeEntry } from './entry.ts'

export const clusterCodes = {} as const satisfies Record<string, CodeEntry>
