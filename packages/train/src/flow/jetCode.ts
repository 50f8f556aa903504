/** @file Jet images as numbers that are about normal, and back: what a flow of jets is trained on. */
import {
  type Formula,
  FormulaWriter,
  JetError,
  normalProbability,
  normalQuantile,
  random,
  type Tensor,
} from '@jetsdk/jets';
import { type CellTables, cellScores, fitCells, thresholdsAt, writeCells } from './cellScores.js';
import type { CodeOptions, FlowCode } from './flowCode.js';
import type { HiddenRows } from './hiddenScores.js';
import { type Mixture, whitened, writeMixture } from './mixture.js';
import type { Nodes } from './nodes.js';
import { fitTogether, redrawAll } from './together.js';

/** Images of jets of two classes, as LAGAN has them: the hardest subjet in the middle, the second one below it. */
export interface JetExamples {
  /** (jets, η, φ) GeV, ≥ 0, none of them empty */
  readonly image: Tensor;
  /** (jets,) 1 or 0 */
  readonly signal: Float32Array;
}

/** half of the sides of what is the first subjet's, and of what is the second's */
const REACH = 2;
/** share of the pT that makes a pixel a second subjet */
const LEAST_SHARE = 0.01;
/** zones of the second subjet: its place below the middle, nearer than this all one, and one for jets without */
const NEAREST = 2;
/** share of jets in which a pixel is lit, so that it is kept */
const KEPT = 0.0015;
/** jets of each zone of a class, at least */
const LEAST_JETS = 20;
/** times that hidden scores are drawn, and after that for what is trained on; jets that a Gaussian is found with */
const [ROUNDS, REDRAWN, MOST] = [6, 3, 4000];
/** GeV: what the simulation has less of in a pixel is nothing */
const LEAST_PIXEL = 0.05;
/** what goes before the pixels: zone, ln of the sum, log-odds of the second subjet's share, number of pixels */
const FIRST = 4;
/** the share of the second subjet is known to this */
const TINY = 1e-3;
const BEYOND_ALL = 1e6;
const FARTHEST = 5;

/** What places mean: a zone of a class; and groups of them that share correlations: of each class none, far, near. */
interface Geometry {
  readonly height: number;
  readonly width: number;
  readonly zones: number;
  /** numbers of the pixels that are kept */
  readonly kept: Uint16Array;
}

/** Jets as rows of pixels. */
interface JetRows {
  /** (jets, kept pixels) GeV */
  readonly data: Float32Array;
  readonly whole: Float64Array;
  /** (jets,) zone + zones · class */
  readonly places: Float64Array;
  readonly groups: Float64Array;
  /** (jets, 3) the numbers behind the zone */
  readonly raw: Float64Array;
}

/** What is known of the numbers in front, by place. */
interface FirstTables {
  /** scores from which on the zone is above each but the last, one list per class */
  readonly steps: readonly Float64Array[];
  /** (places, 3) */
  readonly mean: Float64Array;
  readonly spread: Float64Array;
}

/**
 * Learns the code of jet images.
 *
 * Two parts. First the zone of the second subjet, how far below the first it lies or that there is none; the sum of all
 * pixels, the second subjet's share of it, and how many pixels are lit. Then the pixels, as the cells of showers: each a normal score by its own
 * distribution in jets of that class and zone, dark below the score from which on it is lit, decorrelated given the first part.
 * At the end the pixels about the second subjet and the others are scaled to their shares.
 *
 * @param jets not modified
 * @throws {JetError} SHAPE_MISMATCH; OUT_OF_RANGE for pixels below 0 or classes that are none; BAD_DATASET for empty
 *   images or too few of a class and zone; CANCELLED
 */
export async function fitJetCode(jets: JetExamples, options: CodeOptions): Promise<FlowCode<JetExamples>> {
  const geometry = geometryOf(jets);
  const { zones, kept } = geometry;
  const rows = rowsOf(jets, geometry);
  const nodes: Nodes = { first: 0, step: 1, count: 2 * zones };
  const { uniform, normal } = random(options.seed);
  const tables = fitCells(rows, [Uint16Array.from(kept.keys())], nodes, LEAST_JETS);
  const firstTables = fitFirst(rows, zones);
  const together = await fitTogether(
    hiddenRows(rows, tables, firstNumbers(rows, firstTables, zones, normal, uniform), uniform),
    rows.groups,
    {
      ...options,
      nodes: { first: 0, step: 1, count: 6 },
      images: [kept.map((_, i) => i)],
      rounds: ROUNDS,
      most: MOST,
      uniform,
    },
  );
  return {
    conditions: [{ name: 'signal', range: [0, 1], whole: true }],
    parts: [FIRST, kept.length],
    features: featuresOf(),
    decode: decoder(geometry, firstTables, tables, together.mixture),
    async encode(given, { seed, onProgress, signal }) {
      const theirs = rowsOf(given, geometry);
      const drawn = random(seed);
      const first = firstNumbers(theirs, firstTables, zones, drawn.normal, drawn.uniform);
      const hidden = hiddenRows(theirs, tables, first, drawn.uniform);
      await redrawAll(hidden, theirs.groups, together, { rounds: REDRAWN, uniform: drawn.uniform, onProgress, signal });
      const count = given.signal.length;
      return {
        parts: [
          { shape: [count, FIRST], data: first },
          { shape: [count, kept.length], data: whitened(together.mixture, first, hidden.scores, theirs.groups) },
        ],
        features: { shape: [count, 1], data: given.signal.map((one) => 2 * one - 1) },
      };
    },
  };
}

function geometryOf(jets: JetExamples): Geometry {
  const [count, height, width] = requireJets(jets);
  const size = height * width;
  const lit = new Uint32Array(size);
  jets.image.data.forEach((pixel, i) => {
    if (pixel > 0) lit[i % size]++;
  });
  const kept = Uint16Array.from({ length: size }, (_, i) => i).filter((i) => lit[i] > KEPT * count);
  const middle = (width - 1) / 2;
  const zones = Math.floor(middle - REACH - 1) - NEAREST + 2;
  if (zones < 2)
    throw new JetError('SHAPE_MISMATCH', `jets: images of ${height} × ${width}; expected 15 × 15 or more`, {
      height,
      width,
    });
  return { height, width, zones, kept };
}

function requireJets({ image: { shape, data }, signal }: JetExamples): readonly [number, number, number] {
  const [count, height, width] = shape;
  if (shape.length !== 3 || signal.length !== count || data.length !== count * height * width || height * width > 65535)
    throw new JetError(
      'SHAPE_MISMATCH',
      `jets: images of shape (${shape.join(', ')}), ${signal.length} classes; expected (jets, η, φ), one class each`,
      { shape, classes: signal.length },
    );
  for (let i = 0; i < data.length; i++)
    if (!(data[i] >= 0 && data[i] < Infinity))
      throw new JetError('OUT_OF_RANGE', `jets: pixel ${i} is ${data[i]}; expected a finite pT of 0 or more`, {
        pixel: i,
      });
  const bad = signal.findIndex((one) => one !== 0 && one !== 1);
  if (bad >= 0)
    throw new JetError('OUT_OF_RANGE', `jets: class of jet ${bad} is ${signal[bad]}; expected 0 or 1`, { jet: bad });
  return [count, height, width];
}

/** The column of φ that the second subjet of a zone has; the last zone has none. */
const columnOf = (zone: number): number => zone + NEAREST;

/** Whether a pixel is the second subjet's, in a zone. */
function isSecond(pixel: number, zone: number, { height, width, zones }: Geometry): boolean {
  if (zone === zones - 1) return false;
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  return Math.abs(row - (height - 1) / 2) <= REACH && Math.abs(column - columnOf(zone)) <= REACH;
}

function rowsOf(jets: JetExamples, geometry: Geometry): JetRows {
  const [count, height, width] = requireJets(jets);
  if (height !== geometry.height || width !== geometry.width)
    throw new JetError(
      'SHAPE_MISMATCH',
      `jets: images of ${height} × ${width}; expected ${geometry.height} × ${geometry.width}`,
      { height, width },
    );
  const { kept, zones } = geometry;
  const size = height * width;
  const [data, raw] = [new Float32Array(count * kept.length), new Float64Array(3 * count)];
  const [whole, places, groups] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  for (let jet = 0; jet < count; jet++) {
    const image = jets.image.data.subarray(jet * size, (jet + 1) * size);
    const zone = zoneOf(image, geometry);
    let [sum, second, lit] = [0, 0, 0];
    kept.forEach((pixel, i) => {
      const value = image[pixel];
      data[jet * kept.length + i] = value;
      sum += value;
      if (value > 0) lit++;
      if (isSecond(pixel, zone, geometry)) second += value;
    });
    if (sum === 0) throw new JetError('BAD_DATASET', `jets: image ${jet} is empty; leave it out`, { jet });
    const share = second / sum;
    whole[jet] = sum;
    places[jet] = zone + zones * jets.signal[jet];
    groups[jet] = groupOf(places[jet], zones);
    raw.set([Math.log(sum), Math.log((share + TINY) / (1 - share + TINY)), lit], 3 * jet);
  }
  return { data, whole, places, groups, raw };
}

/** Where the brightest pixel away from the middle is. */
function zoneOf(image: Float32Array, { height, width, zones }: Geometry): number {
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  let [best, most, sum] = [-1, 0, 0];
  for (let i = 0; i < image.length; i++) {
    sum += image[i];
    const near = Math.abs(Math.floor(i / width) - middleRow) <= REACH && Math.abs((i % width) - middleColumn) <= REACH;
    if (!near && image[i] > most) [best, most] = [i, image[i]];
  }
  const column = best % width;
  const below = Math.abs(Math.floor(best / width) - middleRow) <= REACH && column < middleColumn - REACH;
  if (best < 0 || !below || most <= LEAST_SHARE * sum) return zones - 1;
  return Math.max(0, Math.min(zones - 2, column - NEAREST));
}

/** Of each class: no second subjet, one that is near, one that is far. */
function groupOf(place: number, zones: number): number {
  const zone = place % zones;
  const group = zone === zones - 1 ? 0 : 2 * zone >= zones ? 1 : 2;
  return group + 3 * Math.floor(place / zones);
}

function fitFirst({ places, raw }: JetRows, zones: number): FirstTables {
  const count = 2 * zones;
  const jets = new Float64Array(count);
  const [mean, spread] = [new Float64Array(3 * count), new Float64Array(3 * count)];
  for (const [jet, place] of places.entries()) {
    jets[place]++;
    for (let k = 0; k < 3; k++) mean[3 * place + k] += raw[3 * jet + k];
  }
  for (let i = 0; i < mean.length; i++) mean[i] /= jets[Math.floor(i / 3)];
  for (const [jet, place] of places.entries())
    for (let k = 0; k < 3; k++) spread[3 * place + k] += (raw[3 * jet + k] - mean[3 * place + k]) ** 2;
  for (let i = 0; i < spread.length; i++) spread[i] = Math.sqrt(spread[i] / jets[Math.floor(i / 3)]) + 1e-3;
  const steps = [0, 1].map((which) => {
    const own = jets.subarray(which * zones, (which + 1) * zones);
    const all = own.reduce((a, b) => a + b);
    let below = 0;
    return Float64Array.from({ length: zones - 1 }, (_, zone) => {
      below += own[zone];
      return normalQuantile(below / all);
    });
  });
  return { steps, mean, spread };
}

/** (jets, 4): a score in the step of the zone, then the numbers in units of their spread; of no second subjet a draw. */
function firstNumbers(
  { places, raw }: JetRows,
  { steps, mean, spread }: FirstTables,
  zones: number,
  normal: () => number,
  uniform: () => number,
): Float32Array {
  const out = new Float32Array(places.length * FIRST);
  for (const [jet, place] of places.entries()) {
    const zone = place % zones;
    const edges = steps[Math.floor(place / zones)];
    const below = zone === 0 ? 0 : normalProbability(edges[zone - 1]);
    const above = zone === zones - 1 ? 1 : normalProbability(edges[zone]);
    const within = Math.min(1 - 1e-7, Math.max(1e-7, below + uniform() * (above - below)));
    out[FIRST * jet] = normalQuantile(within);
    for (let k = 0; k < 3; k++) {
      const score = (raw[3 * jet + k] - mean[3 * place + k]) / spread[3 * place + k];
      const none = k === 1 && zone === zones - 1;
      out[FIRST * jet + 1 + k] = none ? normal() : Math.max(-FARTHEST, Math.min(score, FARTHEST));
    }
  }
  return out;
}

function hiddenRows(rows: JetRows, tables: CellTables, first: Float32Array, uniform: () => number): HiddenRows {
  const { cells } = tables;
  return {
    columns: cells,
    first,
    scores: cellScores(tables, rows, uniform),
    isHidden: (row, cell) => rows.data[row * cells + cell] === 0,
    thresholds: (row, out) => {
      thresholdsAt(tables, rows.places[row], out);
    },
  };
}

function featuresOf(): Formula {
  const write = new FormulaWriter();
  const signal = write.input('signal', 1);
  write.output('features', write.pair('Sub', write.pair('Add', signal, signal), write.constant([1])), [1]);
  return write.finish();
}

function decoder(
  geometry: Geometry,
  { steps, mean, spread }: FirstTables,
  tables: CellTables,
  mixture: Mixture,
): Formula {
  const { height, width, zones, kept } = geometry;
  const write = new FormulaWriter();
  const { pair } = write;
  const number = (value: number): number => write.constant([value]);
  const [zero, one] = [number(0), number(1)];
  const [first, z, signal] = [
    write.input('part_0', FIRST),
    write.input('part_1', kept.length),
    write.input('signal', 1),
  ];
  const classes = write.concat(pair('Sub', one, signal), signal);

  // 1 at the place, 0 elsewhere
  const score = write.slice(first, 0, 1);
  const reaches = (edges: (of: Float64Array) => readonly number[]): number =>
    pair('GreaterOrEqual', score, write.multiply(classes, write.constant(steps.flatMap(edges), zones)));
  const inZone = pair(
    'Sub',
    reaches((of) => [-BEYOND_ALL, ...of]),
    reaches((of) => [...of, BEYOND_ALL]),
  );
  const places = write.concat(...[0, 1].map((which) => pair('Mul', inZone, write.slice(classes, which, which + 1))));
  const count = 2 * zones;
  const byPlace = (of: (place: number, column: number) => number, columns: number): number =>
    write.multiply(
      places,
      write.constant(
        Float64Array.from({ length: count * columns }, (_, i) => of(Math.floor(i / columns), i % columns)),
        columns,
      ),
    );

  const raw = pair(
    'Add',
    pair(
      'Mul',
      write.slice(first, 1, FIRST),
      byPlace((place, k) => spread[3 * place + k], 3),
    ),
    byPlace((place, k) => mean[3 * place + k], 3),
  );
  const sum = write.exp(write.slice(raw, 0, 1));
  const odds = write.exp(write.slice(raw, 1, 2));
  const share = pair(
    'Min',
    one,
    pair(
      'Max',
      zero,
      pair('Div', pair('Sub', pair('Mul', odds, number(1 + TINY)), number(TINY)), pair('Add', odds, one)),
    ),
  );

  const groups = byPlace((place, group) => (groupOf(place, zones) === group ? 1 : 0), mixture.gaussians.length);
  const pixels = writeCells(write, tables, places, writeMixture(write, mixture, groups, first, z));
  const second = byPlace((place, i) => (isSecond(kept[i], place % zones, geometry) ? 1 : 0), kept.length);
  const [inSecond, inFirst] = [pair('Mul', pixels, second), pair('Mul', pixels, pair('Sub', one, second))];
  const [sumSecond, sumFirst] = [write.sum(inSecond), write.sum(inFirst)];
  const least = number(1e-9);
  const there = pair('Mul', share, pair('GreaterOrEqual', sumSecond, least));
  const scaled = (part: number, of: number, to: number): number =>
    pair('Mul', part, pair('Mul', sum, pair('Div', to, pair('Max', of, least))));
  const all = pair('Add', scaled(inSecond, sumSecond, there), scaled(inFirst, sumFirst, pair('Sub', one, there)));
  const seen = pair('Mul', all, pair('GreaterOrEqual', all, number(LEAST_PIXEL)));
  const size = height * width;
  const scatter = new Float64Array(kept.length * size);
  kept.forEach((pixel, i) => {
    scatter[i * size + pixel] = 1;
  });
  write.output('image', write.multiply(seen, write.constant(scatter, size)), [height, width]);
  return write.finish();
}
