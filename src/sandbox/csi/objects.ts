import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from '../api.ts'
import { binding } from '../objects.ts'
import { csiClass, driverName } from './driver-name.ts'

/** The kinds VolumeSnapshot, VolumeSnapshotContent and VolumeSnapshotClass. */
export function snapshotDefinitions(): KubeObject[] {
  const text = readFileSync(join(import.meta.dirname, 'snapshot-crds.yaml'), 'utf8')
  return parseAllDocuments(text).map((document) => document.toJS() as KubeObject)
}

const core = ''
const storage = 'storage.k8s.io'
const snapshots = 'snapshot.storage.k8s.io'
const look = ['get', 'list', 'watch']
const change = [...look, 'create', 'update', 'patch', 'delete']
const rule = (group: string, resources: readonly string[], verbs: readonly string[]): object => ({ apiGroups: [group], resources, verbs })
const events = rule(core, ['events'], ['list', 'watch', 'create', 'update', 'patch'])

/** The driver and its classes, and the rights of the three programs that serve it: what their own manifests ask for, without group snapshots and secrets. */
export const csiObjects: readonly KubeObject[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: driverName },
    spec: {
      // The folder is on the node already. fsGroup is always applied: the files are the volume's alone.
      attachRequired: false,
      podInfoOnMount: false,
      fsGroupPolicy: 'File',
      volumeLifecycleModes: ['Persistent'],
    },
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: csiClass },
    provisioner: driverName,
    volumeBindingMode: 'WaitForFirstConsumer',
    reclaimPolicy: 'Delete',
  },
  {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: { name: csiClass, annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } },
    driver: driverName,
    deletionPolicy: 'Delete',
  },
  ...role('csi-provisioner', [
    events,
    rule(core, ['persistentvolumes'], ['get', 'list', 'watch', 'create', 'patch', 'delete']),
    rule(core, ['persistentvolumeclaims'], [...look, 'update']),
    rule(core, ['nodes'], look),
    rule(storage, ['storageclasses', 'csinodes', 'volumeattributesclasses'], look),
    rule(snapshots, ['volumesnapshots'], [...look, 'update']),
    rule(snapshots, ['volumesnapshotcontents'], ['get', 'list']),
  ]),
  ...role('csi-snapshotter', [
    events,
    rule(snapshots, ['volumesnapshotclasses'], look),
    rule(snapshots, ['volumesnapshotcontents'], [...look, 'update', 'patch']),
    rule(snapshots, ['volumesnapshotcontents/status'], ['update', 'patch']),
  ]),
  ...role('snapshot-controller', [
    events,
    rule(core, ['persistentvolumes'], look),
    rule(core, ['persistentvolumeclaims'], [...look, 'update']),
    rule(snapshots, ['volumesnapshotclasses'], look),
    rule(snapshots, ['volumesnapshots', 'volumesnapshotcontents'], change),
    rule(snapshots, ['volumesnapshots/status', 'volumesnapshotcontents/status'], ['update', 'patch']),
  ]),
]

function role(part: string, rules: readonly object[]): KubeObject[] {
  const name = `loco:${part}`
  return [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules }, binding(name)]
}
