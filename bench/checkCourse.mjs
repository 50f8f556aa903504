// Trains the course CNN on the published course images with several seeds and compares with the published figures:
// npm run check:course -- [jet_images.h5] [--recipe course-30|course-30-sum|course-30-max] [--seeds 5] [--peer]
// --peer also trains a PyTorch twin on the same splits (python3 with torch and scikit-learn).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { auc, summariseRuns } from '@jetsdk/eval';
import { isJetError, jetImages, meanSquaredRadius, namedRecipe, normaliseImages } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { writeNpz } from '@jetsdk/jets/npz';
import { fit, predict, selectBackend, splitJets, zoo } from '@jetsdk/train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    recipe: { type: 'string', default: 'course-30' },
    seeds: { type: 'string', default: '5' },
    peer: { type: 'boolean', default: false },
  },
});
const file = positionals[0] ?? new URL('../../shared/data/jet-images/jet_images.h5', import.meta.url).pathname;
const HALF_WIDTH = 1.4;

try {
  await check();
} catch (error) {
  if (!isJetError(error)) throw error;
  console.error(`check:course: ${error.message} [${error.code}]`);
  process.exitCode = 2;
}

async function check() {
  const recipe = namedRecipe(values.recipe);
  const source = await openJets(file);
  const raw = await source.read(0, source.count);
  const labels = await source.labels();
  source.close();
  const images = normaliseImages(recipe, raw);
  const size = images.data.length / labels.length;
  const part = (jets) => {
    const data = new Float32Array(jets.length * size);
    jets.forEach((jet, i) => {
      data.set(images.data.subarray(jet * size, (jet + 1) * size), i * size);
    });
    return { images: jetImages(data, images.shape.slice(1)), labels: Uint8Array.from(jets, (jet) => labels[jet]) };
  };
  const widths = meanSquaredRadius(raw, HALF_WIDTH);
  const backend = await selectBackend('auto');
  console.log(`${labels.length} jets, recipe ${recipe.name}, backend ${backend.name}, ${backend.threads} threads`);

  const network = zoo['course-cnn'];
  const aucs = [];
  const baselines = [];
  const twins = [];
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const split = splitJets(labels, { seed });
    const model = network.build(images.shape.slice(1), seed);
    const validation = part(split.validation);
    const train = part(split.train);
    const test = part(split.test);
    const started = performance.now();
    const { history, bestEpoch } = await fit(model, train.images, train.labels, {
      ...network.defaults,
      seed,
      validation,
      onEpoch: ({ epoch, valLoss }) => {
        if (process.stderr.isTTY)
          process.stderr.write(`\rseed ${seed}: epoch ${epoch}, val_loss ${valLoss.toFixed(4)} `);
      },
    });
    aucs.push(auc(test.labels, await predict(model, test.images)));
    baselines.push(
      auc(
        test.labels,
        Float64Array.from(split.test, (jet) => widths[jet]),
      ),
    );
    model.dispose();
    const seconds = (performance.now() - started) / 1000;
    if (values.peer) twins.push(twin({ train, validation, test }, seed));
    console.log(
      `seed ${seed}: test AUC ${aucs.at(-1).toFixed(4)}, <r^2> alone ${baselines.at(-1).toFixed(4)}, best epoch ${bestEpoch} of ${history.length}, ${seconds.toFixed(0)} s${values.peer ? `; PyTorch twin ${twins.at(-1).toFixed(4)}` : ''}`,
    );
  }
  const line = (name, { mean, std }) => console.log(`${name.padEnd(20)} ${mean.toFixed(4)} ± ${std.toFixed(4)}`);
  console.log(`\nmean ± std over ${aucs.length} seeds`);
  line('course-cnn', summariseRuns(aucs));
  if (values.peer) {
    line('PyTorch twin', summariseRuns(twins));
    line('ours - twin', summariseRuns(aucs.map((value, i) => value - twins[i])));
  }
  line('<r^2> alone', summariseRuns(baselines));
  console.log(`<r^2> on all jets    ${auc(labels, widths).toFixed(4)}`);
  console.log(
    'published notebook   0.951 (one split); PyTorch twin 0.9516 ± 0.0028 raw, 0.957 divided by the sum (five splits)',
  );
}

/** Test AUC of the PyTorch twin on the same jets. */
function twin(parts, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-course-'));
  try {
    const arrays = Object.entries(parts).flatMap(([name, { images, labels }]) => [
      [`${name}_images`, { dtype: 'float32', shape: images.shape, data: images.data }],
      [`${name}_labels`, { dtype: 'uint8', shape: [labels.length], data: labels }],
    ]);
    writeFileSync(join(folder, 'split.npz'), writeNpz(new Map(arrays)));
    const script = new URL('peers/course.py', import.meta.url).pathname;
    const { status, stdout, stderr } = spawnSync('python3', [script, join(folder, 'split.npz'), String(seed)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`PyTorch twin: ${stderr}`);
    return Number(stdout.split(' ')[0]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
