/** @file Max pooling and its gradient. */
import { floats, loadFirst, storeFour } from './vector';

/** Max pooling of images [first, last) by 2 × 2 windows side by side, for a multiple of four channels. */
export function halve(x: usize, y: usize, first: i32, last: i32, height: i32, width: i32, channels: i32): void {
  const pixel = floats(channels);
  const row = <usize>width * pixel;
  const outHeight = height >> 1;
  const outRow = <usize>(width >> 1) * pixel;
  for (let n = first; n < last; n++) {
    for (let oh: i32 = 0; oh < outHeight; oh++) {
      let from = x + <usize>(n * height + 2 * oh) * row;
      let to = y + <usize>(n * outHeight + oh) * outRow;
      const end = to + outRow;
      while (to < end) {
        for (let c: usize = 0; c < pixel; c += 16) {
          const p = from + c;
          const above = f32x4.max(v128.load(p), v128.load(p + pixel));
          v128.store(to + c, f32x4.max(above, f32x4.max(v128.load(p + row), v128.load(p + row + pixel))));
        }
        from += 2 * pixel;
        to += pixel;
      }
    }
  }
}

/** Gradient of `halve`, as `maxPoolGradient`. */
export function halveGradient(
  x: usize, dy: usize, dx: usize, first: i32, last: i32, height: i32, width: i32, channels: i32,
): void {
  const pixel = floats(channels);
  const row = <usize>width * pixel;
  const outHeight = height >> 1;
  const outWidth = width >> 1;
  for (let n = first; n < last; n++) {
    const base = <usize>(n * height) * row;
    for (let oh: i32 = 0; oh < outHeight; oh++) {
      let at = base + <usize>(2 * oh) * row;
      let g = dy + <usize>((n * outHeight + oh) * outWidth) * pixel;
      for (let ow: i32 = 0; ow < outWidth; ow++) {
        for (let c: usize = 0; c < pixel; c += 16) {
          const p = x + at + c;
          const a = v128.load(p), b = v128.load(p + pixel), e = v128.load(p + row), f = v128.load(p + row + pixel);
          const d = v128.load(g + c);
          const most = f32x4.max(f32x4.max(a, b), f32x4.max(e, f));
          const inA = f32x4.eq(a, most);
          const inB = v128.andnot(f32x4.eq(b, most), inA);
          const inAB = v128.or(inA, inB);
          const inE = v128.andnot(f32x4.eq(e, most), inAB);
          const inF = v128.andnot(f32x4.eq(f, most), v128.or(inAB, inE));
          const q = dx + at + c;
          v128.store(q, v128.and(d, inA));
          v128.store(q + pixel, v128.and(d, inB));
          v128.store(q + row, v128.and(d, inE));
          v128.store(q + row + pixel, v128.and(d, inF));
        }
        at += 2 * pixel;
        g += pixel;
      }
      if (width & 1) {
        memory.fill(dx + at, 0, pixel);
        memory.fill(dx + at + row, 0, pixel);
      }
    }
    if (height & 1) memory.fill(dx + base + <usize>(height - 1) * row, 0, row);
  }
}

/**
 * Gradient of max pooling for images [first, last); the first of equal maxima in a window receives it.
 * Cells outside the image belong to no window.
 */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, first: i32, last: i32, height: i32, width: i32, channels: i32,
  outHeight: i32, outWidth: i32, windowHeight: i32, windowWidth: i32, strideHeight: i32, strideWidth: i32,
  top: i32, left: i32,
): void {
  const pixel = floats(channels);
  const size = <usize>(height * width) * pixel;
  memory.fill(dx + <usize>first * size, 0, <usize>(last - first) * size);
  for (let n = first; n < last; n++) {
    const base = <usize>n * size;
    for (let oh: i32 = 0; oh < outHeight; oh++) {
      const h0 = max(0, oh * strideHeight - top);
      const h1 = min(height, oh * strideHeight - top + windowHeight);
      for (let ow: i32 = 0; ow < outWidth; ow++) {
        const w0 = max(0, ow * strideWidth - left);
        const w1 = min(width, ow * strideWidth - left + windowWidth);
        const g = dy + <usize>((n * outHeight + oh) * outWidth + ow) * pixel;
        const rowGap = <usize>(width - (w1 - w0)) * pixel;
        for (let c: i32 = 0; c < channels; c += 4) {
          const start = base + <usize>(h0 * width + w0) * pixel + floats(c);
          const lanes = channels - c;
          const d = loadFirst(g + floats(c), lanes);
          let p = start;
          let top0 = loadFirst(x + p, lanes);
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              top0 = f32x4.max(top0, loadFirst(x + p, lanes));
              p += pixel;
            }
            p += rowGap;
          }
          let open = i32x4.splat(-1);
          p = start;
          for (let h = h0; h < h1; h++) {
            for (let w = w0; w < w1; w++) {
              const hit = v128.and(f32x4.eq(loadFirst(x + p, lanes), top0), open);
              open = v128.andnot(open, hit);
              const sum = f32x4.add(loadFirst(dx + p, lanes), v128.and(d, hit));
              storeFour(dx + p, sum, lanes);
              p += pixel;
            }
            p += rowGap;
          }
        }
      }
    }
  }
}
