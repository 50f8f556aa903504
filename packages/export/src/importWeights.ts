/** @file The weights of a network, found again in the ONNX file that was made of it: `exportModel` backwards. */
import { type FoldedNorm, fromHalf, JetError, type LayerArtifacts, quoted, sizeOf } from '@jetsdk/jets';
import { decodeModel, floatsOf, type Graph, type Initializer, type Node } from '@jetsdk/onnx';
import { exportModel } from './exportModel.js';
import { layerModel } from './layerModel.js';

export interface ImportedWeights {
  /** in the order of the network */
  readonly weights: LayerArtifacts['weights'];
  /**
   * normalisations that have factor 1, mean 0 and variance 1 − ε here: the outputs are those of the file, but nothing is known of
   * the numbers that they normalised
   */
  readonly folded: readonly FoldedNorm[];
}

/** What a weight is to a normalisation; what has nothing to do with one is a `kernel`. */
type Role = 'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance';

const ROLES: readonly Role[] = ['kernel', 'bias', 'beta', 'gamma', 'mean', 'variance'];

/** Larger than any constant that a layer has besides its weights; whole numbers from here up to 2²⁴ are exact in float32. */
const FIRST_NUMBER = 2 ** 20;
const LAST_NUMBER = 2 ** 24;

/** Of the largest number of a constant: what may lie between the file and an export of the weights found in it. */
const TOLERANCE = 1e-5;

/**
 * Finds the weights of a network in an ONNX file. How the exporter places, transposes and folds weights is seen from exports of
 * the same network whose weights are numbered; in the end the weights found are exported and compared with the file.
 *
 * @param bytes what `exportModel` of this version made, in float32 or float16, without preprocessing
 * @param network topology and weights; of these only the shapes matter
 * @throws {JetError} BAD_MODEL if the file is not one of this network; UNSUPPORTED for weights that cannot be told from the file,
 *   and for more than 15.7 million; as `decodeModel` and `exportModel`
 */
export function importWeights(bytes: Uint8Array, network: LayerArtifacts): ImportedWeights {
  const file = inFloat32(decodeModel(bytes).graph);
  const parts = partsOf(network);
  const places = new Map<Part, Place>();
  for (const role of ROLES) {
    const graph = exportModel(numbered(network, parts, role)).graph;
    const known = parts.filter((part) => part.role === role);
    for (const pair of pairs(graph, file)) collect(pair, known, places);
  }
  const weights = parts.map((part) => ({ ...part.weight, data: valuesOf(part, parts, places) }));
  const found = { ...network, weights };
  const norms = new Set(parts.flatMap(({ norm }) => (norm === undefined ? [] : [norm])));
  const folded = [...norms]
    .filter((norm) => !parts.some((part) => part.norm === norm && isStatistic(part, places)))
    .map((norm) => numbersOf(norm, parts));
  for (const pair of pairs(exportModel(found).graph, file)) requireClose(pair);
  return { weights, folded };
}

/** A weight of the network. */
interface Part {
  readonly weight: LayerArtifacts['weights'][number];
  readonly role: Role;
  /** path of the BatchNormalization that it belongs to */
  readonly norm?: string;
  /** what it is where it changes nothing */
  readonly neutral: number;
  /** of its first element; the others follow */
  readonly number: number;
}

/** Where the file has a weight. */
interface Place {
  readonly values: Float32Array;
  /** how many of its elements have been seen */
  readonly seen: Set<number>;
  /** of its first element: a constant and a position there */
  at?: string;
}

const NORM_ROLES: Readonly<Record<string, Role>> = {
  gamma: 'gamma',
  beta: 'beta',
  moving_mean: 'mean',
  moving_variance: 'variance',
};

function partsOf(network: LayerArtifacts): Part[] {
  const norms = new Map<Float32Array, { role: Role; norm: string; epsilon: number }>();
  const model = layerModel(network);
  model.evaluate<undefined>(
    model.inputs.map(() => undefined),
    ({ rule, config, path, weights }) => {
      if (rule.kind !== 'BatchNormalization') return undefined;
      const { epsilon } = config as { readonly epsilon: number };
      for (const [name, { data }] of Object.entries(weights))
        norms.set(data, { role: NORM_ROLES[name], norm: path, epsilon });
      return undefined;
    },
  );
  let number = FIRST_NUMBER;
  return network.weights.map((weight) => {
    const known = norms.get(weight.data);
    const role = known?.role ?? (/\/bias(_\d+)?$/.test(weight.name) ? 'bias' : 'kernel');
    const first = number;
    number += weight.data.length;
    if (number > LAST_NUMBER)
      throw new JetError(
        'UNSUPPORTED',
        `importWeights: more than ${LAST_NUMBER - FIRST_NUMBER} weights; expected fewer; begin with the folder of the run`,
        { weights: number - FIRST_NUMBER },
      );
    const neutral = { kernel: 0, bias: 0, gamma: 1, beta: 0, mean: 0, variance: 1 - (known?.epsilon ?? 0) }[role];
    return { weight, role, neutral, number: first, ...(known && { norm: known.norm }) };
  });
}

/** The network with weights of one role numbered, all others such that they change nothing. */
function numbered(network: LayerArtifacts, parts: readonly Part[], role: Role): LayerArtifacts {
  return {
    ...network,
    weights: parts.map((part) => {
      const { weight, number, neutral } = part;
      const value = part.role === role ? (_: number, i: number) => number + i : () => neutral;
      return { ...weight, data: weight.data.map(value) };
    }),
  };
}

/** The graph without the Casts behind constants in half precision. */
function inFloat32(graph: Graph): Graph {
  const halves = new Map(graph.initializers.filter(({ type }) => type === 'float16').map((one) => [one.name, one]));
  const made = new Map<Node, Initializer>();
  for (const node of graph.nodes) {
    const half = node.opType === 'Cast' ? halves.get(node.inputs[0]) : undefined;
    if (half === undefined) continue;
    const { data } = half;
    const values = fromHalf(new Uint16Array(data.slice().buffer));
    made.set(node, { ...half, name: node.outputs[0], type: 'float32', data: new Uint8Array(values.buffer) });
  }
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !made.has(node)),
    initializers: [...graph.initializers.filter(({ name }) => !halves.has(name)), ...made.values()],
  };
}

interface Pair {
  readonly here: Initializer;
  readonly there: Initializer;
}

/**
 * The float constants of an export and of the file that the same node reads in the same place; equal constants may be one.
 *
 * @throws {JetError} BAD_MODEL if they are not the same nodes
 */
function* pairs(graph: Graph, file: Graph): Generator<Pair> {
  const [ours, theirs] = [graph, file].map(({ initializers }) => new Map(initializers.map((one) => [one.name, one])));
  const count = Math.max(graph.nodes.length, file.nodes.length);
  for (let i = 0; i < count; i++) {
    const [node, other] = [graph.nodes[i], file.nodes[i]];
    const what = (one: Node | undefined): string =>
      one === undefined ? 'no node' : `${one.opType} ${quoted(one.name)}`;
    if (what(node) !== what(other)) throw another(`${what(other)} as node ${i}`, what(node));
    for (const [j, name] of node.inputs.entries()) {
      const here = ours.get(name);
      if (here?.type !== 'float32') continue;
      const there = theirs.get(other.inputs[j]);
      const shape = (one: Initializer | undefined): string =>
        one === undefined ? 'no constant' : `${one.type} of shape [${one.dims}]`;
      if (shape(here) !== shape(there)) throw another(`${shape(there)} as input ${j} of ${what(node)}`, shape(here));
      yield { here, there: there! };
    }
  }
}

const another = (got: string, expected: string): JetError =>
  new JetError(
    'BAD_MODEL',
    `importWeights: ${got}; expected ${expected}, as an export of this network has it; a file that another program or version wrote, or of int8, or with preprocessing, cannot be gone on from`,
    { got, expected },
  );

/** Notes the values of all weights whose numbers are in a constant. */
function collect({ here, there }: Pair, known: readonly Part[], places: Map<Part, Place>): void {
  const [numbers, values] = [floatsOf(here), floatsOf(there)];
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (number < FIRST_NUMBER || !Number.isInteger(number)) continue;
    const part = partAt(known, number);
    if (part === undefined) continue;
    const element = number - part.number;
    const place = places.get(part) ?? { values: new Float32Array(part.weight.data.length), seen: new Set() };
    places.set(part, place);
    if (place.seen.has(element)) continue;
    place.seen.add(element);
    place.values[element] = values[i];
    if (element === 0) place.at = `${there.name} ${i}`;
  }
}

/** The weight that has an element of this number; `parts` in order. */
function partAt(parts: readonly Part[], number: number): Part | undefined {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle].number <= number) low = middle + 1;
    else high = middle;
  }
  const part = parts[low - 1];
  return part !== undefined && number < part.number + part.weight.data.length ? part : undefined;
}

/** All elements of a weight, or nothing. */
function whole(part: Part, places: ReadonlyMap<Part, Place>): Place | undefined {
  const place = places.get(part);
  return place?.seen.size === part.weight.data.length ? place : undefined;
}

/** @throws {JetError} UNSUPPORTED if the file does not tell it and it is nothing that a normalisation may lack */
function valuesOf(part: Part, parts: readonly Part[], places: ReadonlyMap<Part, Place>): Float32Array {
  const { weight, role, neutral } = part;
  const place = whole(part, places);
  // a bias in front of a normalisation has become one number with its beta
  const shared =
    role === 'bias' &&
    parts.some((other) => other.role === 'beta' && places.get(other)?.at === place?.at && place !== undefined);
  if (place !== undefined && !shared) return place.values;
  if (shared || role === 'gamma' || role === 'mean' || role === 'variance')
    return new Float32Array(weight.data.length).fill(neutral);
  throw new JetError(
    'UNSUPPORTED',
    `importWeights: weight ${quoted(weight.name)} of shape [${weight.shape}] is ${places.get(part)?.seen.size ?? 0} of ${sizeOf(weight.shape)} numbers in the file; expected all; begin with the folder of the run`,
    { weight: weight.name },
  );
}

const isStatistic = (part: Part, places: ReadonlyMap<Part, Place>): boolean =>
  part.role === 'mean' && whole(part, places) !== undefined;

/** @throws {JetError} UNSUPPORTED for one without a factor or a shift, which could not be set to other statistics */
function numbersOf(norm: string, parts: readonly Part[]): FoldedNorm {
  const numberOf = (role: Role): number => {
    const number = parts.findIndex((one) => one.norm === norm && one.role === role);
    if (number < 0)
      throw new JetError(
        'UNSUPPORTED',
        `importWeights: ${norm} has no ${role}, and the file has it within other weights; expected gamma and beta; begin with the folder of the run`,
        { layer: norm },
      );
    return number;
  };
  return {
    gamma: numberOf('gamma'),
    beta: numberOf('beta'),
    mean: numberOf('mean'),
    variance: numberOf('variance'),
  };
}

/** @throws {JetError} BAD_MODEL unless a constant of the weights found is that of the file */
function requireClose({ here, there }: Pair): void {
  const [ours, theirs] = [floatsOf(here), floatsOf(there)];
  let scale = 0;
  for (const value of theirs) scale = Math.max(scale, Math.abs(value));
  const odd = ours.findIndex((value, i) => !(Math.abs(value - theirs[i]) <= TOLERANCE * scale));
  if (odd >= 0) throw another(`${theirs[odd]} as number ${odd} of ${quoted(there.name)}`, String(ours[odd]));
}
