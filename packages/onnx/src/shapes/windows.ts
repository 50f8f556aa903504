/** @file Operators that look at windows. */
import type { Node } from '../model.js';
import { intOf, intsOf } from './attributes.js';
import type { Known } from './known.js';

export function convolved(
  x: Known | undefined,
  weights: Known | undefined,
  attributes: Node['attributes'],
): Known | undefined {
  if (x === undefined || weights === undefined || weights.shape.length !== x.shape.length) return undefined;
  const spatial = windows(x.shape.slice(2), weights.shape.slice(2), attributes);
  return { shape: [x.shape[0], weights.shape[0], ...spatial] };
}

/** What a transposed convolution makes. */
export function spread(
  x: Known | undefined,
  weights: Known | undefined,
  attributes: Node['attributes'],
): Known | undefined {
  if (x === undefined || weights === undefined || weights.shape.length !== x.shape.length) return undefined;
  const [ints, more] = [(name: string) => intsOf(attributes[name]), intsOf(attributes['output_padding'])];
  const [strides, dilations, pads] = ['strides', 'dilations', 'pads'].map(ints);
  const auto = attributes['auto_pad']?.type === 'string' ? attributes['auto_pad'].value : 'NOTSET';
  const spatial = x.shape.slice(2);
  const lengths = spatial.map((length, i) => {
    const stride = strides?.[i] ?? 1;
    if (auto.startsWith('SAME')) return length * stride;
    const seen = (weights.shape[i + 2] - 1) * (dilations?.[i] ?? 1) + 1;
    const cut = (pads?.[i] ?? 0) + (pads?.[i + spatial.length] ?? 0);
    return stride * (length - 1) + (more?.[i] ?? 0) + seen - cut;
  });
  const filters = weights.shape[1] * intOf(attributes['group'], 1);
  return { shape: [x.shape[0], filters, ...(ints('output_shape') ?? lengths)] };
}

/** How many windows there are along each axis. */
export function windows(
  lengths: readonly number[],
  kernel: readonly number[],
  attributes: Node['attributes'],
): number[] {
  const strides = intsOf(attributes['strides']);
  const dilations = intsOf(attributes['dilations']);
  const pads = intsOf(attributes['pads']);
  const whole = intOf(attributes['ceil_mode'], 0) === 1 ? Math.ceil : Math.floor;
  const auto = attributes['auto_pad']?.type === 'string' ? attributes['auto_pad'].value : 'NOTSET';
  return lengths.map((length, i) => {
    const stride = strides?.[i] ?? 1;
    if (auto.startsWith('SAME')) return Math.ceil(length / stride);
    const padded = length + (pads?.[i] ?? 0) + (pads?.[i + lengths.length] ?? 0);
    const seen = (kernel[i] - 1) * (dilations?.[i] ?? 1) + 1;
    return whole((padded - seen) / stride) + 1;
  });
}
