"""The graph of a generator, operator by operator in PyTorch, with its weights: milliseconds per row for each line on stdin."""
import json
import sys
import time

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper

model, threads = onnx.load(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
weights = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in model.graph.initializer}
plain = {name: value.tolist() for name, value in weights.items() if value.dtype == torch.int64}


def attributes(node):
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def sliced(x, start, stop, axes):
    for a, b, axis in zip(start, stop, axes):
        x = x.narrow(axis, a, b - a)
    return x


def gemm(a, b, c=None, transA=0, transB=0, alpha=1.0, beta=1.0):
    assert alpha == 1 and beta == 1
    a, b = a.T if transA else a, b.T if transB else b
    return a @ b if c is None else torch.addmm(c, a, b)


OPERATORS = {
    "Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Max": torch.maximum, "Min": torch.minimum,
    "Exp": torch.exp, "Log": torch.log, "Relu": torch.relu, "MatMul": torch.matmul, "Gemm": gemm,
    "GreaterOrEqual": torch.ge, "Cast": lambda x, to: x.float(), "Slice": sliced,
    "Concat": lambda *x, axis: torch.cat(x, axis),
    "ReduceSum": lambda x, axes, keepdims: x.sum(axes, keepdim=bool(keepdims)),
    "Transpose": lambda x, perm: x.permute(*perm),
    "Reshape": lambda x, shape: x.reshape([x.shape[i] if size == 0 else size for i, size in enumerate(shape)]),
    "Pad": lambda x, pads: torch.nn.functional.pad(x, (pads[1], pads[3])),
}
steps = [(OPERATORS[node.op_type], list(node.input), node.output[0], attributes(node)) for node in model.graph.node]
names = [one.name for one in model.graph.output]


def run(feeds):
    values = {**weights, **plain, **feeds}
    with torch.inference_mode():
        for operator, inputs, output, given in steps:
            values[output] = operator(*[values[name] for name in inputs if name], **given)
    return [values[name] for name in names]


session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
widths = {one.name: one.shape[1] for one in session.get_inputs()}
random = numpy.random.default_rng(1)


def feeds(rows):
    made = {name: random.uniform(0, 1, (rows, width)) if name != "noise" else random.standard_normal((rows, width)) for name, width in widths.items()}
    return {name: (1 + 99 * value if name == "energy" else value if name == "noise" else value.round()).astype("float32") for name, value in made.items()}


for line in sys.stdin:
    asked = json.loads(line)
    rows = asked["batch"]
    given = feeds(rows)
    tensors = {name: torch.from_numpy(value) for name, value in given.items()}
    # where a pixel or cell is above 0 in both: one at its threshold may be on either side
    worst = max(
        float((numpy.abs(a.numpy() - b) * ((a.numpy() > 0) & (b > 0))).max() / numpy.sqrt(numpy.square(b).mean() + 1e-12))
        for a, b in zip(run(tensors), session.run(names, given))
    )
    best, end = float("inf"), time.perf_counter() + asked["ms"] / 1000
    while time.perf_counter() < end:
        start = time.perf_counter()
        run(tensors)
        best = min(best, (time.perf_counter() - start) * 1000 / rows)
    print(json.dumps({"ms": best, "worst": worst}), flush=True)
