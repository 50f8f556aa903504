/** @file Seeds for a network that is written as JSON. */
import { JetError } from '@jetsdk/jets';
import { isObject } from '@jetsdk/jets/json';
import { derivedSeed } from '../seeds.js';

type Json = Readonly<Record<string, unknown>>;

const RANDOM = [
  'GlorotUniform',
  'GlorotNormal',
  'HeUniform',
  'HeNormal',
  'LeCunUniform',
  'LeCunNormal',
  'VarianceScaling',
  'RandomUniform',
  'RandomNormal',
  'TruncatedNormal',
  'Orthogonal',
];

const UNREPEATABLE = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout', 'RandomWidth'];

/** May drop numbers inside. */
const RECURRENT = ['LSTM', 'GRU', 'ResetAfterGRU', 'SimpleRNN'];

/** Become dropout that can be repeated. */
const DROPOUTS = ['Dropout', 'SpatialDropout1D', 'SpatialDropout2D'];

/** Have a seed of their own for their weights. */
const SEEDED = ['MaxoutDense', 'LocallyConnected2D', 'EinsumDense', 'MultiHeadAttention'];

/**
 * Gives every random initialiser that has no seed one, in the order in which layers are listed, as layers made in code
 * get them; dropout becomes dropout that can be repeated.
 *
 * @throws {JetError} UNSUPPORTED for layers whose noise cannot be repeated
 */
export function seedTopology(topology: Json, seed: number, where: string): Json {
  let weights = 0;
  let masks = 0;
  const seeded = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const className = value.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return seeded({ class_name: className.replace('Lecun', 'LeCun'), config: {} });
    }
    if (!isObject(value) || !RANDOM.includes(String(value['class_name']))) return value;
    const config = isObject(value['config']) ? value['config'] : {};
    if (typeof config['seed'] === 'number') return value;
    return { class_name: value['class_name'], config: { ...config, seed: derivedSeed(seed, 'initialise', weights++) } };
  };
  const layer = (value: unknown): unknown => {
    if (!isObject(value) || !isObject(value['config'])) return value;
    const { class_name: kind, config } = value;
    if (UNREPEATABLE.includes(String(kind)))
      throw new JetError(
        'UNSUPPORTED',
        `${where}: layer ${String(config['name'])} (${String(kind)}) draws other numbers at every call; expected trainings that can be repeated; use Dropout`,
      );
    if (RECURRENT.includes(String(kind)) && (Number(config['dropout']) > 0 || Number(config['recurrent_dropout']) > 0))
      throw new JetError(
        'UNSUPPORTED',
        `${where}: layer ${String(config['name'])} (${String(kind)}): got dropout ${Number(config['dropout'])} and recurrent_dropout ${Number(config['recurrent_dropout'])}, which draw other numbers at every call; expected 0; use a Dropout in front of it`,
      );
    if (Array.isArray(config['layers']))
      return { ...value, config: { ...config, layers: config['layers'].map(layer) } };
    if (DROPOUTS.includes(String(kind))) {
      if (config['noise_shape'] !== undefined && config['noise_shape'] !== null)
        throw new JetError(
          'UNSUPPORTED',
          `${where}: layer ${String(config['name'])} (${String(kind)}): got noise_shape; expected none; leave it out`,
        );
      const { noise_shape: _, seed: own, ...rest } = config;
      masks++;
      return {
        ...value,
        class_name: 'SeededDropout',
        config: {
          ...rest,
          seed: typeof own === 'number' ? own : derivedSeed(seed, 'dropout', masks),
          ...(kind !== 'Dropout' && { spatial: true }),
        },
      };
    }
    const own = SEEDED.includes(String(kind)) && typeof config['seed'] !== 'number';
    return {
      ...value,
      config: Object.fromEntries([
        ...Object.entries(config).map(([key, one]) => [
          key,
          key === 'layer' ? layer(one) : key.endsWith('_initializer') ? seeded(one) : one,
        ]),
        ...(own ? [['seed', derivedSeed(seed, 'initialise', weights++)]] : []),
      ]),
    };
  };
  return layer(topology) as Json;
}
