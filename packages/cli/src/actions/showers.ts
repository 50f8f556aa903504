/** @file Showers of files in the layout of CaloGAN: three layers in MeV, energies in GeV. */
import { JetError } from '@jetsdk/jets';
import { readArrays } from '@jetsdk/jets/files';
import type { Showers } from '@jetsdk/train';

/** @throws {JetError} as `readArrays`; BAD_DATASET for energies that are not one per shower */
export async function readShowers(path: string, rows: readonly [number, number | undefined]): Promise<Showers> {
  const { energy, ...layers } = await readArrays(path, ['layer_0', 'layer_1', 'layer_2', 'energy'], { rows });
  if (energy.data.length !== energy.shape[0])
    throw new JetError('BAD_DATASET', `${path}: energy of shape (${energy.shape.join(', ')}); expected one per shower`);
  return { layers: [layers.layer_0, layers.layer_1, layers.layer_2], energy: energy.data };
}

/** Showers [start, stop), on the same memory. */
export function someShowers({ layers, energy }: Showers, start: number, stop: number): Showers {
  return {
    layers: layers.map(({ shape: [, x, y], data }) => ({
      shape: [stop - start, x, y],
      data: data.subarray(start * x * y, stop * x * y),
    })),
    energy: energy.subarray(start, stop),
  };
}
