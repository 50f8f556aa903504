/** @file Rows of a table by their numbers, which embeddings are. */
import { JetError } from '@jetsdk/jets';
import { engine, type Tensor, util } from '@tensorflow/tfjs-core';
import { putGradient, putKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';

/** Numbers (int32, any shape) and a table (rows, width) to (…numbers, width); the gradient of the table is `UnsortedSegmentSum`. */
export const LOOKUP = 'JetLookup';

export function registerLookup(runtime: () => KernelRuntime): void {
  putKernel(LOOKUP, ({ inputs }) => {
    const rt = runtime();
    const { numbers, table } = inputs;
    const [rows, width] = table!.shape as [number, number];
    const out = rt.output([...numbers!.shape, width]);
    const count = util.sizeFromShape(numbers!.shape);
    for (const row of rt.integers(rt.at(numbers!), count))
      if (row < 0 || row >= rows)
        throw new JetError(
          'OUT_OF_RANGE',
          `embedding: got the number ${row}; expected 0 to ${rows - 1}; give the layer a larger inputDim, or other numbers`,
          { number: row, rows },
        );
    rt.run('lookup', [[rt.at(table!), rt.at(numbers!), rt.at(out), 0, count, width]]);
    return out;
  });
  putGradient(LOOKUP, { inputs: ['numbers', 'table'] }, (dy, saved) => {
    const [numbers, table] = saved as [Tensor, Tensor];
    return {
      table: () =>
        engine().runKernel<Tensor>(
          'UnsortedSegmentSum',
          { x: dy as Tensor, segmentIds: numbers },
          { numSegments: table.shape[0]! },
        ),
    };
  });
}
