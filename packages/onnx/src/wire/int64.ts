/** @file Whole numbers of 64 bits as protobufjs gives them: a number, or two halves where the package long is loaded. */

export type Int64 = number | { readonly low: number; readonly high: number };

/** Rounded beyond 2⁵³. */
export function numberOf(value: Int64): number {
  return typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0);
}

/** Little-endian, exact. */
export function putInt64(view: DataView, at: number, value: Int64): void {
  const { low, high } = typeof value === 'number' ? { low: value, high: Math.floor(value / 2 ** 32) } : value;
  view.setInt32(at, low, true);
  view.setInt32(at + 4, high, true);
}
