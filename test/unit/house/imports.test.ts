import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'

const root = packageRoot()

/** What each part may import (ARCHITECTURE.md): the column "may import", as data. A part may always import itself. */
const mayImport: Record<string, readonly string[]> = {
  'src/base': [],
  'src/contracts': [],
  'src/kube': ['src/base'],
  'src/diagnosis': ['src/base', 'src/contracts'],
  'src/fleet': ['src/base', 'src/contracts', 'src/kube', 'src/diagnosis'],
  'src/sandbox': ['src/base', 'src/contracts'],
  'src/images': ['src/base', 'src/contracts'],
  'src/cluster': ['src/base', 'src/contracts', 'src/kube', 'src/sandbox', 'src/images', 'src/chart', 'src/values'],
  'src/chart': ['src/base', 'src/contracts'],
  'src/values': ['src/base', 'src/contracts', 'src/chart'],
  'src/operations': [
    'src/base',
    'src/contracts',
    'src/kube',
    'src/diagnosis',
    'src/fleet',
    'src/sandbox',
    'src/images',
    'src/cluster',
    'src/chart',
    'src/values',
  ],
  'src/screen': ['src/base', 'src/contracts', 'src/kube'],
  'src/editor': [
    'src/base',
    'src/contracts',
    'src/kube',
    'src/diagnosis',
    'src/fleet',
    'src/sandbox',
    'src/images',
    'src/cluster',
    'src/chart',
    'src/values',
    'src/operations',
    'src/screen',
  ],
  'src/cli': [
    'src/base',
    'src/contracts',
    'src/kube',
    'src/diagnosis',
    'src/fleet',
    'src/sandbox',
    'src/images',
    'src/cluster',
    'src/chart',
    'src/values',
    'src/operations',
  ],
  'src/extension.ts': ['src/editor'],
  'src/cli.ts': ['src/cli'],
  'webview/screen': ['src/contracts'],
  'containers/qemu-softgpu': ['src/base', 'src/contracts'],
}
const vscodeHosts = ['src/editor', 'src/extension.ts']
const noNode = ['src/contracts']

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
}

const partOf = (file: string): string | undefined => Object.keys(mayImport).find((part) => file === part || file.startsWith(`${part}/`))
const importsOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string)

const files = [...sources('src'), ...sources('containers'), ...sources('webview')]

describe('import rules', () => {
  it('every source file belongs to a part', () => {
    assert.deepEqual(
      files.filter((file) => partOf(file) === undefined),
      [],
    )
  })

  for (const file of files) {
    const part = partOf(file)
    if (part === undefined) continue
    it(file, () => {
      for (const name of importsOf(file)) {
        if (name === 'vscode') assert.ok(vscodeHosts.includes(part), `${file} imports vscode`)
        if (name.startsWith('node:')) assert.ok(!noNode.includes(part), `${file} imports ${name}`)
        if (!name.startsWith('.')) continue
        const target = relative(root, join(root, dirname(file), name))
        const other = partOf(target)
        assert.ok(other === part || (other !== undefined && mayImport[part]?.includes(other)), `${file} imports ${target}, which ${part} may not`)
      }
    })
  }
})
