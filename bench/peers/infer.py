"""The tutorial's way from a file to scores: pandas, histogram2d per jet, onnxruntime. For each line it is sent it scores
the file once and prints jets, seconds and seconds of processor time."""
import sys
import time

import numpy as np
import onnxruntime
import pandas


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


session = onnxruntime.InferenceSession(sys.argv[2], providers=["CPUExecutionProvider"])
columns = [f"{c}_{i}" for i in range(200) for c in ("E", "PX", "PY", "PZ")]
print("ready", flush=True)
for _ in sys.stdin:
    start, used = time.perf_counter(), time.process_time()
    table = pandas.read_hdf(sys.argv[1], key="table")
    jets = table[columns].to_numpy(np.float32).reshape(-1, 200, 4)
    images = np.stack([image(jet) for jet in jets]).astype(np.float32)[..., None]
    scores = [session.run(None, {"image": images[i:i + 256]})[0] for i in range(0, len(images), 256)]
    print(len(jets), time.perf_counter() - start, time.process_time() - used, flush=True)
