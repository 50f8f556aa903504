"""Checks ONNX files with Python's onnx: python3 checkModels.py FILE...

Prints one line a file that fails, and ends with 1 if there is any.
"""
import sys

import onnx


def problem(path):
    model = onnx.load(path)
    try:
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception as error:  # whatever the checker throws is the finding
        return str(error)
    return None


failed = 0
for path in sys.argv[1:]:
    found = problem(path)
    if found is not None:
        failed += 1
        print(path, found)
sys.exit(1 if failed else 0)
