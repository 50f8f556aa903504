"""Reads files as the reference does and says whether our numbers are the same: one line of JSON in, one word out."""
import json
import sys

import numpy as np


def npy(path):
    array = np.load(path, allow_pickle=False)
    return lambda name: array


def npz(path):
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return lambda name: arrays[name]


opened = []


def hdf5(path):
    # of a path that is still open HDF5 gives the file that was there before
    while opened:
        opened.pop().close()
    file = h5py.File(path, 'r')
    opened.append(file)
    return lambda name: file[name][()]


def flat(column):
    while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.list_flatten(column)
    return column.to_numpy()


def parquet(path):
    file = pq.ParquetFile(path, page_checksum_verification=True)
    # the part of the description that the Arrow library alone reads is no part of the format
    table = pq.read_table(path, use_threads=False, page_checksum_verification=True)
    names = {field.path.replace('.list.element', '').replace('.list.item', ''): field.path for field in file.schema}
    return lambda name: flat(table.column(names.get(name, name).split('.')[0]))


def root(path):
    file = uproot.open(path)

    def read(name):
        tree, branch = name.split('\n')
        values = file[tree][branch].array()
        return ak.to_numpy(ak.flatten(values, axis=None))

    return read


def load_onnx(path):
    model = onnx.load(path)
    onnx.checker.check_model(model)
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    return lambda name: arrays[name]


kind = sys.argv[1]
try:
    if kind == 'hdf5':
        import h5py
        import hdf5plugin  # noqa: F401
    if kind == 'parquet':
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq
    if kind == 'root':
        import awkward as ak
        import uproot
    if kind == 'onnx':
        import onnx
        from onnx import numpy_helper
except ImportError as error:
    if error.name != 'hdf5plugin':
        print(f'{error.name} is not installed', flush=True)
        sys.exit()

READERS = {'npy': npy, 'npz': npz, 'hdf5': hdf5, 'parquet': parquet, 'root': root, 'onnx': load_onnx}
print('ready', flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    answer = 'same'
    try:
        read = READERS[kind](asked['file'])
        for ours in asked['ours']:
            theirs = np.asarray(read(ours['name'])).ravel()
            mine = np.fromfile(ours['path'], np.float64)
            theirs = theirs[: len(mine)] if kind in ('parquet', 'root') else theirs
            if theirs.shape != mine.shape or not np.array_equal(theirs.astype(np.float64), mine, equal_nan=True):
                answer = f'{ours["name"]!r}: {mine[:4]} of {mine.shape}; the reference has {theirs[:4]} of {theirs.shape}'
                break
    except Exception as error:  # whatever a reader says of a damaged file
        answer = f'refused: {type(error).__name__}'
    print(answer.replace('\n', ' '), flush=True)
