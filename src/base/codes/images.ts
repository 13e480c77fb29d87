import type { CodeEntry } from './entry.ts'

export const imagesCodes = {} as const satisfies Record<string, CodeEntry>
