#!/bin/sh
# Scores shard $1 of $2.
set -eu
exec jetsdk score model.onnx data/jets-*.h5 -o out/scores.npy --shard "$1/$2" --threads 4
