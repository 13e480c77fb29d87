import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a sandbox gets on request, and the names of its parts in the order in which `status` lists them. */
export const additionParts = {
  csi: ['csi-driver', 'csi-provisioner', 'csi-snapshotter', 'snapshot-controller'],
} as const satisfies Record<string, readonly string[]>

export type AdditionName = keyof typeof additionParts
export const additionNames = Object.keys(additionParts) as AdditionName[]

/** Names of all parts of some additions. */
export const partsOf = (additions: readonly AdditionName[]): string[] => additions.flatMap((name) => additionParts[name])

/** What was added to the sandbox whose state is in `root`. A name that this version does not know is left out. */
export async function readAdditions(root: string): Promise<AdditionName[]> {
  let noted: unknown
  try {
    noted = JSON.parse(await readFile(join(root, 'additions.json'), 'utf8'))
  } catch {
    return []
  }
  return Array.isArray(noted) ? additionNames.filter((name) => noted.includes(name)) : []
}

/** Notes what the sandbox has, so that the next `up` brings it back. */
export async function noteAdditions(root: string, additions: readonly AdditionName[]): Promise<void> {
  const file = join(root, 'additions.json')
  await writeFile(`${file}.new`, JSON.stringify(additions))
  await rename(`${file}.new`, file)
}
