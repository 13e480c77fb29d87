import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Helm } from '../../src/chart/helm.ts'
import { previewRelease } from '../../src/chart/preview.ts'
import { chart, realHelm } from './real-helm.ts'

const file = '/home/me/fleet/values.yaml'
const target = { chart, release: 'loco', namespace: 'toys' }
const defaults = readFileSync(join(chart, 'values.yaml'), 'utf8')

describe('preview of what values would change, by a real helm', function () {
  this.timeout(30_000)
  let helm: Helm
  let manifest: string
  before(async function () {
    helm = realHelm(this)
    manifest = await helm.manifest({ ...target, values: [{ replicas: 3 }] }, { upgrade: true })
  })
  const changes = async (text: string): Promise<string[]> => {
    const { resources } = await previewRelease(helm, { ...target, values: [{ file, text }], deployed: { revision: 4, manifest } })
    return resources.filter(({ change }) => change !== 'unchanged').map(({ name, change }) => `${name} ${change}`)
  }

  it('the same values: nothing changes', async () => assert.deepEqual(await changes('replicas: 3\n'), []))

  it('one emulator more: the StatefulSet, and what counts emulators', async () => {
    const expected = ['ConfigMap/loco-loco-instances', 'StatefulSet/loco-loco-emulator', 'Pod/loco-loco-test'].map((name) => `${name} changed`)
    assert.deepEqual(await changes('replicas: 4\n'), expected)
  })

  it('no release yet: everything is added', async () => {
    const { revision, resources } = await previewRelease(helm, { ...target, values: [], deployed: undefined })
    assert.equal(revision, undefined)
    assert.ok(resources.length >= 5 && resources.every(({ change, before }) => change === 'added' && before === ''))
  })

  it('a later layer covers an earlier one', async () => {
    const values = [{ values: { replicas: 9 } }, { file, text: 'replicas: 3\n' }]
    const { resources } = await previewRelease(helm, { ...target, values, deployed: { revision: 4, manifest } })
    assert.deepEqual(
      resources.filter(({ change }) => change !== 'unchanged'),
      [],
    )
  })

  it('the text of the chart’s own values that counts is the one that is given', async () => {
    const text = defaults.replace(/^replicas: \d+$/m, 'replicas: 7')
    const { resources } = await previewRelease(helm, {
      ...target,
      values: [],
      defaults: { file: join(chart, 'values.yaml'), text },
      deployed: { revision: 4, manifest },
    })
    assert.match(resources.find(({ name }) => name === 'StatefulSet/loco-loco-emulator')?.after ?? '', /^ {2}replicas: 7$/m)
  })

  const refused: [text: string, code: string, words: RegExp][] = [
    ['replicas: many\n', 'LOCO-CHT-012', /replicas/],
    ['foo: [\n', 'LOCO-CHT-015', /\/home\/me\/fleet\/values\.yaml/],
    ['emulator: {accel: kvm, kvm: {enabled: false}}\n', 'LOCO-CHT-013', /emulator\.accel/],
  ]
  for (const [text, code, words] of refused)
    it(`${text.trim()} → ${code}, in the names of the person`, () =>
      assert.rejects(changes(text), (error: Error & { code: string }) => {
        assert.equal(error.code, code)
        assert.match(error.message, words)
        assert.doesNotMatch(error.message, /loco-preview/)
        return true
      }))

  it('a text that is typed over is given up, and leaves neither process nor file', async () => {
    const [temporary, usual] = [mkdtempSync(join(tmpdir(), 'loco-test-')), process.env['TMPDIR']]
    process.env['TMPDIR'] = temporary
    try {
      const stop = new AbortController()
      const asked = previewRelease(helm, { ...target, values: [{ file, text: 'replicas: 4\n' }], deployed: undefined, signal: stop.signal })
      stop.abort()
      await assert.rejects(asked, { name: 'AbortError' })
      assert.deepEqual(readdirSync(temporary), [])
    } finally {
      if (usual === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = usual
      rmSync(temporary, { recursive: true, force: true })
    }
  })
})
