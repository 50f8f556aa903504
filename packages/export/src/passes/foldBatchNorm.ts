import type { Graph, Node, Tensor } from '../onnx/model.js';
import { floatsOf, floatTensor, size } from '../onnx/tensor.js';
import { isPlainGemm, Links, type Pass, Rewrite } from './links.js';

/** BatchNormalization at inference as a factor and a shift for each channel, in float64. */
interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

function affineOf(node: Node, links: Links): Affine | undefined {
  const [gamma, beta, mean, variance] = node.inputs.slice(1).map((name) => links.constant(name));
  if (gamma === undefined || beta === undefined || mean === undefined || variance === undefined) return undefined;
  const epsilon = node.attributes.epsilon?.type === 'float' ? node.attributes.epsilon.value : 1e-5;
  const [g, b, m, v] = [gamma, beta, mean, variance].map(floatsOf);
  const scale = Float64Array.from(v, (one, i) => g[i] / Math.sqrt(one + epsilon));
  return { scale, shift: scale.map((factor, i) => b[i] - m[i] * factor) };
}

/** Which output channel each number of a weight belongs to: its axis, and how many numbers lie below it. */
function outputAxis(node: Node, weight: Tensor, links: Links): { length: number; below: number } | undefined {
  const { dims } = weight;
  if (node.opType === 'Conv') return { length: dims[0], below: size(dims.slice(1)) };
  if (node.opType === 'ConvTranspose') return { length: dims[1], below: size(dims.slice(2)) };
  if (isPlainGemm(node, links)) return { length: dims[1], below: 1 };
  return undefined;
}

/** A BatchNormalization right behind a Conv, ConvTranspose or Gemm: goes into its weights and bias. */
function foldBack(norm: Node, links: Links, rewrite: Rewrite): boolean {
  const before = links.maker(norm.inputs[0]);
  const weight = links.constant(before?.inputs[1]);
  const affine = affineOf(norm, links);
  if (before === undefined || weight === undefined || affine === undefined) return false;
  const axis = outputAxis(before, weight, links);
  const bias = links.constant(before.inputs[2]);
  if (axis === undefined || links.onlyReader(before.outputs[0]) !== norm || links.isOutput(before.outputs[0]))
    return false;
  if (before.inputs[2] !== undefined && bias === undefined) return false;
  const { scale, shift } = affine;
  const old = bias === undefined ? new Float32Array(axis.length) : floatsOf(bias);
  const name = `${norm.name}/folded`;
  rewrite.replace(before);
  rewrite.replace(norm, {
    ...before,
    inputs: [
      before.inputs[0],
      rewrite.constant(
        floatTensor(
          `${name}/kernel`,
          weight.dims,
          floatsOf(weight).map((value, i) => value * scale[Math.floor(i / axis.below) % axis.length]),
        ),
      ),
      rewrite.constant(
        floatTensor(
          `${name}/bias`,
          [axis.length],
          old.map((value, c) => value * scale[c] + shift[c]),
        ),
      ),
    ],
    outputs: norm.outputs,
  });
  return true;
}

/** What lies between a BatchNormalization and a Gemm and lets a factor and a shift of each channel pass. */
function passes(node: Node, { scale }: Affine): boolean {
  const rising = scale.every((factor) => factor > 0);
  switch (node.opType) {
    case 'MaxPool':
    case 'ReduceMax':
      return rising;
    case 'AveragePool':
    case 'ReduceMean':
    case 'Transpose':
    case 'Reshape':
      return true;
    default:
      return false;
  }
}

/** The channel of each number of a vector, where `path` leads to it from an array with channels on axis 1. */
function channelsAt(path: readonly Node[], links: Links, channels: number): number[] | undefined {
  let shape = links.shape(path[0].inputs[0])?.slice(1).map(Number);
  let axis = 0;
  for (const node of path) {
    const after = links.shape(node.outputs[0])?.slice(1).map(Number);
    if (shape === undefined || after === undefined) return undefined;
    if (node.opType === 'Transpose') {
      if (node.attributes.perm?.type !== 'ints') return undefined;
      axis = node.attributes.perm.value.indexOf(axis + 1) - 1;
      if (axis < 0) return undefined;
    } else if (node.opType === 'Reshape') {
      const below = size(shape.slice(axis + 1));
      const vector = after.length === 1;
      const same = after[axis] === channels && size(after.slice(axis + 1)) === below;
      if (!vector && !same) return undefined;
      if (vector) return node === path[path.length - 1] ? spread(size(shape), below, channels) : undefined;
    } else if (node.opType === 'ReduceMax' || node.opType === 'ReduceMean') {
      const { axes, keepdims } = node.attributes;
      if (axes?.type !== 'ints' || keepdims?.value !== 0 || axes.value.includes(axis + 1)) return undefined;
      axis -= axes.value.filter((one) => one <= axis).length;
    } else if (axis !== 0) return undefined;
    shape = after;
  }
  return shape?.length === 1 && shape[0] === channels ? spread(channels, 1, channels) : undefined;
}

function spread(length: number, below: number, channels: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(i / below) % channels);
}

/** A BatchNormalization in front of a Gemm, with pooling or flattening between them: goes into the Gemm. */
function foldForward(norm: Node, links: Links, rewrite: Rewrite): boolean {
  const affine = affineOf(norm, links);
  if (affine === undefined) return false;
  const path: Node[] = [];
  let reader = links.onlyReader(norm.outputs[0]);
  while (reader !== undefined && reader.opType !== 'Gemm' && passes(reader, affine)) {
    path.push(reader);
    reader = links.onlyReader(reader.outputs[0]);
  }
  const gemm = reader;
  const weight = links.constant(gemm?.inputs[1]);
  const bias = links.constant(gemm?.inputs[2]);
  if (!isPlainGemm(gemm, links) || weight === undefined || (gemm.inputs[2] !== undefined && bias === undefined))
    return false;
  const channels = affine.scale.length;
  const channel = path.length === 0 ? spread(channels, 1, channels) : channelsAt(path, links, channels);
  const [rows, columns] = weight.dims;
  if (channel === undefined || channel.length !== rows) return false;
  const old = floatsOf(weight);
  const shift = new Float64Array(columns);
  const scaled = old.map((value, i) => {
    const c = channel[Math.floor(i / columns)];
    shift[i % columns] += affine.shift[c] * value;
    return affine.scale[c] * value;
  });
  const before = bias === undefined ? new Float32Array(columns) : floatsOf(bias);
  const name = `${norm.name}/folded`;
  rewrite.replace(norm);
  rewrite.rename(norm.outputs[0], norm.inputs[0]);
  rewrite.replace(gemm, {
    ...gemm,
    inputs: [
      gemm.inputs[0],
      rewrite.constant(floatTensor(`${name}/kernel`, weight.dims, scaled)),
      rewrite.constant(
        floatTensor(
          `${name}/bias`,
          [columns],
          before.map((value, c) => value + shift[c]),
        ),
      ),
    ],
  });
  return true;
}

/**
 * Takes a BatchNormalization into the weights of the Conv, ConvTranspose or Gemm before it, or of the Gemm behind it
 * where only pooling and flattening lie between (max pooling lets positive factors pass).
 */
export const foldBatchNorm: Pass = (graph: Graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  for (const node of graph.nodes)
    if (node.opType === 'BatchNormalization' && (foldBack(node, links, rewrite) || foldForward(node, links, rewrite)))
      break;
  return rewrite.apply(graph);
};
