/** @file Curves of millions of points, drawn with hundreds. */

/**
 * Picks the points of a curve that one can see: within each of `cells` columns the first, the last and both extremes,
 * then without those that lie on the straight line between their neighbours to within half a cell.
 *
 * @param x (n,) positions along the axis as fractions of its length, not modified
 * @param y (n,) likewise
 * @returns indices that remain, rising; the first and the last point always do
 */
export function thin(x: ArrayLike<number>, y: ArrayLike<number>, cells = 800): number[] {
  const coarse: number[] = [];
  for (let start = 0; start < x.length; ) {
    const cell = Math.floor(x[start] * cells);
    let low = start;
    let high = start;
    let stop = start;
    for (; stop < x.length && Math.floor(x[stop] * cells) === cell; stop++) {
      if (y[stop] < y[low]) low = stop;
      if (y[stop] > y[high]) high = stop;
    }
    const kept = [start, Math.min(low, high), Math.max(low, high), stop - 1];
    for (const index of kept) if (coarse.length === 0 || coarse.at(-1)! < index) coarse.push(index);
    start = stop;
  }
  return simplify(coarse, x, y, 0.5 / cells);
}

/** Ramer–Douglas–Peucker with a stack instead of recursion. */
function simplify(points: readonly number[], x: ArrayLike<number>, y: ArrayLike<number>, tolerance: number): number[] {
  if (points.length < 3) return [...points];
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const spans: [number, number][] = [[0, points.length - 1]];
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const x0 = x[points[from]];
    const y0 = y[points[from]];
    const dx = x[points[to]] - x0;
    const dy = y[points[to]] - y0;
    const length = Math.hypot(dx, dy);
    let furthest = -1;
    let distance = tolerance;
    for (let i = from + 1; i < to; i++) {
      const px = x[points[i]] - x0;
      const py = y[points[i]] - y0;
      const off = length === 0 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (off > distance) {
        distance = off;
        furthest = i;
      }
    }
    if (furthest < 0) continue;
    keep[furthest] = 1;
    spans.push([from, furthest], [furthest, to]);
  }
  return points.filter((_, i) => keep[i] === 1);
}
