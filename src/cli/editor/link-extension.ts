import { mkdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Entry {
  identifier: { id: string }
  version: string
  relativeLocation: string
  location: { $mid: 1; path: string; scheme: 'file' }
}

/**
 * Makes a VS Code server see an extension's folder as installed, by a link in its extensions folder and an entry in its list. So the editor runs the extension exactly
 * as it is built here, and nothing is packed or copied. Other extensions that a person installed there stay.
 */
export async function linkExtension(source: string, extensions: string): Promise<void> {
  const { publisher, name, version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Record<'publisher' | 'name' | 'version', string>
  const id = `${publisher}.${name}`.toLowerCase()
  const relativeLocation = `${id}-${version}`
  const path = join(extensions, relativeLocation)
  await mkdir(extensions, { recursive: true })
  await unlink(path).catch(() => undefined)
  await symlink(source, path)
  const list = join(extensions, 'extensions.json')
  const before = await readFile(list, 'utf8').then(
    (text) => JSON.parse(text) as Entry[],
    () => [],
  )
  const mine: Entry = { identifier: { id }, version, relativeLocation, location: { $mid: 1, path, scheme: 'file' } }
  await writeFile(list, JSON.stringify([...before.filter(({ identifier }) => identifier.id.toLowerCase() !== id), mine]))
}
