/** @file How work is cut for the threads. */

/** Chunks [first, last) of about equal size, their inner borders multiples of `align`. */
export function ranges(total: number, parts: number, align = 1): [first: number, last: number][] {
  const units = Math.ceil(total / align);
  const count = Math.max(1, Math.min(parts, units));
  return Array.from({ length: count }, (_, i) => [
    Math.floor((units * i) / count) * align,
    Math.min(total, Math.floor((units * (i + 1)) / count) * align),
  ]);
}
