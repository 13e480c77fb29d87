import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { handOver, makeFolder, type Person } from '../../operations/state-folder.ts'

export interface FleetWorkspace {
  folder: string
  /** The values file, to be shown at first. */
  values: string
}

const valuesText = (replicas: number): string => `# Values of this fleet. "Loco: Bootstrap" lays them over those of the chart; docs/values.md lists all of them.

# How many machines there are, from 1 to 9.
replicas: ${replicas}

# RAM of each guest in MiB.
# emulator:
#   memoryMiB: 64

# Where the disks live: ephemeral (gone with the pod) or persistent (a claim each).
# storage:
#   strategy: persistent
`

/**
 * The folder that the editor opens for the fleet of a namespace: a values file at hand, and settings that name it. What is there already is the person's and stays as it is.
 * It lies below `$XDG_DATA_HOME/loco-cluster`, since it is neither a cache nor state of a run.
 */
export function fleetWorkspace(fleet: { namespace: string; release: string; replicas: number }, person: Person, env: NodeJS.ProcessEnv): FleetWorkspace {
  const configured = env['XDG_DATA_HOME']
  // The XDG rules say that a path that is not absolute counts as not set.
  const data = configured !== undefined && isAbsolute(configured) ? configured : join(person.home, '.local', 'share')
  const folder = join(data, 'loco-cluster', fleet.namespace)
  const values = join(folder, 'values.yaml')
  makeFolder(join(folder, '.vscode'), person)
  const settings = { 'loco.namespace': fleet.namespace, 'loco.release': fleet.release, 'loco.values': ['values.yaml'] }
  writeNew(values, valuesText(fleet.replicas), person)
  writeNew(join(folder, '.vscode', 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`, person)
  return { folder, values }
}

/** Writes a file unless there is one. */
export function writeNew(file: string, text: string, person: Person): void {
  if (existsSync(file)) return
  writeFileSync(file, text)
  handOver(file, person)
}
