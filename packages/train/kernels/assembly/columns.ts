/** @file Passes over the rows of a (rows × channels) matrix: rectifier, bias and batch normalisation. */
import { floats, loadFirst, madd, narrow, storeFirst, storeFour, wideHigh, wideLow, zero } from './vector';

/** Rows that are summed in float32 before their sum is added to the total in float64. */
const BLOCK: i32 = 64;

/** dx = dy where y > 0, else 0, for rows [first, last); their column sums to `sums`. */
export function rectifierGradient(y: usize, dy: usize, dx: usize, sums: usize, first: i32, last: i32, channels: i32): void {
  const z = zero();
  const row = floats(channels);
  for (let c: i32 = 0; c < channels; c += 8) {
    const lanes = channels - c;
    const at = <usize>first * row + floats(c);
    let total0 = z, total1 = z, total2 = z, total3 = z;
    let p = y + at, g = dy + at, q = dx + at;
    for (let r = first; r < last; ) {
      const stop = min(last, r + BLOCK);
      let s0 = z, s1 = z;
      if (lanes >= 8) {
        for (; r < stop; r++) {
          const d0 = v128.and(v128.load(g), f32x4.gt(v128.load(p), z));
          const d1 = v128.and(v128.load(g, 16), f32x4.gt(v128.load(p, 16), z));
          v128.store(q, d0);
          v128.store(q, d1, 16);
          s0 = f32x4.add(s0, d0);
          s1 = f32x4.add(s1, d1);
          p += row;
          g += row;
          q += row;
        }
      } else {
        for (; r < stop; r++) {
          const d0 = v128.and(loadFirst(g, lanes), f32x4.gt(loadFirst(p, lanes), z));
          const d1 = lanes > 4 ? v128.and(loadFirst(g + 16, lanes - 4), f32x4.gt(loadFirst(p + 16, lanes - 4), z)) : z;
          storeFirst(q, d0, d1, lanes);
          s0 = f32x4.add(s0, d0);
          s1 = f32x4.add(s1, d1);
          p += row;
          g += row;
          q += row;
        }
      }
      total0 = f64x2.add(total0, wideLow(s0));
      total1 = f64x2.add(total1, wideHigh(s0));
      total2 = f64x2.add(total2, wideLow(s1));
      total3 = f64x2.add(total3, wideHigh(s1));
    }
    storeFirst(sums + floats(c), narrow(total0, total1), narrow(total2, total3), lanes);
  }
}

/** Column sums of rows [first, last). */
export function columnSums(x: usize, sums: usize, first: i32, last: i32, channels: i32): void {
  const z = zero();
  const row = floats(channels);
  for (let c: i32 = 0; c < channels; c += 4) {
    const lanes = channels - c;
    let total0 = z, total1 = z;
    let p = x + <usize>first * row + floats(c);
    for (let r = first; r < last; ) {
      const stop = min(last, r + BLOCK);
      let s = z;
      for (; r < stop; r++) {
        s = f32x4.add(s, loadFirst(p, lanes));
        p += row;
      }
      total0 = f64x2.add(total0, wideLow(s));
      total1 = f64x2.add(total1, wideHigh(s));
    }
    storeFour(sums + floats(c), narrow(total0, total1), lanes);
  }
}

/** Rows [first, last) of the sum of `count` matrices, `size` floats apart, their rows padded to eights: without the padding. */
export function addPartials(
  partials: usize, count: i32, size: i32, out: usize, first: i32, last: i32, channels: i32, padded: i32,
): void {
  for (let row = first; row < last; row++) {
    for (let c: i32 = 0; c < channels; c += 4) {
      const from = partials + floats(row * padded + c);
      let low = f64x2.splat(0), high = f64x2.splat(0);
      for (let i: i32 = 0; i < count; i++) {
        const v = v128.load(from + <usize>i * floats(size));
        low = f64x2.add(low, wideLow(v));
        high = f64x2.add(high, wideHigh(v));
      }
      storeFour(out + floats(row * channels + c), narrow(low, high), channels - c);
    }
  }
}

/** Sums of x − shift and of (x − shift)² over rows [first, last): [2][channels]. Channels are a multiple of four. */
export function momentSums(x: usize, shift: usize, sums: usize, first: i32, last: i32, channels: i32): void {
  const z = zero();
  const row = floats(channels);
  for (let c: i32 = 0; c < channels; c += 4) {
    const k = v128.load(shift + floats(c));
    let total0 = z, total1 = z, squares0 = z, squares1 = z;
    let p = x + <usize>first * row + floats(c);
    for (let r = first; r < last; ) {
      const stop = min(last, r + BLOCK);
      let s = z, q = z;
      for (; r < stop; r++) {
        const d = f32x4.sub(v128.load(p), k);
        s = f32x4.add(s, d);
        q = madd(d, d, q);
        p += row;
      }
      total0 = f64x2.add(total0, wideLow(s));
      total1 = f64x2.add(total1, wideHigh(s));
      squares0 = f64x2.add(squares0, wideLow(q));
      squares1 = f64x2.add(squares1, wideHigh(q));
    }
    v128.store(sums + floats(c), narrow(total0, total1));
    v128.store(sums + row + floats(c), narrow(squares0, squares1));
  }
}

/** y = (x − mean) · scale + offset, channel by channel, for rows [first, last). Channels are a multiple of four. */
export function normalise(
  x: usize, mean: usize, scale: usize, offset: usize, y: usize, first: i32, last: i32, channels: i32,
): void {
  const row = floats(channels);
  if (channels == 8) {
    const m0 = v128.load(mean), m1 = v128.load(mean, 16);
    const s0 = v128.load(scale), s1 = v128.load(scale, 16);
    const o0 = v128.load(offset), o1 = v128.load(offset, 16);
    let at = <usize>first * row;
    for (const end = <usize>last * row; at < end; at += row) {
      v128.store(y + at, madd(f32x4.sub(v128.load(x + at), m0), s0, o0));
      v128.store(y + at, madd(f32x4.sub(v128.load(x + at, 16), m1), s1, o1), 16);
    }
    return;
  }
  for (let r = first; r < last; r++) {
    const at = <usize>r * row;
    for (let c: usize = 0; c < row; c += 16) {
      const d = f32x4.sub(v128.load(x + at + c), v128.load(mean + c));
      v128.store(y + at + c, madd(d, v128.load(scale + c), v128.load(offset + c)));
    }
  }
}

/** Sums of dy and of dy · (x − mean) over rows [first, last): [2][channels]. Channels are a multiple of four. */
export function normalisationSums(x: usize, dy: usize, mean: usize, sums: usize, first: i32, last: i32, channels: i32): void {
  const z = zero();
  const row = floats(channels);
  for (let c: i32 = 0; c < channels; c += 4) {
    const m = v128.load(mean + floats(c));
    let total0 = z, total1 = z, products0 = z, products1 = z;
    let p = x + <usize>first * row + floats(c);
    let g = dy + <usize>first * row + floats(c);
    for (let r = first; r < last; ) {
      const stop = min(last, r + BLOCK);
      let s = z, q = z;
      for (; r < stop; r++) {
        const d = v128.load(g);
        s = f32x4.add(s, d);
        q = madd(d, f32x4.sub(v128.load(p), m), q);
        p += row;
        g += row;
      }
      total0 = f64x2.add(total0, wideLow(s));
      total1 = f64x2.add(total1, wideHigh(s));
      products0 = f64x2.add(products0, wideLow(q));
      products1 = f64x2.add(products1, wideHigh(q));
    }
    v128.store(sums + floats(c), narrow(total0, total1));
    v128.store(sums + row + floats(c), narrow(products0, products1));
  }
}

/** dx = dy · a + (x − mean) · b + c, channel by channel, for rows [first, last). Channels are a multiple of four. */
export function normalisationGradient(
  x: usize, dy: usize, mean: usize, a: usize, b: usize, c: usize, dx: usize, first: i32, last: i32, channels: i32,
): void {
  const row = floats(channels);
  for (let k: usize = 0; k < row; k += 16) {
    const m = v128.load(mean + k), u = v128.load(a + k), v = v128.load(b + k), w = v128.load(c + k);
    let at = <usize>first * row + k;
    for (const end = <usize>last * row; at < end; at += row)
      v128.store(dx + at, madd(v128.load(dy + at), u, madd(f32x4.sub(v128.load(x + at), m), v, w)));
  }
}
