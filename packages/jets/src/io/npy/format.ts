/** @file NumPy `.npy` files. */
import { beginsWith, type Format } from '../format.js';
import { NPY_MAGIC } from './header.js';
import { readNpy } from './npy.js';
import { npyReader, readAll, readNpyHeader } from './npyReader.js';
import { numbersOf } from './perJet.js';

export const npy: Format = {
  name: 'npy',
  title: '.npy',
  recognise: beginsWith([...NPY_MAGIC]),
  options: [],
  async open(file) {
    const header = readNpyHeader(file);
    const { dtype } = header.element;
    const read = async () => numbersOf(readNpy(readAll(file), { name: file.name }), file.name);
    return {
      contents: async () => ({ arrays: [{ name: '', dtype, shape: header.shape }], tables: [] }),
      columns: async () => new Map([['', [{ type: dtype, read }]]]),
      jets: async () => npyReader(file, header),
      close: () => file.close(),
    };
  },
};
