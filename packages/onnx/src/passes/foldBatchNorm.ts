import { sizeOf } from '@jetsdk/jets';
import { floatInitializer, floatsOf } from '../initializer.js';
import type { Graph, Initializer, Node } from '../model.js';
import { isPlainGemm, Links, type Pass, Rewrite } from './links.js';

/** BatchNormalization at inference as a factor and a shift for each channel, in float64. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

export function affineOf(node: Node, links: Links): Affine | undefined {
  const [gamma, beta, mean, variance] = node.inputs.slice(1).map((name) => links.constant(name));
  if (gamma === undefined || beta === undefined || mean === undefined || variance === undefined) return undefined;
  const epsilon = node.attributes.epsilon?.type === 'float' ? node.attributes.epsilon.value : 1e-5;
  const [g, b, m, v] = [gamma, beta, mean, variance].map(floatsOf);
  const scale = Float64Array.from(v, (one, i) => g[i] / Math.sqrt(one + epsilon));
  return { scale, shift: scale.map((factor, i) => b[i] - m[i] * factor) };
}

/** Which output channel each number of a weight belongs to: its axis, and how many numbers lie below it. */
function outputAxis(node: Node, weight: Initializer, links: Links): { length: number; below: number } | undefined {
  const { dims } = weight;
  if (node.opType === 'Conv') return { length: dims[0], below: sizeOf(dims.slice(1)) };
  if (node.opType === 'ConvTranspose') return { length: dims[1], below: sizeOf(dims.slice(2)) };
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
        floatInitializer(
          `${name}/kernel`,
          weight.dims,
          floatsOf(weight).map((value, i) => value * scale[Math.floor(i / axis.below) % axis.length]),
        ),
      ),
      rewrite.constant(
        floatInitializer(
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

/** Takes a BatchNormalization into the weights of the Conv, ConvTranspose or Gemm before it. */
export const foldBatchNorm: Pass = (graph: Graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  for (const node of graph.nodes) if (node.opType === 'BatchNormalization' && foldBack(node, links, rewrite)) break;
  return rewrite.apply(graph);
};
