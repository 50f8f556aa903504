/** @file What a file of Keras is, and what it holds. */
import { JetError, quoted, sizeOf } from '@jetsdk/jets';
import { type FileInput, type Hdf5Arrays, openHdf5, readZip } from '@jetsdk/jets/files';
import { isObject, parseJson } from '@jetsdk/jets/json';
import type { Json } from '../keras/dialect.js';
import { modelIn } from '../keras/kerasJson.js';
import { isByKind, namedLayers, weightsByKind, weightsByName } from './hdf5Weights.js';
import type { WeightGroup } from './kerasWeights.js';
import { MAX_MODEL_BYTES } from './modelBytes.js';

/** A file of Keras: a whole model, or weights alone. */
export interface KerasFile {
  readonly kind: 'keras-archive' | 'keras-hdf5' | 'keras-weights';
  /** of Keras, where the file tells it */
  readonly version?: string;
  /** absent where there are weights alone */
  readonly model?: Json;
  /** how it was trained, where the file tells it */
  readonly training?: Json;
  /** numbers in all of its arrays, without those of the optimiser */
  readonly numbers: number;
  /** @param model the architecture that the weights are of */
  weights(model: Json): Promise<WeightGroup[]>;
  close(): void;
}

const MAX_MEMBERS = 4096;

/**
 * Opens a whole model in HDF5, or a file of weights.
 *
 * @throws {JetError} BAD_FILE if it is damaged, or holds something else
 */
export async function openKerasHdf5(path: string, input: FileInput): Promise<KerasFile> {
  const file = await openHdf5(input);
  try {
    const root = namedLayers(file);
    const [config] = file.texts('/', 'model_config') ?? [];
    const [training] = file.texts('/', 'training_config') ?? [];
    const [version] = file.texts('/', 'keras_version') ?? (root && file.texts(root, 'keras_version')) ?? [];
    if (root === undefined && !isByKind(file))
      throw new JetError(
        'BAD_FILE',
        `${path}: an HDF5 file without layers; expected a model or weights that Keras saved`,
        { path },
      );
    const model = config === undefined ? undefined : modelIn(parseJson(config, `${path}, model_config`));
    if (config !== undefined && model === undefined)
      throw new JetError(
        'UNSUPPORTED',
        `${path}: its model_config lists no layers; expected a Sequential or functional model; write the network with these`,
        { path },
      );
    const settings = training === undefined ? undefined : parseJson(training, `${path}, training_config`);
    return {
      kind: model === undefined ? 'keras-weights' : 'keras-hdf5',
      // Keras 1 did not tell at first
      ...(model !== undefined && { version: version ?? '1' }),
      ...(model === undefined && version !== undefined && { version }),
      ...(model && { model }),
      ...(isObject(settings) && { training: settings }),
      numbers: numbersIn(file),
      weights: (of) => (root === undefined ? weightsByKind(file, of) : weightsByName(file, root, of)),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Opens a `.keras` archive.
 *
 * @throws {JetError} BAD_FILE if it is damaged, or another archive; UNSUPPORTED if its weights are in another form;
 *   LIMIT_EXCEEDED
 */
export async function openKerasArchive(path: string, bytes: Uint8Array): Promise<KerasFile> {
  const members = readZip(bytes, path, { members: MAX_MEMBERS, bytes: MAX_MODEL_BYTES });
  const json = (name: string): unknown => {
    const member = members.get(name);
    if (member === undefined)
      throw new JetError(
        'BAD_FILE',
        `${path}: an archive of ${quoted([...members.keys()].slice(0, 5))} without ${name}; expected what model.save() of Keras writes`,
        { path },
      );
    return parseJson(member, `${path}, ${name}`);
  };
  const config = json('config.json');
  const metadata = json('metadata.json');
  const version = isObject(metadata) ? metadata['keras_version'] : undefined;
  const model = modelIn(config);
  if (typeof version !== 'string')
    throw new JetError('BAD_FILE', `${path}: metadata.json tells no keras_version; expected one`, { path });
  if (model === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: got ${quoted(isObject(config) ? (config['registered_name'] ?? config['class_name']) : config)}, which lists no layers; expected a Sequential or functional model; write the network with these`,
      { path },
    );
  const weights = members.get('model.weights.h5');
  if (weights === undefined)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: no model.weights.h5 among ${quoted([...members.keys()])}; expected the weights in one HDF5 file; save the model without sharding`,
      { path },
    );
  const file = await openHdf5(new File([Uint8Array.from(weights)], `${path}, model.weights.h5`));
  const compiled = isObject(config) ? config['compile_config'] : undefined;
  return {
    kind: 'keras-archive',
    version,
    model,
    ...(isObject(compiled) && { training: compiled }),
    numbers: numbersIn(file),
    weights: (of) => weightsByKind(file, of),
    close: () => file.close(),
  };
}

const numbersIn = ({ arrays }: Hdf5Arrays): number =>
  arrays
    .filter(({ path }) => !/^\/optimizer|seed_generator/.test(path))
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
