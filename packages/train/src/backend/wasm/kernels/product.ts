/** @file Matrix products, with bias and rectifier, and dense layers with their gradient. */
import { engine, type NamedAttrMap, type Tensor, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ranges } from '../ranges.js';
import { putGradient, putKernel, upstreamKernel } from '../register.js';
import type { KernelRuntime } from '../runtime.js';
import { padded } from './geometry.js';
import { rectifierGradient } from './rectifier.js';

const PARTS = 16;
/** Matrices whose panels are held at once. */
const BATCH = 32;

/** x · kernel + bias, optionally rectified, for a matrix x. */
export const DENSE = 'JetDense';

/** Registers BatchMatMul, _FusedMatMul and `JetDense`. */
export function registerProduct(runtime: () => KernelRuntime): void {
  for (const name of ['BatchMatMul', '_FusedMatMul'])
    putKernel(name, (args) => {
      const { a, b, bias, preluActivationWeights } = args.inputs;
      const attrs = args.attrs ?? {};
      const activation = attrs['activation'] ?? 'linear';
      const simple = activation === 'linear' || activation === 'relu';
      const [rankA, rankB] = [a!.shape.length, b!.shape.length];
      const [batchA, batchB] = [batches(a!), batches(b!)];
      const sameBatch = batchA === batchB || batchA === 1 || batchB === 1;
      const flatBias = bias === undefined || util.sizeFromShape(bias.shape) === bias.shape[bias.shape.length - 1];
      const floats = a!.dtype === 'float32' && b!.dtype === 'float32';
      if (!simple || !sameBatch || !flatBias || !floats || preluActivationWeights || rankA < 2 || rankB < 2)
        return upstreamKernel(name)(args);
      return multiply(runtime(), a!, b!, bias, attrs, activation === 'relu');
    });

  putKernel(DENSE, ({ inputs, attrs }) =>
    multiply(runtime(), inputs['x']!, inputs['kernel']!, inputs['bias'], {}, attrs!['relu'] as boolean),
  );

  putGradient(DENSE, { inputs: ['x', 'kernel'], outputs: [true] }, (dy, saved, attrs) => {
    const [x, kernel, y] = saved as [Tensor, Tensor, Tensor];
    const [d, bias] = rectifierGradient(y, dy as Tensor, attrs['relu'] as boolean);
    return {
      x: () => engine().runKernel('BatchMatMul', { a: d, b: kernel }, { transposeA: false, transposeB: true }),
      kernel: () => engine().runKernel('BatchMatMul', { a: x, b: d }, { transposeA: true, transposeB: false }),
      bias: () => bias,
    };
  });
}

/** The bias with room behind it, since kernels read it in eights. */
export function paddedBias(rt: KernelRuntime, bias: TensorInfo, channels: number): number {
  const address = rt.buffer('bias', padded(channels));
  rt.run('padRows', [[rt.at(bias), address, 1, channels, padded(channels)]]);
  return address;
}

function batches(tensor: TensorInfo): number {
  return util.sizeFromShape(tensor.shape.slice(0, -2));
}

function multiply(
  rt: KernelRuntime,
  a: TensorInfo,
  b: TensorInfo,
  bias: TensorInfo | undefined,
  attrs: NamedAttrMap,
  relu: boolean,
): TensorInfo {
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [m, k, aRow, aColumn] = attrs['transposeA']
    ? [aColumns, aRows, 4, 4 * aColumns]
    : [aRows, aColumns, 4 * aColumns, 4];
  const [n, bRow, bColumn] = attrs['transposeB'] ? [bRows, 4, 4 * bColumns] : [bColumns, 4 * bColumns, 4];
  const [batchA, batchB] = [batches(a), batches(b)];
  const count = Math.max(batchA, batchB);
  const lead = batchA >= batchB ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  const out = rt.output([...lead, m, n]);
  const biasAt = bias ? paddedBias(rt, bias, n) : 0;
  const panelSize = k * padded(n);
  const rows = ranges(m, Math.ceil(PARTS / count), 4);
  const panels = rt.buffer('panels', panelSize * Math.min(batchB, BATCH));
  for (let start = 0; start < count; start += BATCH) {
    const members = Array.from({ length: Math.min(BATCH, count - start) }, (_, i) => start + i);
    const packed = batchB === 1 ? (start === 0 ? [0] : []) : members;
    rt.run(
      'packPanels',
      packed.flatMap((i) =>
        ranges(n, Math.ceil(PARTS / packed.length), 8).map(([first, last]) => [
          ...[rt.at(b) + 4 * i * k * n + first * bColumn, bRow, bColumn, k, last - first],
          panels + 4 * ((i - start) * panelSize + first * k),
        ]),
      ),
    );
    rt.run(
      'product',
      members.flatMap((i) => {
        const from = rt.at(a) + (batchA === 1 ? 0 : 4 * i * m * k);
        const panel = panels + (batchB === 1 ? 0 : 4 * (i - start) * panelSize);
        const to = rt.at(out) + 4 * i * m * n;
        return rows.map(([first, last]) => [from, aRow, aColumn, panel, biasAt, to, first, last, n, k, relu ? 1 : 0]);
      }),
      4 * k,
    );
  }
  return out;
}
