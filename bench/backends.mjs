// The loss of each step on several training backends, from the same weights on the same jets. Gradient descent keeps
// rounding small; Adam makes steps of full length of gradients that are all rounding, so it does not.
// Biases start at 0.01: where an empty part of an image gives exactly 0, rounding decides on which side of the rectifier it is.
// node bench/backends.mjs [NETWORK…] [--backends wasm,tfjs-node,webgpu] [--optimizer sgd] [train.h5]
import { parseArgs } from 'node:util';
import { isJetError, JetError, makeImages, namedRecipe } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { buildNetwork, fit, selectBackend, zoo } from '@jetsdk/train';
import { add } from '@tensorflow/tfjs-core';

const JETS = 512;
const BATCH = 128;
const OPTIMIZERS = {
  sgd: { optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 1e-2 },
  adam: { learningRate: 1e-3 },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backends: { type: 'string', default: 'wasm,tfjs-node' },
    optimizer: { type: 'string', default: 'sgd' },
  },
});
const file =
  positionals.find((name) => name.endsWith('.h5')) ??
  new URL('../../shared/data/generated/train.h5', import.meta.url).pathname;
const named = positionals.filter((name) => !name.endsWith('.h5'));
const networks = named.length > 0 ? named : ['landscape-cnn', 'tutorial-cnn', 'landscape-resnet'];

try {
  for (const network of networks) oneOf('network', network, zoo);
  oneOf('--optimizer', values.optimizer, OPTIMIZERS);
  const source = await openJets(file);
  const inputs = makeImages(namedRecipe('landscape-40'), await source.read(0, JETS));
  const labels = (await source.labels()).slice(0, JETS);
  source.close();
  for (const network of networks) await compare(network, { inputs, labels });
} catch (error) {
  if (!isJetError(error)) throw error;
  console.error(`backends: ${error.message} [${error.code}]`);
  process.exitCode = 2;
}

function oneOf(what, name, known) {
  if (!Object.hasOwn(known, name))
    throw new JetError('BAD_ARGUMENT', `${what} ${name}; expected one of ${Object.keys(known).join(', ')}`);
}

async function compare(network, examples) {
  let first;
  for (const backend of values.backends.split(',')) {
    await selectBackend(backend);
    const losses = await stepLosses(network, examples);
    first ??= losses;
    const apart = Math.max(...losses.map((loss, step) => Math.abs(loss / first[step] - 1)));
    console.log(
      `${network}, ${backend.padEnd(10)} ${losses.map((loss) => loss.toFixed(7)).join(' ')}   largest relative difference ${apart.toExponential(1)}`,
    );
  }
}

/** Two epochs, one loss a batch. */
async function stepLosses(network, examples) {
  const model = await buildNetwork(zoo[network], { inputShape: examples.inputs.shape.slice(1), seed: 1 });
  for (const weight of model.weights.filter(({ name }) => name.includes('/bias')))
    weight.write(add(weight.read(), 0.01));
  const losses = [];
  let before = 0;
  await fit(model, examples, {
    ...OPTIMIZERS[values.optimizer],
    validation: examples,
    batchSize: BATCH,
    epochs: 2,
    patience: 2,
    seed: 1,
    onBatch: ({ batch, loss }) => {
      losses.push(batch === 1 ? loss : batch * loss - before);
      before = batch * loss;
    },
  });
  model.dispose();
  return losses;
}
