import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { noClusterHere } from '../../../src/cli/unable.ts'

describe('a machine without a cluster', () => {
  const root = new LocoError('LOCO-SBX-002', { what: 'The sandbox needs root.', fix: ['sudo npm start'] })
  const cgroups = new LocoError('LOCO-SBX-003', { what: 'This machine has no control groups.', fix: ['Mount them.', 'sudo npm start'] })
  const refused = new LocoError('LOCO-KUB-001', { what: 'There is no kubeconfig.' })

  it('is told everything that is missing at once, each fix once, and what else could be installed', () => {
    const error = noClusterHere([root, cgroups], refused)
    assert.equal(error.code, 'LOCO-USE-007')
    assert.match(error.message, /needs root\..*no control groups\..*There is no kubeconfig\./)
    assert.deepEqual(error.fix.slice(0, 2), ['sudo npm start', 'Mount them.'])
    assert.match(error.fix.at(-1) ?? '', /kind/)
    assert.deepEqual(error.evidence, ['LOCO-SBX-002', 'LOCO-SBX-003'])
  })
})
