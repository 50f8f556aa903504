import { inferShapes } from '@jetsdk/onnx';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { emitGraph } from './graph/emitGraph.js';
import { layerModel } from './layerModel.js';
import { CASES, type LayerCase } from './layers/cases.testing.js';
import { artifactsOf } from './tfjs.testing.js';

function graphOf({ inputs, layer }: LayerCase) {
  const sources = inputs.map((shape) => tf.input({ shape: [...shape] }));
  const made = layer().apply(sources.length === 1 ? sources[0] : sources) as tf.SymbolicTensor;
  const model = tf.model({ inputs: sources, outputs: made });
  const graph = emitGraph(layerModel(artifactsOf(model)));
  model.dispose();
  return graph;
}

describe('shapes that follow from the operators are those that the layer rules state', () => {
  for (const [kind, cases] of Object.entries(CASES))
    it(kind, () => {
      fc.assert(
        fc.property(cases, (one) => {
          const graph = graphOf(one);
          const outputs = graph.outputs.map(({ name, type }) => ({ name, type }));
          const found = inferShapes({ ...graph, values: [], outputs });
          for (const { name, shape = [] } of [...graph.values, ...graph.outputs]) {
            const expected = shape.map((length) => (typeof length === 'number' ? length : 1)).join('×');
            const got = found.get(name)?.shape?.join('×');
            if (got !== expected) throw new Error(`${name}: got ${got}; expected ${expected}`);
          }
        }),
        { numRuns: 20 },
      );
    });
});
