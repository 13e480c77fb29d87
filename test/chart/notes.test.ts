import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { skipBecause } from '../skip.ts'
import { chart, helmBinary } from './real-helm.ts'
import { everything, wholeChart } from './whole-chart.ts'

const run = promisify(execFile)

describe('chart: what helm tells after an installation', () => {
  let whole: ReturnType<typeof wholeChart>
  before(function () {
    if (helmBinary() === undefined) return skipBecause(this, 'no helm: LOCO_HELM is not set, the sandbox has not been built, and PATH has none')
    whole = wholeChart()
  })
  after(() => whole?.remove())

  /** NOTES.txt as a person sees it, without a cluster. */
  const notes = async (values: Record<string, unknown>, folder = whole.folder): Promise<string> => {
    const file = join(dirname(whole.folder), 'values.json')
    writeFileSync(file, JSON.stringify(values))
    const { stdout } = await run(helmBinary()!, ['install', 'loco', folder, '--namespace', 'toys', '--dry-run=client', '--values', file])
    return stdout.slice(stdout.indexOf('NOTES:'))
  }
  const hosts = [{ host: 'loco.example.org', service: 'frontend' }]

  const rows: [name: string, values: Record<string, unknown>, says: RegExp[], silent: RegExp[]][] = [
    [
      'the defaults',
      {},
      [
        /^3 emulators of release loco in namespace toys\.$/m,
        /^ {2}helm test loco --namespace toys --logs$/m,
        /port-forward --namespace toys pod\/loco-loco-emulator-0 5901:5901/,
        /localhost:8080\/screen\.png/,
      ],
      [/backend/, /front end/, /Prometheus/],
    ],
    ['one emulator on another port', { replicas: 1, emulator: { healthPort: 9090 } }, [/^1 emulator of/m, /9090:9090 .*localhost:9090\/screen\.png/], [/8080/]],
    ['no emulator and no test', { replicas: 0, helmTest: { enabled: false } }, [/^0 emulators/m], [/screen/, /helm test/]],
    [
      'workloads inside the cluster: local ports as the original has them',
      { backend: { enabled: true }, frontend: { enabled: true }, vr: { enabled: true, servicePort: 80 } },
      [
        /service\/loco-loco-backend 3001:3001 .*http:\/\/localhost:3001\//,
        /service\/loco-loco-frontend 3000:3000 .*http:\/\/localhost:3000\//,
        /service\/loco-loco-vr 3002:80 .*http:\/\/localhost:3002\//,
      ],
      [/EXTERNAL-IP/, /ADDRESS-OF-A-NODE/],
    ],
    [
      'a port of the nodes',
      { backend: { enabled: true, serviceType: 'NodePort' }, frontend: { enabled: true, serviceType: 'NodePort', nodePort: 31601 } },
      [/get service --namespace toys loco-loco-backend/, /minikube service loco-loco-backend --namespace toys/, /http:\/\/ADDRESS-OF-A-NODE:31601\//],
      [/:0\//],
    ],
    ['an address from outside', { backend: { enabled: true, serviceType: 'LoadBalancer', servicePort: 80 } }, [/http:\/\/EXTERNAL-IP:80\//], []],
    [
      'host names, with and without a certificate',
      everything,
      [/^ {2}https:\/\/loco\.example\.org\/$/m, /^ {2}https:\/\/loco\.example\.org\/api\/instances$/m, /^ {2}http:\/\/vr\.example\.org\/$/m],
      [/https:\/\/vr\.example\.org/],
    ],
    [
      'host names that do not lead to it',
      { ...everything, ingress: { enabled: true, hosts }, vr: { enabled: false } },
      [/http:\/\/loco\.example\.org\//],
      [/vr\.example/],
    ],
    ['alerts', { monitoring: { enabled: true, prometheusRelease: 'mine' } }, [/release=mine/, /PrometheusRule loco-loco-alerts/], []],
  ]
  for (const [name, values, says, silent] of rows) {
    it(name, async () => {
      const text = await notes(values)
      for (const word of says) assert.match(text, word)
      for (const word of silent) assert.doesNotMatch(text, word)
      assert.doesNotMatch(text, /<no value>|%!/)
    })
  }

  it('the chart as it is', async () => assert.match(await notes({}, chart), /NOTES:\n3 emulators/))
})
