import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chart } from './real-helm.ts'

/** The workloads that this release refuses, because their images cannot be built yet. */
export const unbuilt = ['backend', 'frontend', 'vr', 'hub'] as const

const list = `{{- define "loco.unbuilt" -}}${unbuilt.join(' ')}{{- end -}}`

/** A copy of the chart that refuses no workload, so that the templates of those to come are tested. `remove` when done. */
export function wholeChart(): { folder: string; remove(): void } {
  const scratch = mkdtempSync(join(tmpdir(), 'loco-whole-chart-'))
  const folder = join(scratch, 'loco-chart')
  cpSync(chart, folder, { recursive: true })
  const file = join(folder, 'templates', '_unbuilt.tpl')
  const text = readFileSync(file, 'utf8')
  if (!text.includes(list)) throw new Error(`${file} does not have the list that the tests expect: ${list}`)
  writeFileSync(file, text.replace(list, '{{- define "loco.unbuilt" -}}{{- end -}}'))
  return { folder, remove: () => rmSync(scratch, { recursive: true, force: true }) }
}

/** Values that switch on all there is. */
export const everything = {
  emulator: { podDisruptionBudget: { enabled: true } },
  hub: { enabled: true },
  backend: { enabled: true, tokenSecret: 'drivers', env: { LOG_LEVEL: 'debug' } },
  frontend: { enabled: true },
  vr: { enabled: true },
  ingress: {
    enabled: true,
    className: 'nginx',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600' },
    hosts: [
      { host: 'loco.example.org', service: 'frontend' },
      { host: 'vr.example.org', service: 'vr' },
    ],
    tls: [{ hosts: ['loco.example.org'], secretName: 'loco-certificate' }],
  },
  monitoring: { enabled: true, grafana: { dashboards: { enabled: true } } },
  rbac: { subjects: [{ kind: 'Group', name: 'players' }] },
}
