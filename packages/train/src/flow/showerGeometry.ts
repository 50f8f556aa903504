/** @file Showers as rows of cells, and the cells of their mirror images. */
import { JetError, type Tensor } from '@jetsdk/jets';
import { LAYERS } from './layerEnergies.js';

/** Showers of a calorimeter in layers. */
export interface Showers {
  /** (showers, cells along x, cells along y) each, MeV, ≥ 0 */
  readonly layers: readonly Tensor[];
  /** (showers,) GeV */
  readonly energy: Float32Array;
}

export interface Geometry {
  readonly shapes: readonly (readonly [x: number, y: number])[];
  readonly cells: number;
  /** first cell of each layer, and the number of all */
  readonly starts: readonly number[];
  /** as it is, mirrored in x, in y, in both: for every cell the one that it shows */
  readonly images: readonly Uint16Array[];
}

/** @throws {JetError} SHAPE_MISMATCH; OUT_OF_RANGE for energies below 0 or not finite; BAD_DATASET for an empty shower */
export function geometryOf({ layers, energy }: Showers): Geometry {
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
  const cells = starts[LAYERS];
  const images = [0, 1, 2, 3].map((image) => {
    const shown = new Uint16Array(cells);
    shapes.forEach(([nx, ny], layer) => {
      for (let x = 0; x < nx; x++)
        for (let y = 0; y < ny; y++)
          shown[starts[layer] + x * ny + y] =
            starts[layer] + (image & 1 ? nx - 1 - x : x) * ny + (image & 2 ? ny - 1 - y : y);
    });
    return shown;
  });
  return { shapes, starts, cells, images };
}

/** The cells of all layers, one behind the other: (showers, cells). */
export function cellsOf({ layers, energy }: Showers, { starts, cells }: Geometry): Float32Array {
  const out = new Float32Array(energy.length * cells);
  layers.forEach(({ data }, layer) => {
    const width = starts[layer + 1] - starts[layer];
    for (let row = 0; row < energy.length; row++)
      out.set(data.subarray(row * width, (row + 1) * width), row * cells + starts[layer]);
  });
  return out;
}

/** (showers · layers,) MeV. @throws {JetError} BAD_DATASET for an empty shower */
export function layerSums(rows: Float32Array, { starts, cells }: Geometry): Float64Array {
  const showers = rows.length / cells;
  const sums = new Float64Array(showers * LAYERS);
  for (let row = 0; row < showers; row++) {
    let total = 0;
    for (let layer = 0; layer < LAYERS; layer++) {
      for (let cell = starts[layer]; cell < starts[layer + 1]; cell++)
        sums[LAYERS * row + layer] += rows[row * cells + cell];
      total += sums[LAYERS * row + layer];
    }
    if (total === 0)
      throw new JetError('BAD_DATASET', `showers: shower ${row} is empty; leave it out`, { shower: row });
  }
  return sums;
}

/** Rows of numbers of the cells, one image of all behind the other. */
export function mirrored(rows: Float32Array, { cells, images }: Geometry): Float32Array {
  const out = new Float32Array(images.length * rows.length);
  images.forEach((shown, image) => {
    for (let at = 0; at < rows.length; at += cells)
      for (let cell = 0; cell < cells; cell++) out[image * rows.length + at + cell] = rows[at + shown[cell]];
  });
  return out;
}
