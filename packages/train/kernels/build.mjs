// Compiles the AssemblyScript kernels to kernels/*.wasm; does nothing when they are newer than their sources.
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const common = [
  '--runtime',
  'stub',
  '--importMemory',
  '--enable',
  'simd',
  '--enable',
  'bulk-memory',
  '-O3',
  '--noAssert',
];
const builds = [
  { out: 'kernels.wasm', flags: [] },
  { out: 'kernels-shared.wasm', flags: ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536'] },
];

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = readdirSync(join(here, 'assembly')).map((name) => join(here, 'assembly', name));
const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map(modified));

for (const { out, flags } of builds) {
  if (modified(join(here, out)) > newest) continue;
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main(
    [join('assembly', 'index.ts'), '--baseDir', here, '--outFile', out, ...common, ...flags],
    {},
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    throw error;
  }
}
