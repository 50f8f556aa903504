import { sizeOf } from '@jetsdk/jets';
import { int64Initializer } from '../initializer.js';
import { type Graph, ints, type Node } from '../model.js';
import { isPlainGemm, Links, type Pass, Rewrite } from './links.js';

/** Operators of one input that treat every number alike, wherever it lies. */
const ANYWHERE = new Set([
  'Relu',
  'Clip',
  'Elu',
  'Selu',
  'Sigmoid',
  'HardSigmoid',
  'Softplus',
  'Softsign',
  'Tanh',
  'LeakyRelu',
  'ThresholdedRelu',
]);

function permutation({ opType, attributes }: Node): readonly number[] | undefined {
  return opType === 'Transpose' && attributes.perm?.type === 'ints' ? attributes.perm.value : undefined;
}

/** The Gemm that alone reads the numbers of `value`, at most through operators that act on each number alone. */
function readingGemm(value: string, links: Links): Node | undefined {
  let reader = links.onlyReader(value);
  while (reader !== undefined && ANYWHERE.has(reader.opType)) reader = links.onlyReader(reader.outputs[0]);
  return isPlainGemm(reader, links) ? reader : undefined;
}

/**
 * Two Transposes in a row become one; one that only feeds a Gemm through a flattening Reshape is taken out, and the
 * rows of the Gemm's constant are reordered instead (`foldConstants` then computes them).
 */
export const mergeTransposes: Pass = (graph: Graph) => {
  const links = new Links(graph);
  const rewrite = new Rewrite();
  for (const node of graph.nodes) {
    const perm = permutation(node);
    if (perm === undefined) continue;
    const before = links.maker(node.inputs[0]);
    const first = before === undefined ? undefined : permutation(before);
    if (before !== undefined && first !== undefined) {
      rewrite.replace(node, {
        ...node,
        inputs: before.inputs,
        attributes: { perm: ints(perm.map((axis) => first[axis])) },
      });
      break;
    }
    const flat = links.onlyReader(node.outputs[0]);
    const shape = links.shape(node.outputs[0])?.slice(1).map(Number);
    if (flat?.opType !== 'Reshape' || shape === undefined || perm[0] !== 0) continue;
    if (links.shape(flat.outputs[0])?.length !== 2) continue;
    const gemm = readingGemm(flat.outputs[0], links);
    const weight = links.constant(gemm?.inputs[1]);
    if (gemm === undefined || weight === undefined || weight.dims[0] !== sizeOf(shape)) continue;
    // The rows lie as the Transpose left them; back to the order in which its input lies.
    const inverse = perm.slice(1).map((_, axis) => perm.indexOf(axis + 1) - 1);
    const stem = `${gemm.name}/${weight.name}`;
    const step = (opType: string, name: string, inputs: string[], attributes: Node['attributes'] = {}): Node => ({
      name,
      opType,
      inputs,
      outputs: [name],
      attributes,
    });
    const columns = weight.dims[1];
    const apart = rewrite.constant(int64Initializer(`${stem}/apart`, [...shape, columns]));
    const together = rewrite.constant(int64Initializer(`${stem}/together`, weight.dims));
    rewrite.replace(node);
    rewrite.rename(node.outputs[0], node.inputs[0]);
    rewrite.replace(
      gemm,
      step('Reshape', `${stem}/Reshape`, [weight.name, apart]),
      step('Transpose', `${stem}/Transpose`, [`${stem}/Reshape`], { perm: ints([...inverse, shape.length]) }),
      step('Reshape', stem, [`${stem}/Transpose`, together]),
      { ...gemm, inputs: [gemm.inputs[0], stem, ...gemm.inputs.slice(2)] },
    );
    break;
  }
  return rewrite.apply(graph);
};
