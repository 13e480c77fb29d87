import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Node, SourceFile } from 'typescript/unstable/ast'
import { API } from 'typescript/unstable/sync'

/** A source file as a syntax tree, with its path from the root, `/` between folders. */
export interface Source {
  readonly path: string
  readonly tree: SourceFile
}

/**
 * Parses all TypeScript below some folders, without types: nothing is resolved, so it takes a fraction of a second.
 * The trees come from the compiler that is pinned in package.json; its programming interface is called unstable, and only this file opens it.
 */
export function parseSources(root: string, folders: readonly string[]): Source[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, folder, name)),
  )
  const project = join(root, 'tsconfig.l10n.json')
  const config = JSON.stringify({ compilerOptions: { noLib: true, noResolve: true, types: [] }, files })
  const api = new API({
    cwd: root,
    fs: { readFile: (name) => (name === project ? config : undefined), fileExists: (name) => (name === project ? true : undefined) },
  })
  try {
    const program = api.updateSnapshot({ openProjects: [project] }).getProjects()[0]?.program
    return files.toSorted().map((file) => {
      const tree = program?.getSourceFile(file)
      if (tree === undefined) throw new Error(`The compiler did not parse ${file}.`)
      return { path: relative(root, file).replaceAll(sep, '/'), tree }
    })
  } finally {
    api.close()
  }
}

/** Calls `visit` for a node and all below it, parents first; where it returns false nothing below is visited. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined): void {
  if (visit(node) === false) return
  node.forEachChild((child) => walk(child, visit))
}

/** `path:line` of a node. */
export function placeOf({ path, tree }: Source, node: Node): string {
  return `${path}:${tree.text.slice(0, node.getStart(tree)).split('\n').length}`
}
