/** @file Matrix products. */
import { floats, madd, storeFirst, zero } from './vector';

/** Four rows of A side by side: [k][4]; rows past the end are zero. */
function packRows(a: usize, rowStride: usize, columnStride: usize, rows: i32, k: i32, out: usize): void {
  if (rows == 4 && rowStride == 4) {
    for (let i: i32 = 0; i < k; i++) {
      v128.store(out, v128.load(a));
      a += columnStride;
      out += 16;
    }
    return;
  }
  for (let r: i32 = 0; r < 4; r++) {
    let p = a + <usize>r * rowStride;
    let q = out + floats(r);
    if (r < rows) {
      for (let i: i32 = 0; i < k; i++) {
        f32.store(q, f32.load(p));
        p += columnStride;
        q += 16;
      }
    } else {
      for (let i: i32 = 0; i < k; i++) {
        f32.store(q, 0);
        q += 16;
      }
    }
  }
}

/**
 * Rows [first, last) of C = A · B (+ bias, rectified).
 * `a` has byte strides, `panels` come from `packPanels`, C is row-major. `scratch` holds 4 · k floats.
 */
export function product(
  scratch: usize, a: usize, rowStride: usize, columnStride: usize, panels: usize, bias: usize, c: usize,
  first: i32, last: i32, n: i32, k: i32, relu: i32,
): void {
  const z = zero();
  const end = scratch + floats(4 * k);
  for (let i = first; i < last; i += 4) {
    const rows = min(4, last - i);
    packRows(a + <usize>i * rowStride, rowStride, columnStride, rows, k, scratch);
    let w = panels;
    for (let j: i32 = 0; j < n; j += 8) {
      let a0 = z, a1 = z, b0 = z, b1 = z, c0 = z, c1 = z, d0 = z, d1 = z;
      for (let p = scratch; p < end; p += 16) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        let s = v128.load32_splat(p);
        a0 = madd(s, w0, a0);
        a1 = madd(s, w1, a1);
        s = v128.load32_splat(p, 4);
        b0 = madd(s, w0, b0);
        b1 = madd(s, w1, b1);
        s = v128.load32_splat(p, 8);
        c0 = madd(s, w0, c0);
        c1 = madd(s, w1, c1);
        s = v128.load32_splat(p, 12);
        d0 = madd(s, w0, d0);
        d1 = madd(s, w1, d1);
        w += 32;
      }
      if (bias) {
        const e0 = v128.load(bias + floats(j));
        const e1 = v128.load(bias + floats(j), 16);
        a0 = f32x4.add(a0, e0);
        a1 = f32x4.add(a1, e1);
        b0 = f32x4.add(b0, e0);
        b1 = f32x4.add(b1, e1);
        c0 = f32x4.add(c0, e0);
        c1 = f32x4.add(c1, e1);
        d0 = f32x4.add(d0, e0);
        d1 = f32x4.add(d1, e1);
      }
      if (relu) {
        a0 = f32x4.max(a0, z);
        a1 = f32x4.max(a1, z);
        b0 = f32x4.max(b0, z);
        b1 = f32x4.max(b1, z);
        c0 = f32x4.max(c0, z);
        c1 = f32x4.max(c1, z);
        d0 = f32x4.max(d0, z);
        d1 = f32x4.max(d1, z);
      }
      const width = n - j;
      const stride = floats(n);
      let q = c + floats(i * n + j);
      storeFirst(q, a0, a1, width);
      q += stride;
      if (rows > 1) storeFirst(q, b0, b1, width);
      q += stride;
      if (rows > 2) storeFirst(q, c0, c1, width);
      q += stride;
      if (rows > 3) storeFirst(q, d0, d1, width);
    }
  }
}
