#!/bin/sh
# The name that users of the original system know. It maps one to one to the terminal command loco (docs/cli.md).
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
loco() { exec node "$here/loco.mjs" "$@"; }
usage() {
  cat <<TEXT
Usage: scripts/bootstrap-cluster.sh [--destroy | --rebuild-emulators] [--help] [options of loco]

  (no option)           loco bootstrap: bring up the cluster, build, install, wait until every emulator shows a picture
  --destroy             loco destroy: take the release away; disks are kept unless --delete-data is given
  --rebuild-emulators   loco rebuild emulator: build by content and restart only what changed
  -h, --help            this text; "loco bootstrap --help" and so on list all further options
TEXT
}
case ${1-} in
  -h | --help) usage ;;
  --destroy) shift; loco destroy "$@" ;;
  --rebuild-emulators) shift; loco rebuild emulator "$@" ;;
  *) loco bootstrap "$@" ;;
esac
