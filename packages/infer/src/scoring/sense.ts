/** @file Whether what is scored makes sense: counted while it is scored, told once at the end. */
import type { Plan } from '../model/plan.js';
import type { Chunk } from './chunk.js';

/** What tells that jets are not what the model was made for; plain data that crosses threads. */
export interface Sense {
  readonly kind: 'constituents' | 'images';
  /** that were looked at */
  readonly jets: number;
  /** jets of zeros alone */
  readonly empty: number;
  /** of all energies of constituents, or of all pixels */
  readonly least: number;
  readonly greatest: number;
}

const NOTHING: Omit<Sense, 'kind'> = {
  jets: 0,
  empty: 0,
  least: Number.POSITIVE_INFINITY,
  greatest: Number.NEGATIVE_INFINITY,
};

/** Of large numbers of images every so many are looked at: all would cost a tenth of the time of scoring. */
const EVERY = 8;
const FEW = 64;

/** @returns undefined for inputs that only the model understands */
export function senseOf({ kind, jets, parts }: Chunk): Sense | undefined {
  if (kind === 'inputs' || jets === 0) return undefined;
  const [{ data }] = parts;
  const size = data.length / jets;
  // a particle without energy has no momentum
  const step = kind === 'constituents' ? 4 : 1;
  let { empty, least, greatest } = NOTHING;
  const every = kind === 'images' && jets > FEW ? EVERY : 1;
  for (let jet = 0; jet < jets; jet += every) {
    let low = data[jet * size];
    let high = low;
    for (let at = jet * size; at < (jet + 1) * size; at += step) {
      const value = data[at];
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    if (low === 0 && high === 0) empty++;
    if (low < least) least = low;
    if (high > greatest) greatest = high;
  }
  return { kind, jets: Math.ceil(jets / every), empty, least, greatest };
}

export function joinSense(a: Sense | undefined, b: Sense | undefined): Sense | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    kind: a.kind,
    jets: a.jets + b.jets,
    empty: a.empty + b.empty,
    least: Math.min(a.least, b.least),
    greatest: Math.max(a.greatest, b.greatest),
  };
}

/** GeV of a beam of the LHC: no constituent has more. */
const MOST_GEV = 7000;
/** Of so many jets one has a pixel above 1 GeV. */
const SCALED_JETS = 10;

/** What to tell the caller, a sentence for each kind of thing that is odd. */
export function warningsOf(plan: Plan, { kind, jets, empty, least, greatest }: Sense): string[] {
  const told: string[] = [];
  if (empty > 0)
    told.push(
      `score: ${empty} of ${jets} ${kind === 'images' ? 'images looked at' : 'jets'} are empty, all zeros; their scores say nothing; leave them out`,
    );
  if (kind === 'constituents') {
    if (greatest > MOST_GEV)
      told.push(
        `score: energies up to ${Number(greatest.toPrecision(6))}; expected GeV, at most ${MOST_GEV}; if they are in MeV, divide them by 1000`,
      );
  } else if (plan.recipe !== undefined) {
    if (least < 0)
      told.push(
        `score: pixels down to ${Number(least.toPrecision(6))}; expected sums of momenta, as recipe ${plan.recipe.name} makes them in training; give pixels before any scaling`,
      );
    const scaled = plan.recipe.steps.some(({ step }) => step === 'normalise');
    const momenta = plan.recipe.steps.every(
      (step) => step.step !== 'pixelate' || !step.channels.includes('multiplicity'),
    );
    if (!scaled && momenta && jets >= SCALED_JETS && greatest > 0 && greatest <= 1)
      told.push(
        `score: no pixel above ${Number(greatest.toPrecision(6))}; expected GeV, as recipe ${plan.recipe.name} makes them in training; give pixels before any scaling`,
      );
  }
  return told;
}
