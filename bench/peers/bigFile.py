"""Writes a file of jets as large as wanted: those of a file many times over, rows shuffled, gzip level 1.

python3 bigFile.py SOURCE.h5 JETS OUTPUT.h5
"""
import sys

import h5py
import numpy

source, jets, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
AT_ONCE = 16384

with h5py.File(source) as file, h5py.File(output, "w") as made:
    found = []
    file.visititems(lambda name, item: found.append((name, item)) if "_i_table" not in name else None)
    made.attrs.update(file.attrs)
    datasets = [(name, item) for name, item in found if isinstance(item, h5py.Dataset)]
    count = max(len(item) for _, item in datasets)
    order = numpy.random.default_rng(1).permutation(numpy.arange(jets) % count)
    for name, item in found:
        if isinstance(item, h5py.Group):
            made.create_group(name).attrs.update(item.attrs)
    for name, item in datasets:
        if len(item) != count:
            continue
        values = item[:]
        copy = made.create_dataset(
            name, (jets, *values.shape[1:]), values.dtype, chunks=True, compression="gzip", compression_opts=1
        )
        copy.attrs.update(item.attrs)
        for first in range(0, jets, AT_ONCE):
            rows = order[first : first + AT_ONCE]
            copy[first : first + len(rows)] = values[rows]
