import type { Graph, Node } from '../model.js';

/**
 * The same graph with its nodes in an order in which they can run: as they are where that is one. Nodes that wait for
 * each other come last.
 */
export function inOrder(graph: Graph): Graph {
  if (isOrdered(graph)) return graph;
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== '') makers.set(output, node);
  const waiting = new Map<Node, number>();
  const readers = new Map<Node, Node[]>();
  for (const node of graph.nodes) {
    const before = new Set([...valuesRead(node)].flatMap((value) => makers.get(value) ?? []));
    waiting.set(node, before.size);
    for (const maker of before) {
      const known = readers.get(maker);
      if (known === undefined) readers.set(maker, [node]);
      else known.push(node);
    }
  }
  const nodes = graph.nodes.filter((node) => waiting.get(node) === 0);
  for (const node of nodes)
    for (const reader of readers.get(node) ?? []) {
      const left = (waiting.get(reader) ?? 0) - 1;
      waiting.set(reader, left);
      if (left === 0) nodes.push(reader);
    }
  return { ...graph, nodes: [...nodes, ...graph.nodes.filter((node) => waiting.get(node) !== 0)] };
}

/** Names that a node reads, in graphs of its own too: those made inside are given with them. */
export function valuesRead(node: Node, found = new Set<string>()): ReadonlySet<string> {
  for (const input of node.inputs) found.add(input);
  for (const attribute of Object.values(node.attributes)) {
    const graphs = attribute.type === 'graph' ? [attribute.value] : attribute.type === 'graphs' ? attribute.value : [];
    for (const graph of graphs) {
      for (const inner of graph.nodes) valuesRead(inner, found);
      for (const { name } of graph.outputs) found.add(name);
    }
  }
  return found;
}

function isOrdered({ nodes }: Graph): boolean {
  const later = new Set<string>();
  for (const { outputs } of nodes) for (const output of outputs) if (output !== '') later.add(output);
  for (const node of nodes) {
    for (const value of valuesRead(node)) if (later.has(value)) return false;
    for (const output of node.outputs) later.delete(output);
  }
  return true;
}
