import assert from 'node:assert/strict'
import { trimmed } from '../../../../src/cli/editor/dependencies.ts'

const trim = { leftOut: ['@acme/assistant'], registryInstead: { watcher: '2.5.1' } }

describe("VS Code's dependencies, trimmed", () => {
  it('leaves out what is not wanted and takes from the registry what comes from elsewhere', () => {
    const file = { name: 'vscode', dependencies: { '@acme/assistant': '1.0.0', watcher: 'acme/watcher#1ca032a', textmate: '^9.0.0' } }
    assert.deepEqual(trimmed(file, trim), { name: 'vscode', dependencies: { watcher: '2.5.1', textmate: '^9.0.0' } })
  })

  it('keeps a version of the registry as it is pinned', () => {
    assert.deepEqual(trimmed({ dependencies: { watcher: '^2.5.6' } }, trim).dependencies, { watcher: '^2.5.6' })
  })

  it('takes the same out of a shrinkwrap, with what lies below it, and keeps every other pin', () => {
    const kept = { version: '9.2.0', resolved: 'https://registry/textmate.tgz', integrity: 'sha512-x' }
    const packages = {
      '': { dependencies: { '@acme/assistant': '1.0.0', watcher: 'acme/watcher#1ca032a', textmate: '^9.0.0' } },
      'node_modules/@acme/assistant': { resolved: 'https://registry/assistant.tgz' },
      'node_modules/@acme/assistant/node_modules/zod': { resolved: 'https://registry/zod.tgz' },
      'node_modules/watcher': { resolved: 'git+ssh://git@example/watcher.git#1ca032a' },
      'node_modules/textmate': kept,
    }
    assert.deepEqual(trimmed({ packages }, trim).packages, {
      '': { dependencies: { watcher: '2.5.1', textmate: '^9.0.0' } },
      'node_modules/textmate': kept,
    })
  })

  it('keeps an entry of the registry for a package that elsewhere comes from git', () => {
    const packages = { 'node_modules/watcher': { resolved: 'https://registry/watcher.tgz' } }
    assert.deepEqual(trimmed({ packages }, trim).packages, packages)
  })
})
