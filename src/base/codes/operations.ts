import type { CodeEntry } from './entry.ts'

/** Operations: who may run (00x), their journals (01x), what they wait for (02x), what they may take away (03x). */
export const operationsCodes = {
  'LOCO-OPS-001': {
    exit: 41,
    title: 'Another operation is running on this machine',
    explain:
      'One operation at a time changes a namespace. `loco operations attach ID` shows the one that runs, `loco operations cancel ID` stops it. A lock whose owner is dead is taken over without asking.',
  },
  'LOCO-OPS-002': {
    exit: 41,
    title: 'Another operation holds the namespace',
    explain:
      'Somebody on another machine changes the same namespace: the Lease `loco-operation` names them. Wait until they are done; 15 seconds after a holder has died the next one may go on.',
  },
  'LOCO-OPS-003': {
    exit: 41,
    title: 'The hold on the namespace was lost',
    explain:
      'The Lease `loco-operation` could not be renewed in time, or somebody else has taken it. The operation stopped at a safe point, so that two do not change the same objects. Run the command again.',
  },
  'LOCO-OPS-010': {
    exit: 45,
    title: 'No such operation',
    explain: 'No journal has this id. `loco operations list` shows those that are known; the oldest are removed as new ones come.',
  },
  'LOCO-OPS-011': {
    exit: 43,
    title: 'The operation does not run',
    explain: 'It has ended already, or its process was killed, so there is nothing to cancel. Running the same command again goes on from what stands.',
  },
  'LOCO-OPS-012': {
    exit: 17,
    title: 'The journal cannot be written',
    explain:
      'Operations write what they do below `$XDG_STATE_HOME/loco` (`~/.local/state/loco`). The folder cannot be written: the disk is full, or it belongs to somebody else (after a run with `sudo`, for example).',
  },
} as const satisfies Record<string, CodeEntry>
