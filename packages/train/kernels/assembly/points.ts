/**
 * @file From pixels to values at points and back, along one axis, four channels at once: the transforms of minimal filtering.
 *
 * The points are 0, ±5/8, ±3/2 and ∞, which round half as much as the 0, ±1, ±2 and ∞ of Lavin & Gray, "Fast Algorithms for
 * Convolutional Neural Networks", arXiv:1509.09308.
 */
import { madd, zero } from './vector';

/** Points along an axis. */
export const POINTS: i32 = 6;
const P: f32 = 0.625;
const Q: f32 = 1.5;
const P2: f32 = P * P;
const Q2: f32 = Q * Q;

/** The inverse of the product of a point's distances from the other finite points. */
@inline
export function scale(point: i32): f32 {
  if (point == 0) return <f32>1 / (P2 * Q2);
  if (point < 3) return <f32>1 / (2 * P2 * (P2 - Q2));
  return point < 5 ? <f32>1 / (2 * Q2 * (Q2 - P2)) : 1;
}

/** Six pixels in a row, for four channels, to the points (Bᵀ of Lavin & Gray). */
@inline
export function pixelsToPoints(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, stride: usize): void {
  const p2 = f32x4.splat(-P2);
  const q2 = f32x4.splat(-Q2);
  const both = f32x4.splat(-P2 - Q2);
  const product = f32x4.splat(P2 * Q2);
  v128.store(to, madd(product, d0, madd(both, d2, d4)));
  const evenP = madd(q2, d2, d4);
  const oddP = f32x4.mul(f32x4.splat(P), madd(q2, d1, d3));
  v128.store(to + stride, f32x4.add(evenP, oddP));
  v128.store(to + 2 * stride, f32x4.sub(evenP, oddP));
  const evenQ = madd(p2, d2, d4);
  const oddQ = f32x4.mul(f32x4.splat(Q), madd(p2, d1, d3));
  v128.store(to + 3 * stride, f32x4.add(evenQ, oddQ));
  v128.store(to + 4 * stride, f32x4.sub(evenQ, oddQ));
  v128.store(to + 5 * stride, madd(product, d1, madd(both, d3, d5)));
}

/** Three or four coefficients of a polynomial to its values at the points, the highest one at ∞. */
@inline
export function coefficientsToPoints(g0: v128, g1: v128, g2: v128, g3: v128, to: usize, stride: usize, four: bool): void {
  const evenP = madd(f32x4.splat(P2), g2, g0);
  const evenQ = madd(f32x4.splat(Q2), g2, g0);
  const oddP = f32x4.mul(f32x4.splat(P), four ? madd(f32x4.splat(P2), g3, g1) : g1);
  const oddQ = f32x4.mul(f32x4.splat(Q), four ? madd(f32x4.splat(Q2), g3, g1) : g1);
  v128.store(to, g0);
  v128.store(to + stride, f32x4.add(evenP, oddP));
  v128.store(to + 2 * stride, f32x4.sub(evenP, oddP));
  v128.store(to + 3 * stride, f32x4.add(evenQ, oddQ));
  v128.store(to + 4 * stride, f32x4.sub(evenQ, oddQ));
  v128.store(to + 5 * stride, four ? g3 : g2);
}

/** As `coefficientsToPoints`, of coefficients `step` bytes apart. */
@inline
export function stepsToPoints(from: usize, step: usize, to: usize, stride: usize, four: bool): void {
  const g3 = four ? v128.load(from + 3 * step) : zero();
  coefficientsToPoints(v128.load(from), v128.load(from + step), v128.load(from + 2 * step), g3, to, stride, four);
}

/** Values at the points to three or four results (Aᵀ of Lavin & Gray). */
@inline
export function pointsToResults(from: usize, step: usize, to: usize, stride: usize, four: bool): void {
  pointsToOutputs(from, step, to, stride, four, false, zero(), zero());
}

/** As `pointsToResults`; if they are the `last`, with `bias` and not below `floor`. */
@inline
export function pointsToOutputs(
  from: usize, step: usize, to: usize, stride: usize, four: bool, last: bool, bias: v128, floor: v128,
): void {
  const t1 = v128.load(from + step);
  const t2 = v128.load(from + 2 * step);
  const t3 = v128.load(from + 3 * step);
  const t4 = v128.load(from + 4 * step);
  const t5 = v128.load(from + 5 * step);
  const sumP = f32x4.add(t1, t2);
  const sumQ = f32x4.add(t3, t4);
  const oddP = f32x4.mul(f32x4.splat(P), f32x4.sub(t1, t2));
  const oddQ = f32x4.mul(f32x4.splat(Q), f32x4.sub(t3, t4));
  let y0 = f32x4.add(v128.load(from), f32x4.add(sumP, sumQ));
  let y1 = f32x4.add(oddP, oddQ);
  let y2 = madd(f32x4.splat(P2), sumP, f32x4.mul(f32x4.splat(Q2), sumQ));
  if (!four) y2 = f32x4.add(y2, t5);
  if (last) {
    y0 = f32x4.max(f32x4.add(y0, bias), floor);
    y1 = f32x4.max(f32x4.add(y1, bias), floor);
    y2 = f32x4.max(f32x4.add(y2, bias), floor);
  }
  v128.store(to, y0);
  v128.store(to + stride, y1);
  v128.store(to + 2 * stride, y2);
  if (four) {
    let y3 = madd(f32x4.splat(P2), oddP, madd(f32x4.splat(Q2), oddQ, t5));
    if (last) y3 = f32x4.max(f32x4.add(y3, bias), floor);
    v128.store(to + 3 * stride, y3);
  }
}
