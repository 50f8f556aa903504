/** @file Checks of input shapes that several layers share. */
import { JetError } from '@jetsdk/jets';
import type { Shape } from '../rule.js';

/** @throws {JetError} SHAPE_MISMATCH unless the input of one example has `rank` axes */
export function needRank(kind: string, input: Shape, rank: number): void {
  if (input.length !== rank)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${kind}: input of shape [n,${input}]; expected ${rank + 1} axes, batch included`,
      {
        input,
        rank,
      },
    );
}

/** @throws {JetError} SHAPE_MISMATCH if a window leaves no pixel */
export function needPixels(kind: string, input: Shape, output: Shape): Shape {
  if (output.some((length) => length < 1))
    throw new JetError(
      'SHAPE_MISMATCH',
      `${kind}: input [n,${input}] gives output [n,${output}]; expected at least one pixel`,
      {
        input,
        output,
      },
    );
  return output;
}
