"""From a file to scores in Python. `loop`, the tutorial's way: pandas, histogram2d per jet, onnxruntime. `bincount`, that of
someone who knows the libraries: the records by h5py, images over thousands of jets at once (images.py), onnxruntime. For each line it is
sent it scores the file once and prints jets, seconds and seconds of processor time.

python3 infer.py JETS.h5 MODEL.onnx loop|bincount
"""
import sys
import time

import numpy as np
import onnxruntime

from images import at_once

BATCH = 256
CHUNK = 4096


def image(jet):
    jet = jet[jet[:, 0] > 0]
    pt = np.hypot(jet[:, 1], jet[:, 2])
    eta = np.arcsinh(jet[:, 3] / pt)
    phi = np.arctan2(jet[:, 2], jet[:, 1])
    eta = eta - eta[0]
    phi = (phi - phi[0] + np.pi) % (2 * np.pi) - np.pi
    if len(pt) > 1:
        turn = np.pi / 2 - np.arctan2(phi[1], eta[1])
        eta, phi = eta * np.cos(turn) - phi * np.sin(turn), eta * np.sin(turn) + phi * np.cos(turn)
    pixels, _, _ = np.histogram2d(phi, eta, bins=40, range=[[-0.8, 0.8], [-0.8, 0.8]], weights=pt)
    return pixels / pixels.max()


def loop(path, score):
    import pandas

    table = pandas.read_hdf(path, key="table")
    jets = table[columns].to_numpy(np.float32).reshape(-1, 200, 4)
    images = np.stack([image(jet) for jet in jets]).astype(np.float32)[..., None]
    return len(jets), score(images)


def bincount(path, score):
    import h5py

    with h5py.File(path) as file:
        table = file["table/table"]
        for start in range(0, len(table), CHUNK):
            jets = table[start : start + CHUNK]["values_block_0"][:, :800].reshape(-1, 200, 4)
            score(at_once(jets)[..., None])
        return len(table), None


session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
columns = [f"{c}_{i}" for i in range(200) for c in ("E", "PX", "PY", "PZ")]
way = {"loop": loop, "bincount": bincount}[sys.argv[3]]


def score(images):
    return [session.run(None, {"image": images[i : i + BATCH]})[0] for i in range(0, len(images), BATCH)]


print("ready", flush=True)
for _ in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    count, _scores = way(sys.argv[1], score)
    print(count, time.perf_counter() - start, time.process_time() - used, flush=True)
