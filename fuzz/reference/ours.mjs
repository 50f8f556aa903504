// What our readers give of a file, as arrays of numbers with names.
import { readNpy } from '@jetsdk/jets/npy';
import { readNpz } from '@jetsdk/jets/npz';
import { decodeModel } from '@jetsdk/onnx';
import { openH5 } from '../../packages/jets/dist/io/hdf5/h5.js';
import { host } from '../../packages/jets/dist/io/nodeHost.js';
import { openParquetFile } from '../../packages/jets/dist/io/parquet/parquetFile.js';
import { openRootFile } from '../../packages/jets/dist/io/root/rootFile.js';

const isNumbers = ({ dtype }) => dtype !== 'string' && dtype !== 'bytes';
/** Names that a command line or a path cannot hold are of no use here. */
const MOST_ROWS = 5000;

async function columnsOf(table) {
  const found = [];
  const rows = Math.min(table.rows, MOST_ROWS);
  for (const [name, column] of table.columns)
    if (column.form !== 'other') found.push({ name, data: (await column.read(0, rows)).values });
  return found;
}

/** By target: the arrays of a file. @throws {JetError} where it is refused */
export const arraysOf = {
  npy: async (_, bytes) => [readNpy(bytes)].filter(isNumbers).map(({ data }) => ({ name: '', data })),
  npz: async (_, bytes) =>
    [...readNpz(bytes)].filter(([, array]) => isNumbers(array)).map(([name, { data }]) => ({ name, data })),
  async hdf5(path) {
    const file = await openH5(await host.openFile(path), host);
    try {
      const found = [];
      for (const dataset of file.datasets) {
        const { type, shape } = dataset;
        const TypedArray = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array }[type];
        if (TypedArray === undefined || shape.length === 0 || shape[0] > MOST_ROWS) continue;
        const size = shape.reduce((a, b) => a * b, 1);
        if (size > 10_000_000) continue;
        const bytes = new Uint8Array(size * TypedArray.BYTES_PER_ELEMENT);
        const rowBytes = shape[0] === 0 ? 0 : bytes.length / shape[0];
        await file.readRows(dataset, 0, shape[0], ({ buffer, byteOffset }, first, last) =>
          bytes.set(new Uint8Array(buffer, byteOffset, (last - first) * rowBytes), first * rowBytes),
        );
        found.push({ name: dataset.path, data: new TypedArray(bytes.buffer) });
      }
      return found;
    } finally {
      file.close();
    }
  },
  async parquet(path) {
    const file = await host.openFile(path);
    try {
      return await columnsOf(await openParquetFile(file, host));
    } finally {
      file.close();
    }
  },
  async root(path) {
    const file = await host.openFile(path);
    try {
      const found = [];
      for (const entry of (await openRootFile(file, host)).trees)
        for (const { name, data } of await columnsOf(await entry.read()))
          found.push({ name: `${entry.path}\n${name}`, data });
      return found;
    } finally {
      file.close();
    }
  },
  onnx: async (_, bytes) =>
    decodeModel(bytes)
      .graph.initializers.filter(({ type }) => type === 'float32')
      .map(({ name, data }) => ({ name, data: new Float32Array(data.slice().buffer) })),
};
