/** @file A trained flow as one graph: noise and conditions in, showers or jets out. */
import { type Flow, JetError, requireMembers, TIME_COLUMNS, timeFeatures } from '@jetsdk/jets';
import type { ExportedModel } from '../exportModel.js';
import { Emitter, type Value } from '../graph/emitter.js';
import { layerModel } from '../layerModel.js';
import { emitFormula } from './emitFormula.js';
import { finishGenerator, type GeneratorExportOptions } from './finishGenerator.js';

/**
 * Writes the sampler of a flow with all its steps, what is done to the conditions before and to the state after, as an
 * ONNX file. Its inputs are `noise` (n, columns), standard normal, and every condition (n, 1) by its name; there is no
 * random operator, so that the same noise gives the same showers everywhere.
 *
 * @param flow not modified
 * @throws {JetError} BAD_MODEL, UNSUPPORTED or SHAPE_MISMATCH as `exportModel`; OUT_OF_RANGE if a weight does not fit float16
 */
export function exportGenerator(flow: Flow, options: GeneratorExportOptions = {}): ExportedModel {
  requireMembers('exportGenerator', flow, ['network', 'parts'], 'a trained flow; loadFlow gives one');
  const network = layerModel(flow.network);
  const wanted = [...flow.parts.map((_, k) => `part_${k}`), 'condition'];
  const inputs = network.inputs.map(({ name }) => name);
  if (inputs.join() !== wanted.join())
    throw new JetError('BAD_MODEL', `flow: its network takes ${inputs.join(', ')}; expected ${wanted.join(', ')}`, {
      inputs,
      wanted,
    });
  const names = flow.conditions.map(({ name }) => name);
  const outputs = flow.decode.outputs.map(({ name }) => name);
  const to = new Emitter(['noise', ...names, ...outputs]);
  const columns = flow.parts.reduce((sum, one) => sum + one, 0);
  const noise = to.input('noise', [columns]);
  const conditions = Object.fromEntries(names.map((name) => [name, to.input(name, [1])]));

  const { features } = emitFormula(flow.features, conditions, to.within('features'));
  const told = to.within('time').node('Pad', [features, to.int64s('front', [0, TIME_COLUMNS, 0, 0])], {
    shape: [TIME_COLUMNS + features.shape[0]],
    layout: 'last',
  });
  const velocities = (states: readonly Value[], t: number): Value[] => {
    const time = new Float32Array(told.shape[0]);
    timeFeatures(t, time);
    const at = to.within('time').floats(`t_${t}`, [1, time.length], () => time);
    const condition = to.map('Add', told, [at]);
    return network.evaluate<Value>([...states, condition], (layer, given) =>
      layer.rule.emit(layer.config, given, layer.weights, to.within(layer.path)),
    );
  };
  const move = (states: readonly Value[], speeds: readonly Value[], by: number): Value[] =>
    states.map((state, k) => {
      const scaled = to.within('path').map('Mul', speeds[k], [to.scalar(`by_${by}`, by)]);
      return to.map('Add', state, [scaled]);
    });
  let at = 0;
  let parts = flow.parts.map((width): Value => {
    to.within('noise');
    at += width;
    return to.node(
      'Slice',
      [noise, to.int64s(`at_${at - width}`, [at - width]), to.int64s(`at_${at}`, [at]), to.int64s('columns', [1])],
      { shape: [width], layout: 'last' },
    );
  });
  for (let step = 0; step < flow.steps; step++) {
    const [t, h] = [step / flow.steps, 1 / flow.steps];
    const middle = move(parts, velocities(parts, t), h / 2);
    parts = move(parts, velocities(middle, t + h / 2), h);
  }
  const state = Object.fromEntries(parts.map((part, k) => [`part_${k}`, part]));
  const made = emitFormula(flow.decode, { ...state, ...conditions }, to.within('decode'));

  return finishGenerator(to, network.name, made, options);
}
