// Copies the HDF5 library out of h5wasm, whose package gives one instance only, and that for ever; and lets whoever makes
// an instance give it `uncompress` of zlib, which the Blosc plugins call and the library does not have, hear of plugins as
// they are loaded, and put functions of JavaScript in the place of the library's own.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = (path) => fileURLToPath(new URL(path, import.meta.resolve('h5wasm')));
const to = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What stands in h5wasm, once, and what here. */
const CHANGES = [
  [
    'var wasmImports={',
    'Module["addFunction"]=addFunction;Module["functionAt"]=place=>place<wasmTable.length?getWasmTableEntry(place):null;var wasmImports={uncompress:(...args)=>Module["uncompress"](...args),',
  ],
  [
    'result=lib.exports[symbol];',
    'result=lib.exports[symbol];if(symbol==="H5PLget_plugin_info")Module["onPlugin"](result());',
  ],
];

// The WebAssembly module lies in the file byte by byte.
let text = readFileSync(from('hdf5_util.js'), 'latin1');
for (const [theirs, ours] of CHANGES) {
  if (text.split(theirs).length !== 2)
    throw new Error(`h5wasm: expected ${theirs} once in hdf5_util.js; another version of it is installed`);
  text = text.replace(theirs, () => ours);
}
writeFileSync(to('hdf5.js'), `// of h5wasm, with functions of Jet SDK added\n${text}`, 'latin1');
copyFileSync(from('../../LICENSE.txt'), to('LICENSE.hdf5.txt'));
