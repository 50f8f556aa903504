// Constituents to images: recipe iml-40 beside NumPy, with histogram2d per jet and with bincount over thousands of jets.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imager, jets, namedRecipe, random } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';

const COUNT = 8192;
const SLOTS = 200;
const ROUNDS = 20;

const r = random(1);
const data = new Float32Array(COUNT * SLOTS * 4);
for (let jet = 0; jet < COUNT; jet++) {
  const [eta0, phi0] = [3 * r.uniform() - 1.5, 2 * Math.PI * r.uniform()];
  const found = 20 + r.integer(80);
  const pts = Float64Array.from({ length: found }, () => 0.5 + 100 * r.uniform() ** 6)
    .sort()
    .reverse();
  for (let i = 0; i < found; i++) {
    const [eta, phi] = [eta0 + 0.3 * r.normal(), phi0 + 0.3 * r.normal()];
    const four = [Math.cosh(eta), Math.cos(phi), Math.sin(phi), Math.sinh(eta)].map((x) => x * pts[i]);
    data.set(four, (jet * SLOTS + i) * 4);
  }
}
const sample = jets(data, SLOTS);
const { fill } = imager(namedRecipe('iml-40'));
const pixels = new Float32Array(COUNT * 1600);
const ours = Array.from({ length: ROUNDS }, () => {
  const start = performance.now();
  fill(sample, pixels);
  return (performance.now() - start) / 1000;
});
const best = Math.min(...ours);
console.log(
  `ours           ${Math.round(COUNT / best)} jets/s (best of ${ROUNDS}, ${COUNT} jets of up to 100 constituents)`,
);

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
try {
  const file = join(folder, 'jets.npy');
  writeFileSync(file, writeNpy({ dtype: 'float32', shape: [COUNT, SLOTS, 4], data }));
  const script = new URL('peers/images.py', import.meta.url).pathname;
  for (const way of ['loop', 'bincount']) {
    const peer = spawnSync('python3', [script, file, way], { encoding: 'utf8' });
    if (peer.status !== 0) {
      console.log(`NumPy ${way.padEnd(9)}skipped: python3 with NumPy is not here`);
      continue;
    }
    const seconds = Number(peer.stdout);
    console.log(
      `NumPy ${way.padEnd(9)}${Math.round(COUNT / seconds)} jets/s, of which ours is ${(seconds / best).toFixed(1)} times as many`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
