"""PyTorch twins of layers of adversarial networks: a step, forwards and back, for each line on stdin.

python3 layers.py '{"kind": …, "batch": …, "inputs": […], "weights": […], "threads": …}'

Shapes are those of TensorFlow.js, channels last; the twin gets the same numbers in the layout that is its own. Printed are the
milliseconds of the step, and the sum of squared gradients of each weight and input.
"""
import json
import sys
import time

import numpy
import torch
from torch.nn import functional as F

asked = json.loads(sys.argv[1])
kind, batch = asked["kind"], asked["batch"]
torch.set_num_threads(asked["threads"])


def fractions(shape, start):
    count = int(numpy.prod(shape))
    return (((numpy.arange(count) + start) * 0.618034) % 1 - 0.5).astype("float32").reshape(shape)


def channels_first(x):
    return numpy.ascontiguousarray(x.transpose(0, 3, 1, 2)) if x.ndim == 4 else x


def learned(x):
    return torch.from_numpy(numpy.ascontiguousarray(x)).requires_grad_()


if asked["whole"]:
    inputs = [torch.from_numpy(numpy.arange(batch) % asked["whole"])]
else:
    inputs = [learned(channels_first(fractions([batch, *shape], 1000 * k))) for k, shape in enumerate(asked["inputs"])]
given = [fractions(shape, 7) for shape in asked["weights"]]
if kind == "local":
    (high, wide), channels = asked["kernel"], asked["inputs"][0][2]
    kernel, bias = given
    pixels, _, filters = kernel.shape
    # unfold has channels before the places of a patch
    weights = [
        learned(kernel.reshape(pixels, high * wide, channels, filters).transpose(0, 2, 1, 3).reshape(pixels, -1, filters)),
        learned(bias.reshape(pixels, filters)),
    ]
elif kind == "transposed":
    weights = [learned(given[0].transpose(3, 2, 0, 1)), learned(given[1])]
else:
    weights = [learned(one) for one in given]


def forward():
    x = inputs[0]
    if kind == "alike":
        x = x.view(batch, asked["kernels"], asked["dimensions"])
        return torch.exp(-(x[:, None] - x[None]).abs().sum(-1)).sum(1)
    if kind == "local":
        patches = F.unfold(x, asked["kernel"], stride=asked["strides"])
        return torch.bmm(patches.permute(2, 0, 1), weights[0]) + weights[1][:, None]
    if kind == "painted":
        return (x * F.softmax(inputs[1], 1)).sum(1, keepdim=True)
    if kind == "transposed":
        # "same" of Keras: one pixel less on the left and two on the right, or the other way round
        padded = F.conv_transpose2d(x, weights[0], weights[1], stride=asked["strides"])
        size = [one * asked["strides"] for one in x.shape[2:]]
        start = [(whole - one) // 2 for whole, one in zip(padded.shape[2:], size)]
        return padded[:, :, start[0] : start[0] + size[0], start[1] : start[1] + size[1]]
    if kind == "larger":
        return F.interpolate(x, scale_factor=asked["size"], mode="nearest")
    return F.embedding(x, weights[0])


dy = fractions(asked["made"], 13)
if kind == "local":
    dy = dy.reshape(batch, -1, dy.shape[-1]).transpose(1, 0, 2)
elif kind == "embedding":
    dy = dy.reshape(batch, 1, -1) if inputs[0].ndim == 2 else dy.reshape(batch, -1)
else:
    dy = channels_first(dy)
dy = torch.from_numpy(numpy.ascontiguousarray(dy))

for line in sys.stdin:
    all_of_them = [*weights, *(x for x in inputs if x.requires_grad)]
    start = time.perf_counter()
    gradients = torch.autograd.grad(forward(), all_of_them, dy)
    milliseconds = (time.perf_counter() - start) * 1000
    squares = [float(one.double().square().sum()) for one in gradients]
    print(json.dumps({"milliseconds": milliseconds, "squares": squares}), flush=True)
