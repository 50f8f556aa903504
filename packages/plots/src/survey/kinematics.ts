/** @file Distributions of the jets and of some of their constituents, taken as the jets pass by. */
import { type Jets, jetKinematics } from '@jetsdk/jets';
import { type Tally, tally } from '../counts/tally.js';

/** A quantity with its distribution. */
export interface Quantity {
  /** short, fit for a file name */
  readonly name: string;
  /** axis title */
  readonly label: string;
  readonly unit?: string;
  readonly values: Tally;
}

/** The constituents at one place of the list. */
export interface ConstituentQuantities {
  /** from 0, in the order of the file */
  readonly index: number;
  /** of the jets that have such a constituent; E, px, py, pz, pT */
  readonly quantities: readonly Quantity[];
}

export interface Kinematics {
  /** pT, mass, η, multiplicity */
  readonly jets: readonly Quantity[];
  readonly constituents: readonly ConstituentQuantities[];
  /** @param labels index of the class of each jet */
  add(jets: Jets, labels: Uint8Array): void;
}

/** The constituents that the courses look at. */
export const INDICES: readonly number[] = [0, 10, 30, 70];

/**
 * @param classes names, index = label
 * @param indices of the constituents to look at, from 0
 */
export function kinematics(classes: readonly string[], indices = INDICES): Kinematics {
  const pt = tally(classes);
  const mass = tally(classes);
  const eta = tally(classes);
  const multiplicity = tally(classes, { whole: true });
  const constituents = indices.map((index) => ({
    index,
    quantities: [
      { name: 'energy', label: 'E' },
      { name: 'px', label: 'p_{x}' },
      { name: 'py', label: 'p_{y}' },
      { name: 'pz', label: 'p_{z}' },
      { name: 'pt', label: 'p_{T}' },
    ].map((one) => ({ ...one, unit: 'GeV', values: tally(classes) })),
  }));
  return {
    jets: [
      { name: 'jet-pt', label: 'Jet p_{T}', unit: 'GeV', values: pt },
      { name: 'jet-mass', label: 'Jet mass', unit: 'GeV', values: mass },
      { name: 'jet-eta', label: 'Jet η', values: eta },
      { name: 'multiplicity', label: 'Constituents of a jet', values: multiplicity },
    ],
    constituents,
    add(jets, labels) {
      const of = jetKinematics(jets);
      const { data, shape } = jets;
      const slots = shape[1];
      for (let jet = 0; jet < shape[0]; jet++) {
        const label = labels[jet];
        pt.add(label, of.pt[jet]);
        mass.add(label, of.mass[jet]);
        eta.add(label, of.eta[jet]);
        let count = 0;
        for (let slot = 0; slot < slots; slot++) if (isThere(data, (jet * slots + slot) * 4)) count++;
        multiplicity.add(label, count);
        for (const { index, quantities } of constituents) {
          const at = (jet * slots + index) * 4;
          if (index >= slots || !isThere(data, at)) continue;
          for (let i = 0; i < 4; i++) quantities[i].values.add(label, data[at + i]);
          quantities[4].values.add(label, Math.hypot(data[at + 1], data[at + 2]));
        }
      }
    },
  };
}

/** Whether a row holds a constituent: padding is all zero. */
function isThere(data: Float32Array, at: number): boolean {
  return data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 0 || data[at + 3] !== 0;
}
