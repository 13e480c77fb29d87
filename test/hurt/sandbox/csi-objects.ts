/** Objects for the tests of claims with snapshots. */

const restricted = { runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }

/** A claim of the class csi-loco, empty or with the content of another claim or of a snapshot. */
export function claim(name: string, from?: { snapshot: string } | { claim: string }): object {
  const source =
    from === undefined
      ? {}
      : 'snapshot' in from
        ? { dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: from.snapshot } }
        : { dataSource: { kind: 'PersistentVolumeClaim', name: from.claim } }
  const spec = { storageClassName: 'csi-loco', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } }, ...source }
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec }
}

/** A pod of the same name that holds the claim at /data, is not root and has the group 2000 for it. */
export function holder(name: string): object {
  const container = {
    name: 'main',
    image: 'docker.io/library/busybox:1',
    imagePullPolicy: 'Never',
    command: ['sh', '-c', 'echo started >>/data/log; trap "exit 0" TERM; while :; do sleep 1 & wait; done'],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    securityContext: restricted,
  }
  const spec = { securityContext: { fsGroup: 2000 }, containers: [container], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] }
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }
}

export function snapshot(name: string, of: string): object {
  return { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot', metadata: { name }, spec: { source: { persistentVolumeClaimName: of } } }
}
