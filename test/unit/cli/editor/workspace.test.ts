import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { fleetWorkspace } from '../../../../src/cli/editor/workspace.ts'

describe('the folder that the editor opens', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'loco-workspace-'))
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))
  const fleet = { namespace: 'games', release: 'loco', replicas: 5 }

  it('has a values file that says what runs, and settings that name it', () => {
    const { folder, values } = fleetWorkspace(fleet, { home }, {})
    assert.equal(folder, join(home, '.local', 'share', 'loco-cluster', 'games'))
    assert.deepEqual(parse(readFileSync(values, 'utf8')), { replicas: 5 })
    const settings = JSON.parse(readFileSync(join(folder, '.vscode', 'settings.json'), 'utf8'))
    assert.deepEqual(settings, { 'loco.namespace': 'games', 'loco.release': 'loco', 'loco.values': ['values.yaml'] })
  })

  it('keeps what the person changed', () => {
    const { values } = fleetWorkspace(fleet, { home }, {})
    writeFileSync(values, 'replicas: 2\n')
    fleetWorkspace(fleet, { home }, {})
    assert.equal(readFileSync(values, 'utf8'), 'replicas: 2\n')
  })

  it('lies below XDG_DATA_HOME where that is a path', () => {
    assert.equal(fleetWorkspace(fleet, { home }, { XDG_DATA_HOME: join(home, 'data') }).folder, join(home, 'data', 'loco-cluster', 'games'))
    assert.equal(fleetWorkspace(fleet, { home }, { XDG_DATA_HOME: 'data' }).folder, join(home, '.local', 'share', 'loco-cluster', 'games'))
  })
})
