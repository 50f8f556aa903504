/** @file Showers as numbers that are about normal, and back: what a flow of showers is trained on. */
import { type Formula, FormulaWriter, random } from '@jetsdk/jets';
import { type CellRows, type CellTables, cellScores, fitCells, thresholdsAt, writeCells } from './cellScores.js';
import type { CodeOptions, FlowCode } from './flowCode.js';
import type { HiddenRows } from './hiddenScores.js';
import { type EnergyTrend, energyNumbers, fitEnergies, LAYERS, writeEnergies } from './layerEnergies.js';
import { type Mixture, whitened, writeMixture } from './mixture.js';
import { type Nodes, writeHats } from './nodes.js';
import { cellsOf, type Geometry, geometryOf, layerSums, mirrored, type Showers } from './showerGeometry.js';
import { fitTogether, redrawAll } from './together.js';

/** places in ln E for the distributions of cells, and for what goes together */
const BINS = 8;
const BLOCKS = 3;
/** times that the hidden scores are drawn while their correlations are found, and after that for what is trained on */
const ROUNDS = 10;
const REDRAWN = 4;
/** showers that a correlation is found with, at most; each counts four times, mirrored */
const CORRELATED = 5000;
/** showers at an energy, at least */
const LEAST_SHOWERS = 50;
/** MeV: what the simulation has less of in a cell is nothing */
const LEAST_CELL = 1e-3;
/** centre and width of ln E and of E/GeV as the network is told of them */
const TOLD = [
  [3.6, 1],
  [50, 29],
] as const;

/**
 * Learns the code of showers with three layers.
 *
 * Two parts: the energy that is lost and the shares of the layers (3), then the cells. A cell is a normal score by its own
 * distribution at that energy, where a cell without energy lies somewhere below the score from which on it is lit; the
 * scores are decorrelated, given the first part. Where below is drawn given all other cells of the shower, again and
 * again with the correlations that follow. So noise alone, decoded, already has the distribution of every cell at every
 * energy and all correlations of two; a flow adds the rest.
 *
 * @param showers not modified; the detector must look the same from both sides in x and in y
 * @throws {JetError} SHAPE_MISMATCH; OUT_OF_RANGE for energies below 0 or not finite; BAD_DATASET for too few showers;
 *   CANCELLED
 */
export async function fitShowerCode(showers: Showers, options: CodeOptions): Promise<FlowCode<Showers>> {
  const geometry = geometryOf(showers);
  const data = cellsOf(showers, geometry);
  const { energy } = showers;
  const sorted = Float64Array.from(energy).sort();
  const nodes = (count: number, low: number, high: number): Nodes => {
    const [first, last] = [low, high].map((share) => Math.log(sorted[Math.floor(share * (sorted.length - 1))]));
    return { first, step: (last - first) / (count - 1), count };
  };
  const rows = cellRows(data, energy);
  const tables = fitCells(rows, geometry.images, nodes(BINS, 0.006, 0.95), LEAST_SHOWERS);
  const trend = fitEnergies(layerSums(data, geometry), energy);
  const { uniform } = random(options.seed);
  const together = await fitTogether(hiddenRows(rows, energy, geometry, tables, trend, uniform), rows.places, {
    ...options,
    nodes: nodes(BLOCKS, 0.03, 0.8),
    images: geometry.images,
    rounds: ROUNDS,
    most: CORRELATED,
    uniform,
  });
  const { mixture } = together;
  return {
    conditions: [
      {
        name: 'energy',
        unit: 'GeV',
        range: [Math.floor(sorted[0]), Math.ceil(sorted[sorted.length - 1])],
      },
    ],
    parts: [LAYERS, geometry.cells],
    features: featuresOf(),
    decode: decoder(trend, tables, mixture, geometry),
    async encode(given, { seed, onProgress, signal }) {
      const theirs = cellRows(cellsOf(given, geometryOf(given)), given.energy);
      const { places } = theirs;
      const drawn = random(seed).uniform;
      const hidden = hiddenRows(theirs, given.energy, geometry, tables, trend, drawn);
      await redrawAll(hidden, places, together, { rounds: REDRAWN, uniform: drawn, onProgress, signal });
      const images = geometry.images.length;
      const count = images * places.length;
      const firsts = repeated(hidden.first, images);
      const states = whitened(
        mixture,
        firsts,
        mirrored(hidden.scores, geometry),
        Float64Array.from({ length: count }, (_, i) => places[i % places.length]),
      );
      const told = Float32Array.from({ length: 2 * places.length }, (_, i) => {
        const row = i >> 1;
        const [centre, width] = TOLD[i % 2];
        return ((i % 2 === 0 ? places[row] : given.energy[row]) - centre) / width;
      });
      return {
        parts: [
          { shape: [count, LAYERS], data: firsts },
          { shape: [count, geometry.cells], data: states },
        ],
        features: { shape: [count, 2], data: repeated(told, images) },
      };
    },
  };
}

function cellRows(data: Float32Array, energy: Float32Array): CellRows {
  return {
    data,
    whole: Float64Array.from(energy, (one) => 1000 * one),
    places: Float64Array.from(energy, Math.log),
  };
}

function hiddenRows(
  rows: CellRows,
  energy: Float32Array,
  geometry: Geometry,
  tables: CellTables,
  trend: EnergyTrend,
  uniform: () => number,
): HiddenRows {
  const { cells } = geometry;
  return {
    columns: cells,
    first: energyNumbers(trend, layerSums(rows.data, geometry), energy),
    scores: cellScores(tables, rows, uniform),
    isHidden: (row, cell) => rows.data[row * cells + cell] === 0,
    thresholds: (row, out) => {
      thresholdsAt(tables, rows.places[row], out);
    },
  };
}

function repeated(values: Float32Array, times: number): Float32Array {
  const out = new Float32Array(times * values.length);
  for (let i = 0; i < times; i++) out.set(values, i * values.length);
  return out;
}

function featuresOf(): Formula {
  const write = new FormulaWriter();
  const energy = write.input('energy', 1);
  const scaled = (value: number, [centre, width]: readonly [number, number]): number =>
    write.pair('Div', write.pair('Sub', value, write.constant([centre])), write.constant([width]));
  write.output('features', write.concat(scaled(write.log(energy), TOLD[0]), scaled(energy, TOLD[1])), [2]);
  return write.finish();
}

function decoder(trend: EnergyTrend, tables: CellTables, mixture: Mixture, { shapes, starts }: Geometry): Formula {
  const write = new FormulaWriter();
  const { pair } = write;
  const [first, z, energy] = [
    write.input('part_0', LAYERS),
    write.input('part_1', mixture.columns),
    write.input('energy', 1),
  ];
  const ln = write.log(energy);
  const wanted = writeEnergies(write, trend, first, energy);
  const scores = writeMixture(write, mixture, writeHats(write, ln, mixture.nodes), first, z);
  const cells = writeCells(write, tables, writeHats(write, ln, tables.nodes), scores);
  const least = write.constant([LEAST_CELL]);
  shapes.forEach(([nx, ny], layer) => {
    const part = write.slice(cells, starts[layer], starts[layer + 1]);
    const factor = pair('Div', wanted[layer], pair('Max', write.sum(part), write.constant([1e-12])));
    const scaled = pair('Mul', part, factor);
    write.output(`layer_${layer}`, pair('Mul', scaled, pair('GreaterOrEqual', scaled, least)), [nx, ny]);
  });
  return write.finish();
}
