/** @file Lays matrices out as the product kernels read them: panels of eight columns. */
import { floats } from './vector';

/**
 * A (rows × columns) matrix with byte strides becomes panels [columns / 8][rows][8], zero-padded.
 * Row-major convolution filters are such matrices with rows = height · width · input channels.
 */
export function packPanels(b: usize, rowStride: usize, columnStride: usize, rows: i32, columns: i32, out: usize): void {
  for (let j: i32 = 0; j < columns; j += 8) {
    const width = min(8, columns - j);
    const from = b + <usize>j * columnStride;
    if (width == 8 && columnStride == 4) {
      for (let k: i32 = 0; k < rows; k++) {
        const p = from + <usize>k * rowStride;
        v128.store(out, v128.load(p));
        v128.store(out, v128.load(p, 16), 16);
        out += 32;
      }
    } else {
      for (let k: i32 = 0; k < rows; k++) {
        const p = from + <usize>k * rowStride;
        for (let c: i32 = 0; c < width; c++) f32.store(out + floats(c), f32.load(p + <usize>c * columnStride));
        for (let c: i32 = width; c < 8; c++) f32.store(out + floats(c), 0);
        out += 32;
      }
    }
  }
}

/**
 * A filter [rows][columns][inputs][outputs], its taps reversed and its channels exchanged, as panels [inputs / 8][taps][outputs][8]:
 * what turns a convolution into the gradient of its input. Of the reversed taps, those from (row, column) on in steps of the strides.
 */
export function packReversed(
  filter: usize, rows: i32, columns: i32, inputs: i32, outputs: i32, row: i32, column: i32, strideHeight: i32,
  strideWidth: i32, out: usize,
): void {
  for (let j: i32 = 0; j < inputs; j += 8) {
    const width = min(8, inputs - j);
    for (let r = row; r < rows; r += strideHeight) {
      for (let t = column; t < columns; t += strideWidth) {
        const from = filter + floats((((rows - 1 - r) * columns + columns - 1 - t) * inputs + j) * outputs);
        for (let o: i32 = 0; o < outputs; o++) {
          for (let c: i32 = 0; c < width; c++) f32.store(out + floats(c), f32.load(from + floats(c * outputs + o)));
          for (let c: i32 = width; c < 8; c++) f32.store(out + floats(c), 0);
          out += 32;
        }
      }
    }
  }
}

/** Rows of `channels` floats become rows of `padded` floats, filled up with zeros. */
export function padRows(x: usize, out: usize, rows: i32, channels: i32, padded: i32): void {
  const from = floats(channels);
  const to = floats(padded);
  memory.fill(out, 0, <usize>rows * to);
  for (let r: i32 = 0; r < rows; r++) memory.copy(out + <usize>r * to, x + <usize>r * from, from);
}
