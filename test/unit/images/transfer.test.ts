import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { transferImage } from '../../../src/images/transfer.ts'
import { FakeStore } from './fake-store.ts'

const image = { id: 'sha256:new', refs: ['a:1', 'b:1'], bytes: 100 }
const fakeDocker = { save: async () => Readable.from([Buffer.from('sha256:new a:1 b:1')]) }

describe('transferImage', () => {
  const cases: [what: string, node: Record<string, string>, how: string, bytes: number, calls: string[]][] = [
    ['an empty node gets one archive', {}, 'sent', 18, ['put 2']],
    ['a node that has it all gets nothing', { 'a:1': 'sha256:new', 'b:1': 'sha256:new' }, 'present', 0, []],
    ['a missing name is only named', { 'a:1': 'sha256:new' }, 'named', 0, ['tag b:1']],
    ['a name that leads to an older image is moved', { 'a:1': 'sha256:new', 'b:1': 'sha256:old' }, 'named', 0, ['tag b:1']],
    ['an image under a strange name is named', { x: 'sha256:new' }, 'named', 0, ['tag a:1 b:1']],
    ['an older image under our names is replaced', { 'a:1': 'sha256:old', 'b:1': 'sha256:old' }, 'sent', 18, ['put 2']],
  ]
  for (const [what, node, how, bytes, calls] of cases) {
    it(what, async () => {
      const store = new FakeStore(node)
      const seen = await transferImage({ image, docker: fakeDocker, store })
      assert.deepEqual([seen.how, seen.bytes, store.calls], [how, bytes, calls])
      assert.equal(await store.id('b:1'), 'sha256:new')
    })
  }

  it('a node that keeps the old image under the new name is an error', async () => {
    const store = new FakeStore()
    store.spoil = () => 'sha256:old'
    await assert.rejects(transferImage({ image, docker: fakeDocker, store }), { code: 'LOCO-BLD-032', message: /sha256:old/ })
  })

  it('an archive that breaks off is an error, not a short image', async () => {
    const breaking = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('sha256:new')
      throw new Error('engine went away')
    }
    const docker = { save: async () => Readable.from(breaking()) }
    const store = new FakeStore()
    await assert.rejects(transferImage({ image, docker, store }), /engine went away/)
    assert.deepEqual(await store.list(), [])
  })
})
