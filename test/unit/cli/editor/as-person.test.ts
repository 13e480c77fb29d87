import assert from 'node:assert/strict'
import { asPerson, environmentOf } from '../../../../src/cli/editor/as-person.ts'
import type { Person } from '../../../../src/operations/state-folder.ts'

const ann: Person = { home: '/home/ann', uid: 1000, gid: 1001 }
const self: Person = { home: '/home/ann' }
const node = { command: 'node', args: ['server.js', '--port', '0'] }

/** [what, person, dies with us, the words that are started] */
const cases: [string, Person, boolean, string][] = [
  ['as ourselves nothing changes', self, false, 'node server.js --port 0'],
  ['as the person who called through sudo', ann, false, 'setpriv --reuid=1000 --regid=1001 --init-groups -- node server.js --port 0'],
  ['a program that must not outlive us', self, true, 'setpriv --pdeathsig TERM -- node server.js --port 0'],
  ['both', ann, true, 'setpriv --reuid=1000 --regid=1001 --init-groups --pdeathsig TERM -- node server.js --port 0'],
]

describe('a program started as the person', () => {
  for (const [what, person, endsWithUs, words] of cases) {
    it(what, () => {
      const { command, args } = asPerson(person, node, { endsWithUs })
      assert.equal([command, ...args].join(' '), words)
    })
  }

  it('finds their home and the session of their desktop, and no options of our Node', () => {
    const env = environmentOf(ann, { HOME: '/root', PATH: '/usr/bin', NODE_OPTIONS: '--inspect', XDG_RUNTIME_DIR: '/run/user/0', LANG: 'de_DE.UTF-8' })
    assert.equal(env['HOME'], '/home/ann')
    assert.equal(env['XDG_RUNTIME_DIR'], '/run/user/1000')
    assert.equal(env['LANG'], 'de_DE.UTF-8')
    assert.equal(env['NODE_OPTIONS'], undefined)
    assert.match(env['PATH'] ?? '', /:\/usr\/bin$/)
  })
})
