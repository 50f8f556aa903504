import { JetError, sizeOf } from '@jetsdk/jets';
import { int } from '@jetsdk/onnx';
import { physicalAxis } from '../graph/emitter.js';
import type { LayerRule, Shape } from './rule.js';
import { stridesOf } from './shared/spatial.js';

/** The joined axis of one example. @param axis of the shape with the batch; may be negative */
function exampleAxis(axis: number, shapes: readonly Shape[]): number {
  const rank = shapes[0].length;
  const found = axis < 0 ? axis + rank : axis - 1;
  const fit = shapes.every(
    (shape) => shape.length === rank && shape.every((length, i) => i === found || length === shapes[0][i]),
  );
  if (found < 0 || found >= rank || !fit)
    throw new JetError(
      'SHAPE_MISMATCH',
      `Concatenate: inputs ${shapes.map((shape) => `[n,${shape}]`).join(', ')} do not fit along axis ${axis}`,
      { axis, shapes },
    );
  return found;
}

/**
 * @see https://js.tensorflow.org/api/latest/#layers.concatenate
 * @see https://onnx.ai/onnx/operators/onnx__Concat.html
 */
export const concatenate: LayerRule<number> = {
  kind: 'Concatenate',
  supports: 'any axis but the batch',
  operators: ['Concat'],
  inputs: 'several',

  parse(config) {
    const axis = config.integer('axis', -1);
    if (axis === 0) throw config.refuse('axis', 'any axis but the batch');
    config.done();
    return axis;
  },

  outputShape(axis, shapes) {
    const joined = exampleAxis(axis, shapes);
    const length = shapes.reduce((sum, shape) => sum + shape[joined], 0);
    return shapes[0].map((one, i) => (i === joined ? length : one));
  },

  forward(axis, arrays) {
    const shapes = arrays.map((array) => array.shape);
    const joined = exampleAxis(axis, shapes);
    const shape = concatenate.outputShape(axis, shapes);
    const data = new Float64Array(sizeOf(shape));
    const block = stridesOf(shape)[joined] * shape[joined];
    let start = 0;
    for (const array of arrays) {
      const width = stridesOf(array.shape)[joined] * array.shape[joined];
      for (let row = 0; row * width < array.data.length; row++)
        data.set(array.data.subarray(row * width, (row + 1) * width), row * block + start);
      start += width;
    }
    return { shape, data };
  },

  emit(axis, values, _, to) {
    const shapes = values.map((value) => value.shape);
    const aligned = to.align(values);
    const out = { shape: concatenate.outputShape(axis, shapes), layout: aligned[0].layout };
    return to.node('Concat', aligned, out, { axis: int(physicalAxis(aligned[0], exampleAxis(axis, shapes))) });
  },
};
