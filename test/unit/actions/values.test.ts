import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'yaml'
import { codes } from '../../../src/base/codes.ts'
import { packageRoot } from '../../../src/base/package-root.ts'
import { decodeRecord } from '../../../src/chart/release-record.ts'
import { defaultValues, deployedValues } from '../../../src/editor/actions/values/deployed-values.ts'
import { codesWithPath, pathOfCode } from '../../../src/editor/actions/values/path-of-code.ts'
import { placeInValues } from '../../../src/editor/actions/values/place-in-values.ts'

const defaults = readFileSync(join(packageRoot(), 'helm', 'loco-chart', 'values.yaml'), 'utf8')
const lineAt = (text: string, line: number): string => text.split('\n')[line]?.trim() ?? ''

describe('the line of the values behind a code', () => {
  for (const code of codesWithPath) {
    it(`${code} leads to a key that the chart has`, () => {
      assert.ok(
        Object.keys(codes).some((known) => known.startsWith(code)),
        `${code} is no code`,
      )
      const path = pathOfCode(code) ?? []
      const { line, depth } = placeInValues(defaults, path)
      assert.equal(depth, path.length, path.join('.'))
      assert.ok(lineAt(defaults, line).startsWith(`${path.at(-1)}:`), lineAt(defaults, line))
    })
  }

  const cases: [code: string, line: string | undefined][] = [
    ['LOCO-IMG-010', 'imagePullPolicy: IfNotPresent'],
    ['LOCO-IMG-001', 'image: compose-emulator-0'],
    ['LOCO-PVC-001', 'storageClass: ""'],
    ['LOCO-PVC-004', 'persistentVolume:'],
    ['LOCO-SCH-002', 'memory: ""'],
    ['LOCO-RUN-004', 'memoryMiB: 128'],
    ['LOCO-KUB-020', undefined],
  ]
  for (const [code, line] of cases) {
    it(`${code} → ${line ?? 'nowhere'}`, () => {
      const path = pathOfCode(code)
      assert.equal(path === undefined ? undefined : lineAt(defaults, placeInValues(defaults, path).line), line)
    })
  }
})

describe('a place in values', () => {
  const path = ['storage', 'persistentVolume', 'size']
  const cases: [name: string, text: string, line: number, column: number, depth: number][] = [
    ['block style', 'a: 1\nstorage:\n  persistentVolume:\n    size: 1Gi\n', 3, 4, 3],
    ['flow style', 'storage: {persistentVolume: {size: 1Gi}}\n', 0, 29, 3],
    ['quoted keys', '"storage":\n  persistentVolume: { "size": 1Gi }\n', 1, 22, 3],
    ['CRLF', 'a: 1\r\nstorage:\r\n  persistentVolume:\r\n    size: 1Gi\r\n', 3, 4, 3],
    ['only the beginning', 'storage:\n  strategy: ephemeral\n', 0, 0, 1],
    ['nothing', 'a: 1\n', 0, 0, 0],
    ['an empty file', '', 0, 0, 0],
    ['a list', '- a\n', 0, 0, 0],
    ['broken text behind it', 'storage:\n  persistentVolume:\n    size: 1Gi\nfoo: [\n', 2, 4, 3],
    ['nulls on the way', 'storage:\n  persistentVolume:\n', 1, 2, 2],
  ]
  for (const [name, text, line, column, depth] of cases) it(name, () => assert.deepEqual(placeInValues(text, path), { line, column, depth }))
})

describe('the values of a release', () => {
  const values = { replicas: 2, emulator: { nodeSelector: { disk: 'ssd' }, env: {} }, storage: { strategy: 'ephemeral' }, unknown: { a: [1, 2] } }
  const text = deployedValues(defaults, { revision: 3, chart: '0.1.0', values }, 'loco')

  it('are those of the chart with those of the person laid over them', () => {
    const { replicas, emulator, storage, unknown } = parse(text) as Record<string, Record<string, unknown>>
    assert.deepEqual([replicas, storage?.['strategy'], unknown], [2, 'ephemeral', { a: [1, 2] }])
    assert.deepEqual([emulator?.['nodeSelector'], emulator?.['memoryMiB']], [{ disk: 'ssd' }, 128])
  })

  it('keep the comments of the chart, and say where they come from', () => {
    assert.match(text, /# -- Number of emulators/)
    assert.match(text, /revision 3 of the release loco/)
  })

  it('the values of the chart alone say why', () => {
    assert.match(defaultValues(defaults, 'Denied.'), /^# These are .*\n# Denied\.\n/)
    assert.deepEqual(parse(defaultValues(defaults, 'Denied.')), parse(defaults))
  })

  it('are read from the record of helm', async () => {
    const packed = (record: object): string => Buffer.from(gzipSync(JSON.stringify(record)).toString('base64')).toString('base64')
    const record = {
      version: 3,
      config: values,
      chart: { metadata: { name: 'loco', version: '0.1.0' }, values: { a: 1 } },
      manifest: 'kind: A',
      hooks: [{ manifest: 'kind: B' }],
    }
    const read = await decodeRecord(packed(record))
    assert.deepEqual(read, { revision: 3, chartName: 'loco', chart: '0.1.0', values, defaults: { a: 1 }, manifest: 'kind: A\n---\nkind: B' })
    assert.deepEqual(await decodeRecord(packed({ version: 1, config: null })), {
      revision: 1,
      chartName: '',
      chart: '',
      values: {},
      defaults: {},
      manifest: '',
    })
  })
})
