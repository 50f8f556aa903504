/** @file Places on a line: what is known at each is mixed linearly between two of them. */
import type { FormulaWriter } from '@jetsdk/jets';

export interface Nodes {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** The two nodes about a place, and the share of the second; the ends go on outside. */
export function between({ first, step, count }: Nodes, x: number): readonly [node: number, share: number] {
  const place = Math.min(count - 1, Math.max(0, (x - first) / step));
  const node = Math.min(count - 2, Math.floor(place));
  return [node, place - node];
}

/** The node that is next to a place. */
export function nearest(nodes: Nodes, x: number): number {
  const [node, share] = between(nodes, x);
  return share < 0.5 ? node : node + 1;
}

/** Writes the weight of each node, a triangle about it: (n, count). */
export function writeHats(write: FormulaWriter, x: number, { first, step, count }: Nodes): number {
  const { pair } = write;
  const [zero, one] = [write.constant([0]), write.constant([1])];
  const place = pair(
    'Min',
    pair('Max', pair('Div', pair('Sub', x, write.constant([first])), write.constant([step])), zero),
    write.constant([count - 1]),
  );
  const distance = pair('Sub', place, write.constant(Array.from({ length: count }, (_, i) => i)));
  const size = pair('Max', distance, pair('Sub', zero, distance));
  return pair('Max', zero, pair('Sub', one, size));
}
