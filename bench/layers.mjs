// Milliseconds of a step, forwards and back, through layers that adversarial networks are made of: the wasm backend beside PyTorch
// on the same processor. Both get the same numbers, and the same
// gradient of what they make, and have to come to the same gradients; they take turns of 20 ms, or of a step
// that is longer, and the best time of each counts.
//
//   node bench/layers.mjs [--threads 2] [--rounds 5] [--only NAME] [--json]
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { selectBackend } from '@jetsdk/train';
import { engine, tensor, tidy, variable } from '@tensorflow/tfjs-core';
import { fuseLayers } from '../packages/train/dist/backend/fuse.js';
import { seededLayers } from '../packages/train/dist/networks/layers.js';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const threads = Number(options.threads);
const rounds = Number(options.rounds);

/** Layers with the shapes that they have in LAGAN and CaloGAN, or would have in place of an upsampling; `inputs` without the batch. */
const CASES = [
  {
    name: 'minibatch discrimination, 20 × 10',
    batch: 100,
    inputs: [[200]],
    make: (layers) => layers.minibatchDiscrimination({ kernels: 20, dimensions: 10 }),
    peer: { kind: 'alike', kernels: 20, dimensions: 10 },
  },
  {
    name: 'locally connected 5 × 5, 64 to 6',
    batch: 100,
    inputs: [[18, 18, 64]],
    make: (layers) => layers.locallyConnected2d({ filters: 6, kernelSize: [5, 5] }),
    peer: { kind: 'local', kernel: [5, 5], strides: [1, 1] },
  },
  {
    name: 'locally connected 5 × 5 stride 2, 32 to 8',
    batch: 100,
    inputs: [[29, 29, 32]],
    make: (layers) => layers.locallyConnected2d({ filters: 8, kernelSize: [5, 5], strides: [2, 2] }),
    peer: { kind: 'local', kernel: [5, 5], strides: [2, 2] },
  },
  {
    name: 'in-painting: mean weighted by softmax',
    batch: 256,
    inputs: [
      [12, 12, 2],
      [12, 12, 2],
    ],
    make: (layers) => layers.weightedMean(),
    peer: { kind: 'painted' },
  },
  {
    name: 'transposed convolution 5 × 5 stride 2, 64 to 32',
    batch: 100,
    inputs: [[7, 7, 64]],
    make: (layers) => layers.conv2dTranspose({ filters: 32, kernelSize: 5, strides: 2, padding: 'same' }),
    peer: { kind: 'transposed', strides: 2 },
  },
  {
    name: 'upsampling × 2 of 14 × 14, 64 channels',
    batch: 100,
    inputs: [[14, 14, 64]],
    make: (layers) => layers.upSampling2d({ size: [2, 2] }),
    peer: { kind: 'larger', size: 2 },
  },
  {
    name: 'embedding of 2 classes, 200 numbers',
    batch: 100,
    inputs: [[1]],
    whole: 2,
    make: (layers) => layers.embedding({ inputDim: 2, outputDim: 200 }),
    peer: { kind: 'embedding' },
  },
];

/** Numbers in [−½, ½) that both languages make alike. */
const fractions = (count, start) =>
  Float32Array.from({ length: count }, (_, i) => (((i + start) * 0.618034) % 1) - 0.5);
const sizeOf = (shape) => shape.reduce((product, size) => product * size, 1);

function ours({ batch, inputs, whole, make }) {
  const layers = seededLayers(1);
  const given = inputs.map((shape) => layers.input({ shape }));
  const model = layers.model({
    inputs: given,
    outputs: make(layers).apply(given.length === 1 ? given[0] : given),
  });
  fuseLayers(model);
  model.setWeights(model.weights.map(({ shape }) => tensor(fractions(sizeOf(shape), 7), shape)));
  const data = inputs.map((shape, k) => {
    const count = batch * sizeOf(shape);
    const numbers = whole ? Float32Array.from({ length: count }, (_, i) => i % whole) : fractions(count, 1000 * k);
    // classes have no gradient
    return whole ? tensor(numbers, [batch, ...shape]) : variable(tensor(numbers, [batch, ...shape]));
  });
  const made = [batch, ...model.outputs[0].shape.slice(1)];
  const dy = tensor(fractions(sizeOf(made), 13), made);
  const learned = [...model.trainableWeights.map((weight) => weight.read()), ...(whole ? [] : data)];
  return {
    weights: model.weights.map(({ shape }) => shape),
    made,
    /** @returns milliseconds and the sum of squared gradients of each weight and input */
    step() {
      const start = performance.now();
      return tidy(() => {
        const { grads } = engine().gradients(
          () => model.apply(data.length === 1 ? data[0] : data, { training: true }),
          learned,
          dy,
        );
        // kernels are done when they return: what follows copies their numbers out
        const milliseconds = performance.now() - start;
        const gradients = grads.map((one) => one.dataSync());
        // in float64: float32 sums of a million numbers are good to a thousandth
        return { milliseconds, squares: gradients.map((all) => all.reduce((total, one) => total + one * one, 0)) };
      });
    },
  };
}

/** Steps one after the other, as in a training, and the best time of them. */
async function turn(step) {
  const start = performance.now();
  let best = Infinity;
  for (;;) {
    const { milliseconds, squares } = await step();
    best = Math.min(best, milliseconds);
    if (performance.now() > start + 20) return { best, squares };
  }
}

const torch = spawnSync('python3', ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
const version = torch.status === 0 ? torch.stdout.trim() : undefined;
if (version === undefined) process.stderr.write('layers bench: python3 with torch is not here; only ours is timed\n');

await selectBackend('wasm', { threads });
const results = [];
for (const one of CASES.filter(({ name }) => options.only === undefined || name.startsWith(options.only))) {
  const own = ours(one);
  const { batch, inputs, whole = 0, peer } = one;
  const asked = JSON.stringify({ batch, inputs, whole, weights: own.weights, made: own.made, threads, ...peer });
  const script = fileURLToPath(new URL('peers/layers.py', import.meta.url));
  const child = version && spawn('python3', ['-W', 'ignore', script, asked], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = child && createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const times = { ours: Infinity, torch: child ? Infinity : undefined };
  const theirs = async () => {
    child.stdin.write('step\n');
    return JSON.parse((await lines.next()).value);
  };
  for (let round = 0; round <= rounds; round++) {
    const { squares, best } = await turn(own.step);
    // the first round warms both up
    if (round > 0) times.ours = Math.min(times.ours, best);
    if (!child) continue;
    const other = await turn(theirs);
    if (round > 0) times.torch = Math.min(times.torch, other.best);
    squares.forEach((value, k) => {
      if (!(Math.abs(value - other.squares[k]) <= 1e-3 * value))
        throw new Error(`${one.name}: gradients ${squares.join(', ')}; PyTorch has ${other.squares.join(', ')}`);
    });
  }
  child?.stdin.end();
  results.push({ name: one.name, batch, ...times });
}
if (options.json) console.log(JSON.stringify({ bench: 'layers', torch: version ?? null, threads, results }));
else {
  console.log(`ms a step, forwards and back, ${threads} threads; beside PyTorch ${version ?? '(absent)'}`);
  for (const { name, batch, ours: own, torch: theirs } of results)
    console.log(
      `${`${name}, batch ${batch}`.padEnd(62)}${own.toFixed(2).padStart(9)}${theirs === undefined ? '' : `${theirs.toFixed(2).padStart(9)}  ${(own / theirs).toFixed(2)} ×`}`,
    );
}
