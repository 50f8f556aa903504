/** @file Lines through knots, a line per column at each node of a condition. */
import type { FormulaWriter } from '@jetsdk/jets';

/**
 * Writes lines that bend at each of their knots and go on straight beyond the first and the last; between two nodes they are mixed.
 *
 * @param knots rising, where the lines bend
 * @param values of the lines there, (knots, nodes, columns)
 * @param hats (n, nodes) @param x (n, columns)
 * @returns (n, columns)
 */
export function writeCurve(
  write: FormulaWriter,
  {
    knots,
    values,
    columns,
  }: { readonly knots: readonly number[]; readonly values: Float64Array; readonly columns: number },
  hats: number,
  x: number,
): number {
  const { pair } = write;
  const number = (value: number): number => write.constant([value]);
  const at = (table: Float64Array): number => write.multiply(hats, write.constant(table, columns));
  const size = values.length / knots.length;
  const table = (knot: number): Float64Array => values.subarray(knot * size, (knot + 1) * size);
  // each piece by itself: what lies above one and is taken off by the next would cost digits where lines are steep
  let line = at(table(0));
  for (let k = 0; k < knots.length - 1; k++) {
    const width = knots[k + 1] - knots[k];
    const slope = table(k + 1).map((value, i) => (value - table(k)[i]) / width);
    const above = pair('Sub', x, number(knots[k]));
    const notBelow = k === 0 ? above : pair('Max', number(0), above);
    const within = k === knots.length - 2 ? notBelow : pair('Min', notBelow, number(width));
    line = pair('Add', line, pair('Mul', within, at(slope)));
  }
  return line;
}

/** Where a line through knots reaches a value, the flattest piece rising by `flattest` over 1. */
export function whereCurve(
  knots: readonly number[],
  values: ArrayLike<number>,
  value: number,
  flattest: number,
): number {
  let k = 0;
  while (k < knots.length - 2 && value > values[k + 1]) k++;
  const slope = (values[k + 1] - values[k]) / (knots[k + 1] - knots[k]);
  return knots[k] + (value - values[k]) / Math.max(flattest, slope);
}
