import { sizeOf } from '@jetsdk/jets';
import { floatInitializer, floatsOf, int64sOf, transpose } from '../initializer.js';
import type { Initializer, Node } from '../model.js';
import { Links, type Pass, Rewrite } from './links.js';

const ELEMENTWISE: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

/** Row-major strides of `dims` seen as an array of `rank` axes, 0 along those of length 1. */
function broadcastStrides(dims: readonly number[], rank: number): number[] {
  const full = [...new Array<number>(rank - dims.length).fill(1), ...dims];
  return full.map((length, axis) => (length === 1 ? 0 : sizeOf(full.slice(axis + 1))));
}

function combine(name: string, a: Initializer, b: Initializer, one: (a: number, b: number) => number): Initializer {
  const rank = Math.max(a.dims.length, b.dims.length);
  const strides = [a, b].map(({ dims }) => broadcastStrides(dims, rank));
  const dims = Array.from({ length: rank }, (_, axis) =>
    Math.max(a.dims[axis - rank + a.dims.length] ?? 1, b.dims[axis - rank + b.dims.length] ?? 1),
  );
  const [left, right] = [floatsOf(a), floatsOf(b)];
  const out = new Float32Array(sizeOf(dims));
  for (let i = 0; i < out.length; i++) {
    let rest = i;
    let at = 0;
    let bt = 0;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const position = rest % dims[axis];
      rest = (rest - position) / dims[axis];
      at += position * strides[0][axis];
      bt += position * strides[1][axis];
    }
    out[i] = one(left[at], right[bt]);
  }
  return floatInitializer(name, dims, out);
}

function reshaped(name: string, tensor: Initializer, target: readonly number[]): Initializer {
  const dims = target.map((length, axis) => (length === 0 ? tensor.dims[axis] : length));
  const known = sizeOf(dims.filter((length) => length !== -1));
  return { ...tensor, name, dims: dims.map((length) => (length === -1 ? sizeOf(tensor.dims) / known : length)) };
}

/** The value of a node whose inputs are all constant; undefined where this pass does not know the operator. */
function evaluate({ opType, outputs, attributes }: Node, inputs: readonly Initializer[]): Initializer | undefined {
  const [name] = outputs;
  const [a, b] = inputs;
  if (opType === 'Identity') return { ...a, name };
  if (opType === 'Reshape') return reshaped(name, a, int64sOf(b));
  if (a.type !== 'float32') return undefined;
  if (opType === 'Transpose' && attributes.perm?.type === 'ints') {
    const perm = attributes.perm.value;
    return floatInitializer(
      name,
      perm.map((axis) => a.dims[axis]),
      transpose(floatsOf(a), a.dims, perm),
    );
  }
  const one = ELEMENTWISE[opType];
  return one === undefined || b?.type !== 'float32' ? undefined : combine(name, a, b, one);
}

/** Computes what depends on constants alone: Identity, Reshape, Transpose, Add, Sub, Mul, Div. */
export const foldConstants: Pass = (graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  const folded = new Map<string, Initializer>();
  for (const node of graph.nodes) {
    if (node.outputs.length !== 1 || links.isOutput(node.outputs[0])) continue;
    const inputs = node.inputs.map((input) => folded.get(input) ?? links.constant(input));
    if (inputs.length === 0 || !inputs.every((input) => input !== undefined)) continue;
    const value = evaluate(node, inputs);
    if (value === undefined) continue;
    folded.set(value.name, value);
    rewrite.replace(node);
    rewrite.constant(value);
  }
  return rewrite.apply(graph);
};
