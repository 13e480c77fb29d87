import assert from 'node:assert/strict'
import type { EngineImage } from '../../../src/images/engine.ts'
import type { ImagePart } from '../../../src/images/parts.ts'
import { pruneImages } from '../../../src/images/prune.ts'
import { FakeStore } from './fake-store.ts'

const part: ImagePart = { name: 'emulator', repositories: ['ours-0', 'ours-1'], version: '1', context: { folder: '', ignore: [], injected: {} } }
const engineImage = (id: string, ...refs: string[]): EngineImage => ({ id, refs, labels: {}, created: 0, bytes: 0 })

function fakeDocker(
  images: EngineImage[],
  busy: string[] = [],
): { removed: string[]; labelled: () => Promise<EngineImage[]>; remove: (ref: string) => Promise<boolean> } {
  const removed: string[] = []
  return {
    removed,
    labelled: async () => images,
    remove: async (ref) => {
      if (busy.includes(ref)) return false
      removed.push(ref)
      return true
    },
  }
}

describe('pruneImages', () => {
  it('takes older images of ours from engine and node; keeps the current, the used, and what is not ours', async () => {
    const docker = fakeDocker([
      engineImage('new', 'ours-0:2'),
      engineImage('old', 'ours-0:1', 'ours-1:1'),
      engineImage('nameless'),
      engineImage('used', 'ours-0:0'),
    ])
    const store = new FakeStore(
      { 'ours-0:2': 'new', 'ours-0:1': 'old', 'ours-1:1': 'old', 'ours-0:0': 'used', 'ours-1:x': 'only-on-node', 'other:1': 'theirs' },
      ['used'],
    )
    const seen = await pruneImages({ part, docker, store, keep: new Set(['new']) })
    assert.deepEqual(seen, { removed: ['old', 'nameless', 'only-on-node'], inUse: ['used'] })
    assert.deepEqual(docker.removed, ['ours-0:1', 'ours-1:1', 'nameless'])
    assert.deepEqual(
      (await store.list()).map(({ id }) => id),
      ['new', 'used', 'theirs'],
    )
  })

  it('an image that a container of the engine uses is told, not forced', async () => {
    const docker = fakeDocker([engineImage('old', 'ours-0:1')], ['ours-0:1'])
    assert.deepEqual(await pruneImages({ part, docker, store: new FakeStore(), keep: new Set() }), { removed: [], inUse: ['old'] })
  })
})
