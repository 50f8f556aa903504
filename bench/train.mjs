// Seconds per training epoch of course-cnn and tutorial-cnn on the wasm backend, beside PyTorch on the same processor.
// Ours and the peer take turns epoch by epoch, so that both see the same machine; the best epoch of each counts, and
// CPU seconds (all threads) stand beside it, since other work on the machine does not change them much.
//
// Then the same networks on a sample that memory need not hold (trainLarge.mjs), made in a temporary folder.
//
//   node bench/train.mjs [--threads 2] [--rounds 5] [--jets 1200000] [--only small|large] [--network NAME] [--json]
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jetImages, random } from '@jetsdk/jets';
import { buildNetwork, fit, selectBackend, zoo } from '@jetsdk/train';
import { trainLarge } from './trainLarge.mjs';

const { values: options } = parseArgs({
  options: {
    threads: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    jets: { type: 'string', default: '1200000' },
    only: { type: 'string' },
    network: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const threads = Number(options.threads ?? availableParallelism());
const rounds = Number(options.rounds);
const cases = [
  { network: 'course-cnn', pixels: 30, jets: 3000 },
  { network: 'tutorial-cnn', pixels: 40, jets: 2000 },
];
const wanted = ({ network }) => options.network === undefined || options.network === network;
const twin = fileURLToPath(new URL('peers/train.py', import.meta.url));
const torch = spawnSync('python3', ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
const torchVersion = torch.status === 0 ? torch.stdout.trim() : undefined;
if (torchVersion === undefined)
  process.stderr.write('train bench: python3 with torch is not here; only ours is timed\n');

function randomExamples(count, pixels) {
  const rng = random(1);
  const data = Float32Array.from({ length: count * pixels * pixels }, () => (rng.uniform() < 0.05 ? rng.uniform() : 0));
  return { inputs: jetImages(data, [pixels, pixels, 1]), labels: Uint8Array.from({ length: count }, (_, i) => i % 2) };
}

/** A process that trains one epoch for each line it is sent and answers with the seconds and CPU seconds. */
function startTwin(network, layout, { jets, batchSize }, more = []) {
  const child = spawn(
    'python3',
    ['-W', 'ignore', twin, network, layout, ...[threads, jets, batchSize, ...more].map(String)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async epoch() {
      child.stdin.write('epoch\n');
      const [seconds, cpu] = (await lines.next()).value.split(' ').map(Number);
      return { seconds, cpu };
    },
    close: () => child.stdin.end(),
  };
}

/** Trains for as many epochs as `onEpoch` wants to see, ours. */
async function timeOurs({ network, pixels, jets, batchSize }, onEpoch) {
  const training = randomExamples(jets, pixels);
  const model = await buildNetwork(zoo[network], { inputShape: [pixels, pixels, 1], seed: 1 });
  const validation = randomExamples(2, pixels);
  const settings = { validation, batchSize, epochs: rounds + 1, patience: rounds + 1, learningRate: 1e-3, seed: 1 };
  await fit(model, training, { ...settings, onEpoch });
  model.dispose();
}

const best = (list, key) => Math.min(...list.map((time) => time[key]));
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

await selectBackend('wasm', { threads });
const results = [];
for (const { network, pixels, jets } of options.only === 'large' ? [] : cases.filter(wanted)) {
  const { batchSize } = zoo[network].defaults;
  const layouts = torchVersion === undefined ? [] : ['torch nchw', 'torch channels_last'];
  const twins = layouts.map((layout) => startTwin(network, layout.split(' ')[1], { jets, batchSize }));
  const times = { ours: [], ...Object.fromEntries(layouts.map((layout) => [layout, []])) };
  for (const peer of twins) await peer.epoch();
  let before = cpuSeconds();
  await timeOurs({ network, pixels, jets, batchSize }, async ({ epoch, seconds }) => {
    if (epoch > 1) {
      times.ours.push({ seconds, cpu: cpuSeconds() - before });
      for (const [i, layout] of layouts.entries()) times[layout].push(await twins[i].epoch());
    }
    before = cpuSeconds();
  });
  for (const peer of twins) peer.close();
  const figures = Object.fromEntries(
    Object.entries(times).map(([who, list]) => [who, { seconds: best(list, 'seconds'), cpu: best(list, 'cpu') }]),
  );
  const ratioOf = (key) => figures.ours[key] / Math.min(...layouts.map((layout) => figures[layout][key]));
  const ratio = layouts.length > 0 ? { seconds: ratioOf('seconds'), cpu: ratioOf('cpu') } : undefined;
  results.push({ network, jets, batchSize, figures, ratio });
}

const large =
  options.only === 'small'
    ? []
    : await trainLarge({
        networks: cases.filter(wanted).map(({ network }) => network),
        jets: Number(options.jets),
        rounds,
        startTwin,
        layouts: torchVersion === undefined ? [] : ['nchw', 'channels_last', 'memmap'],
      });
const environment = { node: process.version, torch: torchVersion ?? null, cpu: cpus()[0].model, threads, rounds };
if (options.json) console.log(JSON.stringify({ bench: 'train', environment, results, large }));
else {
  console.log(
    `node ${environment.node}, torch ${environment.torch ?? 'absent'}, ${environment.cpu}, ${threads} threads`,
  );
  for (const { network, jets, batchSize, figures, ratio } of results) {
    console.log(`${network} (${jets} jets, batch ${batchSize}), seconds per epoch:`);
    for (const [who, { seconds, cpu }] of Object.entries(figures))
      console.log(`  ${who.padEnd(20)} ${seconds.toFixed(3)} (CPU ${cpu.toFixed(3)})`);
    if (ratio) console.log(`  ours / best of torch ${ratio.seconds.toFixed(2)} (CPU ${ratio.cpu.toFixed(2)})`);
  }
  for (const { network, jets, readingSeconds, microsecondsPerJet, overMemory, waiting, residentBytes } of large) {
    console.log(`${network} on ${jets} jets, read in ${readingSeconds.toFixed(0)} s; µs per jet and step:`);
    for (const [who, each] of Object.entries(microsecondsPerJet)) console.log(`  ${who.padEnd(20)} ${each.toFixed(1)}`);
    console.log(
      `  from disk over in memory ${(100 * overMemory).toFixed(1)} %, waiting ${(100 * waiting).toFixed(1)} %, resident ${Math.round(residentBytes / 1e6)} MB`,
    );
  }
}
