/** @file Showers as numbers that are about normal, and back: what a flow of showers is trained on. */
import {
  type Condition,
  type Formula,
  FormulaWriter,
  JetError,
  normalProbability,
  normalQuantile,
  random,
  type Tensor,
} from '@jetsdk/jets';
import type { FlowExamples } from './fitFlow.js';
import { cholesky, forwardSolve, leastSquares, moments } from './linear.js';

/** Showers of a calorimeter in layers. */
export interface Showers {
  /** (showers, cells along x, cells along y) each, MeV, ≥ 0 */
  readonly layers: readonly Tensor[];
  /** (showers,) GeV */
  readonly energy: Float32Array;
}

/** How showers become states of a flow, and the formulas that go back. */
export interface ShowerCode {
  readonly conditions: readonly Condition[];
  readonly parts: readonly number[];
  readonly features: Formula;
  readonly decode: Formula;
  /** States of the showers and of their mirror images; `seed` decides where cells without energy lie. */
  encode(showers: Showers, seed: number): FlowExamples;
}

const LAYERS = 3;
/** MeV: what is added to a cell before its logarithm */
const FLOOR = 0.05;
const LOG_FLOOR = Math.log(FLOOR);
/** normal scores at which the distribution of a cell is known */
const KNOTS = [-3.2, -2.6, -2.1, -1.7, -1.35, -1, -0.7, -0.4, -0.1, 0.2, 0.5, 0.8, 1.1, 1.45, 1.8, 2.2, 2.7, 3.3];
/** bins of ln E for the distributions, and for the correlations */
const BINS = 8;
const BLOCKS = 3;
/** largest normal score */
const FAR = 5;
const STEEPEST = 40;
const FLATTEST = 1e-3;
/** rows that a correlation is found with, at most */
const CORRELATED = 12_000;
/** fractions of layers are known to this */
const [TINY_LEAK, TINY_FIRST, TINY_LAST] = [1e-5, 1e-4, 1e-5];

/** Places on a line; numbers between two of them are mixtures. */
interface Nodes {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/**
 * Learns the code of showers with three layers.
 *
 * Two parts: the energy that is lost and the shares of the layers (3), then the cells. A cell's logarithm is mapped to a
 * normal score by its own distribution at that energy, a cell without energy to anywhere below its threshold; the scores
 * are decorrelated, given the first part. So noise alone, decoded, already has the distribution of every cell at every
 * energy and all correlations of two; a flow adds the rest.
 *
 * @param showers not modified; the detector must look the same from both sides in x and in y
 * @throws {JetError} SHAPE_MISMATCH; OUT_OF_RANGE for energies below 0 or not finite; BAD_DATASET for too few showers
 */
export function fitShowerCode(showers: Showers): ShowerCode {
  const geometry = geometryOf(showers);
  const { cells, shapes } = geometry;
  const all = mirrored(showers, geometry);
  const logs = Float64Array.from(all.energy, Math.log);
  const sorted = Float64Array.from(showers.energy).sort();
  const at = (share: number): number => Math.log(sorted[Math.floor(share * (sorted.length - 1))]);
  const bins: Nodes = { first: at(0.006), step: (at(0.95) - at(0.006)) / (BINS - 1), count: BINS };
  const blocks: Nodes = { first: at(0.03), step: (at(0.8) - at(0.03)) / (BLOCKS - 1), count: BLOCKS };
  const tables = distributions(all.cells, logs, cells, bins);

  const raw = energyScores(all, geometry);
  const trend = Array.from({ length: LAYERS }, (_, k) => trendOf(raw, k, logs));
  const first = new Float64Array(raw.length);
  const spread = trend.map((coefficients, k) => {
    let squares = 0;
    for (let i = 0; i < logs.length; i++) {
      const rest = raw[LAYERS * i + k] - polynomial(coefficients, logs[i]);
      first[LAYERS * i + k] = rest;
      squares += rest * rest;
    }
    return Math.sqrt(squares / logs.length);
  });
  for (let i = 0; i < first.length; i++) first[i] /= spread[i % LAYERS];
  const scores = cellScores(all.cells, logs, cells, tables, bins, 1);
  const mixed = Array.from({ length: BLOCKS }, (_, b) => correlations(first, scores, logs, cells, blocks, b));

  const energies = [sorted[0], sorted[sorted.length - 1]] as const;
  const scales = { e: [3.6, 1] as const, linear: [50, 29] as const };
  return {
    conditions: [{ name: 'energy', unit: 'GeV', range: [Math.floor(energies[0]), Math.ceil(energies[1])] }],
    parts: [LAYERS, cells],
    features: featuresOf(scales),
    decode: decoder({ trend, spread, tables, bins, mixed, blocks, shapes, cells }),
    encode(given, seed) {
      const theirs = mirrored(given, geometryOf(given));
      const ln = Float64Array.from(theirs.energy, Math.log);
      const rows = ln.length;
      const energyParts = energyScores(theirs, geometry);
      const part0 = new Float32Array(rows * LAYERS);
      for (let i = 0; i < part0.length; i++)
        part0[i] = (energyParts[i] - polynomial(trend[i % LAYERS], ln[Math.floor(i / LAYERS)])) / spread[i % LAYERS];
      const part1 = whitened(part0, cellScores(theirs.cells, ln, cells, tables, bins, seed), ln, cells, mixed, blocks);
      const features = new Float32Array(rows * 2);
      for (let i = 0; i < rows; i++) {
        features[2 * i] = (ln[i] - scales.e[0]) / scales.e[1];
        features[2 * i + 1] = (theirs.energy[i] - scales.linear[0]) / scales.linear[1];
      }
      return {
        parts: [
          { shape: [rows, LAYERS], data: part0 },
          { shape: [rows, cells], data: part1 },
        ],
        features: { shape: [rows, 2], data: features },
      };
    },
  };
}

interface Geometry {
  readonly shapes: readonly (readonly [x: number, y: number])[];
  readonly cells: number;
  /** first cell of each layer, and the number of all */
  readonly starts: readonly number[];
}

function geometryOf({ layers, energy }: Showers): Geometry {
  const shapes = layers.map(({ shape }) => [shape[1], shape[2]] as const);
  const starts = [0];
  layers.forEach(({ shape, data }, number) => {
    if (shape.length !== 3 || shape[0] !== energy.length || data.length !== energy.length * shape[1] * shape[2])
      throw new JetError(
        'SHAPE_MISMATCH',
        `showers: layer ${number} of shape (${shape.join(', ')}), ${energy.length} energies; expected (${energy.length}, x, y)`,
        { layer: number, shape },
      );
    for (let i = 0; i < data.length; i++)
      if (!(data[i] >= 0 && data[i] < Infinity))
        throw new JetError(
          'OUT_OF_RANGE',
          `showers: cell ${i} of layer ${number} is ${data[i]}; expected a finite energy of 0 or more`,
          { layer: number, cell: i },
        );
    starts.push(starts[number] + shape[1] * shape[2]);
  });
  if (layers.length !== LAYERS)
    throw new JetError('SHAPE_MISMATCH', `showers: ${layers.length} layers; expected ${LAYERS}`, {
      layers: layers.length,
    });
  const bad = energy.findIndex((one) => !(one > 0 && one < Infinity));
  if (bad >= 0)
    throw new JetError('OUT_OF_RANGE', `showers: energy ${bad} is ${energy[bad]} GeV; expected a finite one above 0`, {
      shower: bad,
    });
  return { shapes, starts, cells: starts[LAYERS] };
}

/** Showers and their mirror images in x, y and both, one cell behind the other. */
interface Flat {
  readonly cells: Float32Array;
  readonly energy: Float32Array;
}

function mirrored({ layers, energy }: Showers, { shapes, starts, cells }: Geometry): Flat {
  const showers = energy.length;
  const out = new Float32Array(4 * showers * cells);
  for (let image = 0; image < 4; image++)
    shapes.forEach(([nx, ny], number) => {
      for (let shower = 0; shower < showers; shower++)
        for (let x = 0; x < nx; x++)
          for (let y = 0; y < ny; y++) {
            const from = (shower * nx + (image & 1 ? nx - 1 - x : x)) * ny + (image & 2 ? ny - 1 - y : y);
            out[(image * showers + shower) * cells + starts[number] + x * ny + y] = layers[number].data[from];
          }
    });
  const energies = new Float32Array(4 * showers);
  for (let image = 0; image < 4; image++) energies.set(energy, image * showers);
  return { cells: out, energy: energies };
}

/** (rows · 3,): ln of the share of energy that is not seen, log-odds of the first layer's share, ln of the last one's. */
function energyScores({ cells, energy }: Flat, { starts, cells: width }: Geometry): Float64Array {
  const out = new Float64Array(energy.length * LAYERS);
  const sums = new Float64Array(LAYERS);
  for (let row = 0; row < energy.length; row++) {
    for (let layer = 0; layer < LAYERS; layer++) {
      sums[layer] = 0;
      for (let cell = starts[layer]; cell < starts[layer + 1]; cell++) sums[layer] += cells[row * width + cell];
    }
    const total = sums[0] + sums[1] + sums[2];
    if (!(total > 0))
      throw new JetError('BAD_DATASET', `showers: shower ${row % (energy.length / 4)} is empty; leave it out`);
    const share = sums[0] / total;
    out[LAYERS * row] = Math.log(Math.max(TINY_LEAK, 1 - total / (1000 * energy[row])));
    out[LAYERS * row + 1] = Math.log((share + TINY_FIRST) / (1 - share + TINY_FIRST));
    out[LAYERS * row + 2] = Math.log(sums[2] / total + TINY_LAST);
  }
  return out;
}

const polynomial = (coefficients: ArrayLike<number>, x: number): number => {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
};

/** The mean as a cubic in ln E. */
function trendOf(raw: Float64Array, column: number, logs: Float64Array): Float64Array {
  const design = new Float64Array(4 * logs.length);
  const y = new Float64Array(logs.length);
  for (let i = 0; i < logs.length; i++) {
    for (let power = 0; power < 4; power++) design[4 * i + power] = logs[i] ** power;
    y[i] = raw[LAYERS * i + column];
  }
  return leastSquares(design, 4, y);
}

/** ln(cell + floor) at each knot, (knots × bins × cells); what lies below ln(floor) is no energy. */
function distributions(data: Float32Array, logs: Float64Array, cells: number, bins: Nodes): Float64Array {
  const tables = new Float64Array(KNOTS.length * bins.count * cells);
  for (let bin = 0; bin < bins.count; bin++) {
    const centre = bins.first + bin * bins.step;
    const rows: number[] = [];
    logs.forEach((e, row) => {
      const near = Math.abs(e - centre) < bins.step / 2;
      if (near || (bin === 0 && e < centre) || (bin === bins.count - 1 && e > centre)) rows.push(row);
    });
    if (rows.length < 200)
      throw new JetError(
        'BAD_DATASET',
        `showers: ${rows.length / 4} at energies about ${Math.exp(centre).toPrecision(3)} GeV; expected 50 or more`,
        { showers: rows.length / 4 },
      );
    const values = new Float64Array(rows.length);
    for (let cell = 0; cell < cells; cell++) {
      rows.forEach((row, i) => {
        values[i] = data[row * cells + cell];
      });
      values.sort();
      knotsOf(values).forEach((value, knot) => {
        tables[(knot * bins.count + bin) * cells + cell] = value;
      });
    }
  }
  return tables;
}

/** @param values of one cell in one bin, rising, MeV */
function knotsOf(values: Float64Array): number[] {
  let dark = 0;
  while (dark < values.length && values[dark] === 0) dark++;
  const quantile = (score: number): number => {
    const rank = Math.ceil(normalProbability(score) * values.length) - 1;
    return values[Math.max(0, Math.min(values.length - 1, rank))];
  };
  const share = Math.min(1 - 1e-4, Math.max(1e-4, dark / values.length));
  const threshold = normalQuantile(share);
  const lit = dark === 0 ? 0 : KNOTS.findIndex((score) => score >= threshold);
  if (lit < 0) return KNOTS.map((score) => LOG_FLOOR - 1 - 0.5 * (KNOTS[KNOTS.length - 1] - score));
  const knots = KNOTS.map((score) => Math.log(quantile(score) + FLOOR));
  if (dark > 0) {
    knots[lit] = Math.max(knots[lit], LOG_FLOOR + 0.05);
    const slope = Math.min((knots[lit] - LOG_FLOOR) / Math.max(KNOTS[lit] - threshold, 0.02), STEEPEST);
    for (let i = 0; i < lit; i++) knots[i] = LOG_FLOOR - slope * (threshold - KNOTS[i]) - 1e-3;
  }
  for (let i = 1; i < knots.length; i++) knots[i] = Math.max(knots[i], knots[i - 1]);
  return knots;
}

/** The two nodes about a place, and the share of the second. */
function between({ first, step, count }: Nodes, x: number): readonly [node: number, share: number] {
  const place = Math.min(count - 1, Math.max(0, (x - first) / step));
  const node = Math.min(count - 2, Math.floor(place));
  return [node, place - node];
}

/** Normal scores of the cells; cells without energy lie at random below their threshold. */
function cellScores(
  data: Float32Array,
  logs: Float64Array,
  cells: number,
  tables: Float64Array,
  bins: Nodes,
  seed: number,
): Float32Array {
  const { uniform } = random(seed);
  const out = new Float32Array(data.length);
  const knots = new Float64Array(KNOTS.length);
  for (let row = 0; row < logs.length; row++) {
    const [bin, share] = between(bins, logs[row]);
    for (let cell = 0; cell < cells; cell++) {
      for (let knot = 0; knot < KNOTS.length; knot++) {
        const at = (knot * bins.count + bin) * cells + cell;
        knots[knot] = (1 - share) * tables[at] + share * tables[at + cells];
      }
      const energy = data[row * cells + cell];
      const threshold = scoreOf(LOG_FLOOR, knots);
      out[row * cells + cell] =
        energy > 0
          ? Math.max(threshold, scoreOf(Math.log(energy + FLOOR), knots))
          : Math.max(-FAR, normalQuantile(Math.max(1e-9, uniform() * normalProbability(threshold))));
    }
  }
  return out;
}

/** The score at which a cell's line through its knots has a value. */
function scoreOf(value: number, knots: Float64Array): number {
  const slopeAt = (k: number): number => Math.max(FLATTEST, (knots[k + 1] - knots[k]) / (KNOTS[k + 1] - KNOTS[k]));
  let k = 0;
  while (k < KNOTS.length - 2 && value > knots[k + 1]) k++;
  const score = KNOTS[k] + (value - knots[k]) / slopeAt(k);
  return Math.max(-FAR, Math.min(score, FAR));
}

/** N(cells) = shift + first · byFirst + z · byCells of one block. */
interface Mixture {
  readonly shift: Float64Array;
  /** (3 × cells) */
  readonly byFirst: Float64Array;
  /** (cells × cells) lower triangle L; scores are L · z */
  readonly lower: Float64Array;
}

function correlations(
  first: Float64Array,
  scores: Float32Array,
  logs: Float64Array,
  cells: number,
  blocks: Nodes,
  block: number,
): Mixture {
  const size = LAYERS + cells;
  const near: number[] = [];
  logs.forEach((e, row) => {
    const [node, share] = between(blocks, e);
    if ((node === block && 1 - share > 0.3) || (node + 1 === block && share > 0.3)) near.push(row);
  });
  const every = Math.ceil(near.length / CORRELATED);
  const rows = near.filter((_, i) => i % every === 0);
  const values = new Float64Array(size);
  const { mean, covariance } = moments(rows, size, (row) => {
    for (let k = 0; k < LAYERS; k++) values[k] = first[LAYERS * row + k];
    for (let k = 0; k < cells; k++) values[LAYERS + k] = scores[row * cells + k];
    return values;
  });
  // few showers never lit a cell; its scores are noise
  for (let i = 0; i < size; i++) covariance[i * size + i] += 1e-4;
  const whole = cholesky(covariance, size);
  const lower = new Float64Array(cells * cells);
  const byFirst = new Float64Array(LAYERS * cells);
  const shift = mean.slice(LAYERS);
  const unit = new Float64Array(LAYERS);
  const corner = new Float64Array(LAYERS * LAYERS);
  for (let i = 0; i < LAYERS; i++) for (let j = 0; j <= i; j++) corner[i * LAYERS + j] = whole[i * size + j];
  for (let k = 0; k < LAYERS; k++) {
    unit.fill(0);
    unit[k] = 1;
    forwardSolve(corner, LAYERS, unit);
    for (let i = 0; i < cells; i++) {
      let slope = 0;
      for (let j = 0; j < LAYERS; j++) slope += whole[(LAYERS + i) * size + j] * unit[j];
      byFirst[k * cells + i] = slope;
      shift[i] -= slope * mean[k];
    }
  }
  for (let i = 0; i < cells; i++)
    for (let j = 0; j <= i; j++) lower[i * cells + j] = whole[(LAYERS + i) * size + LAYERS + j];
  return { shift, byFirst, lower };
}

function whitened(
  first: Float32Array,
  scores: Float32Array,
  logs: Float64Array,
  cells: number,
  mixed: readonly Mixture[],
  blocks: Nodes,
): Float32Array {
  const out = new Float32Array(scores.length);
  const lower = new Float64Array(cells * cells);
  const rest = new Float64Array(cells);
  const order = Uint32Array.from(logs.keys()).sort((a, b) => logs[a] - logs[b]);
  let made = Number.NaN;
  for (const row of order) {
    const [node, share] = between(blocks, logs[row]);
    const [a, b] = [mixed[node], mixed[node + 1]];
    // rows of the same energy, such as mirror images, share the mixture
    if (made !== node + share)
      for (let i = 0; i < lower.length; i++) lower[i] = (1 - share) * a.lower[i] + share * b.lower[i];
    made = node + share;
    for (let i = 0; i < cells; i++) {
      const mix = (of: (one: Mixture) => number): number => (1 - share) * of(a) + share * of(b);
      rest[i] = scores[row * cells + i] - mix(({ shift }) => shift[i]);
      for (let k = 0; k < LAYERS; k++)
        rest[i] -= first[LAYERS * row + k] * mix(({ byFirst }) => byFirst[k * cells + i]);
    }
    forwardSolve(lower, cells, rest);
    for (let i = 0; i < cells; i++) out[row * cells + i] = Math.max(-2 * FAR, Math.min(rest[i], 2 * FAR));
  }
  return out;
}

function featuresOf({ e, linear }: { e: readonly [number, number]; linear: readonly [number, number] }): Formula {
  const write = new FormulaWriter();
  const energy = write.input('energy', 1);
  const scaled = (value: number, [centre, width]: readonly [number, number]): number =>
    write.pair('Div', write.pair('Sub', value, write.constant([centre])), write.constant([width]));
  write.output('features', write.concat(scaled(write.log(energy), e), scaled(energy, linear)), [2]);
  return write.finish();
}

interface Decoder {
  readonly trend: readonly Float64Array[];
  readonly spread: readonly number[];
  readonly tables: Float64Array;
  readonly bins: Nodes;
  readonly mixed: readonly Mixture[];
  readonly blocks: Nodes;
  readonly shapes: Geometry['shapes'];
  readonly cells: number;
}

function decoder({ trend, spread, tables, bins, mixed, blocks, shapes, cells }: Decoder): Formula {
  const write = new FormulaWriter();
  const { pair } = write;
  const number = (value: number): number => write.constant([value]);
  const [first, z, energy] = [write.input('part_0', LAYERS), write.input('part_1', cells), write.input('energy', 1)];
  const ln = write.log(energy);
  const [zero, one] = [number(0), number(1)];

  // energies of the layers, MeV
  const ofPower = (power: number): number => write.constant(trend.map((coefficients) => coefficients[power]));
  let raw = pair('Add', pair('Mul', first, write.constant(spread)), ofPower(0));
  for (let power = 1, x = ln; power < 4; power++, x = pair('Mul', x, ln))
    raw = pair('Add', raw, pair('Mul', x, ofPower(power)));
  const column = (k: number): number => write.exp(write.slice(raw, k, k + 1));
  const seen = pair('Mul', pair('Mul', energy, number(1000)), pair('Max', zero, pair('Sub', one, column(0))));
  const odds = column(1);
  const share0 = pair(
    'Max',
    zero,
    pair('Div', pair('Sub', pair('Mul', odds, number(1 + TINY_FIRST)), number(TINY_FIRST)), pair('Add', odds, one)),
  );
  const share2 = pair('Max', zero, pair('Sub', column(2), number(TINY_LAST)));
  const share1 = pair('Max', zero, pair('Sub', pair('Sub', one, share0), share2));
  const wanted = [share0, share1, share2].map((share) => pair('Mul', share, seen));

  // scores of the cells
  const inBlocks = hats(write, ln, blocks);
  let scores = write.multiply(
    inBlocks,
    write.constant(
      mixed.flatMap(({ shift }) => Array.from(shift)),
      cells,
    ),
  );
  mixed.forEach(({ byFirst, lower }, block) => {
    const transposed = new Float64Array(cells * cells);
    for (let i = 0; i < cells; i++) for (let j = 0; j <= i; j++) transposed[j * cells + i] = lower[i * cells + j];
    const mixture = pair(
      'Add',
      write.multiply(first, write.constant(byFirst, cells)),
      write.multiply(z, write.constant(transposed, cells)),
    );
    scores = pair('Add', scores, pair('Mul', write.slice(inBlocks, block, block + 1), mixture));
  });

  // scores to ln(MeV), a line through the knots that bends at each of them
  const inBins = hats(write, ln, bins);
  const slope = (knot: number): Float64Array => {
    const size = bins.count * cells;
    return Float64Array.from(
      { length: size },
      (_, i) => (tables[(knot + 1) * size + i] - tables[knot * size + i]) / (KNOTS[knot + 1] - KNOTS[knot]),
    );
  };
  const slopes = KNOTS.slice(1).map((_, knot) => slope(knot));
  const size = bins.count * cells;
  let value = pair(
    'Add',
    write.multiply(inBins, write.constant(tables.subarray(0, size), cells)),
    pair('Mul', pair('Sub', scores, number(KNOTS[0])), write.multiply(inBins, write.constant(slopes[0], cells))),
  );
  for (let knot = 1; knot < slopes.length; knot++) {
    const bend = slopes[knot].map((after, i) => after - slopes[knot - 1][i]);
    value = pair(
      'Add',
      value,
      pair(
        'Mul',
        pair('Max', zero, pair('Sub', scores, number(KNOTS[knot]))),
        write.multiply(inBins, write.constant(bend, cells)),
      ),
    );
  }
  const energies = pair('Max', zero, pair('Sub', write.exp(pair('Min', value, number(12))), number(FLOOR)));
  let start = 0;
  shapes.forEach(([nx, ny], layer) => {
    const part = write.slice(energies, start, start + nx * ny);
    start += nx * ny;
    const factor = pair('Div', wanted[layer], pair('Max', write.sum(part), number(1e-6)));
    write.output(`layer_${layer}`, pair('Mul', part, factor), [nx, ny]);
  });
  return write.finish();
}

/** (n, count): the weight of each node, a triangle about it. */
function hats(write: FormulaWriter, x: number, { first, step, count }: Nodes): number {
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
