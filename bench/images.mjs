// Constituents to images: recipe iml-40 beside NumPy, with histogram2d per jet and with bincount over thousands of jets.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { imager, jets, namedRecipe, random } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';

const COUNT = 4096;
const SLOTS = 200;
const ROUNDS = 6;

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
const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
const file = join(folder, 'jets.npy');
writeFileSync(file, writeNpy({ dtype: 'float32', shape: [COUNT, SLOTS, 4], data }));

/** A Python process that makes the images once whenever it is asked to, or undefined where it lacks what it needs. */
async function startNumpy(way) {
  const script = new URL('peers/images.py', import.meta.url).pathname;
  const python = spawn('python3', [script, file, way], { stdio: ['pipe', 'pipe', 'ignore'] });
  python.on('error', () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).done) return undefined;
  return {
    async make() {
      python.stdin.write('\n');
      const [wall, processor] = (await lines.next()).value.split(' ').map(Number);
      return { wall, processor };
    },
    stop: () => python.stdin.end(),
  };
}

const contenders = new Map([
  [
    'ours',
    async () => {
      const start = performance.now();
      const before = process.cpuUsage();
      fill(sample, pixels);
      const { user, system } = process.cpuUsage(before);
      return { wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
    },
  ],
]);
const peers = [];
for (const way of ['loop', 'bincount']) {
  const peer = await startNumpy(way);
  if (peer === undefined) console.log(`NumPy ${way}: skipped, python3 with NumPy is not here`);
  else {
    peers.push(peer);
    contenders.set(`NumPy ${way}`, peer.make);
  }
}
// in turns, so that a busy machine is as unfair to all; the best round of each counts
const best = new Map([...contenders.keys()].map((name) => [name, { wall: Infinity, processor: Infinity }]));
for (let round = 0; round <= ROUNDS; round++)
  for (const [name, make] of contenders) {
    const { wall, processor } = await make();
    const known = best.get(name);
    if (round > 0)
      best.set(name, { wall: Math.min(wall, known.wall), processor: Math.min(processor, known.processor) });
  }
for (const peer of peers) peer.stop();
rmSync(folder, { recursive: true });
console.log(`${COUNT} jets of up to 100 constituents, one thread; in brackets of processor time`);
const ours = best.get('ours');
for (const [name, { wall, processor }] of best)
  console.log(
    `${name.padEnd(16)}${Math.round(COUNT / wall)} (${Math.round(COUNT / processor)}) jets/s${name === 'ours' ? '' : `, ours ${(wall / ours.wall).toFixed(1)} (${(processor / ours.processor).toFixed(1)}) times as many`}`,
  );
