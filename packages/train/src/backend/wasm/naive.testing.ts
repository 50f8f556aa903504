/** @file Slow, obvious float64 references for the kernels. */

export interface Window {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padding: 'same' | 'valid';
}

/** Output size and leading pad along one axis. */
export function along(
  size: number,
  kernel: number,
  stride: number,
  padding: 'same' | 'valid',
): [out: number, pad: number] {
  if (padding === 'valid') return [Math.floor((size - kernel) / stride) + 1, 0];
  const out = Math.ceil(size / stride);
  return [out, Math.floor(Math.max(0, (out - 1) * stride + kernel - size) / 2)];
}

/** Calls `visit` for every product x · filter of a convolution, with flat indices into x, filter and y. */
export function convolutionTerms(w: Window, visit: (x: number, filter: number, y: number) => void): void {
  const [outHeight, top] = along(w.height, w.kernelHeight, w.strideHeight, w.padding);
  const [outWidth, left] = along(w.width, w.kernelWidth, w.strideWidth, w.padding);
  for (let n = 0; n < w.images; n++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++)
        for (let kh = 0; kh < w.kernelHeight; kh++)
          for (let kw = 0; kw < w.kernelWidth; kw++) {
            const h = oh * w.strideHeight + kh - top;
            const q = ow * w.strideWidth + kw - left;
            if (h < 0 || h >= w.height || q < 0 || q >= w.width) continue;
            for (let i = 0; i < w.inputs; i++)
              for (let o = 0; o < w.outputs; o++)
                visit(
                  ((n * w.height + h) * w.width + q) * w.inputs + i,
                  ((kh * w.kernelWidth + kw) * w.inputs + i) * w.outputs + o,
                  ((n * outHeight + oh) * outWidth + ow) * w.outputs + o,
                );
          }
}

/** Max pooling. */
export function maxPool(w: Window, x: ArrayLike<number>): Float64Array {
  const [outHeight, top] = along(w.height, w.kernelHeight, w.strideHeight, w.padding);
  const [outWidth, left] = along(w.width, w.kernelWidth, w.strideWidth, w.padding);
  const y = new Float64Array(w.images * outHeight * outWidth * w.inputs).fill(-Infinity);
  for (let at = 0; at < x.length; at++) {
    const c = at % w.inputs;
    const q = Math.floor(at / w.inputs) % w.width;
    const h = Math.floor(at / w.inputs / w.width) % w.height;
    const n = Math.floor(at / w.inputs / w.width / w.height);
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++) {
        const [kh, kw] = [h + top - oh * w.strideHeight, q + left - ow * w.strideWidth];
        if (kh < 0 || kh >= w.kernelHeight || kw < 0 || kw >= w.kernelWidth) continue;
        const out = ((n * outHeight + oh) * outWidth + ow) * w.inputs + c;
        y[out] = Math.max(y[out], x[at]);
      }
  }
  return y;
}

/** Gradient of max pooling; the first of equal maxima takes it. */
export function maxPoolGradient(w: Window, x: ArrayLike<number>, dy: ArrayLike<number>): Float64Array {
  const [outHeight, top] = along(w.height, w.kernelHeight, w.strideHeight, w.padding);
  const [outWidth, left] = along(w.width, w.kernelWidth, w.strideWidth, w.padding);
  const dx = new Float64Array(x.length);
  for (let n = 0; n < w.images; n++)
    for (let oh = 0; oh < outHeight; oh++)
      for (let ow = 0; ow < outWidth; ow++)
        for (let c = 0; c < w.inputs; c++) {
          let best = -1;
          for (let kh = 0; kh < w.kernelHeight; kh++)
            for (let kw = 0; kw < w.kernelWidth; kw++) {
              const h = oh * w.strideHeight + kh - top;
              const q = ow * w.strideWidth + kw - left;
              if (h < 0 || h >= w.height || q < 0 || q >= w.width) continue;
              const at = ((n * w.height + h) * w.width + q) * w.inputs + c;
              if (best < 0 || x[at] > x[best]) best = at;
            }
          dx[best] += dy[((n * outHeight + oh) * outWidth + ow) * w.inputs + c];
        }
  return dx;
}

/** a (m × k) · b (k × n). */
export function product(a: ArrayLike<number>, b: ArrayLike<number>, m: number, k: number, n: number): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) c[i * n + j] += a[i * k + l] * b[l * n + j];
  return c;
}

export function transpose(a: ArrayLike<number>, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Batch normalisation over the rows of a (rows × channels) matrix, and the gradients for a given dy. */
export function batchNormalisation(
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  epsilon: number,
) {
  const channels = gamma.length;
  const rows = x.length / channels;
  const result = {
    y: new Float64Array(x.length),
    mean: new Float64Array(channels),
    variance: new Float64Array(channels),
    dx: new Float64Array(x.length),
    dGamma: new Float64Array(channels),
    dBeta: new Float64Array(channels),
  };
  for (let c = 0; c < channels; c++) {
    const column = Array.from({ length: rows }, (_, r) => r * channels + c);
    const mean = column.reduce((sum, i) => sum + x[i], 0) / rows;
    const variance = column.reduce((sum, i) => sum + (x[i] - mean) ** 2, 0) / rows;
    const inverse = 1 / Math.sqrt(variance + epsilon);
    const dBeta = column.reduce((sum, i) => sum + dy[i], 0);
    const dGamma = column.reduce((sum, i) => sum + dy[i] * (x[i] - mean) * inverse, 0);
    for (const i of column) {
      const unit = (x[i] - mean) * inverse;
      result.y[i] = gamma[c] * unit + beta[c];
      result.dx[i] = gamma[c] * inverse * (dy[i] - dBeta / rows - (unit * dGamma) / rows);
    }
    result.mean[c] = mean;
    result.variance[c] = variance;
    result.dGamma[c] = dGamma;
    result.dBeta[c] = dBeta;
  }
  return result;
}
