/** @file Architectures that Keras and TensorFlow.js write as JSON. */
import { isJetError, JetError, quoted } from '@jetsdk/jets';
import { isObject } from '@jetsdk/jets/json';
import { models } from '@tensorflow/tfjs-layers';
import { readableModel } from '../keras/kerasJson.js';
import { registerLayers } from '../layers/index.js';
import type { InputShape, Network } from './network.js';
import { seedTopology } from './seedTopology.js';

/**
 * A network of the layers that a JSON lists, with weights that follow from the seed.
 *
 * @param value what `model.to_json()` of Keras 2 and 3, or `toJSON()` and `model.json` of TensorFlow.js hold
 * @param where for messages
 * @param version of Keras, where what is around the JSON tells it
 * @throws {JetError} BAD_FILE if it lists no layers; UNSUPPORTED for what cannot be translated
 */
export function jsonNetwork(value: unknown, where: string, version?: string): Network {
  const topology = readableModel(value, where, version);
  if (topology === undefined)
    throw new JetError(
      'BAD_FILE',
      `${where}: got ${quoted(value)}; expected the layers of a Sequential or functional model, as model.to_json() of Keras or toJSON() of TensorFlow.js write them`,
    );
  const inputShape = inputShapeIn(topology);
  return {
    ...(inputShape && { inputShape }),
    async build({ seed }) {
      registerLayers();
      try {
        return await models.modelFromJSON({ modelTopology: seedTopology(topology, seed, where) as never });
      } catch (cause) {
        if (isJetError(cause)) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        const [, layer] = /Unknown layer: (\w+)/.exec(reason) ?? [];
        throw new JetError(
          'UNSUPPORTED',
          layer === undefined
            ? `${where}: TensorFlow.js cannot build it: ${reason.split('\n', 1)[0]}`
            : `${where}: no layer ${layer} here; expected layers of TensorFlow.js; replace it, or write the network as a module`,
          {},
          { cause },
        );
      }
    },
  };
}

/** Shape of one jet, where the JSON fixes all of it. */
function inputShapeIn(topology: Readonly<Record<string, unknown>>): InputShape | undefined {
  const [first] = (topology['config'] as { readonly layers: readonly unknown[] }).layers;
  const config = isObject(first) ? first['config'] : undefined;
  const shape = isObject(config) ? config['batch_input_shape'] : undefined;
  if (!Array.isArray(shape)) return undefined;
  const sizes = shape.slice(1) as unknown[];
  return sizes.every((size): size is number => Number.isInteger(size) && (size as number) > 0) ? sizes : undefined;
}
