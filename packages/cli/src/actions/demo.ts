import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { baselines, cardMetrics, evaluateTaggers, type JetsInGev, type NamedScores } from '@jetsdk/eval';
import { rank } from '@jetsdk/eval/challenge';
import { withFacts } from '@jetsdk/export';
import {
  formatCount,
  formatCounted,
  type JetImages,
  type Jets,
  jetKinematics,
  makeImages,
  namedRecipe,
  pixelateOf,
  SDK_VERSION,
  sliceJets,
} from '@jetsdk/jets';
import { fileHash, makeFolder, openJets, writeFileAtomically } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import { classValues, formatJets, type JetImage, report } from '@jetsdk/plots';
import { averages, inGev, singleImage } from '@jetsdk/plots/survey';
import { loadRun, selectBackend, zoo } from '@jetsdk/train';
import { sampleFile } from '../bundled.js';
import { readLabelledFile } from '../dataset.js';
import { CALIBRATION_JETS, exportRun } from '../exporting.js';
import { loadBytes } from '../loading.js';
import { comparisonTable, resultTable } from '../resultTables.js';
import { duration, print, say } from '../terminal.js';
import { trainWithProgress } from '../training.js';

const NETWORK = 'course-cnn';
const RECIPE = 'course-30-sum';
const EPOCHS = 30;
const BATCH_SIZE = 256;
const SEED = 1;
const CLASSES = ['QCD', 'top'];

/** The whole line on the bundled sample. */
export async function demo(folder: string): Promise<void> {
  const started = performance.now();
  const recipe = namedRecipe(RECIPE);
  const trainFile = sampleFile('train.h5');
  await makeFolder(folder);
  await rm(join(folder, 'run'), { recursive: true, force: true });

  heading(1, `images by recipe ${RECIPE}`);
  const train = await readLabelledFile(trainFile, recipe, 'training jets');
  const validation = await readLabelledFile(sampleFile('val.h5'), recipe, 'validation jets');

  heading(2, `training ${NETWORK}`);
  const backend = await selectBackend('auto');
  say(`backend ${backend.name}, ${backend.threads} threads`);
  await trainWithProgress(
    join(folder, 'run'),
    {
      network: zoo[NETWORK],
      seed: SEED,
      epochs: EPOCHS,
      batchSize: BATCH_SIZE,
      recipe,
      dataset: { name: '@jetsdk/sample/train.h5', hash: await fileHash(trainFile), classes: CLASSES },
    },
    train,
    validation,
  );
  const run = await loadRun(join(folder, 'run'));

  heading(3, 'export to ONNX');
  const calibration = sliceJets(validation.inputs, 0, CALIBRATION_JETS);
  const { bytes, card } = await exportRun(run, { name: NETWORK }, calibration);
  const parity = card.parity![0];
  say(
    `${formatCounted(bytes.length, 'byte')}; ${parity.runtime} differs by ${parity.maxAbsDifference.toExponential(1)} at most`,
  );

  heading(4, 'scoring the test jets');
  const test = await jetsInGev('test.h5');
  const tagger = await loadBytes(bytes);
  const before = performance.now();
  const scores = await tagger.score(test.jets).finally(() => tagger.dispose());
  say(
    `${formatCounted(scores.length, 'jet')}, ${formatCount((scores.length / (performance.now() - before)) * 1000)} jets/s from constituents`,
  );
  await writeFileAtomically(
    join(folder, 'scores.npy'),
    writeNpy({ dtype: 'float32', shape: [scores.length], data: scores }),
  );

  heading(5, 'evaluation');
  const { mass } = jetKinematics(test.jets);
  const taggers: NamedScores[] = [
    { name: NETWORK, scores },
    ...baselines(await jetsInGev('val.h5')).map(({ name, score }) => ({ name, scores: score(test) })),
  ];
  const { taggers: evaluated, comparisons } = evaluateTaggers(test.labels, taggers, { mass });
  const results = evaluated.map(({ result }) => result);
  print(`\n${resultTable(results)}\n\n${comparisonTable(comparisons)}`);
  const board = rank(
    taggers.map((tagger) => ({
      group: 'demo',
      network: tagger.name,
      file: tagger.name,
      scores: Float64Array.from(tagger.scores),
    })),
    test.labels,
  );
  const file = { dataset: '@jetsdk/sample/test.h5', datasetHash: await fileHash(sampleFile('test.h5')) };
  const measured = withFacts({ bytes, card }, { metrics: [cardMetrics(results[0], file)] });
  await writeFileAtomically(join(folder, 'model.onnx'), measured.bytes);
  await writeFileAtomically(join(folder, 'card.json'), `${JSON.stringify(measured.card, null, 2)}\n`);

  heading(6, 'report');
  const epochs = run.history.epochs;
  await writeFileAtomically(
    join(folder, 'report.html'),
    report({
      title: 'Top jets against QCD jets',
      summary: `The network ${NETWORK} learned from ${formatCount(train.labels.length)} simulated jets and is measured on ${formatCount(test.labels.length)} others, beside two quantities that need no network.`,
      results,
      comparisons,
      curves: evaluated.map(({ curve }) => curve),
      leaderboard: {
        rows: board.leaderboard.map((row) => ({
          rank: row.rank,
          name: row.network,
          value: row.auc,
          interval: row.aucInterval,
          tieGroup: row.tieGroup95,
        })),
      },
      scores: [{ name: NETWORK, classes: classValues(test.labels, scores, CLASSES) }],
      averageImages: { images: meanImages(test.images, test.labels), halfWidth: test.halfWidth },
      singleImages: { images: examples(test.images, test.labels, scores), halfWidth: test.halfWidth },
      observables: [
        {
          classes: classValues(test.labels, mass, CLASSES),
          options: { label: 'Jet mass', unit: 'GeV', range: [0, 300] },
        },
      ],
      histories: [
        {
          name: NETWORK,
          loss: epochs.map((e) => e.loss),
          valLoss: epochs.map((e) => e.valLoss),
          accuracy: epochs.map((e) => e.accuracy),
          valAccuracy: epochs.map((e) => e.valAccuracy),
          bestEpoch: run.history.bestEpoch,
        },
      ],
      facts: [
        {
          label: 'Training',
          value: `train.h5 of the sample, ${formatCounted(train.labels.length, 'jet')}; val.h5, ${formatCounted(validation.labels.length, 'jet')}`,
        },
        { label: 'Test', value: `test.h5 of the sample, ${formatCounted(test.labels.length, 'jet')}` },
        { label: 'Recipe', value: `${RECIPE}: ${recipe.steps.map(({ step }) => step).join(', ')}` },
        { label: 'Network', value: `${NETWORK}, ${formatCounted(run.run.parameters, 'parameter')}, seed ${SEED}` },
        { label: 'Backend', value: `${backend.name}, ${backend.threads} threads` },
        {
          label: 'Parity',
          value: `${parity.runtime} against the trained network on ${formatJets(parity.jets)}: |Δscore| ≤ ${parity.maxAbsDifference.toExponential(1)}`,
        },
        { label: 'Jet SDK', value: SDK_VERSION },
      ],
      command: 'npx jetsdk demo',
    }),
  );
  const path = relative(process.cwd(), folder) || '.';
  const jets = relative(process.cwd(), sampleFile('test.h5'));
  print(`\nDone in ${duration((performance.now() - started) / 1000)}. The report is ${join(path, 'report.html')}; open it in a browser.

Three commands to try next:
  npx jetsdk inspect ${join(path, 'model.onnx')}
  npx jetsdk score ${join(path, 'model.onnx')} ${jets} -o scores.npy
  npx jetsdk eval --labels ${jets} --scores scores.npy --report eval.html`);
}

function heading(step: number, text: string): void {
  say(`\n${step}/6  ${text}`);
}

/** All jets of a file, and their images without normalisation. */
async function jetsInGev(file: 'val.h5' | 'test.h5'): Promise<JetsInGev> {
  const recipe = namedRecipe(RECIPE);
  const source = await openJets(sampleFile(file));
  try {
    const jets = (await source.read(0, source.count)) as Jets;
    const { halfWidth } = pixelateOf(recipe);
    return { jets, images: makeImages(inGev(recipe), jets), labels: (await source.labels())!, halfWidth };
  } finally {
    source.close();
  }
}

/** The first four jets of each class, with what the network thinks of them. */
function examples(images: JetImages, labels: Uint8Array, scores: Float32Array): JetImage[] {
  const jets = CLASSES.flatMap((_, label) => [...labels.keys()].filter((jet) => labels[jet] === label).slice(0, 4));
  return jets.map((jet) => ({
    ...singleImage(images, jet),
    title: `${CLASSES[labels[jet]]}, score ${scores[jet].toFixed(3)}`,
  }));
}

function meanImages(images: JetImages, labels: Uint8Array): JetImage[] {
  const of = averages(CLASSES.length);
  of.add(images, labels);
  return CLASSES.flatMap((name, label) => {
    const image = of.image(label);
    return image === undefined ? [] : [{ ...image, title: `${name}, ${formatJets(of.counts[label])}` }];
  });
}
