/** @file A small classifier: gradient-boosted trees on binned features. */
import type { Rows } from './sample.js';

export interface BoostOptions {
  /** default 100 */
  readonly trees?: number;
  /** default 4 */
  readonly depth?: number;
  /** default 0.1 */
  readonly learningRate?: number;
}

/** A trained classifier. */
export interface BoostedTrees {
  /** @returns (rows,) probability of label 1 */
  predict(rows: Rows): Float64Array;
}

const BINS = 64;
/** second derivatives that a leaf must have, and what is added to them */
const LEAST = 1;
const RIDGE = 1;

/** A complete binary tree: node i has the children 2i + 1 (value ≤ cut) and 2i + 2. */
interface Tree {
  readonly feature: Int32Array;
  readonly cut: Float64Array;
  /** of each node; a node without feature is a leaf */
  readonly value: Float64Array;
}

/**
 * Trains on the logistic loss with Newton's steps, deterministically.
 *
 * @param labels (rows,) 0 or 1, both present; not modified
 */
export function boostTrees(rows: Rows, labels: ArrayLike<number>, options: BoostOptions = {}): BoostedTrees {
  const { trees: count = 100, depth = 4, learningRate = 0.1 } = options;
  const edges = binEdges(rows);
  const binned = binnedRows(rows, edges);
  let ones = 0;
  for (let i = 0; i < rows.rows; i++) ones += labels[i];
  const start = Math.log(ones / (rows.rows - ones));
  const margin = new Float64Array(rows.rows).fill(start);
  const gradient = new Float64Array(rows.rows);
  const curvature = new Float64Array(rows.rows);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    for (let i = 0; i < rows.rows; i++) {
      const p = 1 / (1 + Math.exp(-margin[i]));
      gradient[i] = labels[i] - p;
      curvature[i] = p * (1 - p);
    }
    trees.push(growTree(binned, edges, rows.features, gradient, curvature, depth, learningRate, margin));
  }
  return {
    predict: (given) =>
      Float64Array.from({ length: given.rows }, (_, row) => {
        let sum = start;
        for (const tree of trees) sum += leafOf(tree, given, row);
        return 1 / (1 + Math.exp(-sum));
      }),
  };
}

/** For each feature the upper edges of its bins, at quantiles of the rows. */
function binEdges({ rows, features, data }: Rows): Float64Array[] {
  return Array.from({ length: features }, (_, feature) => {
    const column = Float64Array.from({ length: rows }, (__, row) => data[row * features + feature]).sort();
    const edges = Array.from({ length: BINS - 1 }, (__, b) => column[Math.floor(((b + 1) * rows) / BINS)]);
    return Float64Array.from([...new Set(edges)].filter((edge) => edge < column[rows - 1]));
  });
}

function binnedRows({ rows, features, data }: Rows, edges: readonly Float64Array[]): Uint8Array {
  const binned = new Uint8Array(rows * features);
  for (let at = 0; at < binned.length; at++) {
    const own = edges[at % features];
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (data[at] <= own[middle]) high = middle;
      else low = middle + 1;
    }
    binned[at] = low;
  }
  return binned;
}

/** Grows one tree level by level and moves the margins of the rows by it. */
function growTree(
  binned: Uint8Array,
  edges: readonly Float64Array[],
  features: number,
  gradient: Float64Array,
  curvature: Float64Array,
  depth: number,
  learningRate: number,
  margin: Float64Array,
): Tree {
  const nodes = 2 ** (depth + 1) - 1;
  const tree: Tree = {
    feature: new Int32Array(nodes).fill(-1),
    cut: new Float64Array(nodes),
    value: new Float64Array(nodes),
  };
  const bin = new Int32Array(nodes);
  const rows = gradient.length;
  const node = new Uint32Array(rows);
  for (let level = 0; level <= depth; level++) {
    const first = 2 ** level - 1;
    const width = 2 ** level;
    const g = new Float64Array(width * features * BINS);
    const h = new Float64Array(width * features * BINS);
    for (let row = 0; row < rows; row++) {
      if (node[row] < first) continue;
      const base = (node[row] - first) * features * BINS;
      for (let f = 0; f < features; f++) {
        const at = base + f * BINS + binned[row * features + f];
        g[at] += gradient[row];
        h[at] += curvature[row];
      }
    }
    for (let k = 0; k < width; k++) {
      const base = k * features * BINS;
      let sumG = 0;
      let sumH = 0;
      for (let b = 0; b < BINS; b++) {
        sumG += g[base + b];
        sumH += h[base + b];
      }
      tree.value[first + k] = (learningRate * sumG) / (sumH + RIDGE);
      if (level === depth || sumH < 2 * LEAST) continue;
      let best = 1e-9;
      for (let f = 0; f < features; f++) {
        let leftG = 0;
        let leftH = 0;
        for (let b = 0; b < edges[f].length; b++) {
          leftG += g[base + f * BINS + b];
          leftH += h[base + f * BINS + b];
          const rightH = sumH - leftH;
          if (leftH < LEAST || rightH < LEAST) continue;
          const gain =
            leftG ** 2 / (leftH + RIDGE) + (sumG - leftG) ** 2 / (rightH + RIDGE) - sumG ** 2 / (sumH + RIDGE);
          if (gain <= best) continue;
          best = gain;
          tree.feature[first + k] = f;
          tree.cut[first + k] = edges[f][b];
          bin[first + k] = b;
        }
      }
    }
    for (let row = 0; row < rows; row++) {
      const at = node[row];
      if (at < first || tree.feature[at] < 0) continue;
      node[row] = 2 * at + (binned[row * features + tree.feature[at]] <= bin[at] ? 1 : 2);
    }
  }
  for (let row = 0; row < rows; row++) margin[row] += tree.value[node[row]];
  return tree;
}

function leafOf({ feature, cut, value }: Tree, { features, data }: Rows, row: number): number {
  let node = 0;
  while (feature[node] >= 0) node = 2 * node + (data[row * features + feature[node]] <= cut[node] ? 1 : 2);
  return value[node];
}
