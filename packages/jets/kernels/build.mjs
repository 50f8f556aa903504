// Compiles each folder of kernels/assembly to a module kernels/NAME.js; does nothing when that is newer than its sources.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.dirname;
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

for (const name of readdirSync(join(here, 'assembly'))) {
  const folder = join('assembly', name);
  const out = join(here, `${name}.js`);
  const sources = readdirSync(join(here, folder)).map((file) => join(here, folder, file));
  if (modified(out) > Math.max(...[...sources, fileURLToPath(import.meta.url)].map(modified))) continue;
  const { default: asc } = await import('assemblyscript/asc');
  let module;
  const { error, stderr } = await asc.main(
    [
      join(folder, 'index.ts'),
      ...['--baseDir', here, '--outFile', `${name}.wasm`, '--runtime', 'stub', '--importMemory'],
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
