// Milliseconds per shower or jet of the generators: ONNX Runtime in Node, PyTorch with the same graph and weights on the same
// processor in turns, WebAssembly and WebGPU in headless Chromium; beside them the simulator and the published table.
//
//   node bench/generate.mjs [--model calo-flow] [--threads 2] [--batches 1,10,128,1024] [--alone] [--json]
//
// --alone times ONNX Runtime in Node and nothing else, beside how well boosted trees tell what the model makes from simulated ones.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadGenerator } from '@jetsdk/infer';
import { inChromium } from './chromiumPage.mjs';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'calo-flow' },
    threads: { type: 'string', default: String(availableParallelism()) },
    batches: { type: 'string', default: '1,10,128,1024' },
    alone: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const threads = Number(options.threads);
const batches = options.batches.split(',').map(Number);
const path = fileURLToPath(new URL(`../models/${options.model}/model.onnx`, import.meta.url));
/** How long a batch is repeated; the best time counts. */
const MOST_MS = 1000;

/** Best milliseconds per one of a batch; its text runs in a page, too. */
async function timed(batch, run, most) {
  await run(batch);
  let best = Infinity;
  for (const end = performance.now() + most; performance.now() < end; ) {
    const start = performance.now();
    await run(batch);
    best = Math.min(best, (performance.now() - start) / batch);
  }
  return best;
}

const table = {};
const note = (device, batch, ms) => {
  table[device] = { ...table[device], [batch]: ms };
};

const python = ['-W', 'ignore', fileURLToPath(new URL('peers/generate.py', import.meta.url)), path, String(threads)];
const asksTorch = ['-c', 'import onnx, torch; print(torch.__version__)'];
const torch = options.alone ? undefined : spawnSync('python3', asksTorch, { encoding: 'utf8' });
const version = torch?.status === 0 ? torch.stdout.trim() : undefined;
const peer = version === undefined ? undefined : spawn('python3', python, { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = peer && createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const answer = async () => JSON.parse((await lines.next()).value);

let quality = [];
for (const batch of batches) {
  const generator = await loadGenerator(path, { threads, batchSize: batch });
  const { conditions, metrics } = generator.info.card;
  quality = metrics ?? [];
  const asked = (seed) => ({
    seed,
    conditions: Object.fromEntries(conditions.map(({ name, range: [low, high] }) => [name, { low, high }])),
  });
  let seed = 0;
  note('onnxruntime-node cpu', batch, await timed(batch, (count) => generator.generate(count, asked(seed++)), MOST_MS));
  await generator.dispose();
  if (peer) {
    peer.stdin.write(`${JSON.stringify({ batch, ms: MOST_MS })}\n`);
    const { ms, worst } = await answer();
    note(`PyTorch ${version} cpu`, batch, ms);
    // the largest difference of its outputs to ONNX Runtime's, over their root mean square
    if (!(worst < 1e-3)) throw new Error(`PyTorch makes something else: ${worst}`);
  }
}
peer?.stdin.end();

const script = `
  import { loadGenerator } from '@jetsdk/infer';
  const timed = ${timed};
  window.race = async (device, threads, batch, most) => {
    const generator = await loadGenerator('/model.onnx', { device, batchSize: batch, cache: false, ...(threads > 0 && { threads }) })
      .catch((error) => ({ failed: error.message }));
    if (generator.failed) return generator.failed;
    const conditions = Object.fromEntries(generator.info.card.conditions.map(({ name, range: [low, high] }) => [name, { low, high }]));
    let seed = 0;
    const best = await timed(batch, (count) => generator.generate(count, { seed: seed++, conditions }), most);
    await generator.dispose();
    return best;
  };
  window.ready = true;`;
/** A software adapter may take minutes for one batch. */
const MOST_IN_PAGE_MS = 20_000;
const inPage = async (ask, chromium) => {
  for (const [device, name] of [
    ['wasm', `wasm in Chromium ${chromium}`],
    ['webgpu', 'WebGPU there (software unless there is a card)'],
  ])
    for (const batch of batches) {
      const late = new Promise((resolve) => {
        setTimeout(() => resolve(`more than ${MOST_IN_PAGE_MS / 1000} s`), MOST_IN_PAGE_MS).unref();
      });
      const ms = await Promise.race([
        ask(`race('${device}', ${device === 'wasm' ? threads : 0}, ${batch}, ${MOST_MS})`),
        late,
      ]);
      if (typeof ms !== 'number') {
        console.log(`${name}, batch ${batch}: ${ms}`);
        break;
      }
      note(name, batch, ms);
    }
};
if (!options.alone && !(await inChromium(script, readFileSync(path), inPage)))
  console.log('chromium is not installed: its rows are left out');

if (options.json) console.log(JSON.stringify({ model: options.model, threads, table, quality }));
else {
  console.log(`${options.model}, ms each, ${threads} threads`);
  for (const [device, row] of Object.entries(table))
    console.log(device.padEnd(50), batches.map((batch) => (row[batch]?.toPrecision(3) ?? '–').padStart(9)).join(''));
  for (const { dataset, rows, twoSampleAuc, twoSampleAucStdErr } of quality)
    console.log(
      `two-sample AUC on observables ${twoSampleAuc.toFixed(4)} ± ${twoSampleAucStdErr.toFixed(4)}, rows ${rows.join(' to ')} of ${dataset}`,
    );
  if (!options.alone && options.model.startsWith('calo'))
    console.log(
      [
        '',
        'On other hardware: CaloGAN as published (arXiv:1705.02355)',
        `${'  CPU'.padEnd(50)}${['13.1', '5.11', '2.19', '2.03'].map((ms) => ms.padStart(9)).join('')}`,
        `${'  GPU'.padEnd(50)}     14.5 … 0.012`,
        'Geant4, by the README of the sample: 362 (all followed), 4.9 (frozen showers); in the paper 1772',
      ].join('\n'),
    );
}
