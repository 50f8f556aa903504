/** @file What every picture asks of its numbers. */
import { JetError } from '@jetsdk/jets';

/**
 * Asks that all values are finite numbers.
 *
 * @throws {JetError} NOT_FINITE with the first that is not
 */
export function checkFinite(where: string, what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new JetError(
        'NOT_FINITE',
        `${where}: ${what}, got ${values[i]} at index ${i} of ${values.length}; expected finite numbers`,
        { what, index: i, value: String(values[i]), length: values.length },
      );
}

/**
 * Asks that two things have as many values.
 *
 * @throws {JetError} SHAPE_MISMATCH with both numbers
 */
export function checkLength(where: string, what: string, got: number, expected: number): void {
  if (got !== expected)
    throw new JetError('SHAPE_MISMATCH', `${where}: ${what}, got ${got} values; expected ${expected}`, {
      what,
      got,
      expected,
    });
}

/**
 * Asks that there is something to draw.
 *
 * @throws {JetError} BAD_ARGUMENT if the count is 0
 */
export function checkSome(where: string, what: string, count: number): void {
  if (count === 0)
    throw new JetError('BAD_ARGUMENT', `${where}: ${what}, got 0; expected at least 1`, { what, got: 0, expected: 1 });
}
