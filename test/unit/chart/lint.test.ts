import assert from 'node:assert/strict'
import { type LintMessage, parseLint } from '../../../src/chart/lint.ts'

describe('what helm lint prints', () => {
  const cases: [name: string, stdout: string, expected: LintMessage[]][] = [
    ['nothing', '==> Linting .\n\n1 chart(s) linted, 0 chart(s) failed\n', []],
    [
      'advice',
      '==> Linting .\n[INFO] Chart.yaml: icon is recommended\n\n1 chart(s) linted, 0 chart(s) failed\n',
      [{ severity: 'info', path: 'Chart.yaml', text: 'icon is recommended' }],
    ],
    [
      'an error of several lines',
      `==> Linting ./nil
[INFO] Chart.yaml: icon is recommended
[ERROR] templates/: loco/templates/zz.yaml:1:13
  executing "loco/templates/zz.yaml" at <.Values.emulator.nothing.here>:
    nil pointer evaluating interface {}.here

`,
      [
        { severity: 'info', path: 'Chart.yaml', text: 'icon is recommended' },
        {
          severity: 'error',
          path: 'templates/',
          text: 'loco/templates/zz.yaml:1:13\n  executing "loco/templates/zz.yaml" at <.Values.emulator.nothing.here>:\n    nil pointer evaluating interface {}.here',
        },
      ],
    ],
    [
      'an error without a path',
      '==> Linting ./badvalues\n[WARNING] templates/: a\n[ERROR] : unable to load chart\n\tcannot load values.yaml\n',
      [
        { severity: 'warning', path: 'templates/', text: 'a' },
        { severity: 'error', path: '', text: 'unable to load chart\n\tcannot load values.yaml' },
      ],
    ],
  ]
  for (const [name, stdout, expected] of cases) it(name, () => assert.deepEqual(parseLint(stdout), expected))
})
