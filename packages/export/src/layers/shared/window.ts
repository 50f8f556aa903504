/** @file Window geometry along one axis; the only place where padding and output size are computed. */

export type Padding = 'valid' | 'same';

export interface Window {
  /** output pixels */
  readonly out: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

/**
 * tfjs `valid` and `same`; `same` puts the odd pixel at the end.
 *
 * @param size pixels
 * @param kernel pixels
 * @param stride pixels
 * @param dilation distance between the taps of the kernel, pixels
 */
export function window(size: number, kernel: number, stride: number, padding: Padding, dilation = 1): Window {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'valid') return { out: Math.max(0, Math.floor((size - reach) / stride) + 1), padBegin: 0, padEnd: 0 };
  const out = Math.ceil(size / stride);
  const pad = Math.max(0, (out - 1) * stride + reach - size);
  const padBegin = Math.floor(pad / 2);
  return { out, padBegin, padEnd: pad - padBegin };
}

/**
 * The transposed window, which makes a large axis from a small one.
 *
 * @returns the large size, what ONNX cuts off on each side, and what it adds at the end where the kernel is shorter
 * than the stride
 */
export function transposedWindow(
  size: number,
  kernel: number,
  stride: number,
  padding: Padding,
): Window & { readonly outputPadding: number } {
  const outputPadding = Math.max(0, stride - kernel);
  if (padding === 'valid')
    return { out: size * stride + Math.max(0, kernel - stride), padBegin: 0, padEnd: 0, outputPadding };
  const pad = Math.max(0, kernel - stride);
  const padBegin = Math.floor(pad / 2);
  return { out: size * stride, padBegin, padEnd: pad - padBegin, outputPadding };
}

/** The windows of several axes. */
export function windows(
  sizes: readonly number[],
  kernel: readonly number[],
  strides: readonly number[],
  padding: Padding,
  dilations: readonly number[] = kernel.map(() => 1),
): Window[] {
  return sizes.map((size, axis) => window(size, kernel[axis], strides[axis], padding, dilations[axis]));
}

/** As ONNX writes them: all begins, then all ends. */
export function pads(all: readonly Window[]): number[] {
  return [...all.map(({ padBegin }) => padBegin), ...all.map(({ padEnd }) => padEnd)];
}
