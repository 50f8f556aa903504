/** @file What is measured of calorimeter showers: energies, depth, widths, as in the analysis of CaloGAN. */
import { JetError } from './errors.js';
import { quoted } from './quoted.js';

/** One layer of many showers. */
export interface ShowerLayer {
  /** showers, cells along x, cells along y */
  readonly shape: readonly [showers: number, x: number, y: number];
  /** row-major, ≥ 0, any unit of energy */
  readonly data: ArrayLike<number>;
  /** sides of a cell in mm */
  readonly cell: readonly [x: number, y: number];
}

/** Cells of the three layers of CaloGAN's calorimeter, in mm. */
export const CALOGAN_CELLS: readonly (readonly [x: number, y: number])[] = [
  [160, 5],
  [40, 40],
  [40, 80],
];

/** (showers,) each */
export interface LayerObservables {
  /** in the unit of the cells */
  readonly energy: Float64Array;
  /** of all layers; 0 for an empty shower */
  readonly fraction: Float64Array;
  /** standard deviation of the energy along x and along y, mm; 0 for an empty layer */
  readonly widthX: Float64Array;
  readonly widthY: Float64Array;
  /** fraction of cells above 0 */
  readonly sparsity: Float64Array;
  /** (hottest − second) / (hottest + second) cell; 0 for an empty layer */
  readonly energyRatio: Float64Array;
}

/** (showers,) each */
export interface ShowerObservables {
  readonly layers: readonly LayerObservables[];
  readonly total: Float64Array;
  /** mean number of the layer, weighted with energy; 0 for an empty shower */
  readonly depth: Float64Array;
  /** its standard deviation */
  readonly depthWidth: Float64Array;
  /** number of the last layer with energy; 0 for an empty shower */
  readonly deepest: Uint8Array;
}

/**
 * Measures showers layer by layer, the first layer being number 0.
 *
 * @param layers of the same showers, not modified
 * @throws {JetError} BAD_ARGUMENT without a layer; SHAPE_MISMATCH; OUT_OF_RANGE for a cell below 0 or not finite
 * @see Paganini, de Oliveira, Nachman: CaloGAN, arXiv:1712.10321
 */
export function showerObservables(layers: readonly ShowerLayer[]): ShowerObservables {
  if (!Array.isArray(layers) || layers.length === 0)
    throw new JetError('BAD_ARGUMENT', `showerObservables: layers, got ${quoted(layers)}; expected one layer or more`);
  const showers = layers[0].shape[0];
  const measured = layers.map((layer, i) => layerObservables(layer, i, showers));
  const total = new Float64Array(showers);
  const depth = new Float64Array(showers);
  const depthWidth = new Float64Array(showers);
  const deepest = new Uint8Array(showers);
  for (let shower = 0; shower < showers; shower++) {
    let squares = 0;
    measured.forEach(({ energy }, number) => {
      total[shower] += energy[shower];
      depth[shower] += number * energy[shower];
      squares += number * number * energy[shower];
      if (energy[shower] > 0) deepest[shower] = number;
    });
    if (total[shower] === 0) continue;
    depth[shower] /= total[shower];
    depthWidth[shower] = Math.sqrt(Math.max(0, squares / total[shower] - depth[shower] ** 2));
    for (const { energy, fraction } of measured) fraction[shower] = energy[shower] / total[shower];
  }
  return { layers: measured, total, depth, depthWidth, deepest };
}

function layerObservables({ shape, data, cell }: ShowerLayer, number: number, showers: number): LayerObservables {
  const [count, nx, ny] = shape;
  if (shape.length !== 3 || count !== showers || data.length !== count * nx * ny)
    throw new JetError(
      'SHAPE_MISMATCH',
      `showerObservables: ${data.length} cells of shape (${shape.join(', ')}) in layer ${number}; expected (${showers}, x, y)`,
      { layer: number, shape },
    );
  const column = (): Float64Array => new Float64Array(count);
  const found = {
    energy: column(),
    fraction: column(),
    widthX: column(),
    widthY: column(),
    sparsity: column(),
    energyRatio: column(),
  };
  for (let shower = 0, at = 0; shower < count; shower++) {
    let [sum, x1, x2, y1, y2, lit, first, second] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < nx; i++)
      for (let j = 0; j < ny; j++, at++) {
        const energy = data[at];
        if (!(energy >= 0 && energy < Number.POSITIVE_INFINITY))
          throw new JetError(
            'OUT_OF_RANGE',
            `showerObservables: cell ${at} of layer ${number} is ${energy}; expected a finite energy of 0 or more`,
            { layer: number, cell: at },
          );
        if (energy === 0) continue;
        const x = (i - (nx - 1) / 2) * cell[0];
        const y = (j - (ny - 1) / 2) * cell[1];
        lit++;
        sum += energy;
        x1 += energy * x;
        x2 += energy * x * x;
        y1 += energy * y;
        y2 += energy * y * y;
        if (energy > first) [first, second] = [energy, first];
        else if (energy > second) second = energy;
      }
    found.energy[shower] = sum;
    found.sparsity[shower] = lit / (nx * ny);
    if (sum === 0) continue;
    found.widthX[shower] = Math.sqrt(Math.max(0, x2 / sum - (x1 / sum) ** 2));
    found.widthY[shower] = Math.sqrt(Math.max(0, y2 / sum - (y1 / sum) ** 2));
    found.energyRatio[shower] = (first - second) / (first + second);
  }
  return found;
}
