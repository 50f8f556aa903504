// Runs one bench, or all: npm run bench -- NAME
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';

const own = [
  'run.mjs',
  'inferChromium.mjs',
  'chromiumPage.mjs',
  'checkCourse.mjs',
  'checkCodas.mjs',
  'cvnAblation.mjs',
  'trainLarge.mjs',
];
const benches = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.mjs') && !own.includes(file))
  .map((file) => file.slice(0, -4));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  console.error(`no bench named ${unknown.join(', ')}; there are ${benches.join(', ')}`);
  process.exit(2);
}
console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0].model}`);
for (const name of names.length > 0 ? names : benches) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync(process.execPath, [new URL(`${name}.mjs`, import.meta.url).pathname], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
