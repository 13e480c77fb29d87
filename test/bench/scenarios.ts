import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SandboxAccess } from '../../src/sandbox/sandbox.ts'
import { loco, mustLoco } from '../loco.ts'
import { editor, manyEmulators } from './editor/editor.ts'
import type { Figure } from './figure.ts'
import { screenHeadless, screenInBrowser } from './screen/scenario.ts'
import { values } from './values/scenario.ts'

const execute = promisify(execFile)

/** What a scenario may use: the way to the node, and how often to repeat. */
export interface Bench {
  access(): Promise<SandboxAccess>
  repeats: number
}

export type Scenario = (bench: Bench) => Promise<Figure[]>

const json = ['--output', 'json'] as const
/** A fleet of the bench's own, so that nothing of a person's is touched. */
const fleet = ['--namespace', 'loco-bench', '--release', 'loco'] as const
const bootstrap = ['bootstrap', ...fleet, '--replicas', '3', ...json] as const
const destroy = ['destroy', ...fleet, '--delete-data', '--yes', ...json] as const
const pod = 'loco-loco-emulator-0'

async function kubectl(bench: Bench, ...args: string[]): Promise<string> {
  const { kubeconfig, bin } = await bench.access()
  return (await execute(bin.kubectl, ['--kubeconfig', kubeconfig, '-n', 'loco-bench', ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout
}

async function docker(bench: Bench, ...args: string[]): Promise<string> {
  const { dockerHost } = await bench.access()
  return (await execute('docker', ['-H', dockerHost, ...args])).stdout
}

async function repeat(times: number, work: () => Promise<number>): Promise<number[]> {
  const samples: number[] = []
  for (let n = 0; n < times; n++) samples.push(await work())
  return samples
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

/** Sandbox off and on again, with no pod on it. Leaves it up. */
const sandboxOnOff: Scenario = async ({ repeats }) => {
  const up: number[] = []
  const down: number[] = []
  await mustLoco(['sandbox', 'up', ...json])
  for (let n = 0; n < repeats; n++) {
    down.push((await mustLoco(['sandbox', 'down', ...json])).seconds)
    up.push((await mustLoco(['sandbox', 'up', ...json])).seconds)
  }
  return [
    { what: 'sandbox up, programs there', unit: 's', samples: up, wanted: '≤ 10 s', conditions: 'whole process, state kept, no pods' },
    { what: 'sandbox down', unit: 's', samples: down, wanted: '≤ 10 s', conditions: 'whole process, no pods' },
  ]
}

/** A Bootstrap to which everything is true already. */
const warmBootstrap: Scenario = async ({ repeats }) => {
  await mustLoco(bootstrap)
  const samples = await repeat(repeats, async () => (await mustLoco(bootstrap)).seconds)
  return [{ what: 'warm Bootstrap (all already true)', unit: 's', samples, wanted: '≤ 6 s', conditions: 'whole process, 3 healthy emulators' }]
}

/** Images built and transferred anew, then three emulators to their pictures. */
const coldBootstrap: Scenario = async (bench) => {
  const samples = await repeat(Math.min(3, bench.repeats), async () => {
    await mustLoco(destroy)
    await forgetImages(bench)
    return (await mustLoco(bootstrap)).seconds
  })
  return [
    {
      what: 'Bootstrap with image built without cache and transferred, 3 emulators, to pictures',
      unit: 's',
      samples,
      wanted: '≤ 45 s',
      conditions: 'whole process; base images there, packages from the mirror',
    },
  ]
}

async function forgetImages(bench: Bench): Promise<void> {
  const { containerd } = await bench.access()
  const refs = (await docker(bench, 'images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n').filter((ref) => ref.startsWith('compose-'))
  if (refs.length > 0) await docker(bench, 'rmi', '-f', ...refs)
  await docker(bench, 'image', 'prune', '-f')
  const ctr = ['--address', containerd.address, '-n', containerd.namespace, 'images']
  const onNode = (await execute(containerd.ctr, [...ctr, 'ls', '-q'])).stdout.split('\n').filter((ref) => ref.includes('/compose-'))
  if (onNode.length > 0) await execute(containerd.ctr, [...ctr, 'rm', '--sync', ...onNode])
}

/** Destroy with data, and fresh Bootstraps in a row that must end healthy. */
const freshBootstraps: Scenario = async ({ repeats }) => {
  const times = repeats * 4
  let healthy = 0
  const up: number[] = []
  const gone: number[] = []
  for (let n = 0; n < times; n++) {
    await mustLoco(destroy)
    const made = await loco(bootstrap)
    up.push(made.seconds)
    if (made.exit === 0) healthy += 1
    gone.push((await mustLoco(destroy)).seconds)
  }
  return [
    {
      what: 'fresh Bootstraps in a row that end healthy',
      unit: 'of',
      samples: [healthy],
      wanted: `${times} of ${times}`,
      conditions: `${times} runs, 3 emulators each, image on the node`,
    },
    { what: 'fresh Bootstrap, image on the node', unit: 's', samples: up, wanted: '–', conditions: 'whole process, 3 emulators, to pictures' },
    { what: 'Destroy of 3 emulators with claims, absence proven', unit: 's', samples: gone, wanted: '≤ 20 s', conditions: 'whole process, --delete-data' },
  ]
}

/** From a pod's creation to Ready, and from its container running to the first picture that the agent knows. */
const podTimes: Scenario = async (bench) => {
  await mustLoco(bootstrap)
  const ready: number[] = []
  const picture: number[] = []
  for (let n = 0; n < bench.repeats; n++) {
    await kubectl(bench, 'delete', 'pod', pod, '--wait=true')
    await kubectl(bench, 'wait', '--for=create', `pod/${pod}`, '--timeout=30s')
    const created = Date.now()
    await kubectl(bench, 'wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s')
    ready.push((Date.now() - created) / 1000)
    const health = JSON.parse(await kubectl(bench, 'get', '--raw', `/api/v1/namespaces/loco-bench/pods/${pod}:8080/proxy/health`)) as {
      picture: { firstAt: string }
      agent: { startedAt: string }
    }
    picture.push((Date.parse(health.picture.firstAt) - Date.parse(health.agent.startedAt)) / 1000)
  }
  return [
    { what: 'pod created → Ready', unit: 's', samples: ready, wanted: '≤ 4 s', conditions: 'seen with kubectl wait; no hardware virtualisation, so TCG' },
    {
      what: 'pod running → first picture known',
      unit: 's',
      samples: picture,
      wanted: '≤ 2 s',
      conditions: 'from the start of the agent to the first picture it knows; TCG',
    },
  ]
}

/** A pod that is deleted, until the open `status --watch` tells of it. */
const seen: Scenario = async (bench) => {
  await mustLoco(bootstrap)
  const samples: number[] = []
  for (let n = 0; n < bench.repeats; n++) {
    let deleted: number | undefined
    let told: number | undefined
    const onDocument = (document: Record<string, unknown>, stop: () => void): void => {
      const emulators = document['emulators'] as { id: string; verdict: string }[]
      const verdict = emulators.find(({ id }) => id === 'instance-0')?.verdict
      if (deleted === undefined && verdict === 'healthy') {
        deleted = Number.POSITIVE_INFINITY
        // The moment counts at which the API server has taken the deletion, not when kubectl has started.
        void kubectl(bench, 'delete', 'pod', pod, '--wait=false').then(() => {
          deleted = performance.now()
          if (told !== undefined) stop()
        })
      } else if (deleted !== undefined && verdict !== 'healthy' && told === undefined) {
        told = performance.now()
        if (Number.isFinite(deleted)) stop()
      }
    }
    await loco(['status', '--watch', ...fleet, ...json], { onDocument })
    samples.push(Math.max(0, (told ?? Number.NaN) - (deleted ?? Number.NaN)))
    await kubectl(bench, 'wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s')
  }
  return [
    {
      what: 'pod deleted → told by loco status --watch',
      unit: 'ms',
      samples,
      wanted: '≤ 500 ms',
      conditions: 'from the answer to the deletion; 0 = told before kubectl had its answer',
    },
  ]
}

/** A tag that does not exist: from the kubelet's report until the cause is told, beside helm install --wait. */
const badTag: Scenario = async (bench) => {
  await mustLoco(destroy)
  const samples: number[] = []
  for (let n = 0; n < Math.min(3, bench.repeats); n++) {
    let reported: number | undefined
    let told: number | undefined
    const watch = setInterval(() => {
      void kubectl(bench, 'get', 'pods', '-o', 'json').then(
        (text) => {
          if (reported === undefined && /ErrImageNeverPull|ErrImagePull|ImagePullBackOff/.test(text)) reported = performance.now()
        },
        () => {},
      )
    }, 250)
    const bad = ['--set', 'emulator.tag=no-such-tag', '--set', 'emulator.imagePullPolicy=Never', '--timeout', '120s']
    const onDocument = (event: Record<string, unknown>): void => {
      if (event['kind'] === 'finding' && told === undefined) told = performance.now()
    }
    await loco([...bootstrap, ...bad], { onDocument })
    clearInterval(watch)
    samples.push(((told ?? Number.NaN) - (reported ?? Number.NaN)) / 1000)
    await mustLoco(destroy)
  }
  const { kubeconfig, bin } = await bench.access()
  const chart = new URL('../../helm/loco-chart', import.meta.url).pathname
  const wait = ['--wait', '--timeout', '60s', '--set', 'emulator.tag=no-such-tag,emulator.imagePullPolicy=Never']
  let said = 'it says success'
  const helm = await seconds(() =>
    execute(bin.helm, ['--kubeconfig', kubeconfig, 'install', 'loco', chart, '-n', 'loco-bench', '--create-namespace', ...wait]).catch(
      (error: Error & { stderr?: string }) => {
        said = `it fails with: ${(error.stderr ?? error.message).trim().split('\n').at(-1)}`
      },
    ),
  )
  await execute(bin.helm, ['--kubeconfig', kubeconfig, 'uninstall', 'loco', '-n', 'loco-bench']).catch(() => undefined)
  await kubectl(bench, 'delete', 'pvc', '--all')
  return [
    { what: 'bad image tag: kubelet reports → cause told', unit: 's', samples, wanted: '≤ 3 s', conditions: 'the report is seen by asking every 250 ms' },
    {
      what: 'the same with helm install --wait --timeout 60s, until it ends',
      unit: 's',
      samples: [helm],
      wanted: '(beside it)',
      conditions: said,
    },
  ]
}

/** What QEMU and the agent take beside the guest's RAM, from the control group of the container. */
const memory: Scenario = async (bench) => {
  await mustLoco(bootstrap)
  const samples: number[] = []
  for (const ordinal of [0, 1, 2]) {
    const script = 'for p in /proc/1 $(dirname $(grep -l ^qemu /proc/[0-9]*/comm)); do cat $p/smaps; done; echo RAM $QEMU_MEMORY'
    const text = await kubectl(bench, 'exec', `loco-loco-emulator-${ordinal}`, '-c', 'emulator', '--', 'sh', '-c', script)
    const ram = Number(/RAM (\d+)/.exec(text)?.[1]) * 1024
    // The guest's RAM is the one mapping of its size; only what the guest touched of it is there, and none of that counts.
    const mappings = [...text.matchAll(/^Size: +(\d+) kB$[\s\S]*?^Pss: +(\d+) kB$/gm)].map((match) => ({ size: Number(match[1]), pss: Number(match[2]) }))
    samples.push(mappings.filter(({ size }) => size !== ram).reduce((sum, { pss }) => sum + pss, 0) / 1024)
  }
  const conditions = 'PSS of both processes without the mapping that is the guest’s RAM; a picture has been taken'
  return [{ what: 'memory of QEMU and agent over guest RAM', unit: 'MiB', samples, wanted: '≤ 130 MiB', conditions }]
}

/** One build with nine names beside nine builds. */
const nineImages: Scenario = async (bench) => {
  await mustLoco(destroy)
  await forgetImages(bench)
  const one = await mustLoco(bootstrap)
  const ended = (id: string): number => Number(one.documents.find((event) => event['kind'] === 'step-end' && event['step'] === id)?.['seconds'])
  const size = Number((await docker(bench, 'image', 'inspect', '--format', '{{.Size}}', 'compose-emulator-0:0.1.0')).trim())
  const folder = new URL('../../containers/qemu-softgpu', import.meta.url).pathname
  const agent = new URL('../../dist/agent.cjs', import.meta.url).pathname
  const context = await mkdtempWith(folder, agent)
  const nine = await seconds(async () => {
    for (let n = 0; n < 9; n++) await docker(bench, 'build', '-q', '--no-cache', '--network', 'host', '-t', `bench-emulator-${n}`, context)
  })
  await docker(bench, 'rmi', '-f', ...Array.from({ length: 9 }, (_, n) => `bench-emulator-${n}`))
  await execute('rm', ['-rf', context])
  return [
    { what: 'nine emulator images: one build and nine tags', unit: 's', samples: [ended('build')], wanted: 'measured', conditions: 'no cache' },
    { what: 'nine emulator images: nine builds', unit: 's', samples: [nine], wanted: 'measured', conditions: 'no cache, docker build one after the other' },
    { what: 'transfer of all nine names to the node', unit: 's', samples: [ended('transfer')], wanted: 'measured', conditions: 'one archive' },
    {
      what: 'size of the emulator image (all nine names together)',
      unit: 'MiB',
      samples: [size / 1024 ** 2],
      wanted: 'measured',
      conditions: 'as the engine counts it',
    },
  ]
}

async function mkdtempWith(folder: string, agent: string): Promise<string> {
  const { stdout } = await execute('mktemp', ['-d'])
  const context = stdout.trim()
  await execute('cp', ['-r', `${folder}/.`, context])
  await execute('cp', [agent, `${context}/agent.cjs`])
  return context
}

/** An image that did not change: build and transfer steps of a warm Bootstrap. */
const unchanged: Scenario = async ({ repeats }) => {
  await mustLoco(bootstrap)
  const samples = await repeat(repeats, async () => {
    const { documents } = await mustLoco(bootstrap)
    return ['build', 'transfer'].reduce(
      (sum, id) => sum + Number(documents.find((event) => event['kind'] === 'step-end' && event['step'] === id)?.['seconds']),
      0,
    )
  })
  return [{ what: 'unchanged image: build + transfer', unit: 's', samples, wanted: '≤ 1 s, 0 bytes', conditions: 'both steps prove "already"' }]
}

export const scenarios: Record<string, Scenario> = {
  sandboxOnOff,
  coldBootstrap,
  warmBootstrap,
  unchanged,
  podTimes,
  seen,
  badTag,
  memory,
  freshBootstraps,
  nineImages,
  screenHeadless,
  screenInBrowser,
  editor,
  manyEmulators,
  values,
}

/** Takes away what the scenarios made. */
export async function cleanUp(): Promise<void> {
  await loco(destroy)
}
