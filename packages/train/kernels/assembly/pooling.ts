/** @file Gradient of max pooling. */
import { floats, loadFirst, storeFirst, zero } from './vector';

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
              storeFirst(dx + p, sum, zero(), min(4, lanes));
              p += pixel;
            }
            p += rowGap;
          }
        }
      }
    }
  }
}
