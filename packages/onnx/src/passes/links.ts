/** @file Who makes and who reads each value of a graph. */
import type { Graph, Initializer, Node } from '../model.js';

/** A rewriting of a graph that changes none of its outputs but by rounding. */
export type Pass = (graph: Graph) => Graph;

export class Links {
  readonly graph: Graph;
  private readonly makers = new Map<string, Node>();
  private readonly readers = new Map<string, Node[]>();
  private readonly constants: ReadonlyMap<string, Initializer>;
  private readonly shapes: ReadonlyMap<string, readonly (number | string)[]>;
  private readonly outputs: ReadonlySet<string>;

  constructor(graph: Graph) {
    this.graph = graph;
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.makers.set(output, node);
      for (const input of new Set(node.inputs)) {
        const same = this.readers.get(input) ?? [];
        same.push(node);
        this.readers.set(input, same);
      }
    }
    const replaceable = new Set(graph.inputs.map(({ name }) => name));
    this.constants = new Map(
      graph.initializers.filter(({ name }) => !replaceable.has(name)).map((constant) => [constant.name, constant]),
    );
    this.shapes = new Map(
      [...graph.inputs, ...graph.outputs, ...graph.values].flatMap(({ name, shape }) =>
        shape === undefined ? [] : [[name, shape] as const],
      ),
    );
    this.outputs = new Set(graph.outputs.map(({ name }) => name));
  }

  maker(value: string): Node | undefined {
    return this.makers.get(value);
  }

  /** What no caller can replace by an input. */
  constant(value: string | undefined): Initializer | undefined {
    return value === undefined ? undefined : this.constants.get(value);
  }

  /** With the batch axis first. */
  shape(value: string): readonly (number | string)[] | undefined {
    return this.shapes.get(value) ?? this.constants.get(value)?.dims;
  }

  isOutput(value: string): boolean {
    return this.outputs.has(value);
  }

  /** The one node that reads a value, where there is exactly one and the value is no output of the graph. */
  onlyReader(value: string): Node | undefined {
    const readers = this.readers.get(value) ?? [];
    return readers.length === 1 && !this.outputs.has(value) ? readers[0] : undefined;
  }
}

/** A Gemm of x · W + b and nothing else, whose W is constant. */
export function isPlainGemm(node: Node | undefined, links: Links): node is Node {
  if (node?.opType !== 'Gemm' || links.constant(node.inputs[1]) === undefined) return false;
  const { transA, transB, alpha, beta } = node.attributes;
  return (
    [transA, transB].every((flag) => (flag?.value ?? 0) === 0) && [alpha, beta].every((one) => (one?.value ?? 1) === 1)
  );
}

/** Changes to a graph, made all at once. */
export class Rewrite {
  private readonly replaced = new Map<Node, readonly Node[]>();
  private readonly renamed = new Map<string, string>();
  private readonly reshaped = new Set<string>();
  private readonly added: Initializer[] = [];

  /** @param by nothing removes the node */
  replace(node: Node, ...by: readonly Node[]): void {
    this.replaced.set(node, by);
  }

  /** The type given for `value` holds no longer. */
  reshape(value: string): void {
    this.reshaped.add(value);
  }

  /** What reads `value` reads `instead`. */
  rename(value: string, instead: string): void {
    this.renamed.set(value, instead);
  }

  constant(constant: Initializer): string {
    this.added.push(constant);
    return constant.name;
  }

  get empty(): boolean {
    return this.replaced.size === 0 && this.renamed.size === 0;
  }

  apply(graph: Graph): Graph {
    if (this.empty) return graph;
    const name = (value: string): string => {
      let found = value;
      for (let next = this.renamed.get(found); next !== undefined; next = this.renamed.get(found)) found = next;
      return found;
    };
    const nodes = graph.nodes
      .flatMap((node) => this.replaced.get(node) ?? [node])
      .map((node) =>
        node.inputs.some((input) => this.renamed.has(input)) ? { ...node, inputs: node.inputs.map(name) } : node,
      );
    const made = new Set(nodes.flatMap(({ outputs }) => outputs));
    const fresh = new Set(this.added.map((tensor) => tensor.name));
    return {
      ...graph,
      nodes,
      initializers: [...graph.initializers.filter((tensor) => !fresh.has(tensor.name)), ...this.added],
      values: graph.values.filter((value) => made.has(value.name) && !this.reshaped.has(value.name)),
    };
  }
}
