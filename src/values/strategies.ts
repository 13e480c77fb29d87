import type { ValuePath } from './types.ts'

/** What each storage strategy of our chart needs beside its word: paths below `storage`, in the order in which they are written. */
export const strategyNeeds: Readonly<Record<string, readonly ValuePath[]>> = {
  ephemeral: [['ephemeral', 'sizeMiB']],
  persistent: [
    ['persistentVolume', 'size'],
    ['persistentVolume', 'storageClass'],
  ],
  hostpath: [
    ['hostPath', 'sharedDirectory'],
    ['hostPath', 'createIfNotExists'],
  ],
  hybrid: [
    ['hostPath', 'sharedDirectory'],
    ['hostPath', 'createIfNotExists'],
    ['persistentVolume', 'size'],
    ['persistentVolume', 'storageClass'],
  ],
  'csi-snapshot': [
    ['persistentVolume', 'size'],
    ['persistentVolume', 'storageClass'],
    ['csiSnapshot', 'snapshotClass'],
  ],
}
