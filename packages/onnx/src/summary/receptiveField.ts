import type { Graph, Node } from '../model.js';
import { from, intOf, intsOf } from '../shapes/attributes.js';
import { ALIKE, BINARY, BROADCAST, REDUCING } from '../shapes/families.js';
import type { InferredValues } from './inferShapes.js';

/** How far one place along an axis looks. */
interface Reach {
  /** places of the input that decide one place here */
  readonly size: number;
  /** places of the input from one place here to the next */
  readonly step: number;
  /** whether a window has slid along it */
  readonly slid: boolean;
}

/** By axis; undefined for axes that are no places: jets, channels, what was mixed. */
type Reaches = readonly (Reach | undefined)[];

const ONE: Reach = { size: 1, step: 1, slid: false };

/**
 * Places of the image, along each of its axes, that decide one number of the last map of features: the last layer before a
 * pooling over the whole map, a flattening or a dense layer makes one vector of it. Where branches meet the one that looks
 * furthest counts; the edge of the image does not, so that it can be larger than the image.
 *
 * @param shapes of `inferShapes`
 * @returns undefined where no window slides, or something is not known here
 */
export function receptiveField(graph: Graph, shapes: InferredValues): readonly number[] | undefined {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const reaches = new Map<string, Reaches>();
  for (const { name } of graph.inputs) {
    const rank = shapes.get(name)?.shape?.length;
    if (constants.has(name) || rank === undefined) continue;
    const places = Array.from({ length: rank }, (_, axis) => (axis === 0 ? undefined : ONE));
    reaches.set(name, places);
  }
  let ends: readonly number[] | undefined;
  for (const node of graph.nodes) {
    const given = node.inputs.map((name) => reaches.get(name));
    if (given.every((one) => one === undefined)) continue;
    const found = through(node, given, shapes);
    if (found === undefined && given.some(hasSlid)) return undefined;
    if (found !== undefined) for (const name of node.outputs) reaches.set(name, found);
    if (!hasSlid(found)) for (const one of given) ends = further(ends, fieldOf(one));
  }
  for (const { name } of graph.outputs) ends = further(ends, fieldOf(reaches.get(name)));
  return ends;
}

const hasSlid = (reaches: Reaches | undefined): boolean => reaches?.some((reach) => reach?.slid) ?? false;

/** Sizes along the axes of a map; undefined for what is none. */
const fieldOf = (reaches: Reaches | undefined): readonly number[] | undefined =>
  hasSlid(reaches) ? reaches?.flatMap((reach) => (reach === undefined ? [] : [reach.size])) : undefined;

const further = (a: readonly number[] | undefined, b: readonly number[] | undefined): readonly number[] | undefined =>
  a === undefined || b === undefined || a.length !== b.length ? (b ?? a) : a.map((size, i) => Math.max(size, b[i]));

const SLIDING = ['Conv', 'ConvInteger', 'QLinearConv', 'MaxPool', 'AveragePool', 'LpPool'];
const KEEPING = new Set([...ALIKE, 'Cast', 'Identity', 'Pad', 'Slice', 'Split']);
const GLOBAL = ['Flatten', 'Gemm', 'GlobalAveragePool', 'GlobalLpPool', 'GlobalMaxPool'];

/** What a node makes of the first value that comes from the image; undefined where that is not known here. */
function through(node: Node, given: readonly (Reaches | undefined)[], shapes: InferredValues): Reaches | undefined {
  const { opType } = node;
  const first = given.findIndex((one) => one !== undefined);
  const x = given[first] ?? [];
  const shape = shapes.get(node.inputs[first])?.shape;
  if (node.domain !== undefined) return undefined;
  if (KEEPING.has(opType)) return x;
  if (GLOBAL.includes(opType)) return x.map(() => undefined);
  if (SLIDING.includes(opType)) return slid(node, x, shapes);
  if (opType in BINARY || BROADCAST.has(opType) || opType === 'Concat') return merged(given);
  if (REDUCING.has(opType)) return reduced(node, x, shapes);
  switch (opType) {
    case 'Transpose':
      return intsOf(node.attributes['perm'])?.map((axis) => x[axis]);
    case 'MatMul':
      return first === 0 ? [...x.slice(0, -1), undefined] : undefined;
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
      return reshaped(x, shape, shapes.get(node.outputs[0])?.shape);
    default:
      return undefined;
  }
}

function slid({ opType, attributes, inputs }: Node, x: Reaches, shapes: InferredValues): Reaches | undefined {
  const convolves = opType.includes('Conv');
  const weights = convolves ? shapes.get(inputs[opType === 'QLinearConv' ? 3 : 1])?.shape?.slice(2) : undefined;
  const kernel = intsOf(attributes['kernel_shape']) ?? weights;
  const [strides, dilations] = ['strides', 'dilations'].map((name) => intsOf(attributes[name]));
  const places = kernel?.map((length, axis) => {
    const before = x[axis + 2];
    if (before === undefined) return undefined;
    const { size, step } = before;
    const more = (length - 1) * (dilations?.[axis] ?? 1) * step;
    return { size: size + more, step: step * (strides?.[axis] ?? 1), slid: true };
  });
  return places && [undefined, convolves ? undefined : x[1], ...places];
}

/** Of each axis, counted from the last, the one that looks furthest. */
function merged(given: readonly (Reaches | undefined)[]): Reaches {
  const all = given.filter((one) => one !== undefined);
  const rank = Math.max(...all.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) =>
    all
      .map((one) => one[axis - rank + one.length])
      .reduce((a, b) => (a === undefined || (b !== undefined && b.size > a.size) ? b : a), undefined),
  );
}

function reduced({ attributes, inputs }: Node, x: Reaches, shapes: InferredValues): Reaches {
  const axes = shapes.get(inputs[1] ?? '')?.numbers ?? intsOf(attributes['axes']) ?? x.map((_, axis) => axis);
  const over = new Set(axes.map((axis) => from(axis, x.length)));
  if (intOf(attributes['keepdims'], 1) === 0) return x.filter((_, axis) => !over.has(axis));
  return x.map((reach, axis) => (over.has(axis) ? undefined : reach));
}

type Shape = readonly number[] | undefined;

/** Axes of length 1 may come and go; where others meet or part there is no map any more. */
function reshaped(x: Reaches, before: Shape, after: Shape): Reaches | undefined {
  if (before === undefined || after === undefined) return undefined;
  const long = (shape: NonNullable<Shape>): number[] =>
    shape.flatMap((length, axis) => (axis > 0 && length !== 1 ? [axis] : []));
  const [old, now] = [long(before), long(after)];
  const same = old.length === now.length && old.every((axis, i) => before[axis] === after[now[i]]);
  return after.map((_, axis) => (same && now.includes(axis) ? x[old[now.indexOf(axis)]] : undefined));
}
