/** The HDF5 library as h5wasm compiles it: makes an instance with memory of its own. Copied by `npm run build:hdf5`. */
import type { ready } from 'h5wasm';

/** What an instance has beside what h5wasm says. */
export interface Functions {
  /** a place in the table of functions for one of JavaScript. @param signature a letter for its result and each parameter */
  addFunction(run: (...numbers: number[]) => number, signature: string): number;
  /** the function at a place of the table, where one is there */
  functionAt(place: number): ((...numbers: number[]) => number) | null;
}

export default function hdf5(options: {
  readonly noInitialRun: boolean;
  /** of zlib: addresses in the instance's memory, the length of the result being at `sizeAt`; 0, or zlib's error */
  readonly uncompress: (to: number, sizeAt: number, from: number, bytes: number) => number;
  /** a plugin has been loaded, whose `H5Z_class2_t` lies at this address */
  readonly onPlugin: (address: number) => void;
}): Promise<Awaited<typeof ready> & Functions>;
