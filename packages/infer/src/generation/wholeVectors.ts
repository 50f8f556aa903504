/** @file Runs whose rows do not depend on how many there are. */
import type { Tensor } from '@jetsdk/jets';
import type { Session } from '../runtime/runtime.js';

/**
 * Rows of a run are a multiple of this. ONNX Runtime computes what is left over of its vectors in another way, which differs by
 * some 1e-6: the last rows of a run of 3 would be others than in one of 128.
 */
const ROWS = 4;

/** A session that fills up runs with copies of their last row, and leaves these out of what it gives. */
export function wholeVectors(session: Session): Session {
  return {
    ...session,
    async run(feeds, names) {
      const rows = Object.values(feeds)[0]?.shape[0] ?? 0;
      const filled = Math.ceil(rows / ROWS) * ROWS;
      if (filled === rows) return session.run(feeds, names);
      const outputs = await session.run(resized(feeds, filled), names);
      return resized(outputs, rows);
    },
  };
}

/** The first rows, or all and copies of the last one. */
function resized(tensors: Readonly<Record<string, Tensor>>, rows: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(
      ([
        name,
        {
          shape: [had = 0, ...row],
          data,
        },
      ]): [string, Tensor] => {
        const size = data.length / had;
        const numbers = new Float32Array(rows * size);
        numbers.set(data.subarray(0, Math.min(rows, had) * size));
        for (let at = had; at < rows; at++) numbers.set(data.subarray((had - 1) * size), at * size);
        return [name, { shape: [rows, ...row], data: numbers }];
      },
    ),
  );
}
