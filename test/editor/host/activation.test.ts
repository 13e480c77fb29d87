import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { extension } from './extension.ts'

describe('the extension in a real extension host', () => {
  it('does nothing until it is used, and then is there at once', async function () {
    const before = extension().isActive
    const start = performance.now()
    await extension().activate()
    const took = Math.round(performance.now() - start)
    // A figure, not a limit: what else the machine does counts in. The bench measures it (docs/bench.md).
    if (this.test) this.test.title += ` (was active: ${before}; loaded and activated in ${took} ms, VS Code ${vscode.version}, Node ${process.versions.node})`
    assert.equal(before, false, 'something activated the extension although nothing of it was used')
  })

  it('every command of package.json is registered', async () => {
    await extension().activate()
    const there = new Set(await vscode.commands.getCommands(true))
    const declared = extension().packageJSON.contributes.commands.map(({ command }) => command)
    assert.deepEqual(
      declared.filter((command) => !there.has(command)),
      [],
    )
  })

  it('and no command that package.json does not name', async () => {
    await extension().activate()
    const { commands, views, viewsContainers } = extension().packageJSON.contributes
    const declared = new Set(commands.map(({ command }) => command))
    // VS Code makes commands of its own for each view and container (loco.fleet.focus …).
    const made = [...Object.values(views).flat(), ...Object.values(viewsContainers).flat()].map(({ id }) => `${id}.`)
    const ours = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('loco.'))
    assert.deepEqual(
      ours.filter((command) => !declared.has(command) && !made.some((prefix) => command.startsWith(prefix))),
      [],
    )
  })

  it('offers its data to other extensions, and the test door only to tests', async () => {
    const api = await extension().activate()
    assert.equal(api.version, 1)
    assert.ok(Array.isArray(api.fleets()))
    assert.ok(api.test !== undefined, 'this is a test')
  })
})
