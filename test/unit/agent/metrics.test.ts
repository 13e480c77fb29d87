import assert from 'node:assert/strict'
import { Counter, Histogram, Metrics } from '../../../containers/qemu-softgpu/agent/metrics.ts'
import { CpuMeter, parseStat } from '../../../containers/qemu-softgpu/agent/usage.ts'

describe('metrics', () => {
  it('escapes label values', () => {
    const counter = new Counter()
    counter.add({ a: 'x"\\\n' })
    assert.deepEqual(counter.lines('n', 'help').at(-1), 'n{a="x\\"\\\\\\n"} 1')
  })

  it('buckets are cumulative', () => {
    const histogram = new Histogram([1, 5])
    for (const value of [0.5, 2, 9]) histogram.observe({}, value)
    assert.deepEqual(histogram.lines('n', 'help').slice(2), ['n_bucket{le="1"} 1', 'n_bucket{le="5"} 2', 'n_bucket{le="+Inf"} 3', 'n_sum 11.5', 'n_count 3'])
  })

  it('the page is in the text format: every sample has HELP and TYPE, names are right, and it ends with a line feed', () => {
    const page = new Metrics().page({
      instance: 'instance-1',
      version: 'x',
      stage: 'P2',
      verdict: 'healthy',
      ready: true,
      resets: 1,
      pictureChanges: 2,
      vncClients: 0,
      disk: { reads: 1, writes: 2, readBytes: 3, writtenBytes: 4 },
      qemu: { cpuSeconds: 1, resident: 2 },
      agent: { cpuSeconds: 1, resident: 2 },
      agentStartedAt: 1000,
    })
    const types = new Map([...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map((match) => [match[1], match[2]]))
    for (const line of page.split('\n').filter((text) => text !== '' && !text.startsWith('#'))) {
      const name = /^([a-z_]+)(?:\{.*\})? -?[\d.e+-]+$/.exec(line)?.[1] ?? ''
      assert.ok(types.has(name), line)
      assert.equal(name.endsWith('_total'), types.get(name) === 'counter', name)
    }
    assert.match(page, /loco_instance_stage\{instance="instance-1",stage="P2"\} 1\n/)
    assert.ok(page.endsWith('\n'))
  })
})

describe('usage of a process', () => {
  const stat = '42 (qemu (a b)) S 1 42 42 0 -1 4194560 1 0 0 0 250 150 0 0 20 0 4 0 100 1000000 2048 18446744073709551615'
  it('reads a name with spaces and parentheses', () => assert.deepEqual(parseStat(stat), { cpuSeconds: 4, resident: 2048 * 4096 }))
  it('nonsense is nothing', () => assert.equal(parseStat('no'), undefined))
  it('percent needs two looks', () => {
    const meter = new CpuMeter()
    assert.equal(meter.percent(0, { cpuSeconds: 1, resident: 0 }), null)
    assert.equal(meter.percent(2000, { cpuSeconds: 2, resident: 0 }), 50)
    assert.equal(meter.percent(2100, { cpuSeconds: 9, resident: 0 }), 50, 'asked again at once: the same')
    assert.equal(meter.percent(2200, undefined), null)
  })
})
