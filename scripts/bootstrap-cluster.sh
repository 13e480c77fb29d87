#!/bin/sh
# The name that users of the original system know. It maps one to one to the terminal command loco (docs/cli.md); as there, the disks lie in a folder of the node (Option 1).
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
loco() { exec node "$here/loco.mjs" "$@"; }
usage() {
  cat <<TEXT
Usage: scripts/bootstrap-cluster.sh [--destroy | --rebuild-emulators] [--help] [options of loco]

  (no option)           loco bootstrap --storage hostpath: bring up the cluster, build, install, wait until every emulator shows a picture
  --destroy             loco destroy: take the release away; disks are kept unless --delete-data is given
  --rebuild-emulators   loco rebuild emulator: build by content and restart only what changed
  -h, --help            this text; "loco bootstrap --help" and so on list all further options

Other places for the disks: scripts/deploy-storage-options.sh, or --storage STRATEGY here.
TEXT
}
case ${1-} in
  -h | --help) usage ;;
  --destroy) shift; loco destroy "$@" ;;
  --rebuild-emulators) shift; loco rebuild emulator "$@" ;;
  *)
    for option in "$@"; do
      case $option in
        # What somebody says of the storage counts, in a values file too.
        --storage | --storage=* | -f | -f* | --values | --values=* | --resume | --resume=*) loco bootstrap "$@" ;;
      esac
    done
    loco bootstrap --storage hostpath "$@"
    ;;
esac
