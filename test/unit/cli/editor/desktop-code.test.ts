import assert from 'node:assert/strict'
import { findCode, type Machine, versionRefusal } from '../../../../src/cli/editor/desktop-code.ts'
import type { Person } from '../../../../src/operations/state-folder.ts'

const ann: Person = { home: '/home/ann', uid: 1000, gid: 1000 }
const self: Person = { home: '/home/ann' }
const display = { DISPLAY: ':0' }

/** [what, person, environment, platform, uid of this process, files that are there, expected] */
const cases: [string, Person, NodeJS.ProcessEnv, NodeJS.Platform, number | undefined, string[], 'none' | RegExp | { command: string }][] = [
  ['no code anywhere', self, { PATH: '/usr/bin', ...display }, 'linux', 1000, [], 'none'],
  ['code on the path', self, { PATH: '/opt/bin:/usr/bin', ...display }, 'linux', 1000, ['/opt/bin/code'], { command: '/opt/bin/code' }],
  ['Wayland is a display too', self, { PATH: '/usr/bin', WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000, ['/usr/bin/code'], { command: '/usr/bin/code' }],
  ['under sudo, whose path is cut short', ann, { PATH: '/usr/sbin', ...display }, 'linux', 0, ['/snap/bin/code'], { command: '/snap/bin/code' }],
  ['root itself', self, { PATH: '/usr/bin', ...display }, 'linux', 0, ['/usr/bin/code'], /does not run as root/],
  ['no display', self, { PATH: '/usr/bin' }, 'linux', 1000, ['/usr/bin/code'], /needs a display/],
  ['the terminal of a remote window', self, { PATH: '/x', VSCODE_IPC_HOOK_CLI: '/tmp/s', ...display }, 'linux', 1000, ['/x/code'], /remote window/],
  [
    'macOS without the command on the path',
    self,
    { PATH: '/usr/bin' },
    'darwin',
    501,
    ['/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code'],
    { command: '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code' },
  ],
]

describe('the desktop editor', () => {
  for (const [what, person, env, platform, uid, there, expected] of cases) {
    it(what, () => {
      const machine: Machine = { platform, uid, exists: (path) => there.includes(path) }
      const found = findCode(person, env, machine)
      if (expected === 'none') assert.equal(found, undefined)
      else if (expected instanceof RegExp) assert.match(found !== undefined && 'refused' in found ? found.refused : '', expected)
      else assert.deepEqual(found, expected)
    })
  }

  const versions: [string, RegExp | undefined][] = [
    ['1.105.0\n03c265b\nx64\n', undefined],
    ['1.139.1\n53c2f32\narm64\n', undefined],
    ['2.0.0\n', undefined],
    ['1.104.3\nabc\nx64\n', /It is version 1\.104, and the extension needs 1\.105/],
    ['', /does not say its version/],
    ['Segmentation fault', /does not say its version/],
  ]
  for (const [said, expected] of versions) {
    it(`version ${JSON.stringify(said)}: ${expected ?? 'fine'}`, () => {
      const refusal = versionRefusal(said)
      if (expected === undefined) assert.equal(refusal, undefined)
      else assert.match(refusal ?? '', expected)
    })
  }
})
