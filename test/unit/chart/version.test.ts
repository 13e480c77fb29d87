import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import { parseHelmVersion, supportedVersion } from '../../../src/chart/version.ts'

describe('helm version', () => {
  const cases: [text: string, parsed: [number, number, number] | undefined, supported: boolean][] = [
    ['v3.18.5', [3, 18, 5], true],
    ['v3.18.4', [3, 18, 4], false],
    ['v3.19.0+g1234567', [3, 19, 0], true],
    ['v3.9.4\n', [3, 9, 4], false],
    ['v4.3', [4, 3, 0], true], // built from module sources: no patch number
    ['v4.0.0-rc.1', [4, 0, 0], true],
    ['v2.17.0', [2, 17, 0], false],
    ['v5.0.0', [5, 0, 0], false],
    ['4.1.0', [4, 1, 0], true],
    ['', undefined, false],
    ['helm', undefined, false],
    ['v3.18x', undefined, false],
  ]
  for (const [text, parsed, supported] of cases) {
    it(`${JSON.stringify(text)} → ${parsed?.join('.') ?? 'no version'}, ${supported ? 'fits' : 'refused'}`, () => {
      const version = parseHelmVersion(text)
      assert.deepEqual(version && [version.major, version.minor, version.patch], parsed)
      if (supported) assert.deepEqual(supportedVersion(text, 'helm'), version)
      else
        assert.throws(
          () => supportedVersion(text, '/opt/helm'),
          (error) => error instanceof LocoError && error.code === 'LOCO-CHT-002' && error.what.includes('/opt/helm'),
        )
    })
  }
})
