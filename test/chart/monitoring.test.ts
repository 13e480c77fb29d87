import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Gauges } from '../../containers/qemu-softgpu/agent/metrics.ts'
import { Metrics } from '../../containers/qemu-softgpu/agent/metrics.ts'
import { packageRoot } from '../../src/base/package-root.ts'
import type { Helm } from '../../src/chart/helm.ts'
import { nameOf, type RenderedObject } from '../../src/chart/manifest.ts'
import { realHelm } from './real-helm.ts'
import { everything, wholeChart } from './whole-chart.ts'

/** A page of the agent with everything on it that it can ever show. */
function exported(): string {
  const metrics = new Metrics()
  metrics.requests.add({ method: 'GET', route: 'health', code: '200' })
  metrics.requestSeconds.observe({ method: 'GET', route: 'health' }, 0.1)
  metrics.qmpSeconds.observe({ command: 'query-status' }, 0.1)
  const gauges: Gauges = {
    instance: 'instance-0',
    version: '1',
    stage: 'P2',
    verdict: 'healthy',
    ready: true,
    resets: 0,
    pictureChanges: 1,
    vncClients: 0,
    disk: { reads: 1, writes: 1, readBytes: 1, writtenBytes: 1 },
    qemu: { cpuSeconds: 1, resident: 1 },
    agent: { cpuSeconds: 1, resident: 1 },
    agentStartedAt: 0,
  }
  return metrics.page(gauges)
}

/** Label values by label by metric, as the agent exports them. */
const series = new Map<string, Map<string, Set<string>>>()
for (const [, name = '', labels = ''] of exported().matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
  const known = series.get(name) ?? new Map<string, Set<string>>()
  series.set(name, known)
  for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) known.set(label, (known.get(label) ?? new Set()).add(value))
}
/** Labels that Prometheus itself adds, and its own metric of a target. */
const added = ['namespace', 'service', 'pod', 'instance']
const ownOfPrometheus = 'up'

/** What a query asks for that nobody exports: metrics, labels, and values of labels whose values are a fixed list. */
function unknownIn(query: string): string[] {
  const selectors = [...query.matchAll(/([a-z_]+)\{([^}]*)\}/g)]
  const wrong = selectors.flatMap(([, metric = '', matchers = '']) => {
    const labels = metric === ownOfPrometheus ? new Map<string, Set<string>>() : series.get(metric)
    if (labels === undefined) return [metric]
    return [...matchers.matchAll(/(\w+)="([^"]*)"/g)].flatMap(([, label = '', value = '']) => {
      if (added.includes(label)) return []
      if (!labels.has(label)) return [`${metric}{${label}}`]
      return ['verdict', 'stage', 'direction'].includes(label) && !labels.get(label)?.has(value) ? [`${metric}{${label}="${value}"}`] : []
    })
  })
  const metrics = selectors.map(([, metric = '']) => metric)
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',').map((label) => label.trim()))
  const unknown = grouped.filter((label) => !added.includes(label) && !metrics.some((metric) => series.get(metric)?.has(label)))
  return [...wrong, ...unknown, ...(selectors.length === 0 ? ['no metric at all'] : [])]
}

interface Rule {
  alert: string
  expr: string
  for: string
  labels: { severity: string }
  annotations: { summary: string }
}
interface Dashboard {
  uid: string
  title: string
  panels: { id: number; title: string; targets: { expr: string; legendFormat: string }[] }[]
}

describe('chart: alerts and dashboards', () => {
  let helm: Helm
  let whole: ReturnType<typeof wholeChart>
  let objects: RenderedObject[]
  const render = (values: Record<string, unknown>): Promise<RenderedObject[]> =>
    helm.render({ chart: whole.folder, release: 'loco', namespace: 'toys', values: [values] })
  const rulesOf = (made: readonly RenderedObject[]): Rule[] =>
    (made.find(({ kind }) => kind === 'PrometheusRule')!.spec as unknown as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules)
  const dashboardsOf = (made: readonly RenderedObject[]): Dashboard[] =>
    Object.values(made.find(({ metadata }) => metadata.name === 'loco-loco-grafana-dashboards')!['data'] as Record<string, string>).map((text) =>
      JSON.parse(text),
    )
  before(async function () {
    helm = realHelm(this)
    whole = wholeChart()
    objects = await render(everything)
  })
  after(() => whole?.remove())

  it('alerts ask only for what is exported', () => {
    const rules = rulesOf(objects)
    assert.deepEqual(
      rules.flatMap(({ alert, expr }) => unknownIn(expr).map((what) => `${alert}: ${what}`)),
      [],
    )
    assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
    const page = readFileSync(join(packageRoot(), 'docs', 'chart.md'), 'utf8')
    for (const { alert } of rules) assert.ok(page.includes(`\`${alert}\``), `docs/chart.md does not tell of ${alert}`)
  })

  it('panels ask only for what is exported', () => {
    const dashboards = dashboardsOf(objects)
    assert.deepEqual(dashboards.map(({ uid }) => uid).sort(), ['loco-fleet', 'loco-screens'])
    for (const { title, panels } of dashboards) {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title)
      assert.deepEqual(
        panels.flatMap((panel) => panel.targets.flatMap(({ expr }) => unknownIn(expr).map((what) => `${title}, ${panel.title}: ${what}`))),
        [],
      )
      // A name in a legend must be a label of what is shown.
      for (const { title: name, targets } of panels)
        for (const { expr, legendFormat } of targets)
          for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
            assert.ok(added.includes(label) || expr.includes(label), `${title}, ${name}: ${label}`)
    }
  })

  it('the check itself finds what nobody exports', () => {
    const bad: [query: string, finds: string][] = [
      ['loco_instance_red{namespace="a"} == 0', 'loco_instance_red'],
      ['loco_instance_ready{colour="red"}', 'loco_instance_ready{colour}'],
      ['loco_instance_verdict{verdict="broken"}', 'loco_instance_verdict{verdict="broken"}'],
      ['sum by (colour) (loco_vnc_clients{namespace="a"})', 'colour'],
      ['vector(1)', 'no metric at all'],
    ]
    for (const [query, finds] of bad) assert.deepEqual(unknownIn(query), [finds])
  })

  it('alerts are about this release, and say so', () => {
    for (const { alert, expr, annotations, labels } of rulesOf(objects)) {
      assert.ok(expr.includes('namespace="toys",service="loco-loco-'), alert)
      assert.match(annotations.summary, /release loco in namespace toys/, alert)
      assert.match(annotations.summary, /\.$/, alert)
      assert.ok(['warning', 'critical'].includes(labels.severity), alert)
    }
  })

  it('there are alerts for what is deployed, and none for what is not', async () => {
    const names = (made: readonly RenderedObject[]): string[] => rulesOf(made).map(({ alert }) => alert)
    const emulators = ['LocoInstanceNotReady', 'LocoInstanceUnhealthy', 'LocoInstanceRestarts', 'LocoGuestResets', 'LocoQmpSlow', 'LocoAgentDown']
    assert.deepEqual(names(objects), [...emulators, 'LocoInstancesMissing', 'LocoBackendDown', 'LocoHubDown'])
    assert.deepEqual(names(await render({ monitoring: { enabled: true }, replicas: 0 })), emulators)
    const nine = rulesOf(await render({ monitoring: { enabled: true }, replicas: 9 })).find(({ alert }) => alert === 'LocoInstancesMissing')!
    assert.match(nine.expr, /< 9$/)
  })

  it('values come through, and without dashboards there are none', async () => {
    const values = { monitoring: { enabled: true, prometheusRelease: 'mine', scrapeInterval: '30s', scrapeTimeout: '5s' } }
    const made = await render(values)
    const kinds = ['ServiceMonitor', 'PrometheusRule']
    const asked = made.filter(({ kind }) => kinds.includes(kind))
    assert.deepEqual(asked.map(nameOf), ['PrometheusRule/loco-loco-alerts', 'ServiceMonitor/loco-loco-emulator'])
    for (const { metadata } of asked) assert.equal(metadata.labels!['release'], 'mine')
    const [endpoint] = asked.find(({ kind }) => kind === 'ServiceMonitor')!.spec!['endpoints'] as Record<string, unknown>[]
    assert.deepEqual(endpoint, { port: 'health', path: '/metrics', interval: '30s', scrapeTimeout: '5s', honorLabels: true })
    assert.ok(!made.some(({ metadata }) => metadata.name.endsWith('-grafana-dashboards')))
    assert.ok(!(await render({})).some(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com')))
  })
})
