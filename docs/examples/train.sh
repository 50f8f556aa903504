#!/bin/sh
# Trains member $1 of the sweep.
set -eu
export JETSDK_CACHE="$PWD/cache"
exec jetsdk train course-cnn --data data/train.h5 --validation data/val.h5 \
  --sweep docs/examples/sweep.json --task "$1" -o sweep
