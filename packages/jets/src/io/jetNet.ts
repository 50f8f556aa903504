/** @file Jets in the layout of JetNet: particles relative to their jet, and the jets. */
import { JetError } from '../errors.js';
import type { Tensor } from '../tensor.js';
import type { FileInput } from './host.js';
import { type ReadArraysOptions, readArrays } from './readArrays.js';

/** Jets as JetNet has them. */
export interface JetNetJets {
  /** (n, particles, 4): η and φ relative to the jet, pT over that of the jet, 1 for a particle and 0 for none */
  readonly particles: Tensor;
  /** (n, 4): pT (GeV), η, mass (GeV), number of particles */
  readonly jets: Tensor;
}

const FEATURES = 4;

/**
 * Reads `particle_features` (n, m, 4) and `jet_features` (n, 4).
 *
 * @throws {JetError} as `readArrays`; BAD_DATASET for other shapes
 * @see Kansal et al.: arXiv:2106.11535
 */
export async function readJetNet(input: FileInput, options: ReadArraysOptions = {}): Promise<JetNetJets> {
  const { particle_features: particles, jet_features: jets } = await readArrays(
    input,
    ['particle_features', 'jet_features'],
    options,
  );
  requireJetNet({ particles, jets });
  return { particles, jets };
}

/** The arrays of such a file, for `writeArrays`. @throws {JetError} BAD_DATASET for other shapes */
export function jetNetArrays(all: JetNetJets): Record<string, Tensor> {
  requireJetNet(all);
  return { particle_features: all.particles, jet_features: all.jets };
}

function requireJetNet({ particles, jets }: JetNetJets): void {
  if (
    particles.shape.length !== 3 ||
    particles.shape[2] !== FEATURES ||
    jets.shape.join() !== [particles.shape[0], FEATURES].join()
  )
    throw new JetError(
      'BAD_DATASET',
      `particle_features of shape (${particles.shape.join(', ')}), jet_features of (${jets.shape.join(', ')}); expected (n, m, 4) and (n, 4)`,
      { particles: particles.shape, jets: jets.shape },
    );
}
