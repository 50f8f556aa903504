"""The tutorial's way: per jet, centre, rotate, histogram2d, divide by the maximum. Prints the best seconds of three."""
import sys
import time

import numpy as np

jets = np.load(sys.argv[1])


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


best = float("inf")
for _ in range(3):
    start = time.perf_counter()
    images = np.stack([image(jet) for jet in jets])
    best = min(best, time.perf_counter() - start)
print(best)
