/** @file Jets in the layout of JetNet: particles relative to their jet, and the jets. */
import { JetError } from '../errors.js';
import type { Jets } from '../jets.js';
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

/**
 * The four-momenta of the particles, massless, about the axis of their jet at φ = 0.
 *
 * @param all not modified
 * @returns (n, m, 4) E, px, py, pz in GeV; 0 for no particle
 */
export function jetNetConstituents({ particles, jets }: JetNetJets): Jets {
  const [rows, slots] = particles.shape;
  const data = new Float32Array(rows * slots * FEATURES);
  for (let at = 0; at < data.length; at += FEATURES) {
    const [eta, phi, share, mask] = particles.data.subarray(at, at + FEATURES);
    if (!(mask > 0.5)) continue;
    const row = Math.floor(at / (slots * FEATURES));
    const [jetPt, jetEta] = jets.data.subarray(row * FEATURES, row * FEATURES + 2);
    const pt = share * jetPt;
    data[at] = pt * Math.cosh(eta + jetEta);
    data[at + 1] = pt * Math.cos(phi);
    data[at + 2] = pt * Math.sin(phi);
    data[at + 3] = pt * Math.sinh(eta + jetEta);
  }
  return { kind: 'constituents', shape: [rows, slots, FEATURES], data };
}
