import type { CodeEntry } from './entry.ts'

/** Volumes that cannot be mounted (VOL) and claims that cannot be bound (PVC). */
export const storageCodes = {
  'LOCO-VOL-001': {
    exit: 65,
    title: 'A ConfigMap or Secret to be mounted is missing',
    explain: 'The pod mounts an object that does not exist in its namespace, or a key that is not in it. Create it, or install the release again.',
  },
  'LOCO-VOL-002': {
    exit: 68,
    title: 'A host path is not there',
    explain: 'The path on the node does not exist or is of another kind than the pod asks for. Create it on the node, or use the type `DirectoryOrCreate`.',
  },
  'LOCO-VOL-003': {
    exit: 62,
    title: 'Volumes are not ready in time',
    explain: 'The kubelet waits for volumes. This is a consequence; an earlier event of the pod, or its claim, names the cause.',
  },
  'LOCO-VOL-006': {
    exit: 61,
    title: 'The volume is in use on another node',
    explain: 'The volume can be used by one node at a time and the previous pod still holds it. Wait until that pod is gone, or delete it.',
  },
  'LOCO-VOL-007': {
    exit: 65,
    title: 'The storage driver of a volume is missing',
    explain: 'No driver on the node or in the cluster answers for the volume. Install the driver, or wait until it has registered.',
  },
  'LOCO-VOL-009': {
    exit: 60,
    title: 'A volume cannot be mounted',
    explain: 'The kubelet says why in words that no other code covers; the evidence holds them.',
  },
  'LOCO-VOL-010': {
    exit: 68,
    title: 'The shared folder cannot be used; the disk in the image is used instead',
    explain:
      'With the strategies `hostpath` and `hybrid` the base disk lies in the folder `art` below `storage.hostPath.sharedDirectory` on the node. It is missing, read-only, full, or may not be written by the emulators (uid 10001), so the emulator took the disk in its image. `loco bootstrap` makes the folder with the right owner; docs/storage.md tells how to do it by hand. The next start of the pod looks again.',
  },
  'LOCO-VOL-011': {
    exit: 68,
    title: 'The folder of the node does not survive its restart',
    explain:
      'The folder that `storage.hostPath.sharedDirectory` names lies in memory on this kind of node, or is emptied when it starts: what guests wrote would be lost then. The message names a folder that survives. docs/storage.md has the table.',
  },
  'LOCO-VOL-012': {
    exit: 67,
    title: 'A folder of the node cannot be made',
    explain:
      'Bootstrap makes the folders of the strategies `hostpath` and `hybrid` before it installs, for uid 10001 alone. The system refused; the evidence has its words. Make them by hand (docs/storage.md), or name another folder.',
  },
  'LOCO-VOL-013': {
    exit: 66,
    title: 'The disks are not moved',
    explain:
      '`loco storage migrate` copies disks from claims to claims. Disks of the strategy `ephemeral` lie in the pods, and folders of a node can be made only where Loco Cluster reaches the node. The message says which of it is the case; nothing was changed.',
  },
  'LOCO-VOL-014': {
    exit: 60,
    title: 'A disk could not be copied',
    explain:
      'The pod that copies the disk ended with an error: the new place is full or read-only, or what was written is not what is read back. The old disk was only read and the release is as it was; the evidence holds the words of the pod. Run the command again, or `loco bootstrap` to go on with the old disks.',
  },
  'LOCO-PVC-001': {
    exit: 65,
    title: 'The storage class does not exist',
    explain:
      'The claim names a class that the cluster does not have. `kubectl get storageclass` lists those it has; set `storage.persistentVolume.storageClass`. The class of a claim cannot be changed: delete the claim after correcting it.',
  },
  'LOCO-PVC-002': {
    exit: 68,
    title: 'The cluster has no default storage class',
    explain: 'The claim names no class, and no class of the cluster is the default. Set `storage.persistentVolume.storageClass`, or mark one class as default.',
  },
  'LOCO-PVC-003': {
    exit: 66,
    title: 'The storage class cannot do this access mode',
    explain:
      'The provisioner makes volumes for one node only (ReadWriteOnce), and the claim asks for more. Ask for ReadWriteOnce, or use a class that can be shared.',
  },
  'LOCO-PVC-004': {
    exit: 69,
    title: 'The volume of a claim is not made',
    explain: 'The provisioner fails or does not answer; the evidence holds its words. Look at its pod or process.',
  },
  'LOCO-PVC-005': {
    exit: 60,
    title: 'The claim waits for its pod',
    explain: 'Normal: this class makes the volume when a pod uses the claim. Never wait for the claim before the pod exists.',
  },
} as const satisfies Record<string, CodeEntry>
