"""Images of the recipe iml-40 by NumPy: `loop` as the tutorial does it, `histogram2d` per jet; `bincount` as someone does who
knows NumPy, over thousands of jets at once. One thread; for each line it is sent it prints seconds and seconds of processor time.

python3 images.py JETS.npy loop|bincount
"""
import sys
import time

import numpy as np

CHUNK = 4096


def image(jet):
    jet = jet[jet[:, 0] > 0]
    px, py, pz = jet[:, 1], jet[:, 2], jet[:, 3]
    pt = np.hypot(px, py)
    eta = np.arcsinh(pz / pt)
    phi = np.arctan2(py, px)
    eta = eta - eta[0]
    phi = (phi - phi[0] + np.pi) % (2 * np.pi) - np.pi
    turn = np.pi / 2 - np.arctan2(phi[1], eta[1])
    x = eta * np.cos(turn) - phi * np.sin(turn)
    y = eta * np.sin(turn) + phi * np.cos(turn)
    pixels, _, _ = np.histogram2d(x, y, bins=40, range=[[-0.8, 0.8], [-0.8, 0.8]], weights=pt)
    return pixels / pixels.max()


def loop(jets):
    return np.stack([image(jet) for jet in jets])


def at_once(jets):
    """Jets of two constituents at least, sorted by falling pT, in arrays without the padding."""
    filled = jets[:, :, 0] > 0
    counts = filled.sum(1)
    px, py, pz = jets[filled][:, 1:].T
    jet = np.repeat(np.arange(len(jets)), counts)
    first = np.cumsum(counts) - counts
    pt = np.sqrt(px * px + py * py)
    eta = np.arcsinh(pz / pt)
    phi = np.arctan2(py, px)
    eta -= eta[first][jet]
    phi -= phi[first][jet]
    phi -= 2 * np.pi * np.round(phi / (2 * np.pi))
    turn = np.pi / 2 - np.arctan2(phi[first + 1], eta[first + 1])
    cos, sin = np.cos(turn)[jet], np.sin(turn)[jet]
    row = np.floor((eta * cos - phi * sin + 0.8) * 25).astype(np.int32)
    column = np.floor((eta * sin + phi * cos + 0.8) * 25).astype(np.int32)
    inside = (row >= 0) & (row < 40) & (column >= 0) & (column < 40)
    pixel = (jet * 1600 + row * 40 + column)[inside]
    pixels = np.bincount(pixel, pt[inside], len(jets) * 1600).reshape(len(jets), 1600)
    return (pixels / pixels.max(1, keepdims=True)).astype(np.float32).reshape(-1, 40, 40)


def bincount(jets):
    return np.concatenate([at_once(jets[i : i + CHUNK]) for i in range(0, len(jets), CHUNK)])


if __name__ == "__main__":
    jets = np.load(sys.argv[1])
    make = {"loop": loop, "bincount": bincount}[sys.argv[2]]
    print("ready", flush=True)
    for _ in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        make(jets)
        print(time.perf_counter() - start, time.process_time() - used, flush=True)
