"""Stands in for Triton's ONNX Runtime backend, which has no wheel: the same files, run by Python's ONNX Runtime."""
import json
import os
import sys

sys.path[:0] = os.environ["JETSDK_SITE_PACKAGES"].split(os.pathsep)

import onnxruntime
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        path = os.path.join(args["model_repository"], args["model_version"], "model.onnx")
        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        self.inputs = [port["name"] for port in config["input"]]
        self.outputs = [port["name"] for port in config["output"]]

    def execute(self, requests):
        return [self.answer(request) for request in requests]

    def answer(self, request):
        feeds = {name: triton.get_input_tensor_by_name(request, name).as_numpy() for name in self.inputs}
        arrays = self.session.run(self.outputs, feeds)
        return triton.InferenceResponse([triton.Tensor(*pair) for pair in zip(self.outputs, arrays)])
