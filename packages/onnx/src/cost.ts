/**
 * @file What a graph takes whatever it is given: arrays whose size stands in the file, and loops that nothing stops.
 *
 * A file of 600 bytes can ask for arrays of any size, which a runtime makes when it opens the file. This looks at the graph
 * alone, follows shapes and the whole numbers that become shapes, and knows nothing of what depends on the jets.
 */
import { JetError, quoted, sizeOf } from '@jetsdk/jets';
import type { Graph, Node } from './model.js';
import { type Known, MOST_FOLLOWED, ofConstant, ofInput } from './shapes/known.js';
import { outputOf, outputsOf } from './shapes/outputs.js';
import { workOf } from './shapes/work.js';

/** Numbers in all arrays whose size the file sets: 1 GiB of float32. */
const MOST_NUMBERS = 2 ** 28;
/** Rounds of all loops that run to their end, those inside of others multiplied. */
const MOST_ROUNDS = 1e6;
/** Multiplications of a jet: a second or two. */
const MOST_WORK = 2 ** 34;
/** Larger graphs may cost more by their number of nodes than by what these do. */
const MOST_NODES = 5000;
/** A runtime looks at what nodes read again and again when it opens a file. */
const MOST_READS = 50_000;

type Values = ReadonlyMap<string, Known>;

/**
 * @returns whether the graph alone tells that it is modest: every shape is followed, and neither the arrays for one jet nor
 *   the multiplications are many; only running can tell of others
 * @throws {JetError} LIMIT_EXCEEDED
 */
export function checkCost(graph: Graph): boolean {
  const cost = new Cost();
  cost.graph(graph, new Map(), 1);
  return cost.modest;
}

class Cost {
  /** in arrays that the file sets */
  private numbers = 0;
  private rounds = 0;
  private nodes = 0;
  /** inputs of all nodes */
  private reads = 0;
  /** in all arrays */
  private all = 0;
  private work = 0;
  private followed = true;

  get modest(): boolean {
    const few =
      this.nodes <= MOST_NODES && this.reads <= MOST_READS && this.all <= MOST_NUMBERS && this.work <= MOST_WORK;
    return this.followed && few;
  }

  graph(graph: Graph, outer: Values, repeats: number): void {
    const known = new Map(outer);
    for (const input of graph.inputs) setKnown(known, input.name, ofInput(input));
    for (const one of graph.initializers) known.set(one.name, ofConstant(one));
    for (const node of graph.nodes) this.node(node, known, repeats);
  }

  private node(node: Node, known: Map<string, Known>, repeats: number): void {
    const inputs = node.inputs.map((name) => known.get(name));
    const made = outputsOf(node, inputs);
    node.outputs.forEach((name, i) => {
      if (name === '') return;
      setKnown(known, name, made[i]);
      if (made[i] === undefined) this.followed = false;
    });
    this.nodes++;
    this.reads += node.inputs.length;
    if (made[0] !== undefined) this.count(node, inputs, made[0]);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.type === 'graphs' || attribute.type === 'other') this.followed = false;
      if (attribute.type !== 'graph') continue;
      this.followed = false;
      const rounds = node.opType === 'Loop' ? roundsOf(attribute.value, inputs) : 1;
      if (node.opType === 'Loop') this.loop(node, repeats * rounds);
      this.graph(attribute.value, known, repeats * rounds);
    }
  }

  private count(node: Node, inputs: readonly (Known | undefined)[], made: Known): void {
    const { work, meanwhile } = workOf(node, inputs, made);
    const size = sizeOf(made.shape);
    this.work += work;
    this.all += size + meanwhile;
    // what is no larger than an input costs no more than the file does
    const given = inputs.reduce((most, input) => Math.max(most, input ? sizeOf(input.shape) : 0), MOST_FOLLOWED);
    if (size <= given || FED.has(node.opType)) return;
    this.numbers += size;
    if (!(this.numbers <= MOST_NUMBERS))
      throw new JetError(
        'LIMIT_EXCEEDED',
        `node ${quoted(node.name || node.opType)}: an array of ${size} numbers, whatever the model is given; expected at most ${MOST_NUMBERS} in all such arrays`,
        { numbers: this.numbers, limit: MOST_NUMBERS },
      );
  }

  private loop(node: Node, rounds: number): void {
    this.rounds += rounds;
    if (this.rounds > MOST_ROUNDS)
      throw new JetError(
        'LIMIT_EXCEEDED',
        `node ${quoted(node.name || node.opType)}: a loop of ${rounds} rounds that nothing stops; expected at most ${MOST_ROUNDS} in all loops`,
        { rounds: this.rounds, limit: MOST_ROUNDS },
      );
  }
}

/** Layers, which large networks of honest people have: they are counted, and refused by nothing but a trial. */
const FED: ReadonlySet<string> = new Set(['Conv', 'ConvInteger', 'QLinearConv', 'Concat', 'Gemm', 'Gather']);

function setKnown(known: Map<string, Known>, name: string, value: Known | undefined): void {
  if (value === undefined) known.delete(name);
  else known.set(name, value);
}

/** How often a loop runs where its condition cannot stop it; 1 where it can. */
function roundsOf(body: Graph, [trips, condition]: readonly (Known | undefined)[]): number {
  const makers = new Map(body.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let name = body.outputs[0]?.name ?? '';
  let maker = makers.get(name);
  // at most as often as there are nodes: identities of each other would never end
  for (let left = body.nodes.length; left > 0 && maker?.opType === 'Identity'; left--) {
    [name] = maker.inputs;
    maker = makers.get(name);
  }
  const constant = body.initializers.find((one) => one.name === name);
  const fixed = constant ? ofConstant(constant) : maker && outputOf(maker, []);
  const passedOn = name === body.inputs[1]?.name;
  const endless = passedOn ? condition?.numbers?.[0] !== 0 : fixed?.numbers !== undefined && fixed.numbers[0] !== 0;
  if (!endless) return 1;
  return Math.max(1, trips?.numbers?.[0] ?? (trips === undefined ? Number.POSITIVE_INFINITY : 1));
}
