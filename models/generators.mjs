// README of a generator from its card, and its figures computed anew; for build.mjs and check.mjs
import { generationFigures, measuredJetImages, measuredShowers } from '@jetsdk/eval/generation';
import { loadGenerator } from '@jetsdk/infer';
import { readArrays } from '@jetsdk/jets/files';

const LAYERS = ['layer_0', 'layer_1', 'layer_2'];

/** What is read of files, asked for and measured, by the first output of a card. */
const KINDS = {
  layer_0: {
    names: [...LAYERS, 'energy'],
    measured: (arrays, { energy }) =>
      measuredShowers({ layers: LAYERS.map((name) => arrays[name]), energy: energy.data }),
  },
  image: {
    names: ['image', 'signal'],
    measured: ({ image }, { signal }) => measuredJetImages({ image, signal: signal.data }),
  },
};

/** The figures of a card on one of its files, as they are now: the same simulated ones, the same noise. */
export async function generationNow(path, card, { rows, seed }, file) {
  const { names, measured } = KINDS[card.outputs[0].name];
  const simulated = await readArrays(file, names, { rows });
  const asked = Object.fromEntries(card.conditions.map(({ name }) => [name, simulated[name].data]));
  const generator = await loadGenerator(path, { device: 'cpu' });
  const count = simulated[names[0]].shape[0];
  const { outputs } = await generator.generate(count, { seed, conditions: asked, outside: 'allow' });
  await generator.dispose();
  return generationFigures(measured(simulated, simulated), measured(outputs, simulated));
}

const pm = (value, error, digits) => `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
const scientific = ({ value, stdErr }) => `${value.toExponential(1)} ± ${stdErr.toExponential(1)}`;

/** The commands that make the model of an entry of generators.json. */
export function commandsOf(name, { train, precision, measure, version, licence }) {
  const exported = [
    'export',
    'run',
    '--name',
    name,
    '--model-version',
    version,
    '--licence',
    licence,
    '-o',
    'model.onnx',
  ];
  if (precision) exported.push('--precision', precision);
  for (const file of measure) exported.push('--measure', file);
  return [['train', ...train, '-o', 'run'], exported].map((words) => `jetsdk ${words.join(' ')}`);
}

export function generatorReadme(name, card, bytes, machine, entry) {
  const { about, cardAlone } = entry;
  const { training, parity, outputs, conditions } = card;
  const made = outputs
    .map(({ name: output, shape, unit }) => `\`${output}\` ${shape.join(' × ')} (${unit})`)
    .join(', ');
  const asked = conditions
    .map(({ name: one, unit, range }) => `\`${one}\` ${range.join(' to ')}${unit ? ` ${unit}` : ''}`)
    .join(', ');
  const rows = card.metrics.map(
    (one) =>
      `| ${one.dataset}, ${one.rows[0]} to ${one.rows[1]} | ${pm(one.twoSampleAuc, one.twoSampleAucStdErr, 4)} | ${pm(one.cellsAuc, one.cellsAucStdErr, 4)} | ${one.spread?.toFixed(2) ?? '–'} | ${scientific(one.frechet)} | ${scientific(one.kernel)} | ${one.precision.toFixed(3)}, ${one.recall.toFixed(3)}, ${one.density.toFixed(3)}, ${one.coverage.toFixed(3)} |`,
  );
  return `# ${name}

${card.task}: ${made}, from ${card.noise} normal numbers and ${asked}. One ONNX graph of ${(bytes / 1e6).toFixed(1)} MB${card.precision === undefined ? '' : `, weights in ${card.precision}`}.${[
    about,
    cardAlone && 'The file is too large for this repository, which has its card; the commands below make it.',
  ]
    .filter(Boolean)
    .map((text) => `\n\n${text}`)
    .join('')}

| simulated | AUC on observables | AUC on cells | spread | FPD | KPD | precision, recall, density, coverage |
|---|---|---|---|---|---|---|
${rows.join('\n')}

The areas are those of boosted trees which tell generated from simulated at the same conditions, by ${card.metrics[0].observables.length} observables or by all
cells or pixels; a classifier never judges what it saw; ± DeLong; 0.5 is best. Spread: how much the generated differ among
each other, in units of simulated ones. FPD, KPD (arXiv:2211.10295) and the last column
(arXiv:2002.09797, five neighbours) are of the observables. Distances of each observable: \`generator.json\`.

Trained on ${training.rows[0]} to ${training.rows[1]} of \`${training.dataset}\` (SHA-256 ${training.datasetHash}); ${training.epochs} ${training.epochs === 1 ? 'epoch' : 'epochs'}, seed ${training.seed}, backend ${training.backend},
${Math.round(training.seconds / 60)} minutes on ${machine}. ${parity[0].runtime} differs from the trainer's own sampler by
${parity[0].maxAbsDifference.toExponential(1)} ${outputs[0].unit} at most on ${parity[0].jets}, ${(parity[0].maxAbsDifference / parity[0].scale).toExponential(1)} of their root mean square.

\`\`\`
${commandsOf(name, entry).join('\n')}
\`\`\`

\`npm run models -- ${name}\` does both; \`npm run check:models\` recomputes the figures.
`;
}

/** @param say tells whether a figure stands */
export async function checkGenerator(path, card, metrics, file, say) {
  const now = await generationNow(path, card, metrics, file);
  const on = `on ${metrics.dataset}, now`;
  // trees cut where showers lie: a rounded cell may change a leaf
  for (const [what, was, is] of [
    ['observables', metrics.twoSampleAuc, now.twoSample.auc],
    ['cells', metrics.cellsAuc, now.cells.auc],
  ])
    say(Math.abs(is - was) < 2e-3, `${card.name}: two-sample AUC by ${what} ${was} ${on} ${is}`);
  if (metrics.spread !== undefined)
    say(
      Math.abs(now.spread - metrics.spread) <= 1e-4 * metrics.spread,
      `${card.name}: spread ${metrics.spread} ${on} ${now.spread}`,
    );
  for (const [what, was, is] of [
    ['FPD', metrics.frechet, now.distances.frechet],
    ['KPD', metrics.kernel, now.distances.kernel],
  ])
    say(
      Math.abs(is.value - was.value) <= 0.1 * was.stdErr + 1e-9,
      `${card.name}: ${what} ${was.value} ${on} ${is.value}`,
    );
  for (const { name, wasserstein } of metrics.observables) {
    const found = now.observables.find((one) => one.name === name)?.wasserstein;
    say(
      Math.abs(found - wasserstein) <= 1e-3 * Math.abs(wasserstein),
      `${card.name}: Wasserstein-1 of ${name} ${wasserstein} ${on} ${found}`,
    );
  }
}
