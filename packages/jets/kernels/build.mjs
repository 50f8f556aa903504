// Compiles the loops of the imager to kernels/loops.js; does nothing when that is newer than their sources.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.dirname;
const out = join(here, 'loops.js');
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = readdirSync(join(here, 'assembly')).map((name) => join(here, 'assembly', name));
const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(modified));

if (modified(out) <= newest) {
  const { default: asc } = await import('assemblyscript/asc');
  let module;
  const { error, stderr } = await asc.main(
    [
      join('assembly', 'index.ts'),
      ...['--baseDir', here, '--outFile', 'loops.wasm', '--runtime', 'stub', '--importMemory'],
      ...['--enable', 'simd', '--enable', 'bulk-memory', '-O3', '--noAssert'],
    ],
    { writeFile: (_name, contents) => (module = contents) },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    throw error;
  }
  writeFileSync(out, `export default '${Buffer.from(module).toString('base64')}';\n`);
}
