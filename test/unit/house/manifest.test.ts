import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../../src/base/package-root.ts'
import { operationKind } from '../../../src/contracts/operation.ts'

const root = packageRoot()
const read = (name: string): string => readFileSync(join(root, name), 'utf8')
interface Manifest {
  contributes: {
    commands: { command: string; title: string }[]
    views: Record<string, { id: string; name: string }[]>
    configuration: { properties: Record<string, { default: unknown }> }[]
    menus: Record<string, { command: string }[]>
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
    const registered = [...editor.matchAll(/commands\.register\('([^']+)'/g)].map((match) => `loco.${match[1]}`)
    assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), registered.sort())
  })

  it('menus name declared commands only', () => {
    const declared = new Set(manifest.contributes.commands.map(({ command }) => command))
    const named = Object.values(manifest.contributes.menus).flatMap((entries) => entries.map(({ command }) => command))
    assert.deepEqual(
      named.filter((command) => !declared.has(command)),
      [],
    )
  })

  it('every declared view is registered, and every registered one declared', () => {
    const declared = Object.values(manifest.contributes.views).flatMap((views) => views.map(({ id }) => id))
    const registered = [...editor.matchAll(/(?:registerTreeDataProvider|createTreeView|registerWebviewViewProvider)\('([^']+)'/g)].map((match) => match[1])
    assert.deepEqual(declared.sort(), registered.sort())
  })

  it('every declared setting is read, with the default that is declared, and no other', () => {
    const declared = Object.fromEntries(
      manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties).map(([name, { default: value }]) => [name, value])),
    )
    const readers = [...read('src/editor/settings.ts').matchAll(/read\('([^']+)', ('[^']*'|\[\]|\{\}|[\w.]+)/g)]
    const found = Object.fromEntries(readers.map(([, name, value]) => [`loco.${name}`, JSON.parse((value as string).replaceAll("'", '"'))]))
    assert.deepEqual(found, declared)
  })

  it('every setting that is declared is used somewhere', () => {
    const getters = [...read('src/editor/settings.ts').matchAll(/^ {2}(\w+): \(/gm)].map((match) => match[1] as string)
    assert.deepEqual(
      getters.filter((getter) => !editor.includes(`settings.${getter}(`)),
      [],
    )
  })

  it('the task type knows the operations that exist as tasks', () => {
    // Disks are moved from the terminal alone.
    const asTask = operationKind.options.filter((kind) => kind !== 'migrate')
    assert.deepEqual(manifest.contributes.taskDefinitions[0]?.properties.operation.enum, asTask)
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
      'dist/kubernetes.cjs',
      'dist/webview/screen.js',
      'dist/webview/screen.css',
      'l10n/bundle.l10n.json',
      'media/screen-light.svg',
      'media/screen-dark.svg',
      'dist/agent.cjs',
      'dist/devices.cjs',
      'dist/csi.cjs',
      'dist/csi.proto',
      'dist/snapshot-crds.yaml',
      'helm/loco-chart/Chart.yaml',
      'containers/qemu-softgpu/Dockerfile',
    ]) {
      assert.ok(shipped.includes(file), `${file} is not shipped`)
      assert.ok(existsSync(join(root, file)), file)
    }
  })
})
