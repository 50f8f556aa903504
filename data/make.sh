#!/usr/bin/env bash
# Makes the sample from the folder of generated files: data/make.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jetsdk() { node "$here/../packages/cli/bin/jetsdk.js" "$@"; }
jetsdk data convert "$1/train.h5" --rows 0:6000 -o "$here/train.h5"
jetsdk data convert "$1/val.h5" --rows 0:1500 -o "$here/val.h5"
jetsdk data convert "$1/test.h5" --rows 0:4000 -o "$here/test.h5"
jetsdk data convert "$1/pumml/test.h5" --rows 0:200 -o "$here/pileup.h5"
