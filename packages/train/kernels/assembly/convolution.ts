/** @file Convolutions of channels-last images, forward and backward. */
import { copyFloats, floats, madd, storeFirst, zero } from './vector';

/**
 * Copies image `x` (height × width × channels) into the zeroed frame `out` (frameHeight × frameWidth × channels), pixel (h, w) at
 * (h + top, w + left); what falls outside is left out.
 */
function frame(
  x: usize, out: usize, height: i32, width: i32, channels: i32, frameHeight: i32, frameWidth: i32, top: i32, left: i32,
): void {
  const pixel = floats(channels);
  const w0 = max(0, -left);
  const w1 = min(width, frameWidth - left);
  if (w1 <= w0) return;
  for (let h = max(0, -top), end = min(height, frameHeight - top); h < end; h++) {
    const to = out + <usize>((h + top) * frameWidth + w0 + left) * pixel;
    copyFloats(to, x + <usize>(h * width + w0) * pixel, <usize>(w1 - w0) * pixel);
  }
}

/** Whether so few of the `count` floats at `x` are not 0 that they are better taken one by one, as pixels of jets are. */
function isSparse(x: usize, count: i32): bool {
  let left = count / 16;
  const end = x + floats(count & ~3);
  for (let p = x; p < end; p += 16) if (v128.any_true(v128.load(p)) && --left < 0) return false;
  return true;
}

/** The first place that takes steps of `stride` from −`pad` on and whose `kernel` pixels reach to `at`. */
@inline
function firstPlace(at: i32, kernel: i32, stride: i32, pad: i32): i32 {
  return max(0, (at + pad - kernel + stride) / stride);
}

/**
 * Goes through the pixels of an image that are not 0, and for each through the places of the result whose window it is in, and the tap that it meets there.
 * The `channels` bytes of the place, a multiple of eight numbers, grow by pixel times tap; with `toTaps` those of the tap by pixel times place. They lie side
 * by side where they grow; where they are read, eight are `step` bytes from the next eight.
 */
function addUp(
  x: usize, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32, kernelHeight: i32, kernelWidth: i32,
  strideHeight: i32, strideWidth: i32, top: i32, left: i32, channels: usize, place0: usize, row: usize, pixel: usize,
  tap0: usize, tap: usize, step: usize, toTaps: bool,
): void {
  const across = width * inputs;
  const count = height * across;
  for (let i: i32 = 0; i < count; i++) {
    const value = f32.load(x + floats(i));
    if (value == 0) {
      // four at once where none is left of them
      if (i + 3 < count && !v128.any_true(v128.load(x + floats(i)))) i += 3;
      continue;
    }
    const s = f32x4.splat(value);
    const h = i / across;
    const w = (i - h * across) / inputs;
    const c = i - h * across - w * inputs;
    const lastRow = min(outHeight - 1, (h + top) / strideHeight);
    const lastColumn = min(outWidth - 1, (w + left) / strideWidth);
    for (let oh = firstPlace(h, kernelHeight, strideHeight, top); oh <= lastRow; oh++) {
      const taps = (h + top - oh * strideHeight) * kernelWidth + w + left;
      for (let ow = firstPlace(w, kernelWidth, strideWidth, left); ow <= lastColumn; ow++) {
        const atPlace = place0 + <usize>oh * row + <usize>ow * pixel;
        const atTap = tap0 + <usize>((taps - ow * strideWidth) * inputs + c) * tap;
        let from = toTaps ? atPlace : atTap;
        let to = toTaps ? atTap : atPlace;
        const end = to + channels;
        for (; to < end; to += 32) {
          v128.store(to, madd(s, v128.load(from), v128.load(to)));
          v128.store(to, madd(s, v128.load(from, 16), v128.load(to, 16)), 16);
          from += step;
        }
      }
    }
  }
}

/** The convolution of one image, from its pixels that are not 0: the same sums in the same order, for a multiple of eight outputs. */
function convolveSparse(
  x: usize, panels: usize, bias: usize, y: usize, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32,
  outputs: i32, kernelHeight: i32, kernelWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32, relu: i32,
  yPixel: usize, yRow: usize,
): void {
  const z = zero();
  const channels = floats(outputs);
  for (let oh: i32 = 0; oh < outHeight; oh++)
    for (let ow: i32 = 0; ow < outWidth; ow++) {
      const to = y + <usize>oh * yRow + <usize>ow * yPixel;
      if (bias) copyFloats(to, bias, channels);
      else memory.fill(to, 0, channels);
    }
  addUp(x, height, width, inputs, outHeight, outWidth, kernelHeight, kernelWidth, strideHeight, strideWidth, top, left,
    channels, y, yRow, yPixel, panels, 32, floats(kernelHeight * kernelWidth * inputs * 8), false);
  if (!relu) return;
  for (let oh: i32 = 0; oh < outHeight; oh++)
    for (let ow: i32 = 0; ow < outWidth; ow++) {
      const to = y + <usize>oh * yRow + <usize>ow * yPixel;
      for (let at = to; at < to + channels; at += 16) v128.store(at, f32x4.max(v128.load(at), z));
    }
}

/**
 * Images [first, last) of y = x ∗ filter (+ bias, rectified).
 * `panels` come from `packPanels` of the filter, `bias` is padded to a multiple of eight.
 * A pixel of y has `yPixel` bytes to the next, a row `yRow`, an image `yImage`: results may lie apart (gradients of strided convolutions).
 * `scratch` holds one frame: ((outHeight − 1) · strideHeight + kernelHeight) rows and likewise columns.
 */
export function convolution(
  scratch: usize, x: usize, panels: usize, bias: usize, y: usize, first: i32, last: i32,
  height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32, outputs: i32, kernelHeight: i32, kernelWidth: i32,
  strideHeight: i32, strideWidth: i32, top: i32, left: i32, relu: i32, yPixel: usize, yRow: usize, yImage: usize,
): void {
  const z = zero();
  const xPixel = floats(inputs);
  const frameHeight = (outHeight - 1) * strideHeight + kernelHeight;
  const frameWidth = (outWidth - 1) * strideWidth + kernelWidth;
  const frameRow = <usize>frameWidth * xPixel;
  const run = <usize>kernelWidth * xPixel;
  const step = <usize>strideWidth * xPixel;
  const panel = floats(kernelHeight * kernelWidth * inputs * 8);
  memory.fill(scratch, 0, <usize>frameHeight * frameRow);
  // images have few channels, and what layers make of them is seldom 0
  const isImage = inputs < 8 && outputs % 8 == 0;
  for (let n = first; n < last; n++) {
    const image = x + <usize>(n * height * width) * xPixel;
    if (isImage && isSparse(image, height * width * inputs)) {
      convolveSparse(image, panels, bias, y + <usize>n * yImage, height, width, inputs, outHeight, outWidth, outputs,
        kernelHeight, kernelWidth, strideHeight, strideWidth, top, left, relu, yPixel, yRow);
      continue;
    }
    frame(image, scratch, height, width, inputs, frameHeight, frameWidth, top, left);
    for (let oh: i32 = 0; oh < outHeight; oh++) {
      const results = y + <usize>n * yImage + <usize>oh * yRow;
      const top0 = scratch + <usize>(oh * strideHeight) * frameRow;
      let weights = panels;
      for (let co: i32 = 0; co < outputs; co += 8) {
        const left0 = outputs - co;
        const i0 = bias ? v128.load(bias + floats(co)) : z;
        const i1 = bias ? v128.load(bias + floats(co), 16) : z;
        let ow: i32 = 0;
        for (; ow + 3 < outWidth; ow += 4) {
          let a0 = i0, a1 = i1, b0 = i0, b1 = i1, c0 = i0, c1 = i1, d0 = i0, d1 = i1;
          let w = weights;
          let row = top0 + <usize>ow * step;
          for (let kh: i32 = 0; kh < kernelHeight; kh++) {
            let p = row;
            let q = row + 2 * step;
            const end = row + run;
            while (p < end) {
              const w0 = v128.load(w);
              const w1 = v128.load(w, 16);
              let s = v128.load32_splat(p);
              a0 = madd(s, w0, a0);
              a1 = madd(s, w1, a1);
              s = v128.load32_splat(p + step);
              b0 = madd(s, w0, b0);
              b1 = madd(s, w1, b1);
              s = v128.load32_splat(q);
              c0 = madd(s, w0, c0);
              c1 = madd(s, w1, c1);
              s = v128.load32_splat(q + step);
              d0 = madd(s, w0, d0);
              d1 = madd(s, w1, d1);
              w += 32;
              p += 4;
              q += 4;
            }
            row += frameRow;
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
          const out = results + <usize>ow * yPixel + floats(co);
          storeFirst(out, a0, a1, left0);
          storeFirst(out + yPixel, b0, b1, left0);
          storeFirst(out + 2 * yPixel, c0, c1, left0);
          storeFirst(out + 3 * yPixel, d0, d1, left0);
        }
        for (; ow < outWidth; ow++) {
          let a0 = i0, a1 = i1;
          let w = weights;
          let row = top0 + <usize>ow * step;
          for (let kh: i32 = 0; kh < kernelHeight; kh++) {
            const end = row + run;
            for (let p = row; p < end; p += 4) {
              const s = v128.load32_splat(p);
              a0 = madd(s, v128.load(w), a0);
              a1 = madd(s, v128.load(w, 16), a1);
              w += 32;
            }
            row += frameRow;
          }
          if (relu) {
            a0 = f32x4.max(a0, z);
            a1 = f32x4.max(a1, z);
          }
          storeFirst(results + <usize>ow * yPixel + floats(co), a0, a1, left0);
        }
        weights += panel;
      }
    }
  }
}

/** Adds two vectors to memory. */
@inline
function accumulate(at: usize, low: v128, high: v128): void {
  v128.store(at, f32x4.add(v128.load(at), low));
  v128.store(at, f32x4.add(v128.load(at, 16), high), 16);
}

/** Adds one image's part of the gradient of the filter to `out`, from its pixels that are not 0; `sums` is as large as `out`. */
function addSparseFilterGradient(
  x: usize, dy: usize, sums: usize, out: usize, height: i32, width: i32, inputs: i32, outHeight: i32, outWidth: i32,
  outputs: i32, kernelHeight: i32, kernelWidth: i32, strideHeight: i32, strideWidth: i32, top: i32, left: i32,
): void {
  const channels = floats(outputs);
  const size = <usize>(kernelHeight * kernelWidth * inputs) * channels;
  memory.fill(sums, 0, size);
  addUp(x, height, width, inputs, outHeight, outWidth, kernelHeight, kernelWidth, strideHeight, strideWidth, top, left,
    channels, dy, <usize>outWidth * channels, channels, sums, channels, 32, true);
  for (let at: usize = 0; at < size; at += 16)
    v128.store(out + at, f32x4.add(v128.load(out + at), v128.load(sums + at)));
}

/**
 * Gradient of the filter from images [first, last), written to `out` (kernelHeight × kernelWidth × inputs × outputs).
 * `dy` has a multiple of eight channels. Each image is summed by itself first, which keeps rounding small.
 * `scratch` holds one frame and four floats more, then as many as `out`.
 */
export function convolutionFilterGradient(
  scratch: usize, x: usize, dy: usize, out: usize, first: i32, last: i32, height: i32, width: i32, inputs: i32,
  outHeight: i32, outWidth: i32, outputs: i32, kernelHeight: i32, kernelWidth: i32, strideHeight: i32, strideWidth: i32,
  top: i32, left: i32,
): void {
  const z = zero();
  const xPixel = floats(inputs);
  const yPixel = floats(outputs);
  const frameHeight = (outHeight - 1) * strideHeight + kernelHeight;
  const frameWidth = (outWidth - 1) * strideWidth + kernelWidth;
  const frameRow = <usize>frameWidth * xPixel;
  const step = <usize>strideWidth * xPixel;
  const taps = kernelWidth * inputs;
  memory.fill(scratch, 0, <usize>frameHeight * frameRow + 16);
  memory.fill(out, 0, <usize>(kernelHeight * taps) * yPixel);
  const sums = scratch + <usize>frameHeight * frameRow + 16;
  for (let n = first; n < last; n++) {
    const pixels = x + <usize>(n * height * width) * xPixel;
    const image = dy + <usize>(n * outHeight * outWidth) * yPixel;
    if (inputs < 8 && isSparse(pixels, height * width * inputs)) {
      addSparseFilterGradient(pixels, image, sums, out, height, width, inputs, outHeight, outWidth, outputs,
        kernelHeight, kernelWidth, strideHeight, strideWidth, top, left);
      continue;
    }
    frame(pixels, scratch, height, width, inputs, frameHeight, frameWidth, top, left);
    for (let kh: i32 = 0; kh < kernelHeight; kh++) {
      for (let t: i32 = 0; t < taps; t += 4) {
        const valid = taps - t;
        for (let co: i32 = 0; co < outputs; co += 8) {
          let a0 = z, a1 = z, b0 = z, b1 = z, c0 = z, c1 = z, d0 = z, d1 = z;
          let g = image + floats(co);
          for (let oh: i32 = 0; oh < outHeight; oh++) {
            let p = scratch + <usize>(oh * strideHeight + kh) * frameRow + floats(t);
            const end = g + <usize>outWidth * yPixel;
            while (g < end) {
              const g0 = v128.load(g);
              const g1 = v128.load(g, 16);
              let s = v128.load32_splat(p);
              a0 = madd(s, g0, a0);
              a1 = madd(s, g1, a1);
              s = v128.load32_splat(p, 4);
              b0 = madd(s, g0, b0);
              b1 = madd(s, g1, b1);
              s = v128.load32_splat(p, 8);
              c0 = madd(s, g0, c0);
              c1 = madd(s, g1, c1);
              s = v128.load32_splat(p, 12);
              d0 = madd(s, g0, d0);
              d1 = madd(s, g1, d1);
              p += step;
              g += yPixel;
            }
          }
          let q = out + <usize>(kh * taps + t) * yPixel + floats(co);
          accumulate(q, a0, a1);
          q += yPixel;
          if (valid > 1) accumulate(q, b0, b1);
          q += yPixel;
          if (valid > 2) accumulate(q, c0, c1);
          q += yPixel;
          if (valid > 3) accumulate(q, d0, d1);
        }
      }
    }
  }
}
