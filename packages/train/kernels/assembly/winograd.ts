/**
 * @file Convolutions of stride 1 by Winograd's minimal filtering: 36 products for the 3 × 3 results of a 4 × 4 filter, or the
 * 4 × 4 results of a 3 × 3 filter, instead of 144 (arXiv:1509.09308).
 *
 * An image is cut into tiles of 6 × 6 pixels that overlap by the filter's size less one. Tiles become values at 6 × 6 points,
 * [point][tile][channel]; channels come in eights.
 */
import {
  coefficientsToPoints, pixelsToPoints, POINTS, pointsToOutputs, pointsToResults, scale, stepsToPoints,
} from './points';
import { floats, madd, zero } from './vector';

/**
 * Bytes from point to point of a filter: a line of the cache more than its numbers take, since planes a power of two apart share
 * so few places in it that they push each other out.
 */
@inline
function planeOf(inputs: i32, outputs: i32): usize {
  return floats(inputs * outputs + 16);
}

/**
 * Panels [first, last) of a filter, [outputs / 8][taps][inputs][8], to the points: [point][outputs / 8][inputs][8].
 * `scratch` holds 96 floats.
 */
export function filterToPoints(
  scratch: usize, panels: usize, out: usize, first: i32, last: i32, size: i32, inputs: i32, outputs: i32,
): void {
  const four = size == 4;
  const row = floats(inputs * 8);
  const plane = planeOf(inputs, outputs);
  for (let panel = first; panel < last; panel++) {
    for (let at: usize = 0; at < row; at += 16) {
      const from = panels + <usize>(panel * size * size) * row + at;
      for (let w: i32 = 0; w < size; w++) stepsToPoints(from + <usize>w * row, <usize>size * row, scratch + <usize>w * 16, 64, four);
      const to = out + <usize>panel * row + at;
      for (let i: i32 = 0; i < POINTS; i++) {
        const line = to + <usize>(i * POINTS) * plane;
        stepsToPoints(scratch + <usize>i * 64, 16, line, plane, four);
        for (let j: i32 = 0; j < POINTS; j++) {
          const point = line + <usize>j * plane;
          v128.store(point, f32x4.mul(v128.load(point), f32x4.splat(scale(i) * scale(j))));
        }
      }
    }
  }
}

/** Gradients of a filter at the points, [point][channels], to the filter [size][size][channels]. `corner` holds 96 floats. */
function pointsToFilter(from: usize, corner: usize, out: usize, size: i32, inputs: i32, outputs: i32): void {
  const four = size == 4;
  const far = planeOf(inputs, outputs);
  const plane = floats(inputs * outputs);
  for (let at: usize = 0; at < plane; at += 16) {
    for (let i: i32 = 0; i < POINTS * POINTS; i++) {
      const point = from + <usize>i * far + at;
      v128.store(point, f32x4.mul(v128.load(point), f32x4.splat(scale(i / POINTS) * scale(i % POINTS))));
    }
    for (let j: i32 = 0; j < POINTS; j++)
      pointsToResults(from + <usize>j * far + at, <usize>POINTS * far, corner + <usize>j * 16, 16 * POINTS, four);
    for (let h: i32 = 0; h < size; h++)
      pointsToResults(corner + <usize>(h * POINTS) * 16, 16, out + <usize>(h * size) * plane + at, plane, four);
  }
}

/** The row `h` of an image, or `empty` above and below it. */
@inline
function rowOf(image: usize, h: i32, height: i32, bytes: usize, empty: usize): usize {
  return h >= 0 && h < height ? image + <usize>h * bytes : empty;
}

/**
 * A row of tiles to the points. The first of its six rows of pixels is row `h` of the image; `row` and `pixel` are bytes, `edge`
 * the pixels from tile to tile, `plane` the bytes of a point. `lines` holds six lines of `line` bytes, zero but for the `row`
 * bytes at `margin`.
 */
function rowToPoints(
  image: usize, h: i32, height: i32, row: usize, empty: usize, lines: usize, line: usize, margin: usize, to: usize, pixel: usize,
  edge: i32, tilesWide: i32, plane: usize,
): void {
  const r0 = rowOf(image, h, height, row, empty);
  const r1 = rowOf(image, h + 1, height, row, empty);
  const r2 = rowOf(image, h + 2, height, row, empty);
  const r3 = rowOf(image, h + 3, height, row, empty);
  const r4 = rowOf(image, h + 4, height, row, empty);
  const r5 = rowOf(image, h + 5, height, row, empty);
  for (let at: usize = 0; at < row; at += 16)
    pixelsToPoints(v128.load(r0 + at), v128.load(r1 + at), v128.load(r2 + at), v128.load(r3 + at), v128.load(r4 + at),
      v128.load(r5 + at), lines + margin + at, line);
  for (let i: i32 = 0; i < POINTS; i++) {
    let from = lines + <usize>i * line;
    let point = to + <usize>(i * POINTS) * plane;
    for (let tile: i32 = 0; tile < tilesWide; tile++) {
      for (let c: usize = 0; c < pixel; c += 16) {
        const p = from + c;
        pixelsToPoints(v128.load(p), v128.load(p + pixel), v128.load(p + 2 * pixel), v128.load(p + 3 * pixel),
          v128.load(p + 4 * pixel), v128.load(p + 5 * pixel), point + c, plane);
      }
      from += <usize>edge * pixel;
      point += pixel;
    }
  }
}

/** As `rowToPoints`, of the gradients of the results: tiles of `edge` × `edge` that do not overlap. */
function gradientRowToPoints(
  image: usize, h: i32, height: i32, row: usize, empty: usize, lines: usize, line: usize, to: usize, pixel: usize, edge: i32,
  tilesWide: i32, plane: usize,
): void {
  const four = edge == 4;
  const r0 = rowOf(image, h, height, row, empty);
  const r1 = rowOf(image, h + 1, height, row, empty);
  const r2 = rowOf(image, h + 2, height, row, empty);
  const r3 = rowOf(image, h + 3, height, row, empty);
  for (let at: usize = 0; at < row; at += 16)
    coefficientsToPoints(v128.load(r0 + at), v128.load(r1 + at), v128.load(r2 + at), v128.load(r3 + at), lines + at, line, four);
  for (let i: i32 = 0; i < POINTS; i++) {
    let from = lines + <usize>i * line;
    let point = to + <usize>(i * POINTS) * plane;
    for (let tile: i32 = 0; tile < tilesWide; tile++) {
      for (let c: usize = 0; c < pixel; c += 16) stepsToPoints(from + c, pixel, point + c, plane, four);
      from += <usize>edge * pixel;
      point += pixel;
    }
  }
}

/** y (tiles × outputs) = x (tiles × inputs) · panels [outputs / 8][inputs][8]. */
function multiply(x: usize, panels: usize, y: usize, tiles: i32, inputs: i32, outputs: i32): void {
  const z = zero();
  const step = floats(inputs);
  const stride = floats(outputs);
  for (let co: i32 = 0; co < outputs; co += 8) {
    let row = x;
    let out = y + floats(co);
    let tile: i32 = 0;
    for (; tile + 3 < tiles; tile += 4) {
      let a0 = z, a1 = z, b0 = z, b1 = z, c0 = z, c1 = z, d0 = z, d1 = z;
      let w = panels;
      let q = row + 2 * step;
      const end = row + step;
      for (let p = row; p < end; p += 4) {
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
        q += 4;
      }
      v128.store(out, a0);
      v128.store(out, a1, 16);
      out += stride;
      v128.store(out, b0);
      v128.store(out, b1, 16);
      out += stride;
      v128.store(out, c0);
      v128.store(out, c1, 16);
      out += stride;
      v128.store(out, d0);
      v128.store(out, d1, 16);
      out += stride;
      row += 4 * step;
    }
    for (; tile < tiles; tile++) {
      let a0 = z, a1 = z;
      let w = panels;
      const end = row + step;
      for (let p = row; p < end; p += 4) {
        const s = v128.load32_splat(p);
        a0 = madd(s, v128.load(w), a0);
        a1 = madd(s, v128.load(w, 16), a1);
        w += 32;
      }
      v128.store(out, a0);
      v128.store(out, a1, 16);
      out += stride;
      row += step;
    }
    panels += floats(inputs * 8);
  }
}

/** Points of a row of tiles to the results, which are stored where they lie inside the image. */
function pointsToImage(
  from: usize, corner: usize, bias: usize, y: usize, outWidth: i32, outputs: i32, rows: i32, edge: i32, tilesWide: i32,
  plane: usize, relu: i32,
): void {
  const z = zero();
  const floor = relu ? z : f32x4.splat(-Infinity);
  const four = edge == 4;
  const pixel = floats(outputs);
  const line = <usize>outWidth * pixel;
  for (let tile: i32 = 0; tile < tilesWide; tile++) {
    const columns = min(edge, outWidth - tile * edge);
    const out = y + <usize>(tile * edge) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let j: i32 = 0; j < POINTS; j++)
        pointsToResults(from + <usize>j * plane + c, <usize>POINTS * plane, corner + <usize>j * 16, 16 * POINTS, four);
      const b = bias ? v128.load(bias + c) : z;
      for (let r: i32 = 0; r < rows; r++) {
        const results = corner + <usize>(r * POINTS) * 16;
        const to = out + <usize>r * line + c;
        if (columns == edge) pointsToOutputs(results, 16, to, pixel, four, true, b, floor);
        else {
          pointsToOutputs(results, 16, results, 16, four, true, b, floor);
          for (let q: i32 = 0; q < columns; q++) v128.store(to + <usize>q * pixel, v128.load(results + <usize>q * 16));
        }
      }
    }
    from += pixel;
  }
}

/**
 * Images [first, last) of y = x ∗ filter (+ bias, rectified), the filter `size` × `size`, 3 or 4, given at the points:
 * `panels` [point][outputs / 8][inputs][8]. `band` rows of tiles, of one image or more, are held at once.
 * `scratch` holds an empty row of x, six lines of whole tiles, the points of a band for inputs and for outputs, and 96 floats.
 */
export function winograd(
  scratch: usize, x: usize, panels: usize, bias: usize, y: usize, first: i32, last: i32, height: i32, width: i32, inputs: i32,
  outHeight: i32, outWidth: i32, outputs: i32, size: i32, top: i32, left: i32, relu: i32, band: i32,
): void {
  const edge = POINTS + 1 - size;
  const tilesHigh = (outHeight + edge - 1) / edge;
  const tilesWide = (outWidth + edge - 1) / edge;
  const xPixel = floats(inputs);
  const yPixel = floats(outputs);
  const xRow = <usize>width * xPixel;
  const yRow = <usize>outWidth * yPixel;
  const line = <usize>(tilesWide * edge + size - 1) * xPixel;
  const lines = scratch + xRow;
  const points = lines + <usize>POINTS * line;
  const products = points + <usize>(POINTS * POINTS * band * tilesWide) * xPixel;
  const corner = products + <usize>(POINTS * POINTS * band * tilesWide) * yPixel;
  memory.fill(scratch, 0, points - scratch);
  const lastRow = last * tilesHigh;
  for (let start = first * tilesHigh; start < lastRow; start += band) {
    const rows = min(band, lastRow - start);
    const tiles = rows * tilesWide;
    const xPlane = <usize>tiles * xPixel;
    const yPlane = <usize>tiles * yPixel;
    for (let r: i32 = 0; r < rows; r++) {
      const n = (start + r) / tilesHigh;
      const h = (start + r - n * tilesHigh) * edge - top;
      rowToPoints(x + <usize>(n * height) * xRow, h, height, xRow, scratch, lines, line, <usize>left * xPixel,
        points + <usize>(r * tilesWide) * xPixel, xPixel, edge, tilesWide, xPlane);
    }
    for (let i: i32 = 0; i < POINTS * POINTS; i++)
      multiply(points + <usize>i * xPlane, panels + <usize>i * planeOf(inputs, outputs), products + <usize>i * yPlane, tiles, inputs, outputs);
    for (let r: i32 = 0; r < rows; r++) {
      const n = (start + r) / tilesHigh;
      const oh = (start + r - n * tilesHigh) * edge;
      pointsToImage(products + <usize>(r * tilesWide) * yPixel, corner, bias, y + <usize>(n * outHeight + oh) * yRow,
        outWidth, outputs, min(edge, outHeight - oh), edge, tilesWide, yPlane, relu);
    }
  }
}

/** sums (inputs × outputs) += xᵀ (inputs × tiles) · dy (tiles × outputs). */
function accumulate(x: usize, dy: usize, sums: usize, tiles: i32, inputs: i32, outputs: i32): void {
  const step = floats(inputs);
  const stride = floats(outputs);
  const end = x + <usize>tiles * step;
  for (let ci: i32 = 0; ci < inputs; ci += 4) {
    for (let co: i32 = 0; co < outputs; co += 8) {
      const a = sums + floats(ci * outputs + co);
      const b = a + stride;
      const c = b + stride;
      const d = c + stride;
      let a0 = v128.load(a), a1 = v128.load(a, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
      let c0 = v128.load(c), c1 = v128.load(c, 16), d0 = v128.load(d), d1 = v128.load(d, 16);
      let g = dy + floats(co);
      for (let p = x + floats(ci); p < end; p += step) {
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
        g += stride;
      }
      v128.store(a, a0);
      v128.store(a, a1, 16);
      v128.store(b, b0);
      v128.store(b, b1, 16);
      v128.store(c, c0);
      v128.store(c, c1, 16);
      v128.store(d, d0);
      v128.store(d, d1, 16);
    }
  }
}

/**
 * Gradient of the filter from images [first, last), written to `out` [size][size][inputs][outputs].
 * `scratch` holds an empty row of x or dy, six lines of whole tiles of each, the points of a band of both, the sums at the
 * points, and 96 floats.
 */
export function winogradFilterGradient(
  scratch: usize, x: usize, dy: usize, out: usize, first: i32, last: i32, height: i32, width: i32, inputs: i32, outHeight: i32,
  outWidth: i32, outputs: i32, size: i32, top: i32, left: i32, band: i32,
): void {
  const edge = POINTS + 1 - size;
  const tilesHigh = (outHeight + edge - 1) / edge;
  const tilesWide = (outWidth + edge - 1) / edge;
  const plane = planeOf(inputs, outputs);
  const xPixel = floats(inputs);
  const yPixel = floats(outputs);
  const xRow = <usize>width * xPixel;
  const yRow = <usize>outWidth * yPixel;
  const xLine = <usize>(tilesWide * edge + size - 1) * xPixel;
  const yLine = <usize>(tilesWide * edge) * yPixel;
  const xLines = scratch + max(xRow, yRow);
  const yLines = xLines + <usize>POINTS * xLine;
  const points = yLines + <usize>POINTS * yLine;
  const gradientPoints = points + <usize>(POINTS * POINTS * band * tilesWide) * xPixel;
  const sums = gradientPoints + <usize>(POINTS * POINTS * band * tilesWide) * yPixel;
  memory.fill(scratch, 0, points - scratch);
  memory.fill(sums, 0, <usize>(POINTS * POINTS) * plane);
  const lastRow = last * tilesHigh;
  for (let start = first * tilesHigh; start < lastRow; start += band) {
    const rows = min(band, lastRow - start);
    const tiles = rows * tilesWide;
    const xPlane = <usize>tiles * xPixel;
    const yPlane = <usize>tiles * yPixel;
    for (let r: i32 = 0; r < rows; r++) {
      const n = (start + r) / tilesHigh;
      const oh = (start + r - n * tilesHigh) * edge;
      const tile = <usize>(r * tilesWide);
      rowToPoints(x + <usize>(n * height) * xRow, oh - top, height, xRow, scratch, xLines, xLine, <usize>left * xPixel,
        points + tile * xPixel, xPixel, edge, tilesWide, xPlane);
      gradientRowToPoints(dy + <usize>(n * outHeight) * yRow, oh, outHeight, yRow, scratch, yLines, yLine,
        gradientPoints + tile * yPixel, yPixel, edge, tilesWide, yPlane);
    }
    for (let i: i32 = 0; i < POINTS * POINTS; i++)
      accumulate(points + <usize>i * xPlane, gradientPoints + <usize>i * yPlane, sums + <usize>i * plane, tiles, inputs, outputs);
  }
  pointsToFilter(sums, sums + <usize>(POINTS * POINTS) * plane, out, size, inputs, outputs);
}
