import type { Stage, VerdictWord } from '../../../src/contracts/fleet.ts'

type Labels = Record<string, string>

/** A number that only grows, per set of labels. */
export class Counter {
  readonly #values = new Map<string, number>()

  add(labels: Labels, by = 1): void {
    const key = labelText(labels)
    this.#values.set(key, (this.#values.get(key) ?? 0) + by)
  }

  lines(name: string, help: string): string[] {
    return family(
      name,
      help,
      'counter',
      [...this.#values].map(([labels, value]) => `${name}${labels} ${value}`),
    )
  }
}

/** Durations in seconds, per set of labels, in fixed buckets. */
export class Histogram {
  readonly #buckets: readonly number[]
  readonly #series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>()

  constructor(buckets: readonly number[]) {
    this.#buckets = buckets
  }

  observe(labels: Labels, value: number): void {
    const key = labelText(labels)
    const series = this.#series.get(key) ?? { labels, counts: this.#buckets.map(() => 0), sum: 0, count: 0 }
    this.#series.set(key, series)
    this.#buckets.forEach((bound, index) => {
      if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
    })
    series.sum += value
    series.count += 1
  }

  lines(name: string, help: string): string[] {
    const samples = [...this.#series.values()].flatMap(({ labels, counts, sum, count }) => [
      ...this.#buckets.map((bound, index) => `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${counts[index]}`),
      `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`,
      `${name}_sum${labelText(labels)} ${sum}`,
      `${name}_count${labelText(labels)} ${count}`,
    ])
    return family(name, help, 'histogram', samples)
  }
}

/** What the page shows beside the counters. */
export interface Gauges {
  instance: string
  version: string
  stage: Stage | null
  verdict: VerdictWord
  ready: boolean
  resets: number
  pictureChanges: number
  vncClients: number
  disk: { reads: number; writes: number; readBytes: number; writtenBytes: number }
  qemu: { cpuSeconds: number; resident: number } | undefined
  agent: { cpuSeconds: number; resident: number }
  agentStartedAt: number
}

const stages: readonly Stage[] = ['P0', 'P1', 'P2', 'P3', 'P4', 'P5']
const verdicts: readonly VerdictWord[] = ['healthy', 'starting', 'degraded', 'unhealthy', 'stopped', 'unknown']
const qmpBuckets = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2]
const httpBuckets = [0.001, 0.005, 0.015, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 5, 10]

/** The agent's counters and the page that shows them, in the text format of Prometheus. */
export class Metrics {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly requests = new Counter()
  readonly requestSeconds = new Histogram(httpBuckets)
  readonly qmpSeconds = new Histogram(qmpBuckets)

  page(gauges: Gauges): string {
    const instance = { instance: gauges.instance }
    const gauge = (name: string, help: string, samples: readonly [Labels, number][]): string[] => simple(name, help, 'gauge', samples)
    const counter = (name: string, help: string, samples: readonly [Labels, number][]): string[] => simple(name, help, 'counter', samples)
    const { disk, qemu, agent } = gauges
    return [
      ...gauge('loco_agent_info', 'The image this agent runs in.', [[{ version: gauges.version }, 1]]),
      ...gauge(
        'loco_instance_stage',
        'How far the guest got: 1 for its stage, 0 for the others.',
        stages.map((stage) => [{ ...instance, stage }, Number(stage === gauges.stage)]),
      ),
      ...gauge(
        'loco_instance_verdict',
        'What the agent says of its guest: 1 for the verdict, 0 for the others.',
        verdicts.map((verdict) => [{ ...instance, verdict }, Number(verdict === gauges.verdict)]),
      ),
      ...gauge('loco_instance_ready', '1 when /ready answers 200.', [[instance, Number(gauges.ready)]]),
      ...counter('loco_guest_resets_total', 'Resets of the guest since the agent started.', [[instance, gauges.resets]]),
      ...counter('loco_picture_changes_total', 'New pictures seen on the screen; what the looks of the agent saw, not a frame rate.', [
        [instance, gauges.pictureChanges],
      ]),
      ...gauge('loco_vnc_clients', 'Clients connected to the screen.', [[instance, gauges.vncClients]]),
      ...counter('loco_disk_operations_total', 'Disk accesses of the guest.', [
        [{ ...instance, direction: 'read' }, disk.reads],
        [{ ...instance, direction: 'write' }, disk.writes],
      ]),
      ...counter('loco_disk_bytes_total', 'Bytes the guest read from and wrote to its disk.', [
        [{ ...instance, direction: 'read' }, disk.readBytes],
        [{ ...instance, direction: 'write' }, disk.writtenBytes],
      ]),
      ...(qemu === undefined
        ? []
        : [
            ...gauge('loco_qemu_resident_memory_bytes', "Memory of the QEMU process, the guest's included.", [[instance, qemu.resident]]),
            ...counter('loco_qemu_cpu_seconds_total', 'Processor time of the QEMU process.', [[instance, qemu.cpuSeconds]]),
          ]),
      ...gauge('process_resident_memory_bytes', 'Memory of the agent.', [[{}, agent.resident]]),
      ...counter('process_cpu_seconds_total', 'Processor time of the agent.', [[{}, agent.cpuSeconds]]),
      ...gauge('process_start_time_seconds', 'When the agent started, in seconds since 1970.', [[{}, gauges.agentStartedAt / 1000]]),
      ...this.requests.lines('loco_http_requests_total', 'Requests by method, route and code.'),
      ...this.requestSeconds.lines('loco_http_request_duration_seconds', 'Time to answer a request.'),
      ...this.qmpSeconds.lines('loco_qmp_request_duration_seconds', 'Time QEMU took to answer a command.'),
      '',
    ].join('\n')
  }
}

function simple(name: string, help: string, type: string, samples: readonly [Labels, number][]): string[] {
  return family(
    name,
    help,
    type,
    samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
  )
}

function family(name: string, help: string, type: string, samples: readonly string[]): string[] {
  return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples]
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
