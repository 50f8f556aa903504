/** @file Cells as normal scores by their own distribution: how often each is lit at a place, and how much it then has. */
import { type FormulaWriter, JetError, normalQuantile } from '@jetsdk/jets';
import { whereCurve, writeCurve } from './curve.js';
import { between, type Nodes, nearest } from './nodes.js';

/**
 * A score s has the hazard h(s) = −ln P(a standard normal number is above s), and a cell whose share of dark rows is 1 − p
 * is lit where h reaches −ln p. What h has more than that is exponential with mean 1, whatever p is; at these excesses the
 * logarithm of a lit cell is known.
 */
const EXCESSES = [0, 0.003, 0.012, 0.04, 0.1, 0.2, 0.35, 0.55, 0.8, 1.1, 1.5, 2, 2.6, 3.4, 4.5, 6, 8];
/** h(s) = ln(1 + exp(SLOPE · s + CUBE · s³)) within 1.4e-4 in probability (Bowling et al., 2009) */
const [SLOPE, CUBE] = [1.5976, 0.07056];
/** largest score, and the hazards that a score is found of */
const FARTHEST = 6;
const [LEAST_HAZARD, MOST_HAZARD] = [1e-6, 14];
/** least rise of ln(cell) between two excesses, and over an excess of 1 where it is inverted */
const [RISE, FLATTEST] = [1e-4, 1e-3];
/** slope beyond the hottest cell that was seen, of the one below it */
const BEYOND = 0.6;
/** what a cell has that too few lit to tell, ln of its share */
const RARE = -9;
/** rows that have to light a cell for its own distribution, and what a cell counts that none lights */
const [LEAST_LIT, UNLIT] = [4, 0.02];

export interface CellTables {
  readonly nodes: Nodes;
  readonly cells: number;
  /** −ln of the share of rows that light a cell, (nodes, cells) */
  readonly dark: Float64Array;
  /** ln of what a lit cell is of the whole, at each excess, (excesses, nodes, cells) */
  readonly lit: Float64Array;
}

/** The score of a hazard: the one real root of a cubic. */
function scoreOf(hazard: number): number {
  const h = Math.min(MOST_HAZARD, Math.max(LEAST_HAZARD, hazard));
  const y = h + Math.log(-Math.expm1(-h));
  const p = SLOPE / CUBE;
  return 2 * Math.sqrt(p / 3) * Math.sinh(Math.asinh(((3 * y) / CUBE / (2 * p)) * Math.sqrt(3 / p)) / 3);
}

/** Rows of cells, and what each is a part of at which place. */
export interface CellRows {
  /** (rows, cells) ≥ 0, not modified */
  readonly data: Float32Array;
  /** (rows,) above 0 */
  readonly whole: Float64Array;
  /** (rows,) of the condition, such as ln E */
  readonly places: Float64Array;
}

/**
 * @param images numbers of the cells of each mirror image, which count as rows of their own
 * @param least rows at each node
 * @throws {JetError} BAD_DATASET for fewer
 */
export function fitCells(
  { data, whole, places }: CellRows,
  images: readonly Uint16Array[],
  nodes: Nodes,
  least: number,
): CellTables {
  const cells = images[0].length;
  const rows = Array.from({ length: nodes.count }, (): number[] => []);
  for (const [row, place] of places.entries()) rows[nearest(nodes, place)].push(row);
  const dark = new Float64Array(nodes.count * cells);
  const lit = new Float64Array(EXCESSES.length * nodes.count * cells);
  rows.forEach((near, node) => {
    if (near.length < least)
      throw new JetError(
        'BAD_DATASET',
        `code of a flow: ${near.length} examples at place ${node + 1} of ${nodes.count}; expected ${least} or more`,
        { examples: near.length },
      );
    const values = new Float64Array(near.length * images.length);
    for (let cell = 0; cell < cells; cell++) {
      let found = 0;
      for (const image of images)
        for (const row of near) {
          const value = data[row * cells + image[cell]];
          if (value > 0) values[found++] = Math.log(value / whole[row]);
        }
      dark[node * cells + cell] = -Math.log(Math.max(found, UNLIT) / values.length);
      const known = found < LEAST_LIT ? kin(data, whole, cell, cells) : values.subarray(0, found).sort();
      knotsOf(known).forEach((value, k) => {
        lit[(k * nodes.count + node) * cells + cell] = value;
      });
    }
  });
  return { nodes, cells, dark, lit };
}

/** What a cell has wherever it is lit, rising. */
function kin(data: Float32Array, whole: Float64Array, cell: number, cells: number): Float64Array {
  const values: number[] = [];
  for (let row = 0; row < whole.length; row++) {
    const value = data[row * cells + cell];
    if (value > 0) values.push(Math.log(value / whole[row]));
  }
  return Float64Array.from(values.length < LEAST_LIT ? EXCESSES.map((g) => RARE + 0.3 * g) : values).sort();
}

/** @param values rising, two or more @returns strictly rising */
function knotsOf(values: Float64Array): number[] {
  const count = values.length;
  const seen = Math.log(2 * count);
  const knots: number[] = [];
  EXCESSES.forEach((g, k) => {
    if (g > seen) {
      const [a, b] = [Math.max(0, k - 3), k - 1];
      const slope = (knots[b] - knots[a]) / (EXCESSES[b] - EXCESSES[a]);
      knots.push(knots[b] + BEYOND * slope * (g - EXCESSES[b]));
      return;
    }
    const rank = Math.min(count - 1, Math.max(0, -Math.expm1(-g) * count - 0.5));
    const low = Math.min(count - 2, Math.floor(rank));
    knots.push(values[low] + (rank - low) * (values[low + 1] - values[low]));
  });
  for (let k = 1; k < knots.length; k++) knots[k] = Math.max(knots[k], knots[k - 1] + RISE);
  return knots;
}

/** Scores below these are dark at a place. @param out (cells,) gets them */
export function thresholdsAt({ nodes, cells, dark }: CellTables, place: number, out: Float64Array): void {
  const [node, share] = between(nodes, place);
  for (let cell = 0; cell < cells; cell++) {
    const at = node * cells + cell;
    out[cell] = scoreOf((1 - share) * dark[at] + share * dark[at + cells]);
  }
}

/**
 * Scores of lit cells; those of dark ones are drawn evenly from below their threshold, as if cells did not go together.
 *
 * @param uniform numbers in (0, 1)
 * @returns (rows, cells)
 */
export function cellScores(
  { nodes, cells, dark, lit }: CellTables,
  { data, whole, places }: CellRows,
  uniform: () => number,
): Float32Array {
  const out = new Float32Array(data.length);
  const knots = new Float64Array(EXCESSES.length);
  for (let row = 0; row < whole.length; row++) {
    const [node, share] = between(nodes, places[row]);
    for (let cell = 0; cell < cells; cell++) {
      const value = data[row * cells + cell];
      const at = node * cells + cell;
      const hazard = (1 - share) * dark[at] + share * dark[at + cells];
      if (value > 0) {
        for (let k = 0; k < EXCESSES.length; k++) {
          const knot = k * nodes.count * cells + at;
          knots[k] = (1 - share) * lit[knot] + share * lit[knot + cells];
        }
        const excess = whereCurve(EXCESSES, knots, Math.log(value / whole[row]), FLATTEST);
        out[row * cells + cell] = scoreOf(hazard + Math.max(LEAST_HAZARD, excess));
      } else out[row * cells + cell] = Math.max(-FARTHEST, normalQuantile(uniform() * -Math.expm1(-hazard) || 1e-12));
    }
  }
  return out;
}

/** Writes the way back. @param hats (n, nodes) @param scores (n, cells) @returns (n, cells) shares of the whole */
export function writeCells(
  write: FormulaWriter,
  { cells, dark, lit }: CellTables,
  hats: number,
  scores: number,
): number {
  const { pair } = write;
  const number = (value: number): number => write.constant([value]);
  const cube = pair('Mul', scores, pair('Mul', scores, scores));
  const odds = write.exp(pair('Add', pair('Mul', scores, number(SLOPE)), pair('Mul', cube, number(CUBE))));
  const hazard = write.log(pair('Add', odds, number(1)));
  const excess = pair('Sub', hazard, write.multiply(hats, write.constant(dark, cells)));
  const value = writeCurve(write, { knots: EXCESSES, values: lit, columns: cells }, hats, excess);
  return pair('Mul', write.exp(pair('Min', value, number(0))), pair('GreaterOrEqual', excess, number(0)));
}
