/** @file NumPy `.npz` archives. */
import { beginsWith, type Format } from '../format.js';
import { readAll } from './npyReader.js';
import { readNpz } from './npz.js';
import { npzReader } from './npzReader.js';
import { numbersOf } from './perJet.js';

export const npz: Format = {
  name: 'npz',
  title: '.npz',
  recognise: beginsWith([0x50, 0x4b, 0x03, 0x04], [0x50, 0x4b, 0x05, 0x06]),
  options: ['dataset'],
  async open(file, { dataset }) {
    const { name } = file;
    const arrays = readNpz(readAll(file), { name });
    return {
      contents: async () => ({
        arrays: [...arrays].map(([key, { dtype, shape }]) => ({ name: key, dtype, shape })),
        tables: [],
      }),
      columns: async () =>
        new Map(
          [...arrays].map(([key, array]) => [
            key,
            [{ type: array.dtype, read: async () => numbersOf(array, `${name}: ${key}`) }],
          ]),
        ),
      jets: async () => npzReader(arrays, name, dataset),
      close: () => file.close(),
    };
  },
};
