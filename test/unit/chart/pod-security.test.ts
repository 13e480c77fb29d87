import assert from 'node:assert/strict'
import { LocoError } from '../../../src/base/error.ts'
import type { RenderedObject } from '../../../src/chart/manifest.ts'
import { assertRestricted, restrictedViolations } from '../../../src/chart/pod-security.ts'

type Change = { pod?: Record<string, unknown>; container?: Record<string, unknown>; security?: Record<string, unknown> }

const pod = ({ pod = {}, container = {}, security = {} }: Change): Record<string, unknown> => ({
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [{ name: 'a', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, ...security }, ...container }],
  volumes: [{ name: 'tmp', emptyDir: {} }],
  ...pod,
})
const statefulSet = (change: Change): RenderedObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 's' },
  spec: { template: { spec: pod(change) } },
})

describe('Pod Security restricted', () => {
  const cases: [name: string, change: Change, fields: string[]][] = [
    ['as it should be', {}, []],
    ['host network', { pod: { hostNetwork: true } }, ['hostNetwork']],
    ['host path', { pod: { volumes: [{ name: 'v', hostPath: { path: '/dev/kvm' } }] } }, ['volumes v']],
    ['NFS', { pod: { volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] } }, ['volumes v']],
    ['claim', { pod: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] } }, []],
    [
      'root as the pod’s user',
      { pod: { securityContext: { runAsNonRoot: true, runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } } } },
      ['securityContext.runAsUser'],
    ],
    ['root as the container’s user', { security: { runAsUser: 0 } }, ['containers a runAsUser']],
    ['no seccomp and no runAsNonRoot', { pod: { securityContext: {} } }, ['containers a runAsNonRoot', 'containers a seccompProfile']],
    ['the container takes runAsNonRoot back', { security: { runAsNonRoot: false } }, ['containers a runAsNonRoot']],
    ['escalation left open', { security: { allowPrivilegeEscalation: undefined } }, ['containers a allowPrivilegeEscalation']],
    ['NET_ADMIN', { security: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } }, ['containers a capabilities.add']],
    ['NET_BIND_SERVICE', { security: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } } }, []],
    ['drops one only', { security: { capabilities: { drop: ['NET_RAW'] } } }, ['containers a capabilities.drop']],
    ['privileged', { security: { privileged: true } }, ['containers a privileged']],
    ['host port', { container: { ports: [{ containerPort: 80, hostPort: 80 }] } }, ['containers a ports 80 hostPort']],
    ['probe of another host', { container: { livenessProbe: { httpGet: { host: '10.0.0.1', port: 80 } } } }, ['containers a probes and hooks']],
    [
      'unsafe sysctl',
      { pod: { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost' }, sysctls: [{ name: 'kernel.msgmax', value: '1' }] } } },
      ['securityContext.sysctls kernel.msgmax'],
    ],
    ['seccomp switched off', { security: { seccompProfile: { type: 'Unconfined' } } }, ['containers a seccompProfile']],
    ['AppArmor switched off', { security: { appArmorProfile: { type: 'Unconfined' } } }, ['containers a appArmorProfile']],
    ['SELinux user', { security: { seLinuxOptions: { user: 'system_u' } } }, ['containers a seLinuxOptions']],
    ['an init container too', { pod: { initContainers: [{ name: 'i' }] } }, ['containers i allowPrivilegeEscalation', 'containers i capabilities.drop']],
  ]
  for (const [name, change, fields] of cases) {
    it(name, () => {
      const object = statefulSet(change)
      assert.deepEqual(
        restrictedViolations([object]).map((violation) => violation.field),
        fields,
      )
      if (fields.length === 0) assertRestricted([object])
      else
        assert.throws(
          () => assertRestricted([object]),
          (error) => error instanceof LocoError && error.code === 'LOCO-CHT-030' && error.evidence.length === fields.length,
        )
    })
  }

  it('looks into pods, CronJobs, and nothing that makes no pods', () => {
    const open = { containers: [{ name: 'a' }] }
    const objects: RenderedObject[] = [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: open },
      { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c' }, spec: { jobTemplate: { spec: { template: { spec: open } } } } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [] } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' } },
    ]
    assert.deepEqual([...new Set(restrictedViolations(objects).map(({ object }) => object))], ['Pod/p', 'CronJob/c'])
  })
})
