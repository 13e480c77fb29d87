import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { packageRoot } from '../../../src/base/package-root.ts'
import { main } from '../../../src/cli/main.ts'

const root = packageRoot()
const rows = readFileSync(join(root, 'docs', 'release-notes-map.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| REQ-'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id, said, here]) => ({ id: id ?? '', said: said ?? '', here: here ?? '' }))

/** Runs a command of the terminal host in this process and gives its exit code. */
async function answer(command: string): Promise<number> {
  const words = command.split(' ').slice(1)
  const sink = new PassThrough().resume()
  const never = new AbortController().signal
  return await main(words, {
    stdin: new PassThrough().end(),
    stdout: sink,
    stderr: sink,
    env: {},
    cwd: root,
    interactive: false,
    columns: () => 100,
    interrupted: never,
    forced: never,
  })
}

describe('docs/release-notes-map.md', () => {
  it('has every requirement once', () => {
    assert.deepEqual(
      rows.map(({ id }) => id).sort(),
      Array.from({ length: 177 }, (_, n) => `REQ-${String(n + 1).padStart(3, '0')}`),
    )
  })

  for (const { id, here } of rows) {
    it(`${id}: what it names exists`, async () => {
      assert.notEqual(here, '')
      for (const [, quoted = ''] of here.matchAll(/`([^`]+)`/g)) {
        if (quoted.startsWith('loco ')) assert.equal(await answer(quoted), 0, `${quoted} does not answer`)
        else if (/^[\w.-]+\/[\w./-]+$|^[A-Z]+\.md$/.test(quoted)) assert.ok(existsSync(join(root, quoted)), `${quoted} does not exist`)
      }
    })
  }
})
