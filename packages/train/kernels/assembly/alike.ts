/**
 * @file How much the rows of a batch are like each other: exp(−‖difference‖₁) for each of `kernels` groups of `dimensions` numbers.
 *
 * A row is compared with eight at a time, which `packPanels` lays side by side: [rows / 8][kernels · dimensions][8].
 */
import { exp } from './exp';
import { floats, wideHigh, wideLow, zero } from './vector';

/** How much a group at `x` is like those of four rows from `row` on; rows past the end are not like it at all. */
@inline
function likeness(x: usize, others: usize, dimensions: i32, row: i32, rows: i32): v128 {
  let distance = zero();
  for (const end = x + floats(dimensions); x < end; x += 4, others += 32)
    distance = f32x4.add(distance, f32x4.abs(f32x4.sub(v128.load32_splat(x), v128.load(others))));
  const exists = i32x4.lt_s(i32x4.add(i32x4.splat(row), i32x4(0, 1, 2, 3)), i32x4.splat(rows));
  return v128.and(exp(f32x4.neg(distance)), exists);
}

/** The four floats added up in float64. */
@inline
function total(v: v128): f32 {
  const pairs = f64x2.add(wideLow(v), wideHigh(v));
  return <f32>(f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1));
}

/** Rows [first, last) of (rows, kernels): how much each group is like those of all rows, its own included. */
export function alike(
  x: usize, panels: usize, out: usize, first: i32, last: i32, rows: i32, kernels: i32, dimensions: i32,
): void {
  const panel = floats(8 * kernels * dimensions);
  for (let kernel: i32 = 0; kernel < kernels; kernel++) {
    for (let n = first; n < last; n++) {
      const group = n * kernels + kernel;
      const own = x + floats(group * dimensions);
      let others = panels + floats(8 * kernel * dimensions);
      let sums = zero();
      for (let row: i32 = 0; row < rows; row += 8) {
        sums = f32x4.add(sums, likeness(own, others, dimensions, row, rows));
        sums = f32x4.add(sums, likeness(own, others + 16, dimensions, row + 4, rows));
        others += panel;
      }
      f32.store(out + floats(group), total(sums));
    }
  }
}

/**
 * Gradient of `alike` for rows [first, last): each pair has it from both of its rows. `slopes` is working memory, a float for each
 * row in eights; `given` are panels of dy, [rows / 8][kernels][8].
 */
export function alikeGradient(
  slopes: usize, x: usize, panels: usize, dy: usize, given: usize, out: usize, first: i32, last: i32, rows: i32, kernels: i32,
  dimensions: i32,
): void {
  const sign = i32x4.splat(i32.MIN_VALUE);
  const panel = floats(8 * kernels * dimensions);
  for (let kernel: i32 = 0; kernel < kernels; kernel++) {
    const groups = panels + floats(8 * kernel * dimensions);
    for (let n = first; n < last; n++) {
      const group = n * kernels + kernel;
      const own = x + floats(group * dimensions);
      const slope = v128.load32_splat(dy + floats(group));
      for (let row: i32 = 0; row < rows; row += 4) {
        const half = floats(row & 4);
        const block = <usize>(row >> 3);
        const theirs = v128.load(given + (block * <usize>kernels + kernel) * 32 + half);
        const like = likeness(own, groups + block * panel + half, dimensions, row, rows);
        v128.store(slopes + floats(row), f32x4.mul(f32x4.add(slope, theirs), like));
      }
      for (let d: i32 = 0; d < dimensions; d++) {
        const mine = v128.load32_splat(own + floats(d));
        let sums = zero();
        for (let row: i32 = 0; row < rows; row += 4) {
          const others = groups + <usize>(row >> 3) * panel + floats(8 * d + (row & 4));
          const difference = f32x4.sub(v128.load(others), mine);
          const term = v128.xor(v128.load(slopes + floats(row)), v128.and(difference, sign));
          sums = f32x4.add(sums, v128.and(term, f32x4.ne(difference, zero())));
        }
        f32.store(out + floats(group * dimensions + d), total(sums));
      }
    }
  }
}
