import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LocoCode } from '../../src/base/codes.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { Helm } from '../../src/chart/helm.ts'
import { chart, helmBinary, realHelm } from './real-helm.ts'

describe('a real helm says what the table of its words expects', () => {
  let helm: Helm
  let scratch: string
  before(function () {
    helm = realHelm(this)
    scratch = mkdtempSync(join(tmpdir(), 'loco-chart-'))
  })
  after(() => {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  })

  const copy = (name: string, change: (folder: string) => void): string => {
    const folder = join(scratch, name)
    cpSync(chart, folder, { recursive: true })
    change(folder)
    return folder
  }
  const withTemplate = (name: string, text: string): string => copy(name, (folder) => writeFileSync(join(folder, 'templates', 'zz.yaml'), text))
  const replace = (file: string, from: string | RegExp, to: string): void => writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
  const values = (name: string, text: string): string => {
    const file = join(scratch, name)
    writeFileSync(file, text)
    return file
  }

  type Given = { chart?: () => string; values?: () => string; set?: string[]; release?: string }
  const cases: [name: string, given: Given, code: LocoCode, tells: RegExp][] = [
    ['broken YAML', { chart: () => withTemplate('broken', 'a: 1\n b: : x\n') }, 'LOCO-CHT-011', /templates\/zz\.yaml renders text that is no YAML/],
    ['nil pointer', { chart: () => withTemplate('nil', 'a: {{ .Values.emulator.nothing.here }}\n') }, 'LOCO-CHT-014', /templates\/zz\.yaml is wrong in line 1/],
    ['no such template', { chart: () => withTemplate('include', '\na: {{ include "no.such" . }}\n') }, 'LOCO-CHT-014', /zz\.yaml is wrong in line 2/],
    ['template syntax', { chart: () => withTemplate('syntax', 'a: {{ .Values. }}\n') }, 'LOCO-CHT-014', /zz\.yaml is wrong in line 1/],
    [
      'newer Kubernetes',
      { chart: () => copy('kube', (folder) => replace(join(folder, 'Chart.yaml'), /kubeVersion.*/, 'kubeVersion: ">=1.99.0-0"')) },
      'LOCO-CHT-017',
      />=1\.99\.0-0/,
    ],
    [
      'a schema that is none',
      { chart: () => copy('schema', (folder) => replace(join(folder, 'values.schema.json'), '"^[a-z0-9]+', '"(?=x)')) },
      'LOCO-CHT-014',
      /schema of the chart is itself wrong/,
    ],
    [
      'chart values that are no YAML',
      { chart: () => copy('values', (folder) => writeFileSync(join(folder, 'values.yaml'), 'a: [\n')) },
      'LOCO-CHT-015',
      /values\.yaml is no YAML from line 1/,
    ],
    [
      'dependency not fetched',
      {
        chart: () =>
          copy('dependency', (folder) =>
            appendFileSync(join(folder, 'Chart.yaml'), 'dependencies:\n  - { name: x, version: 1.0.0, repository: "https://charts.example.invalid" }\n'),
          ),
      },
      'LOCO-CHT-010',
      /builds on x/,
    ],
    ['empty folder', { chart: () => mkdirSync(join(scratch, 'empty'), { recursive: true }) ?? join(scratch, 'empty') }, 'LOCO-CHT-010', /no chart in/],
    ['no folder', { chart: () => join(scratch, 'absent') }, 'LOCO-CHT-010', /no chart in .*absent/],
    ['values file with two colons', { values: () => values('colons.yaml', 'a: b: c\n') }, 'LOCO-CHT-015', /colons\.yaml is no YAML/],
    ['values file with a tab', { values: () => values('tab.yaml', 'replicas: 3\n\tx: 1\n') }, 'LOCO-CHT-015', /tab\.yaml is no YAML from line 2 on/],
    ['values file with one word', { values: () => values('word.yaml', 'foo') }, 'LOCO-CHT-015', /word\.yaml is no mapping/],
    ['no values file', { values: () => join(scratch, 'absent.yaml') }, 'LOCO-CHT-015', /absent\.yaml cannot be read/],
    ['values file is a folder', { values: () => scratch }, 'LOCO-CHT-015', /cannot be read/],
    ['values file is a URL', { values: () => 'https://example.invalid/values.yaml' }, 'LOCO-CHT-015', /cannot be read/],
    ['--set that is none', { set: ['a'] }, 'LOCO-CHT-015', /--set cannot be read/],
    ['release name', { release: 'Loco_X' }, 'LOCO-CHT-018', /cannot be called "Loco_X"/],
  ]
  for (const [name, given, code, tells] of cases) {
    it(`${name} → ${code}`, async () => {
      const request = {
        chart: given.chart?.() ?? chart,
        release: given.release ?? 'loco',
        namespace: 'loco',
        values: given.values ? [given.values()] : [],
        set: given.set ?? [],
      }
      await assert.rejects(helm.render(request), { code, message: tells })
    })
  }

  it('lint gives the same codes', async () => {
    const request = { release: 'loco', namespace: 'loco' }
    await assert.rejects(helm.lint({ ...request, chart, values: [{ zz: 1 }] }), { code: 'LOCO-CHT-012' })
    await assert.rejects(helm.lint({ ...request, chart: withTemplate('lint-nil', 'a: {{ .Values.emulator.nothing.here }}\n') }), { code: 'LOCO-CHT-014' })
    await assert.rejects(helm.lint({ ...request, chart: withTemplate('lint-broken', 'a: 1\n b: : x\n') }), { code: /LOCO-CHT-01[16]/ })
    await assert.rejects(helm.lint({ ...request, chart: join(scratch, 'nowhere') }), { code: 'LOCO-CHT-010' })
  })

  const kubeconfig = (server: string): string =>
    values(
      `kubeconfig-${server.replaceAll(/\W/g, '-')}`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server } }],
        users: [{ name: 'u', user: { token: 'x' } }],
        contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
      }),
    )
  const clusters: [name: string, kubeconfig: () => string, context: string, code: LocoCode][] = [
    ['nothing listens', () => kubeconfig('https://127.0.0.1:1'), 'here', 'LOCO-KUB-020'],
    ['no such context', () => kubeconfig('https://127.0.0.1:1'), 'there', 'LOCO-KUB-004'],
    ['no kubeconfig', () => join(scratch, 'no-kubeconfig'), 'here', 'LOCO-KUB-004'],
    ['a broken kubeconfig', () => values('broken-kubeconfig', 'a: ['), 'here', 'LOCO-KUB-003'],
  ]
  for (const [name, file, context, code] of clusters) {
    it(`${name} → ${code}, for reading, planning, changing and removing`, async () => {
      const remote = new Helm({ binary: helmBinary() ?? '', kubeconfig: file(), context, log: silentLogger })
      const request = { chart, release: 'loco', namespace: 'loco' }
      await Promise.all(
        [remote.release(request), remote.dryRun(request), remote.upgrade(request), remote.uninstall(request)].map((call) => assert.rejects(call, { code })),
      )
    })
  }
})
