// Trains the course CNN on the published course images with several seeds and compares with the published figures:
// npm run check:course -- [jet_images.h5] [--recipe course-30|course-30-sum|course-30-max] [--seeds 5] [--dense] [--peer]
// --dense also trains the fully connected network of as many parameters on the same splits;
// --peer also trains a PyTorch twin on the same splits (python3 with torch and scikit-learn).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { auc, summariseRuns } from '@jetsdk/eval';
import { isJetError, meanSquaredRadius, namedRecipe, normaliseImages, takeRows } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { writeNpz } from '@jetsdk/jets/npz';
import { buildNetwork, fit, predict, selectBackend, splitJets, zoo } from '@jetsdk/train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    recipe: { type: 'string', default: 'course-30' },
    seeds: { type: 'string', default: '5' },
    dense: { type: 'boolean', default: false },
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
  const part = (jets) => ({ inputs: takeRows(images, jets), labels: Uint8Array.from(jets, (jet) => labels[jet]) });
  const widths = meanSquaredRadius(raw, HALF_WIDTH);
  const backend = await selectBackend('auto');
  console.log(`${labels.length} jets, recipe ${recipe.name}, backend ${backend.name}, ${backend.threads} threads`);

  const networks = ['course-cnn', ...(values.dense ? ['course-dense'] : [])];
  const columns = new Map();
  const add = (name, value) => columns.set(name, [...(columns.get(name) ?? []), value]);
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const split = splitJets(labels, { seed });
    const [train, validation, test] = [split.train, split.validation, split.test].map(part);
    const report = [];
    const note = (name, value, more = '') => {
      add(name, value);
      report.push(`${name} ${value.toFixed(4)}${more}`);
    };
    for (const name of networks) {
      const model = await buildNetwork(zoo[name], { inputShape: images.shape.slice(1), seed });
      const started = performance.now();
      const { history, bestEpoch } = await fit(model, train, {
        ...zoo[name].defaults,
        seed,
        validation,
        onEpoch: ({ epoch, valLoss }) => {
          if (process.stderr.isTTY)
            process.stderr.write(`\rseed ${seed}: ${name}, epoch ${epoch}, val_loss ${valLoss.toFixed(4)} `);
        },
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const value = auc(test.labels, await predict(model, test.inputs));
      note(name, value, ` (best epoch ${bestEpoch} of ${history.length}, ${seconds} s)`);
      model.dispose();
    }
    if (values.peer) note('PyTorch twin', twin({ train, validation, test }, seed));
    note(
      '<r^2> alone',
      auc(
        test.labels,
        Float64Array.from(split.test, (jet) => widths[jet]),
      ),
    );
    console.log(`seed ${seed}: test AUC ${report.join(', ')}`);
  }
  const line = (name, { mean, std }) => console.log(`${name.padEnd(24)} ${mean.toFixed(4)} ± ${std.toFixed(4)}`);
  const ours = columns.get('course-cnn');
  console.log(`\nmean ± std over ${ours.length} seeds`);
  for (const [name, aucs] of columns) {
    line(name, summariseRuns(aucs));
    if (name !== 'course-cnn') line(`course-cnn - ${name}`, summariseRuns(ours.map((value, i) => value - aucs[i])));
  }
  for (const name of networks)
    console.log(
      `${name}: ${(await buildNetwork(zoo[name], { inputShape: images.shape.slice(1), seed: 1 })).countParams()} parameters`,
    );
  console.log(`<r^2> on all jets        ${auc(labels, widths).toFixed(4)}`);
  console.log(
    'published notebook   0.951 (one split); PyTorch twin 0.9516 ± 0.0028 raw, 0.957 divided by the sum (five splits)',
  );
}

/** Test AUC of the PyTorch twin on the same jets. */
function twin(parts, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-course-'));
  try {
    const arrays = Object.entries(parts).flatMap(([name, { inputs, labels }]) => [
      [`${name}_images`, { dtype: 'float32', shape: inputs.shape, data: inputs.data }],
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
