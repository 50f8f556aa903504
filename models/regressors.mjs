// README of a regressor from its card, and its figures computed anew; for build.mjs and check.mjs
import { join } from 'node:path';
import { correctedComparisons, correctedFigures } from '@jetsdk/eval/regression';
import { loadRegressor } from '@jetsdk/infer';
import { correctedColumns, readCorrections } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';

/** The figures of a card on one of its files, as they are now. */
export async function figuresNow(path, card, file, beside) {
  const regressor = await loadRegressor(path, { device: 'cpu' });
  const source = await openJets(file);
  const { recipe, output } = card;
  const [corrected, truth] = await readCorrections(source, [(jets) => regressor.correct(jets), card.truth], {
    recipe,
    halfWidth: output.halfWidth,
  });
  const known = await correctedColumns(source, 'true');
  const observables = [
    { name: 'pT', truth: known.pt, predicted: corrected.pt },
    { name: 'mass', truth: known.mass, predicted: corrected.mass },
  ];
  const pixels = { truth: truth.images.data, predicted: corrected.images.data, pbar: card.metrics[0].pbar };
  const figures = correctedFigures(pixels, observables);
  const others = [];
  for (const name of beside) {
    const { pt: pT, mass } = await correctedColumns(source, name);
    others.push({ name, predicted: { pT, mass }, found: pT });
  }
  const comparisons = correctedComparisons(observables, others);
  source.close();
  await regressor.dispose();
  return { ...figures, comparisons };
}

const of = ({ value, stdErr }, digits, factor = 1) =>
  `${(factor * value).toFixed(digits)} ± ${(factor * stdErr).toFixed(digits)}`;

/** Other ways of correcting by the beginnings of their columns. */
const WAYS = { puppi: 'PUPPI', sk: 'SoftKiller', area: 'area subtraction' };

export function regressorReadme(name, card, { train, measure, beside, version, licence }) {
  const { training, recipe, metrics, parity } = card;
  const rows = metrics.map(({ dataset, jets, loss, observables }) => {
    const [pt, mass] = ['pT', 'mass'].map((one) => observables.find((found) => found.name === one));
    return `| ${dataset} | ${jets} | ${loss.toPrecision(3)} | ${of(pt.iqr, 2, 100)} | ${of(pt.correlation, 4)} | ${of(mass.medianBias, 1, 100)} | ${of(mass.iqr, 1, 100)} | ${of(mass.correlation, 4)} |`;
  });
  const differences = metrics.flatMap(({ dataset, comparisons = [] }) =>
    comparisons.map(({ beside: way, jets, observables }) => {
      const [pt, mass] = ['pT', 'mass'].map((one) => observables.find((found) => found.name === one));
      return `| ${dataset} | ${WAYS[way] ?? way} | ${jets} | ${of(pt.iqr, 2, 100)} | ${of(pt.correlation, 4)} | ${of(mass.iqr, 1, 100)} | ${of(mass.correlation, 4)} |`;
    }),
  );
  return `# ${name}

${card.task}; ${training.parameters.toLocaleString('en')} parameters, recipe \`${recipe.name}\`, output ${card.output.shape.slice(0, 2).join(' × ')} in ${card.output.unit}.

| jets | number | loss | pT: range (%) | correlation | mass: bias (%) | range (%) | correlation |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

| jets | less | number | pT: range (%) | correlation | mass: range (%) | correlation |
|---|---|---|---|---|---|---|
${differences.join('\n')}

Differences of the model and the other way on the jets that both found, first less second, with the bootstrap errors of the differences:
below 0 the range of the model is smaller, above 0 its correlation is higher.

Loss: mean over the pixels of (ln((p̂ + p̄)/(p + p̄)))² with p̄ = ${metrics[0].pbar} GeV. Range: interquartile range of (corrected − true)/true; bias: its
median; ± bootstrap errors. A corrected jet is the leading tracks and the pixels within 0.4 of the axis.

Trained on ${training.trainJets} jets of \`${training.dataset}\` (SHA-256 ${training.datasetHash}), the best epoch (${training.bestEpoch} of
${training.epochs}) chosen on ${training.validationJets} others; seed ${training.seed}, backend ${training.backend}, ${Math.round(training.seconds)} s on a busy machine of two cores.
${parity[0].runtime} differs from the trained network by ${parity[0].maxAbsDifference.toExponential(1)} GeV at most, on ${parity[0].jets} jets.

\`\`\`
jetsdk train ${train.join(' ')} -o run
jetsdk export run --name ${name} --model-version ${version} --licence ${licence} -o model.onnx ${measure.map((file) => `--measure ${file}`).join(' ')} --beside ${beside.join(',')}
\`\`\`

\`npm run models -- ${name}\` does both; \`npm run check:models\` recomputes the figures.
`;
}

/** Every figure of a card that differs from the one computed now, and those that do not. */
export async function checkRegressor(path, card, data, say) {
  for (const { dataset, loss, observables, comparisons = [] } of card.metrics) {
    const beside = comparisons.map((one) => one.beside);
    const now = await figuresNow(path, card, join(data, dataset), beside);
    say(near(now.loss, loss), `${card.name}: loss ${loss} on ${dataset}, now ${now.loss}`);
    for (const was of observables) {
      const is = now.observables.find(({ name }) => name === was.name);
      for (const figure of ['medianBias', 'iqr', 'correlation'])
        say(
          near(is[figure].value, was[figure].value),
          `${card.name}: ${figure} of ${was.name} ${was[figure].value} on ${dataset}, now ${is[figure].value}`,
        );
    }
    for (const [i, { beside: way, observables: was }] of comparisons.entries())
      for (const [k, { name, iqr, correlation }] of was.entries()) {
        const is = now.comparisons[i].observables[k];
        for (const [figure, old] of Object.entries({ iqr, correlation }))
          say(
            near(is[figure].value, old.value) && near(is[figure].stdErr, old.stdErr),
            `${card.name}: ${figure} of ${name} less that of ${way} ${old.value} on ${dataset}, now ${is[figure].value}`,
          );
      }
  }
}

/** Another processor may round a pixel to its neighbour. */
const near = (a, b) => Math.abs(a - b) <= 1e-5 * Math.max(0.01, Math.abs(b));
