import { sizeOf } from '@jetsdk/jets';
import type { Node } from '../model.js';
import { intOf } from './attributes.js';
import { lettersOf } from './combine.js';
import type { Inputs, Known } from './known.js';

/** Multiplications that a node takes beside one for each number that it makes, and numbers that it needs meanwhile. */
export function workOf({ opType, attributes }: Node, inputs: Inputs, made: Known): { work: number; meanwhile: number } {
  const size = sizeOf(made.shape);
  const layer = layerWork(opType, attributes, inputs);
  if (layer !== undefined) return layer;
  const [left, right] = factorsOf(opType, inputs);
  if (left === undefined || right === undefined) return { work: size, meanwhile: 0 };
  if (opType.includes('Conv')) {
    const perOutput = sizeOf(right.slice(1));
    // a matrix of what every output sees
    const meanwhile = ((size * perOutput) / (right[0] || 1)) * intOf(attributes['group'], 1);
    return { work: size * perOutput, meanwhile };
  }
  const inner = intOf(attributes['transA'], 0) === 1 ? left[0] : left[left.length - 1];
  return { work: size * (inner ?? 1), meanwhile: 0 };
}

/** Of layers whose output does not tell. */
function layerWork(
  opType: string,
  attributes: Node['attributes'],
  [x, w, r]: Inputs,
): { work: number; meanwhile: number } | undefined {
  switch (opType) {
    case 'ConvTranspose': {
      const perInput = sizeOf(w?.shape.slice(1) ?? []);
      const work = sizeOf(x?.shape ?? []) * perInput;
      return { work, meanwhile: (work / (x?.shape[1] || 1)) * intOf(attributes['group'], 1) };
    }
    case 'Einsum':
      return { work: sizeOf([...(lettersOf(attributes, [x, w, r])?.lengths.values() ?? [])]), meanwhile: 0 };
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return {
        work: sizeOf(x?.shape.slice(0, 2) ?? []) * (sizeOf(w?.shape ?? []) + sizeOf(r?.shape ?? [])),
        meanwhile: 0,
      };
    default:
      return undefined;
  }
}

/** Shapes of the two that are multiplied. */
function factorsOf(opType: string, inputs: Inputs): readonly (readonly number[] | undefined)[] {
  switch (opType) {
    case 'Conv':
    case 'ConvInteger':
    case 'MatMul':
    case 'MatMulInteger':
    case 'Gemm':
      return [inputs[0]?.shape, inputs[1]?.shape];
    case 'QLinearConv':
    case 'QLinearMatMul':
      return [inputs[0]?.shape, inputs[3]?.shape];
    default:
      return [];
  }
}
