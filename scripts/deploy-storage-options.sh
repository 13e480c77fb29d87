#!/bin/sh
# The name that users of the original system know: brings the fleet up with a storage strategy, by its name or the number that the notes gave it (docs/storage.md).
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
usage() {
  cat <<TEXT
Usage: scripts/deploy-storage-options.sh STRATEGY [options of loco bootstrap]

  hostpath, 1    disks in a folder of the node
  hybrid, 8      disks on claims, the shared base disk in a folder of the node, with the one in the image to fall back on
  persistent     disks on claims
  ephemeral      disks that go with their pods
  csi-snapshot   disks on claims of a driver that can make snapshots
TEXT
}
case ${1-} in
  -h | --help) usage; exit 0 ;;
  1 | hostpath) strategy=hostpath ;;
  8 | hybrid) strategy=hybrid ;;
  persistent | ephemeral | csi-snapshot) strategy=$1 ;;
  nfs) echo "There is no NFS any more: it needed a privileged server. Take hostpath, hybrid or persistent." >&2; exit 2 ;;
  *) usage >&2; exit 2 ;;
esac
shift
exec node "$here/loco.mjs" bootstrap --storage "$strategy" "$@"
