/** @file The two-sample test of the CaloChallenge: a dense network that tells generated from simulated. */
import { delong } from '@jetsdk/eval';
import type { Sample } from '@jetsdk/eval/generation';
import { JetError, random } from '@jetsdk/jets';
import { buildNetwork, type Examples, fit, predict, selectBackend } from '@jetsdk/train';

/** As in the evaluation of arXiv:2410.21611. */
const SETTINGS = { batchSize: 1000, epochs: 50, patience: 50, learningRate: 2e-4 };
const [LAYERS, UNITS, SLOPE] = [3, 512, 0.01];
/** Shares of each sample to learn from and to choose the epoch on; the rest is judged. */
const [LEARNT, CHOSEN] = [0.6, 0.2];
const LEAST = 50;

export interface NetworkTest {
  readonly auc: number;
  /** DeLong */
  readonly stdErr: number;
  /** rows of both samples that are judged */
  readonly judged: number;
}

/**
 * Trains a network on three fifths of both samples, chooses its epoch by the loss on a fifth, and judges the last fifth.
 *
 * @param real (n, d) @param generated (m, d), not modified
 * @param seed of weights, order and parts
 * @throws {JetError} BAD_ARGUMENT for fewer than 50 rows; CANCELLED; as `fit`
 */
export async function networkTest(real: Sample, generated: Sample, seed: number): Promise<NetworkTest> {
  const least = Math.min(real.shape[0], generated.shape[0]);
  if (least < LEAST)
    throw new JetError('BAD_ARGUMENT', `eval: ${least} rows for --classifier network; expected at least ${LEAST}`, {
      rows: least,
    });
  await selectBackend('wasm');
  const { shuffle } = random(seed);
  const parts = [real, generated].map(({ shape: [rows] }) => {
    const order = shuffle(Uint32Array.from({ length: rows }, (_, row) => row));
    const [first, second] = [Math.floor(LEARNT * rows), Math.floor((LEARNT + CHOSEN) * rows)];
    return [order.subarray(0, first), order.subarray(first, second), order.subarray(second)];
  });
  const width = real.shape[1];
  const examples = (part: number): Examples => {
    const picked = [real, generated].flatMap((sample, label) =>
      Array.from(parts[label][part], (row) => ({ sample, row, label })),
    );
    const data = new Float32Array(picked.length * width);
    for (const [i, { sample, row }] of picked.entries())
      for (let k = 0; k < width; k++) data[i * width + k] = sample.data[row * width + k];
    return {
      inputs: { shape: [picked.length, 1, width, 1], data },
      labels: Uint8Array.from(picked, ({ label }) => label),
    };
  };
  const network = await buildNetwork(
    ({ layers, inputShape }) => {
      const hidden = Array.from({ length: LAYERS }, () => [
        layers.dense({ units: UNITS }),
        layers.leakyReLU({ alpha: SLOPE }),
      ]);
      return layers.sequential({
        layers: [
          layers.flatten({ inputShape: [...inputShape] }),
          ...hidden.flat(),
          layers.dense({ units: 1, activation: 'sigmoid' }),
        ],
      });
    },
    { inputShape: [1, width, 1], seed },
  );
  try {
    const [training, validation, judged] = [0, 1, 2].map(examples);
    const batchSize = Math.min(SETTINGS.batchSize, training.labels.length);
    await fit(network, training, { ...SETTINGS, batchSize, validation: validation, seed });
    const { auc, stdErr } = delong(judged.labels, await predict(network, judged.inputs));
    return { auc, stdErr, judged: judged.labels.length };
  } finally {
    network.dispose();
  }
}
