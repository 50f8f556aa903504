/** Trains small networks; the same in Node and in a browser. */
import * as train from '@jetsdk/train';

/** Pixels of two classes that differ in every third pixel, the same at each call. */
function sample(jets, shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  let state = 1;
  const uniform = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const data = Float32Array.from({ length: jets * size }, () => (uniform() < 0.1 ? uniform() : 0));
  const labels = Uint8Array.from({ length: jets }, (_, jet) => jet % 2);
  for (let i = 0; i < data.length; i++) if (labels[Math.floor(i / size)] === 1 && i % 3 === 0) data[i] /= 2;
  return { inputs: { shape: [jets, ...shape], data }, labels };
}

/** Losses of two epochs, in training and validation. */
export async function losses(backend, network, side, settings = {}) {
  const { name } = await train.selectBackend(backend);
  const shape = [side, side, 1];
  const training = sample(8, shape);
  const model = await train.buildNetwork(train.zoo[network], { inputShape: shape, seed: 1 });
  const { history } = await train.fit(model, training, {
    validation: training,
    batchSize: 4,
    epochs: 2,
    patience: 2,
    learningRate: 1e-3,
    clipNorm: 1,
    seed: 1,
    ...settings,
  });
  model.dispose();
  return { name, losses: history.flatMap(({ loss, valLoss }) => [loss, valLoss]) };
}
