import assert from 'node:assert/strict'
import { namespaceFolder, personOf, stateRoot } from '../../../src/operations/state-folder.ts'

const passwd = 'root:x:0:0:root:/root:/bin/bash\nann:x:1000:1001:Ann:/home/ann:/bin/bash\n'
const asRoot = { uid: 0, passwd: () => passwd }

describe('where journals lie', () => {
  const people: [string, NodeJS.ProcessEnv, number, object][] = [
    ['a person', { HOME: '/home/ann' }, 1000, { home: '/home/ann' }],
    ['root', { HOME: '/root' }, 0, { home: '/root' }],
    ['a person through sudo', { HOME: '/root', SUDO_UID: '1000', SUDO_GID: '1001' }, 0, { home: '/home/ann', uid: 1000, gid: 1001 }],
    ['a person through sudo, without a group', { HOME: '/root', SUDO_UID: '1000' }, 0, { home: '/home/ann', uid: 1000, gid: 1001 }],
    ['root through sudo', { HOME: '/root', SUDO_UID: '0' }, 0, { home: '/root' }],
    ['a person whom the system does not list', { HOME: '/root', SUDO_UID: '4711' }, 0, { home: '/root' }],
    ['a person who sets SUDO_UID without being root', { HOME: '/home/ann', SUDO_UID: '0' }, 1000, { home: '/home/ann' }],
  ]
  for (const [name, env, uid, expected] of people) it(name, () => assert.deepEqual(personOf(env, { ...asRoot, uid }), expected))

  const roots: [string | undefined, string][] = [
    [undefined, '/home/ann/.local/state/loco'],
    ['/state', '/state/loco'],
    ['not/absolute', '/home/ann/.local/state/loco'],
    ['', '/home/ann/.local/state/loco'],
  ]
  for (const [state, expected] of roots) {
    it(`XDG_STATE_HOME ${state} → ${expected}`, () =>
      assert.equal(stateRoot({ ...(state !== undefined && { XDG_STATE_HOME: state }) }, { home: '/home/ann' }), expected))
  }

  it('one folder for each namespace of each cluster', () => {
    assert.equal(namespaceFolder('/s', 'uid-1', 'loco'), '/s/uid-1/loco')
    assert.equal(namespaceFolder('/s', null, 'loco'), '/s/new/loco')
  })
})
