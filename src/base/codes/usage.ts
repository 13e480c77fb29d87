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
  'LOCO-USE-004': {
    exit: 2,
    title: 'A question that nobody can answer',
    explain:
      'The command would destroy something and asks first, but it does not run in a terminal where a person could answer. Give `--yes` after reading what is lost.',
  },
  'LOCO-USE-005': {
    exit: 45,
    title: 'No cluster to speak with',
    explain:
      'No sandbox runs on this machine and no kubeconfig names a current context. Start the sandbox with `sudo loco sandbox up`, or choose a context with `--context`.',
  },
  'LOCO-USE-006': {
    exit: 55,
    title: 'No such emulator',
    explain: 'The fleet has no emulator of that name. Emulators are called `instance-0`, `instance-1` …; `loco status` lists them.',
  },
  'LOCO-USE-007': {
    exit: 16,
    title: 'No cluster and no place for the sandbox',
    explain:
      'This machine cannot hold the embedded sandbox (it needs Linux, root and control groups), and the kubeconfig leads to no other cluster. The message names each thing that is missing with what to do.',
  },
  'LOCO-USE-003': {
    exit: 10,
    title: 'A defect in Loco Cluster',
    explain: 'Something happened that should be impossible. The log holds the details; please report it with `loco report`.',
  },
} as const satisfies Record<string, CodeEntry>
