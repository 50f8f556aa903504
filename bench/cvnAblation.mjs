// Why the course's Convolutional Visual Network never learned: the same network on the same jets, put right one thing
// at a time. node bench/cvnAblation.mjs [hbb.h5] [--jets 4000] [--epochs 3] [--pixels 48] [--steps 5,6]
import { parseArgs } from 'node:util';
import { auc } from '@jetsdk/eval';
import { isJetError, JetError, jetImages, makeImages, takeJets } from '@jetsdk/jets';
import { openJets, readColumns } from '@jetsdk/jets/files';
import { artifactsOf, buildNetwork, fit, modelOf, predict, selectBackend, zoo } from '@jetsdk/train';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jets: { type: 'string', default: '4000' },
    epochs: { type: 'string', default: '3' },
    pixels: { type: 'string', default: '48' },
    steps: { type: 'string', default: '1,2,3,4,5,6' },
  },
});
const file = positionals[0] ?? new URL('../../shared/data/generated/hbb.h5', import.meta.url).pathname;
const SEED = 1;
const [TRAIN, VALIDATION] = [0, 2];
const SGD = { optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 5e-4 };
const ADAM = { learningRate: 5e-4 };

/** From the course's version to the zoo's. */
const STEPS = [
  { name: 'as in the course: no activations, pT divided by that of the jet, SGD', relu: false, inGev: false, ...SGD },
  { name: '+ activations', relu: true, inGev: false, ...SGD },
  { name: '+ pixels in GeV, activations left out', relu: false, inGev: true, ...SGD },
  { name: '+ both', relu: true, inGev: true, ...SGD },
  { name: '+ Adam, as in the zoo', relu: true, inGev: true, ...ADAM },
  { name: 'as in the zoo, activations left out', relu: false, inGev: true, ...ADAM },
];

try {
  await compare();
} catch (error) {
  if (!isJetError(error)) throw error;
  console.error(`cvnAblation: ${error.message} [${error.code}]`);
  process.exitCode = 2;
}

async function compare() {
  const steps = values.steps.split(',').map((step) => {
    if (!Object.hasOwn(STEPS, step - 1))
      throw new JetError('BAD_ARGUMENT', `--steps ${values.steps}; expected numbers from 1 to ${STEPS.length}`);
    return STEPS[step - 1];
  });
  const backend = await selectBackend();
  const source = await openJets(file);
  const { ttv } = await readColumns(file, ['ttv']);
  const labels = await source.labels();
  const read = async (part, most) => {
    const rows = Array.from(ttv.keys())
      .filter((jet) => ttv[jet] === part)
      .slice(0, most);
    return { jets: await takeJets(source, rows), labels: Uint8Array.from(rows, (jet) => labels[jet]) };
  };
  const training = await read(TRAIN, Number(values.jets));
  const validation = await read(VALIDATION, 1000);
  source.close();
  console.log(
    `${training.labels.length} jets, ${values.pixels}×${values.pixels} pixels, ${values.epochs} epochs, AUC on ${validation.labels.length} others; ${backend.name}, ${backend.threads} threads\n`,
  );
  console.log('| network | loss, first → last epoch | AUC | one class only |\n|---|---|---|---|');
  for (const { name, relu, inGev, ...settings } of steps) {
    const examples = ({ jets, labels: of }) => ({ inputs: imagesOf(jets, inGev), labels: of });
    const train = examples(training);
    const model = await cvn(relu, train.inputs.shape.slice(1));
    try {
      const { history } = await fit(model, train, {
        batchSize: 32,
        patience: 5,
        ...settings,
        epochs: Number(values.epochs),
        seed: SEED,
        validation: examples(validation),
      });
      const outputs = await predict(model, imagesOf(validation.jets, inGev));
      const scores = outputs.filter((_, i) => i % 2 === 1);
      const signal = scores.filter((score) => score > 0.5).length;
      const oneClass = signal === 0 || signal === scores.length ? 'yes' : 'no';
      console.log(
        `| ${name} | ${history[0].loss.toFixed(4)} → ${history.at(-1).loss.toFixed(4)} | ${auc(validation.labels, scores).toFixed(3)} | ${oneClass} |`,
      );
    } catch (error) {
      if (!isJetError(error) || error.code !== 'TRAINING_DIVERGED') throw error;
      console.log(`| ${name} | diverged | – | – |`);
    }
    model.dispose();
  }
}

/** The zoo's network, its activations left out or not; the weights are the same either way. */
async function cvn(relu, shape) {
  const model = await buildNetwork(zoo.cvn, { inputShape: shape, seed: SEED });
  const { topology, weights } = await artifactsOf(model);
  model.dispose();
  const text = JSON.stringify(topology);
  return modelOf({ topology: JSON.parse(relu ? text : text.replaceAll('"relu"', '"linear"')), weights });
}

/** Images about the jet axis; without GeV, each pixel is a share of the jet's pT, as in the course. */
function imagesOf(jets, inGev) {
  const steps = [
    { step: 'centre', on: 'jet' },
    { step: 'pixelate', pixels: Number(values.pixels), halfWidth: 0.8, channels: ['pt'] },
    ...(inGev ? [] : [{ step: 'normalise', by: 'sum' }]),
  ];
  const { data, shape } = makeImages({ format: 'jetsdk-recipe/1', name: 'ablation', steps }, jets);
  return jetImages(data, shape.slice(1));
}
