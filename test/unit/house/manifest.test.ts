import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { taskOperations } from '../../../src/editor/task-operations.ts'

const root = packageRoot()
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
interface Manifest {
  contributes: {
    commands: { command: string; title: string }[]
    views: Record<string, { id: string; name: string }[]>
    configuration?: { properties: Record<string, unknown> }
    taskDefinitions: { type: string; properties: { operation: { enum: string[] } } }[]
  }
  scripts: Record<string, string>
}
const manifest = JSON.parse(read('package.json')) as Manifest
const editor = readdirSync(join(root, 'src', 'editor'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(join('src', 'editor', name)))
  .join('\n')

describe('extension manifest', () => {
  it('declares the commands that are registered, and no other', () => {
    assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), taskOperations.map((operation) => `loco.${operation}`).sort())
  })

  it('every declared view is registered, and every registered one declared', () => {
    const declared = Object.values(manifest.contributes.views).flatMap((views) => views.map(({ id }) => id))
    const registered = [...editor.matchAll(/(?:registerTreeDataProvider|createTreeView|registerWebviewViewProvider)\('([^']+)'/g)].map((match) => match[1])
    assert.deepEqual(declared.sort(), registered.sort())
  })

  it('every declared setting is read, and every read one declared', () => {
    const declared = Object.keys(manifest.contributes.configuration?.properties ?? {})
    const read = [...editor.matchAll(/getConfiguration\('loco'\)\.get(?:<[^>]+>)?\('([^']+)'/g)].map((match) => `loco.${match[1]}`)
    assert.deepEqual(declared.sort(), [...new Set(read)].sort())
  })

  it('the task type knows the operations that exist', () => {
    assert.deepEqual(manifest.contributes.taskDefinitions[0]?.properties.operation.enum, [...taskOperations])
  })

  it('every text key of package.json stands in package.nls.json, and vice versa', () => {
    const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map((match) => match[1])
    assert.deepEqual([...new Set(used)].sort(), Object.keys(JSON.parse(read('package.nls.json')) as object).sort())
  })

  it('the lockfile names no registry host', () => {
    assert.doesNotMatch(read('package-lock.json'), /"resolved"/)
  })

  it('what is shipped is the product: no source, test or node_modules', function () {
    this.timeout(60_000)
    const listing = execFileSync(join(root, 'node_modules', '.bin', 'vsce'), ['ls', '--no-dependencies'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const shipped = listing.trim().split('\n')
    assert.deepEqual(
      shipped.filter((file) => /(^|\/)(src|test|node_modules|\.github|\.vscode)\/|\.ts$|\.map$/.test(file)),
      [],
    )
    for (const file of [
      'package.json',
      'dist/extension.cjs',
      'dist/cli.cjs',
      'dist/agent.cjs',
      'dist/devices.cjs',
      'helm/loco-chart/Chart.yaml',
      'containers/qemu-softgpu/Dockerfile',
    ]) {
      assert.ok(shipped.includes(file), `${file} is not shipped`)
      assert.ok(existsSync(join(root, file)), file)
    }
  })
})
