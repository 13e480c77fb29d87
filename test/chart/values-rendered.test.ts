import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/cli/main.ts'
import { fakeTerminal } from '../unit/cli/fake-terminal.ts'
import { helmBinary, realHelm } from './real-helm.ts'

describe('loco values check --rendered, by a real helm', function () {
  this.timeout(30_000)
  let folder: string
  before(function () {
    realHelm(this)
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loco-rendered-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const check = async (text: string, ...more: string[]): Promise<{ exit: number; codes: string[]; err: string }> => {
    writeFileSync(join(folder, 'values.yaml'), text)
    const terminal = { ...fakeTerminal({ env: { ...process.env, LOCO_HELM: helmBinary() ?? '' } }), cwd: folder }
    const exit = await main(['values', 'check', 'values.yaml', '--rendered', '--output', 'json', ...more], terminal)
    const { problems = [], code } = JSON.parse(terminal.out()) as { problems?: { code: string }[]; code?: string }
    return { exit, codes: code === undefined ? problems.map((problem) => problem.code) : [code], err: terminal.err() }
  }

  it('right values: the objects are right, too', async () => assert.deepEqual(await check('replicas: 2\n'), { exit: 0, codes: [], err: '' }))

  it('what is wrong only in the objects is found, in any chart', async () => {
    const chart = join(folder, 'chart')
    mkdirSync(join(chart, 'templates'), { recursive: true })
    writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: other\nversion: 1.0.0\n')
    const volumes = 'volumes: [{name: a, hostPath: {path: {{ .Values.path }}}}]'
    const container = '{name: a, image: a, volumeMounts: [{name: a, mountPath: /a}, {name: b, mountPath: /b}]}'
    writeFileSync(join(chart, 'templates', 'pod.yaml'), `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [${container}]\n  ${volumes}\n`)
    const { codes } = await check('path: /data\n', '--chart', 'chart')
    assert.ok(codes.includes('LOCO-ST-06') && codes.includes('LOCO-ST-30'), codes.join())
  })

  it('wrong values are told as they are, and not rendered', async () => {
    const { exit, codes } = await check('replica: 2\n')
    assert.deepEqual([exit, codes], [38, ['LOCO-VA-02']])
  })

  it('what the chart refuses is an error with its words', async () => {
    const { exit, codes } = await check('emulator: {accel: kvm, kvm: {enabled: false}}\n')
    assert.deepEqual([exit, codes], [38, ['LOCO-CHT-013']])
  })
})
