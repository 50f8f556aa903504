import { JetError, type OnePass, requireMembers } from '@jetsdk/jets';
import type { ExportedModel } from '../exportModel.js';
import { Emitter, type Value } from '../graph/emitter.js';
import { layerModel } from '../layerModel.js';
import { finishGenerator, type GeneratorExportOptions } from './finishGenerator.js';

/**
 * Writes a generator of one pass as an ONNX file. Its inputs are `noise` (n, latent), standard normal, and every condition
 * (n, 1) by its name; it gives its images (n, height, width) in their units. There is no random operator in it.
 *
 * @param generator not modified
 * @throws {JetError} BAD_MODEL, UNSUPPORTED or SHAPE_MISMATCH as `exportModel`; OUT_OF_RANGE if a weight does not fit float16
 */
export function exportOnePass(generator: OnePass, options: GeneratorExportOptions = {}): ExportedModel {
  requireMembers('exportOnePass', generator, ['network', 'outputs'], 'a trained generator; loadGan gives one');
  const network = layerModel(generator.network);
  const names = ['noise', ...generator.conditions.map(({ name }) => name)];
  const inputs = network.inputs.map(({ name }) => name);
  if (inputs.join() !== names.join())
    throw new JetError('BAD_MODEL', `generator: its network takes ${inputs.join(', ')}; expected ${names.join(', ')}`, {
      inputs,
      expected: names,
    });
  const to = new Emitter([...names, ...generator.outputs.map(({ name }) => name)]);
  const given = names.map((name) => to.input(name, [name === 'noise' ? generator.latent : 1]));
  const images = network.evaluate<Value>(given, (layer, values) =>
    layer.rule.emit(layer.config, values, layer.weights, to.within(layer.path)),
  );
  const outputs = Object.fromEntries(
    generator.outputs.map(({ name, shape, scale }, k): [string, Value] => {
      const flat = to.within(name).reshape(to.channelsLast(images[k]), { shape, layout: 'last' });
      return [name, to.map('Mul', flat, [to.scalar(`scale_of_${name}`, scale)])];
    }),
  );
  return finishGenerator(to, network.name, outputs, options);
}
