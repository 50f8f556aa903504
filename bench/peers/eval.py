"""scikit-learn's ROC curve and AUC, and rejections from the curve. Prints seconds, results and peak memory as JSON."""
import json
import os
import resource
import sys
import time

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

folder = sys.argv[1]
efficiencies = [float(e) for e in sys.argv[2:]]
labels = np.fromfile(os.path.join(folder, "labels.u8"), np.uint8)
scores = np.fromfile(os.path.join(folder, "scores.f32"), np.float32)
with open("/proc/self/statm") as statm:
    before = int(statm.read().split()[1]) * resource.getpagesize()

seconds = []
for _ in range(3):
    start = time.perf_counter()
    fpr, tpr, _ = roc_curve(labels, scores)
    auc = roc_auc_score(labels, scores)
    rejections = [1 / np.interp(e, tpr, fpr) for e in efficiencies]
    seconds.append(time.perf_counter() - start)

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(
    json.dumps(
        {
            "seconds": min(seconds),
            "auc": auc,
            "rejections": rejections,
            "bytesPerJet": (peak - before) / len(labels),
        }
    )
)
