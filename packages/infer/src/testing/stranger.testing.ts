/** @file Sound models that take 3.6 GB when they are opened, which their graphs do not tell. */
import { readFileSync } from 'node:fs';
import { decodeModel, encodeModel, floatInitializer, int64Initializer, type Node } from '@jetsdk/onnx';

const node = (opType: string, inputs: string[], outputs: string[], attributes: Node['attributes'] = {}): Node => ({
  name: opType,
  opType,
  domain: '',
  inputs,
  outputs,
  attributes,
});

/** @param name of a reference model; a product of constants is a number of repetitions in it, as in hostile/folded */
export function stranger(name: string): Uint8Array {
  const file = new URL(`../../../../models/${name}/model.onnx`, import.meta.url);
  const sound = decodeModel(new Uint8Array(readFileSync(file)));
  const { nodes, initializers, outputs } = sound.graph;
  const [{ name: last }] = outputs;
  const keepdims = (value: number): Node['attributes'] => ({ keepdims: { type: 'int', value } });
  return encodeModel({
    ...sound,
    graph: {
      ...sound.graph,
      initializers: [
        ...initializers,
        int64Initializer('factors', [1000, 1000, 900]),
        floatInitializer('one', [1], new Float32Array(1)),
      ],
      nodes: [
        ...nodes.map((one) => ({ ...one, outputs: one.outputs.map((output) => (output === last ? 'sound' : output)) })),
        node('ReduceProd', ['factors'], ['times'], keepdims(1)),
        node('Tile', ['one', 'times'], ['array']),
        node('ReduceMax', ['array'], ['odd'], keepdims(0)),
        node('Add', ['sound', 'odd'], [last]),
      ],
    },
  });
}
