import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codes } from '../../src/base/codes.ts'
import { LocoError } from '../../src/base/error.ts'
import type { Helm } from '../../src/chart/helm.ts'
import type { Chart } from '../../src/values/chart.ts'
import { check } from '../../src/values/check.ts'
import { checkObjects } from '../../src/values/check-manifest.ts'
import { ofTheNode } from '../../src/values/host-folder.ts'
import { refusedBy, ruleTable } from '../../src/values/rules/rule-table.ts'
import { scratchMiB } from '../../src/values/rules/sizes.ts'
import { given, ourChart } from '../unit/values/rules/given.ts'
import { chart as folder, realHelm } from './real-helm.ts'

const ofHelm = { schema: 'LOCO-CHT-012', template: 'LOCO-CHT-013' } as const
const storage = (more: Record<string, unknown>) => ({ storage: more })
const emulator = (more: Record<string, unknown>) => ({ emulator: more })

/** Values that a rule calls an error. */
const refused: Record<string, Record<string, unknown>[]> = {
  'LOCO-ST-01': [
    storage({ strategy: 'hostPath' }),
    storage({ strategy: { hostPath: { enabled: true } } }),
    storage({ strategy: { hybrid: { enabled: true } }, class: 'standard' }),
  ],
  'LOCO-ST-02': [
    storage({ strategy: ['hostpath', 'hybrid'] }),
    storage({ strategy: 'hybrid', hostPath: null }),
    storage({ strategy: 'hybrid', persistentVolume: null }),
    storage({ strategy: { hostPath: { enabled: true }, hybrid: { enabled: true } } }),
  ],
  'LOCO-ST-03': [
    storage({ persistentVolume: { size: '10GB' } }),
    storage({ persistentVolume: { size: '-1Gi' } }),
    emulator({ resources: { limits: { memory: '512MB' } } }),
  ],
  'LOCO-ST-05': [...ofTheNode, '/', '/etc/x', '/var/run/docker.sock', '/data/x.sock', 'art', '/data/../etc'].map((sharedDirectory) =>
    storage({ hostPath: { sharedDirectory } }),
  ),
  'LOCO-ST-22': [
    storage({ strategy: 'hostpath', retention: { whenDeleted: 'Delete' } }),
    storage({ strategy: 'hostpath', retention: { whenScaled: 'Delete' } }),
  ],
  'LOCO-VA-02': [{ replicaCount: 3 }, emulator({ memoryMB: 64 })],
  'LOCO-VA-05': [{ replicas: '3' }, { replicas: 300 }, emulator({ accel: 'hvf' }), emulator({ resources: null })],
  'LOCO-VA-07': [emulator({ tag: 'latest' })],
  'LOCO-VA-08': [emulator({ resources: { limits: { memory: '256Mi' } } }), emulator({ memoryMiB: 512, resources: { limits: { memory: '512Mi' } } })],
  'LOCO-VA-09': [emulator({ memoryMiB: 1024 })],
  'LOCO-VA-11': [
    emulator({ env: { GUEST_MAC: '52:54:00:10:00:01' } }),
    { replicas: 1, ...emulator({ env: { GUEST_MAC: '52:54:00:12:34:56' } }) },
    emulator({ env: { GUEST_HOSTNAME: 'A' } }),
  ],
  'LOCO-VA-12': [
    emulator({ healthPort: 5901 }),
    emulator({ healthPort: 9000, servicePort: 9000 }),
    { hub: { lanPort: 8080 } },
    { backend: { nodePort: 30001, serviceType: 'NodePort' }, frontend: { nodePort: 30001, serviceType: 'NodePort' } },
  ],
  'LOCO-VA-14': [storage({ class: 'standard' }), { nfs: { enabled: true } }, emulator({ diskPVC: 'win98-disk' })],
  'LOCO-VA-15': [emulator({ env: { QEMU_MEMORY: '64' } }), emulator({ env: { POD_NAME: 'a' } })],
  'LOCO-VA-19': [{ namespace: 'loco' }],
}

/** Values at the edge that neither a rule nor helm refuses. */
const taken: Record<string, unknown>[] = [
  storage({ strategy: 'hostpath', hostPath: { sharedDirectory: '/tmp/loco-art-shared', createIfNotExists: true } }),
  storage({
    strategy: 'hybrid',
    hostPath: { sharedDirectory: '/tmp/loco-art-shared', createIfNotExists: true },
    persistentVolume: { size: '10Gi', storageClass: 'standard' },
  }),
  storage({ hostPath: { sharedDirectory: '/etcetera' } }),
  storage({ hostPath: { sharedDirectory: '/devices/a' } }),
  storage({ strategy: 'csi-snapshot' }),
  emulator({ memoryMiB: 512, resources: { limits: { memory: '672Mi' } } }),
  { replicas: 1, ...emulator({ env: { GUEST_MAC: '52:54:00:10:00:01' } }) },
  emulator({ env: { WORKGROUP: 'LOCOLAND' } }),
]

describe('chart: what a rule over values calls an error, helm refuses too', () => {
  let helm: Helm
  let chart: Chart
  before(async function () {
    helm = realHelm(this)
    chart = await ourChart()
  })
  const render = (values: Record<string, unknown>): Promise<unknown> => helm.render({ chart: folder, release: 'loco', namespace: 'loco', values: [values] })
  const errors = (values: Record<string, unknown>): string[] =>
    check(given({ text: JSON.stringify(values), chart })).problems.flatMap(({ code, severity }) => (severity === 'error' ? [code] : []))

  for (const [code, examples] of Object.entries(refused)) {
    for (const values of examples) {
      it(`${code}: ${JSON.stringify(values)}`, async () => {
        assert.deepEqual(errors(values), [code])
        await assert.rejects(render(values), (error) => error instanceof LocoError && (error.code === ofHelm.schema || error.code === ofHelm.template))
      })
    }
    it(`${code}: by the ${refusedBy[code as keyof typeof refusedBy]}, as the table says`, async () => {
      const by = refusedBy[code as keyof typeof refusedBy]
      const found = await Promise.all(
        examples.map((values) =>
          render(values).then(
            () => '',
            (error: LocoError) => error.code,
          ),
        ),
      )
      assert.ok(by !== undefined && by !== 'helm' && found.includes(ofHelm[by]), found.join())
    })
  }

  for (const values of taken) {
    it(`taken by both: ${JSON.stringify(values)}`, async () => {
      assert.deepEqual(errors(values), [])
      await render(values)
    })
  }

  it('every error over values has an example', () => {
    // Helm swallows equal keys; broken text is compared with helm in values-agreement.test.ts; a long file or a broken schema is not about a value.
    const aside = ['LOCO-VA-01', 'LOCO-VA-20', 'LOCO-VA-21', 'LOCO-VA-22']
    const rows = ruleTable().filter(({ code, severity, knowable }) => severity === 'error' && knowable.includes('values') && !aside.includes(code))
    assert.deepEqual(
      rows.map(({ code }) => code).filter((code) => !(code in refused)),
      [],
    )
  })
})

describe('chart: rules and chart say the same', () => {
  it('every code of the rules has one rule at least', () => {
    const table = ruleTable().map(({ code }) => code as string)
    // VA-23 is the answer to a rename, and no rule.
    assert.deepEqual(
      Object.keys(codes).filter((code) => /^LOCO-(?:ST|VA)-\d\d$/.test(code) && code !== 'LOCO-VA-23' && !table.includes(code)),
      [],
    )
  })
  it('folders that the node lives from', () => {
    const text = readFileSync(join(folder, 'templates', 'values-rules.yaml'), 'utf8')
    assert.deepEqual(/define "loco\.nodeFolders" -\}\}([^{]*)/.exec(text)?.[1]?.split(' '), [...ofTheNode])
  })
  it('room for logs and scratch files', () => {
    const text = readFileSync(join(folder, 'templates', '_resources.tpl'), 'utf8')
    assert.equal(/define "loco\.scratchMiB" -\}\}(\d+)/.exec(text)?.[1], String(scratchMiB))
  })
})

describe('chart: nothing to say of what our chart renders', () => {
  let helm: Helm
  before(function () {
    helm = realHelm(this)
  })
  const overlays = readdirSync(folder).filter((name) => /^values.*\.yaml$/.test(name))
  for (const overlay of overlays) {
    for (const strategy of ['', 'ephemeral', 'persistent', 'hostpath', 'hybrid', 'csi-snapshot']) {
      it(`${overlay}${strategy === '' ? '' : ` with ${strategy}`}`, async () => {
        const objects = await helm.render({
          chart: folder,
          release: 'loco',
          namespace: 'loco',
          values: [join(folder, overlay), ...(strategy === '' ? [] : [{ storage: { strategy } }])],
        })
        const { findings } = checkObjects(objects, 'loco', 'loco')
        assert.deepEqual(
          findings.map(({ code, message }) => `${code} ${message}`),
          [],
        )
      })
    }
  }
})

describe('chart: ST-32, the documented values', () => {
  it('both examples of the notes are taken without a word', async () => {
    const chart = await ourChart()
    for (const values of taken.slice(0, 2)) assert.deepEqual(check(given({ text: JSON.stringify(values), chart })).problems, [])
  })
})
