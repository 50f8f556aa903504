/** The HDF5 library as h5wasm compiles it: makes an instance with memory of its own. Copied by `npm run build:hdf5`. */
import type { ready } from 'h5wasm';

export default function hdf5(options: {
  readonly noInitialRun: boolean;
  /** of zlib: addresses in the instance's memory, the length of the result being at `sizeAt`; 0, or zlib's error */
  readonly uncompress: (to: number, sizeAt: number, from: number, bytes: number) => number;
}): typeof ready;
