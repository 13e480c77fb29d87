import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import * as vscode from 'vscode'
import type { FleetId } from '../../fleets.ts'
import { settings } from '../../settings.ts'
import type { ValuesPath } from './path-of-code.ts'

/** A values file with the place to look at. */
export interface FoundPlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Values files that a fleet was made with, in the order in which they were laid over each other, as far as they still exist. */
export async function filesOfFleet(fleet: FleetId | undefined): Promise<string[]> {
  const asked = fleet === undefined ? [] : await lastAsked(fleet)
  return (asked.length > 0 ? asked : settingFiles()).filter((file) => existsSync(file))
}

/** The file that has the say about a path, at the place that it has for it: of those that name most of the path the one laid last. */
export async function bestPlace(files: readonly string[], path: ValuesPath): Promise<FoundPlace | undefined> {
  const { placeInValues } = await import('./place-in-values.ts')
  let best: (FoundPlace & { depth: number }) | undefined
  for (const file of files) {
    const place = placeInValues(await readFile(file, 'utf8'), path)
    if (best === undefined || place.depth >= best.depth) best = { file, ...place }
  }
  return best
}

/** What the last Bootstrap of this fleet from this machine was asked to use. */
async function lastAsked({ context, namespace, release }: FleetId): Promise<readonly string[]> {
  const [{ askedOf, listOperations }, { stateRoot }] = await Promise.all([
    import('../../../operations/journals.ts'),
    import('../../../operations/state-folder.ts'),
  ])
  const root = stateRoot(process.env)
  for (const { id, plan } of listOperations(root)) {
    const target = plan?.target
    if (plan?.operation !== 'bootstrap' || target?.context !== context || target.namespace !== namespace || target.release !== release) continue
    try {
      const asked = askedOf(root, id)
      if (asked.operation === 'bootstrap' && asked.values.length > 0) return asked.values
    } catch {
      // Its wishes were not kept; an earlier one may tell.
    }
  }
  return []
}

/** The files of the setting, relative ones from the workspace folder. */
function settingFiles(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .slice(0, 1)
    .flatMap(({ uri }) => settings.values(uri).map((file) => (isAbsolute(file) ? file : join(uri.fsPath, file))))
}
