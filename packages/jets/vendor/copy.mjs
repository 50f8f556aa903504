// Copies the HDF5 library out of h5wasm, whose package gives one instance only, and that for ever; and lets whoever makes
// an instance give it `uncompress` of zlib, which the Blosc plugins call and the library does not have.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = (path) => fileURLToPath(new URL(path, import.meta.resolve('h5wasm')));
const to = (name) => fileURLToPath(new URL(name, import.meta.url));
const FUNCTIONS = 'var wasmImports={';
// The WebAssembly module lies in the file byte by byte.
const [before, after, ...more] = readFileSync(from('hdf5_util.js'), 'latin1').split(FUNCTIONS);
if (after === undefined || more.length > 0)
  throw new Error(`h5wasm: expected ${FUNCTIONS} once in hdf5_util.js; another version of it is installed`);
const added = 'uncompress:(...args)=>Module["uncompress"](...args),';
writeFileSync(
  to('hdf5.js'),
  `// of h5wasm, with uncompress added by Jet SDK\n${before}${FUNCTIONS}${added}${after}`,
  'latin1',
);
copyFileSync(from('../../LICENSE.txt'), to('LICENSE.hdf5.txt'));
