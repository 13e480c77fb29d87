import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder that holds our package.json: where `helm/` and `containers/` are, in a checkout and in an installed extension. */
export function packageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'loco-cluster') return folder
    if (folder === dirname(folder)) throw new Error('package.json of loco-cluster was not found above this file')
  }
}
