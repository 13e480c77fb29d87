/** Name of the driver: provisioner of its storage class, driver of its snapshot class. */
export const driverName = 'csi.loco.local'
/** Label of nodes whose folders hold a volume. */
export const topologyKey = `topology.${driverName}/node`
/** Name of its StorageClass and of its VolumeSnapshotClass. */
export const csiClass = 'csi-loco'
