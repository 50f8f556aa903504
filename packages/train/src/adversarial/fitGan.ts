/** @file Training of two networks against each other. */
import { JetError, random, requireMembers, type Tensor, turn } from '@jetsdk/jets';
import {
  dispose,
  keep,
  type Scalar,
  type Tensor as TfTensor,
  tensor,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fuseLayers } from '../backend/fuse.js';
import { adam } from '../fit/adam.js';
import { setDropoutStep, setWeights, variablesOf, weightsOf } from '../fit/epochs.js';
import { learn } from '../fit/learn.js';
import { diverged, drawOrder, requireCounts, requireRates } from '../fit/loop.js';
import type { Optimizer, OptimizerState } from '../fit/optimizer.js';
import { numbersOf } from '../model/readTensors.js';
import { derivedSeed } from '../seeds.js';
import { batchOf, checkGanExamples, drawn, firstImages, type GanExamples, normals } from './examples.js';
import type { Gan, GanSettings } from './gan.js';
import type { GanEpoch, GanEpochBegun } from './ganEpoch.js';
import { asTf, column, judge } from './judge.js';
import { lossTerms, type Targets, weighted } from './losses.js';
import { oddities } from './oddities.js';
import { spreadOf } from './spread.js';

/** All that training needs to go on, bit for bit as if it had not stopped. */
export interface GanState {
  /** whole epochs */
  readonly history: readonly GanEpoch[];
  readonly warnings: readonly string[];
  /** what is done of the epoch behind those of `history`, if it was stopped within one */
  readonly within?: GanEpochBegun;
  /** in the order of each network's `weights` */
  readonly generator: readonly Float32Array[];
  readonly discriminator: readonly Float32Array[];
  readonly generatorOptimizer: OptimizerState;
  readonly discriminatorOptimizer: OptimizerState;
}

export interface FitGanOptions extends GanSettings {
  /** what an earlier call gave to `onState`; the settings must be the same */
  readonly resume?: GanState;
  onBatch?(progress: {
    readonly epoch: number;
    readonly batch: number;
    readonly batches: number;
    /** losses of the discriminator and of the generator so far in this epoch */
    readonly discriminator: number;
    readonly generator: number;
  }): void;
  onEpoch?(epoch: GanEpoch): void | Promise<void>;
  /** after each epoch, before `onEpoch`; and when `signal` stops the training within one */
  onState?(state: GanState): void | Promise<void>;
  onWarning?(warning: string): void;
  readonly signal?: AbortSignal;
}

const BETA1 = 0.5;
/** Images that the spread is looked at on. */
const COMPARED = 128;

/**
 * Trains a generator and a discriminator in turn: a batch of simulated images, one of generated images, then
 * `gan.generatorSteps` steps of the generator. Which class or energy is asked for is drawn flat over the range of each condition.
 *
 * @param generator @param discriminator as `gan` builds them; changed in place
 * @param training not modified; every epoch sees each row once, but for the rest that fills no batch
 * @throws {JetError} SHAPE_MISMATCH, NOT_FINITE, OUT_OF_RANGE for images or conditions that do not fit; OUT_OF_RANGE for a
 *   setting; TRAINING_DIVERGED; CANCELLED
 * @see Goodfellow et al., arXiv:1406.2661
 */
export async function fitGan(
  gan: Gan,
  generator: LayersModel,
  discriminator: LayersModel,
  training: GanExamples,
  options: FitGanOptions,
): Promise<readonly GanEpoch[]> {
  requireMembers('fitGan', gan, ['images', 'heads'], 'an adversarial network; gans has them');
  for (const network of [generator, discriminator])
    requireMembers('fitGan', network, ['trainableWeights'], 'a layers model; buildGan gives both');
  requireMembers('fitGan', training, ['images', 'conditions'], 'what to learn from, { images, conditions }');
  const { batchSize, epochs, learningRate, discriminatorRate, seed, resume, signal } = options;
  requireCounts('fitGan', { batchSize, epochs });
  requireRates('fitGan', { learningRate, discriminatorRate });
  const rows = checkGanExamples(gan, training);
  if (rows < batchSize)
    throw new JetError(
      'OUT_OF_RANGE',
      `fitGan: ${rows} images for batches of ${batchSize}; expected one batch or more`,
      {
        rows,
        batchSize,
      },
    );
  for (const network of [generator, discriminator]) fuseLayers(network);
  if (resume) {
    setWeights(generator, resume.generator);
    setWeights(discriminator, resume.discriminator);
  }
  const maker = player(generator, learningRate, resume?.generatorOptimizer);
  const critic = player(discriminator, discriminatorRate, resume?.discriminatorOptimizer);
  const history = [...(resume?.history ?? [])];
  const warnings = [...(resume?.warnings ?? [])];
  const batches = Math.floor(rows / batchSize);
  const order = new Uint32Array(rows);
  const compared = firstImages(gan, training, Math.min(COMPARED, rows));
  const simulatedSpread = spreadOf(compared.images);

  /** What the discriminator is to say of a batch: the truth of simulated images, but for `gan.flip`. */
  const told = (part: 'simulated' | 'generated' | 'generator', step: number, asked: Asked): Targets => {
    const rng = random(derivedSeed(seed, 'flip', step));
    const flipped = (share: number, value: number): number => (rng.uniform() < share ? 1 - value : value);
    const real = part === 'generated' ? 0 : 1;
    return {
      real: Float32Array.from({ length: batchSize }, () => (part === 'generator' ? real : flipped(gan.flip, real))),
      heads: gan.heads.map((head) =>
        head.kind === 'class' && part !== 'simulated'
          ? asked[head.condition].map((value) => flipped(head.flip[part], value))
          : asked[head.condition],
      ),
    };
  };
  const judged = (images: readonly TfTensor[], asked: Asked): TfTensor[] => judge(discriminator, images, asked, true);
  const generate = (step: number, count: number, asked: Asked, isTraining: boolean): TfTensor[] => {
    const noise = tensor(normals(derivedSeed(seed, 'noise', step), count * gan.latent), [count, gan.latent]);
    const given = [noise, ...gan.conditions.map(({ name }) => column(asked[name]))];
    return [generator.apply(given, { training: isTraining }) as TfTensor].flat();
  };

  const stateNow = async (within?: GanEpochBegun): Promise<GanState> => ({
    history: [...history],
    warnings: [...warnings],
    ...(within && { within }),
    generator: await weightsOf(generator),
    discriminator: await weightsOf(discriminator),
    generatorOptimizer: await maker.optimizer.state(),
    discriminatorOptimizer: await critic.optimizer.state(),
  });

  let begun = resume?.within;
  try {
    while (history.length < epochs) {
      const epoch = history.length + 1;
      const started = performance.now() - 1000 * (begun?.seconds ?? 0);
      drawOrder(order, seed, epoch);
      const sums = {
        simulated: [...(begun?.simulated ?? zeros(gan))],
        generated: [...(begun?.generated ?? zeros(gan))],
        generator: [...(begun?.generator ?? zeros(gan))],
      };
      const firstBatch = begun?.batches ?? 0;
      begun = undefined;
      for (let batch = firstBatch; batch < batches; batch++) {
        if (signal?.aborted) {
          const seconds = (performance.now() - started) / 1000;
          if (batch > 0) await options.onState?.(await stateNow({ batches: batch, ...sums, seconds }));
          const where = batch > 0 ? ` after batch ${batch} of ${batches}` : '';
          throw new JetError('CANCELLED', `fitGan: stopped in epoch ${epoch}${where}; resume it from there`, {
            epoch,
            batch,
          });
        }
        const first = ((epoch - 1) * batches + batch) * (2 + gan.generatorSteps);
        const teach = async (
          part: keyof typeof sums,
          who: Player,
          step: number,
          terms: () => readonly Scalar[],
        ): Promise<void> => {
          setDropoutStep(discriminator, step);
          const values = await learn(who.optimizer, who.variables, who.rate, () => weightedWithTerms(gan, terms()));
          values.forEach((value, k) => {
            if (!Number.isFinite(value)) throw diverged('fitGan', epoch, value, { which: ` (${part})` });
            sums[part][k] += value / batches;
          });
        };

        const picked = order.subarray(batch * batchSize, (batch + 1) * batchSize);
        const simulated = batchOf(gan, training, picked);
        const images = simulated.images.map(asTf);
        await teach('simulated', critic, first, () =>
          lossTerms(gan, judged(images, simulated.conditions), told('simulated', first, simulated.conditions)),
        );
        dispose(images);

        const asked = drawn(gan.conditions, batchSize, derivedSeed(seed, 'draw', first + 1));
        const made = tidy(() => generate(first + 1, batchSize, asked, false).map((image) => keep(image)));
        await teach('generated', critic, first + 1, () =>
          lossTerms(gan, judged(made, asked), told('generated', first + 1, asked)),
        );
        dispose(made);

        for (let k = 0; k < gan.generatorSteps; k++) {
          const step = first + 2 + k;
          const wanted = drawn(gan.conditions, batchSize, derivedSeed(seed, 'draw', step));
          await teach('generator', maker, step, () =>
            lossTerms(gan, judged(generate(step, batchSize, wanted, true), wanted), told('generator', step, wanted)),
          );
        }
        const so = batches / (batch + 1);
        options.onBatch?.({
          epoch,
          batch: batch + 1,
          batches,
          discriminator: ((sums.simulated[0] + sums.generated[0]) / 2) * so,
          generator: (sums.generator[0] / gan.generatorSteps) * so,
        });
        await turn();
      }
      const spread = (await generatedSpread()) / simulatedSpread;
      const record: GanEpoch = {
        epoch,
        simulated: byTerm(gan, sums.simulated, 1),
        generated: byTerm(gan, sums.generated, 1),
        generator: byTerm(gan, sums.generator, gan.generatorSteps),
        spread,
        seconds: (performance.now() - started) / 1000,
      };
      history.push(record);
      for (const warning of oddities(gan, record)) {
        warnings.push(warning);
        options.onWarning?.(warning);
      }
      await options.onState?.(await stateNow());
      await options.onEpoch?.(record);
    }
  } finally {
    maker.optimizer.dispose();
    critic.optimizer.dispose();
  }
  return history;

  async function generatedSpread(): Promise<number> {
    const count = compared.images[0].shape[0];
    const made = tidy(() => generate(0, count, compared.conditions, false).map((image) => keep(image)));
    const images: Tensor[] = [];
    for (const [k, image] of made.entries()) {
      const { pixels, scale } = gan.images[k];
      images.push({ shape: [count, ...pixels], data: (await numbersOf(image)).map((value) => value * scale) });
    }
    dispose(made);
    return spreadOf(images);
  }
}

type Asked = Readonly<Record<string, Float32Array>>;

/** A network and what moves its weights. */
interface Player {
  readonly variables: Variable[];
  readonly optimizer: Optimizer;
  readonly rate: number;
}

function player(network: LayersModel, rate: number, restored: OptimizerState | undefined): Player {
  const variables = variablesOf(network);
  return { variables, optimizer: adam(variables, restored, BETA1), rate };
}

const weightedWithTerms = (gan: Gan, terms: readonly Scalar[]) => ({ loss: weighted(gan, terms), terms });

const termNames = ({ heads }: Gan): string[] => ['real', ...heads.map(({ condition }) => condition)];

const zeros = (gan: Gan): number[] => termNames(gan).map(() => 0);

const byTerm = (gan: Gan, sums: readonly number[], steps: number): Record<string, number> =>
  Object.fromEntries(termNames(gan).map((name, k) => [name, sums[k] / steps]));
