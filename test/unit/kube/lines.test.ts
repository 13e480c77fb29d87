import assert from 'node:assert/strict'
import { LineSplitter } from '../../../src/kube/lines.ts'

describe('LineSplitter', () => {
  const text = '{"a":"ä€😀"}\n\n{"b":2}\r\nrest'
  const bytes = Buffer.from(text)
  for (const size of [1, 2, 3, 5, 7, bytes.length]) {
    it(`gives the same lines from pieces of ${size} bytes`, () => {
      const splitter = new LineSplitter(100)
      const lines: string[] = []
      for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)))
      assert.deepEqual(lines, ['{"a":"ä€😀"}', '{"b":2}'])
      assert.deepEqual(splitter.push(Buffer.from('!\n')), ['rest!'])
    })
  }

  it('refuses a line that is too long, in one piece or in many', () => {
    assert.throws(() => new LineSplitter(10).push(Buffer.alloc(11, 0x61)), RangeError)
    const splitter = new LineSplitter(10)
    splitter.push(Buffer.alloc(8, 0x61))
    assert.throws(() => splitter.push(Buffer.alloc(3, 0x61)), RangeError)
  })

  it('counts each line by itself', () => {
    assert.equal(new LineSplitter(3).push(Buffer.from('abc\ndef\n')).length, 2)
  })
})
