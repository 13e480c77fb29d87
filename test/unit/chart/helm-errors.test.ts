import assert from 'node:assert/strict'
import { helmError, schemaViolations } from '../../../src/chart/helm-errors.ts'
import { clusterWords, offlineWords } from './helm-words.ts'

const subject = { release: 'loco', namespace: 'loco', chart: './chart', context: 'loco-sandbox' }

describe("helm's words and what they mean", () => {
  for (const [provoked, words, code, tells] of [...offlineWords, ...clusterWords]) {
    it(`${provoked} → ${code}`, () => {
      const error = helmError(words, subject)
      assert.equal(error.code, code)
      assert.ok(error.message.includes(tells), error.message)
      assert.match(error.what, /^[A-Za-z"].*[.]$/s)
      assert.ok(!/Use --debug|^Error:|level=/.test(error.message), error.message)
      assert.equal(error.evidence.length, 1)
    })
  }

  it('a kind of the Prometheus operator comes with the value that asks for it', () => {
    const fixOf = (kind: string): readonly string[] => helmError(`Error: no matches for kind "${kind}" in version "v1"`, subject).fix
    assert.match(fixOf('ServiceMonitor')[0] ?? '', /monitoring\.enabled/)
    assert.ok(!fixOf('Thing').some((one) => one.includes('monitoring')))
  })

  it('silence is a failure too', () => {
    const error = helmError('', subject)
    assert.equal(error.code, 'LOCO-CHT-090')
    assert.deepEqual(error.evidence, [])
  })
})

describe('schemaViolations', () => {
  const cases: [words: string, expected: { path: string; message: string }[]][] = [
    ["- at '/replicas': got string, want integer", [{ path: 'replicas', message: 'got string, want integer' }]],
    ["- at '/emulator/resources': missing property 'limits'", [{ path: 'emulator.resources', message: "missing property 'limits'" }]],
    [
      "- at '/emulator': additional properties 'a', 'b' not allowed",
      [
        { path: 'emulator.a', message: 'the chart has no such value' },
        { path: 'emulator.b', message: 'the chart has no such value' },
      ],
    ],
    [
      "- at '/emulator/nodeSelector/kubernetes.io~1os': got number, want string",
      [{ path: 'emulator.nodeSelector.kubernetes.io/os', message: 'got number, want string' }],
    ],
    ["loco:\n- at '/imagePullSecrets/0': got number, want string\n", [{ path: 'imagePullSecrets.0', message: 'got number, want string' }]],
    ['nothing of the kind', []],
  ]
  for (const [words, expected] of cases) it(words.trim(), () => assert.deepEqual(schemaViolations(words), expected))
})
