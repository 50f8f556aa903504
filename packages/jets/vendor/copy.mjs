// Copies the HDF5 library out of h5wasm, whose package gives one instance only, and that for ever.
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = (path) => fileURLToPath(new URL(path, import.meta.resolve('h5wasm')));
const to = (name) => fileURLToPath(new URL(name, import.meta.url));
copyFileSync(from('hdf5_util.js'), to('hdf5.js'));
copyFileSync(from('../../LICENSE.txt'), to('LICENSE.hdf5.txt'));
