// On a machine with a graphics card: every device beside the CPU, on the same jets.
// node bench/gpu/score.mjs MODEL.onnx…   (npx jetsdk doctor says how to add what is missing)
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { loadTagger } from '@jetsdk/infer';
import { isJetError, jetImages, jets, random } from '@jetsdk/jets';

const CARDS = { win32: ['dml', 'webgpu'], darwin: ['coreml', 'webgpu'], linux: ['cuda', 'tensorrt', 'webgpu'] };
const DEVICES = ['cpu', ...(CARDS[process.platform] ?? ['webgpu'])];
const BATCHES = [1, 256, 4096];
const JETS = 16384;
const SECONDS = 2;

const models = process.argv.slice(2);
if (models.length === 0) {
  console.error('name at least one model: node bench/gpu/score.mjs model.onnx');
  process.exit(2);
}
const card = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], {
  encoding: 'utf8',
});
console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0].model}`);
console.log(`card ${card.status === 0 ? card.stdout.trim() : 'none that nvidia-smi knows'}`);
for (const model of models) {
  console.log(`\n${model}`);
  let reference;
  for (const device of DEVICES) {
    try {
      reference = await measure(model, device, reference);
    } catch (error) {
      if (!isJetError(error)) throw error;
      console.log(`${device.padEnd(9)} ${error.message} [${error.code}]`);
    }
  }
}

async function measure(model, device, reference) {
  const rates = [];
  let scores;
  let runtime;
  for (const batchSize of BATCHES) {
    const tagger = await loadTagger(model, { device, batchSize });
    try {
      const made = madeUp(tagger.info.card.input);
      scores = await tagger.score(made);
      runtime = tagger.info.runtime;
      let scored = 0;
      const started = performance.now();
      while (performance.now() - started < SECONDS * 1000) scored += (await tagger.score(made)).length;
      rates.push(`${Math.round((scored / (performance.now() - started)) * 1000)}/s at ${batchSize}`);
    } finally {
      await tagger.dispose();
    }
  }
  const difference =
    reference === undefined ? 0 : scores.reduce((most, s, i) => Math.max(most, Math.abs(s - reference[i])), 0);
  console.log(`${device.padEnd(9)} ${rates.join(', ')}; max |Δscore| ${difference.toExponential(1)}; ${runtime}`);
  return reference ?? scores;
}

/** Jets as the model takes them: sparse images, or constituents. */
function madeUp({ kind, shape }) {
  const r = random(1);
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(JETS * size);
  if (kind === 'constituents')
    return jets(
      data.map(() => 100 * r.uniform() ** 6),
      shape[0],
    );
  for (let jet = 0; jet < JETS; jet++)
    for (let i = 0; i < 50; i++) data[jet * size + r.integer(size)] = 100 * r.uniform() ** 6;
  return jetImages(data, shape);
}
