import type { CodeEntry } from './entry.ts'

export const workloadsCodes = {} as const satisfies Record<string, CodeEntry>
