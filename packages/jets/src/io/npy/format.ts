/** @file NumPy `.npy` files. */

import { readAll } from '../bytes/readAll.js';
import { beginsWith, type Format } from '../format.js';
import { NPY_MAGIC } from './header.js';
import { readNpy } from './npy.js';
import { npyReader, readNpyHeader } from './npyReader.js';
import { numbersOf, textsOf } from './perJet.js';

export const npy: Format = {
  name: 'npy',
  title: '.npy',
  recognise: beginsWith([...NPY_MAGIC]),
  options: ['components', 'unit'],
  async open(file) {
    const header = readNpyHeader(file);
    const { dtype } = header.element;
    const whole = () => readNpy(readAll(file), { name: file.name });
    const read = async () => numbersOf(whole(), file.name);
    return {
      contents: async () => ({ arrays: [{ name: '', dtype, shape: header.shape }], tables: [] }),
      columns: async () =>
        new Map([
          ['', [{ type: dtype, read, ...(header.element.text && { texts: () => textsOf(whole()).texts?.() ?? [] }) }]],
        ]),
      jets: async () => npyReader(file, header),
      close: () => file.close(),
    };
  },
};
