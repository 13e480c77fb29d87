import type { CodeEntry } from './entry.ts'

/** Operations: who may run and how they are asked for (00x), their journals (01x), what they wait for (02x), what they may take away (03x). */
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
  'LOCO-OPS-004': {
    exit: 41,
    title: 'The plan has changed',
    explain:
      'Between the question and the start, the plan became another one: more would be lost than a person has agreed to, or it would happen in another cluster. Nothing was changed; look at the plan again.',
  },
  'LOCO-OPS-005': {
    exit: 19,
    title: 'The process of the operation ended early',
    explain:
      'The editor runs an operation in a process of its own, and that process could not be started, or ended before it had begun the journal. The evidence holds its last words.',
  },
  'LOCO-OPS-006': {
    exit: 2,
    title: 'A task is described wrongly',
    explain:
      'A task of type `loco` in tasks.json has a property that the operation does not take, or a value of the wrong kind. The message names the property; the completion in tasks.json offers those that exist.',
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
  'LOCO-OPS-020': {
    exit: 52,
    title: 'An emulator does not show a picture in time',
    explain:
      'Nothing is known to be wrong with it, it just takes too long: a slow machine without KVM, a guest that boots slowly. `loco status` says how far it is; `--timeout` gives it longer.',
  },
  'LOCO-OPS-021': {
    exit: 52,
    title: 'A pod was not replaced in time',
    explain:
      'The pod was deleted, but its node does not confirm that it has ended, or the controller makes no new one. `kubectl describe pod` shows which; a node that is down lets go of its pods only when it is back.',
  },
  'LOCO-OPS-022': {
    exit: 42,
    title: 'Something that was deleted does not go',
    explain:
      'The cluster keeps an object until everybody who put a finalizer on it has agreed. The message names the object and its finalizers; whoever put them there must do their part, or no longer exists.',
  },
  'LOCO-OPS-024': {
    exit: 31,
    title: 'The release belongs to another chart',
    explain: 'Helm knows a release of this name that was made by another chart. Nothing of it is touched: choose another `--release` or `--namespace`.',
  },
  'LOCO-OPS-025': {
    exit: 35,
    title: 'There is nothing to rebuild',
    explain: 'No release is installed in this namespace, so no emulator could be restarted. `loco bootstrap` installs one.',
  },
  'LOCO-OPS-026': {
    exit: 61,
    title: 'The base disk of the new image is another one',
    explain:
      'What a guest wrote lies in an overlay that holds only differences to a base disk, and the new image brings another base. Nothing was restarted. Either the emulators stay on the image on which they run, or they begin with fresh overlays (`loco rebuild emulator --base fresh`); their old overlays are then kept aside on their claims.',
  },
  'LOCO-OPS-030': {
    exit: 47,
    title: 'Data of this cluster is not deleted',
    explain:
      'The cluster is not proved to run on this machine, and there claims with their data are never deleted by Loco Cluster. Use `--keep-data`, and delete the claims by hand if you are sure.',
  },
} as const satisfies Record<string, CodeEntry>
