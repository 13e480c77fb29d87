import type { CodeEntry } from './entry.ts'

export const usageCodes = {
  'LOCO-USE-001': {
    exit: 2,
    title: 'Unknown command, flag or argument',
    explain: 'The words after `loco` are not understood. The message names the word and the nearest known one; `loco --help` lists all.',
  },
  'LOCO-USE-002': {
    exit: 130,
    title: 'Cancelled',
    explain:
      'The operation was stopped by a person (Ctrl-C, Cancel in the editor, `loco operations cancel`). The report says what stands; running the same command again goes on from there.',
  },
  'LOCO-USE-003': {
    exit: 10,
    title: 'A defect in Loco Cluster',
    explain: 'Something happened that should be impossible. The log holds the details; please report it with `loco report`.',
  },
} as const satisfies Record<string, CodeEntry>
