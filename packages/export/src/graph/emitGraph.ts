import type { Graph } from '@jetsdk/onnx';
import type { LayerModel } from '../layerModel.js';
import { Emitter, type Value } from './emitter.js';

/** The graph of a layers model as its rules write it, layer by layer. */
export function emitGraph(source: LayerModel): Graph {
  const inputNames = source.inputs.map(({ name, shape }) =>
    source.inputs.length === 1 && shape.length === 3 ? 'image' : name,
  );
  const emitter = new Emitter(['image', 'score', 'probabilities', ...inputNames, ...source.outputNames]);
  const inputs = source.inputs.map(({ shape }, i) => emitter.input(inputNames[i], shape));
  const meanings = new Map<string, string>();
  const outputs = source
    .evaluate<Value>(inputs, ({ rule, config, weights, path }, given) => {
      const made = rule.emit(config, given, weights, emitter.within(path));
      const [first, ...others] = given.map(({ name }) => meanings.get(name));
      const isMean = rule.kind === 'Average' && others.every((other) => other === first);
      const means = isMean ? first : meaning(made, emitter);
      if (means !== undefined) meanings.set(made.name, means);
      return made;
    })
    .map((value, i) => emitter.within(source.outputNames[i]).channelsLast(value));
  const taken = new Set(inputNames);
  const named = outputs.map((value, i) => {
    const wanted = (outputs.length === 1 ? meanings.get(value.name) : undefined) ?? source.outputNames[i];
    let name = wanted;
    for (let count = 1; taken.has(name); count++) name = `${wanted}_${count}`;
    taken.add(name);
    return [name, value] as const;
  });
  return emitter.finish(source.name, named);
}

/** What a value is, where the operator that makes it tells; the mean of several that are the same is that, too. */
function meaning(value: Value, emitter: Emitter): string | undefined {
  if (value.shape.length !== 1) return undefined;
  const operator = emitter.operatorOf(value);
  if (operator === 'Sigmoid' && value.shape[0] === 1) return 'score';
  return operator === 'Softmax' ? 'probabilities' : undefined;
}
