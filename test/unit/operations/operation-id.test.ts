import assert from 'node:assert/strict'
import { isOperationId, operationId } from '../../../src/operations/operation-id.ts'

describe('operation ids', () => {
  it('sort by time', () => {
    const times = [0, 1, 999, 1000, 86_400_000, 1_795_568_234_123]
    const ids = times.map((time) => operationId(time))
    assert.deepEqual([...ids].sort(), ids)
  })
  for (const random of [0, 0.5, 0.999999])
    it(`have their form (random ${random})`, () => assert.ok(isOperationId(operationId(1_795_568_234_123, () => random))))
  for (const text of ['', '..', '20261125-005714-123-k3f9.jsonl', '../20261125-005714-123-k3f9', '20261125-005714-123-K3F9']) {
    it(`"${text}" is none`, () => assert.equal(isOperationId(text), false))
  }
})
