import type { CodeEntry } from './entry.ts'

/** What a person does to emulators in the editor: whether it can be done at all (00x), logs and terminals (01x), restart (02x). */
export const actionsCodes = {
  'LOCO-ACT-001': {
    exit: 45,
    title: 'No emulator to work on',
    explain:
      'The command works on emulators, and the editor knows of none: no cluster can be reached, no fleet is installed there, or another context is chosen. The Fleet view says which; `Loco: Bootstrap` makes a fleet, `Loco: Select Contexts` shows others.',
  },
  'LOCO-ACT-002': {
    exit: 47,
    title: 'The account may not do this',
    explain:
      'The cluster was asked whether the account of the kubeconfig has the right that the command needs, and said no. The message names the right and the line that shows the same answer; the owner of the cluster can grant it (the chart makes a Role for people who drive screens: `rbac.subjects`).',
  },
  'LOCO-ACT-003': {
    exit: 49,
    title: 'The fleet cannot be reached at the moment',
    explain:
      'The command names an emulator of a fleet to which there is no connection: the cluster does not answer, its context is no longer in the kubeconfig, or the fleet was removed. The Fleet view shows the connection and comes back by itself.',
  },
  'LOCO-ACT-004': {
    exit: 53,
    title: 'The emulator has no pod',
    explain:
      'The emulator is stopped, or its pod is not made yet, so there is nothing to open a terminal in or to restart. Its row in the Fleet view says why; `Loco: Describe` shows the events.',
  },
  'LOCO-ACT-005': {
    exit: 55,
    title: 'No such container',
    explain: 'The pod has no container of that name. The rows below the emulator in the Fleet view list those that it has.',
  },
  'LOCO-ACT-010': {
    exit: 55,
    title: 'The container has no shell',
    explain:
      'None of the shells that are usual could be started in the container: images without a distribution have none. Its logs can be read all the same; `kubectl debug` puts a container with a shell beside it.',
  },
  'LOCO-ACT-011': {
    exit: 55,
    title: 'There is no log of a previous run',
    explain:
      'The node keeps what a container wrote before its last restart, and this container was not restarted in its pod, or the node has removed that log already. A pod that was deleted takes its logs with it.',
  },
  'LOCO-ACT-012': {
    exit: 17,
    title: 'A log cannot be kept',
    explain:
      'The whole log is written to a file in the storage folder of the extension before it is opened, and that failed: the disk is full, or the folder may not be written. The evidence names the file.',
  },
  'LOCO-ACT-020': {
    exit: 53,
    title: 'An emulator did not come back after its restart',
    explain:
      'The pod was deleted and replaced, and the new one does not become healthy: the message names the cause where one is known. `Loco: Describe` on the emulator shows it as it goes on.',
  },
} as const satisfies Record<string, CodeEntry>
