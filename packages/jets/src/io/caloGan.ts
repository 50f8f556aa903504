/** @file Showers in the layout of CaloGAN: three layers of a calorimeter, and the energies of the particles. */
import { JetError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import { type FileInput, inputName } from './host.js';
import { type ReadArraysOptions, readArrays } from './readArrays.js';

/** Showers as CaloGAN has them. */
export interface CaloGanShowers {
  /** (n,) GeV */
  readonly energy: Float32Array;
  /** (n, cells along x, cells along y) MeV each: `layer_0`, `layer_1`, `layer_2` */
  readonly layers: readonly Tensor[];
}

const LAYERS = ['layer_0', 'layer_1', 'layer_2'] as const;

/**
 * Reads `layer_0`, `layer_1`, `layer_2` (n, x, y) and `energy`, (n,) or (n, 1): what `caloFlow` learns from and `compareShowers`
 * takes.
 *
 * @throws {JetError} as `readArrays`; BAD_DATASET for other shapes
 * @see Paganini, de Oliveira, Nachman: arXiv:1712.10321
 */
export async function readCaloGan(input: FileInput, options: ReadArraysOptions = {}): Promise<CaloGanShowers> {
  const { energy, ...layers } = await readArrays(input, [...LAYERS, 'energy'], options);
  const flat = LAYERS.find((name) => layers[name].shape.length !== 3);
  if (flat !== undefined)
    throw new JetError(
      'BAD_DATASET',
      `${inputName(input)}: ${flat} of shape (${layers[flat].shape.join(', ')}); expected (n, x, y)`,
      { shape: layers[flat].shape },
    );
  if (energy.data.length !== energy.shape[0])
    throw new JetError(
      'BAD_DATASET',
      `${inputName(input)}: energy of shape (${energy.shape.join(', ')}); expected one per shower, (n,) or (n, 1)`,
      { shape: energy.shape },
    );
  return { energy: energy.data, layers: LAYERS.map((name) => layers[name]) };
}
