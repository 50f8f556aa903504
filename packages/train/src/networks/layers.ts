/** @file The layers that networks are made of; their weights and masks follow from one seed. */
import { JetError } from '@jetsdk/jets';
import { constraints, initializers, input, layers, model, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { registerLayers } from '../layers/index.js';
import { LocallyConnected2D, type LocallyConnected2DConfig } from '../layers/locallyConnected2d.js';
import {
  LocalResponseNormalization,
  type LocalResponseNormalizationConfig,
} from '../layers/localResponseNormalization.js';
import { Log1p, type Log1pConfig } from '../layers/log1p.js';
import { MaxoutDense, type MaxoutDenseConfig } from '../layers/maxoutDense.js';
import { MinibatchDiscrimination, type MinibatchDiscriminationConfig } from '../layers/minibatchDiscrimination.js';
import { SeededDropout, type SeededDropoutConfig } from '../layers/seededDropout.js';
import { WeightedMean } from '../layers/weightedMean.js';
import { derivedSeed } from '../seeds.js';
import { rememberLine } from './layerLines.js';
import { seedInitializers } from './seedInitializers.js';

type Stock = typeof layers;

/** The layers of TensorFlow.js, those of our own, and what networks are made with. */
export interface Layers extends Omit<Stock, 'dropout'> {
  /** a mask that follows from the seed and the training step */
  dropout(config: Omit<SeededDropoutConfig, 'seed'> & { readonly seed?: number }): layers.Layer;
  maxoutDense(config: MaxoutDenseConfig): layers.Layer;
  locallyConnected2d(config: LocallyConnected2DConfig): layers.Layer;
  localResponseNormalization(config?: LocalResponseNormalizationConfig): layers.Layer;
  log1p(config?: Log1pConfig): layers.Layer;
  minibatchDiscrimination(config: MinibatchDiscriminationConfig): layers.Layer;
  weightedMean(config?: { readonly name?: string }): layers.Layer;
  readonly input: typeof input;
  readonly model: typeof model;
  readonly sequential: typeof sequential;
  readonly regularizers: typeof regularizers;
  readonly initializers: typeof initializers;
  readonly constraints: typeof constraints;
}

/** As Keras has it, where nothing else is said. */
const DEFAULTS = {
  kernelInitializer: 'glorotUniform',
  depthwiseInitializer: 'glorotUniform',
  pointwiseInitializer: 'glorotUniform',
};

/** They draw other numbers at every call, so that no training could be repeated. */
const UNREPEATABLE = ['gaussianNoise', 'gaussianDropout', 'alphaDropout', 'spatialDropout1d', 'randomWidth'];

/**
 * Layers for one network.
 *
 * Every random initialiser that has no seed gets one, in the order in which layers are made; layers without a name are
 * called by their kind and number.
 *
 * @param seed an integer in [0, 2³²)
 */
export function seededLayers(seed: number): Layers {
  registerLayers();
  let weights = 0;
  let masks = 0;
  const next = (): number => derivedSeed(seed, 'initialise', weights++);
  const counts = new Map<string, number>();
  const named = <C extends { readonly name?: string }>(kind: string, config: C): C => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return { ...config, name: config.name ?? `${kind}_${count}` };
  };
  const stock = Object.entries(layers).map(([kind, make]) => {
    if (!/^[a-z]/.test(kind) || kind === 'input') return [kind, make];
    if (UNREPEATABLE.includes(kind))
      return [
        kind,
        () => {
          throw new JetError(
            'UNSUPPORTED',
            `layers.${kind}: got a layer that draws other numbers at every call; expected trainings that can be repeated; use layers.dropout`,
          );
        },
      ];
    return [
      kind,
      (config: object = {}) => {
        const layer = (make as (config: object) => layers.Layer)({ ...DEFAULTS, ...named(kind, config) });
        seedInitializers(layer, next);
        rememberLine(layer);
        return layer;
      },
    ];
  });
  const seeded = <C extends { readonly seed?: number }>(config: C): C & { readonly seed: number } => ({
    ...config,
    seed: config.seed ?? next(),
  });
  return {
    ...(Object.fromEntries(stock) as Stock),
    dropout: (config) =>
      new SeededDropout(named('dropout', { ...config, seed: config.seed ?? derivedSeed(seed, 'dropout', ++masks) })),
    maxoutDense: (config) => new MaxoutDense(named('maxoutDense', seeded(config))),
    locallyConnected2d: (config) => new LocallyConnected2D(named('locallyConnected2d', seeded(config))),
    localResponseNormalization: (config = {}) =>
      new LocalResponseNormalization(named('localResponseNormalization', config)),
    log1p: (config = {}) => new Log1p(named('log1p', config)),
    minibatchDiscrimination: (config) => new MinibatchDiscrimination(named('minibatchDiscrimination', config)),
    weightedMean: (config = {}) => new WeightedMean(named('weightedMean', config)),
    input: (config) => input(named('input', config)),
    model: (config) => model(named('model', config)),
    sequential: (config = {}) => sequential(named('sequential', config)),
    regularizers,
    initializers,
    constraints,
  };
}
