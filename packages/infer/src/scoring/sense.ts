/** @file Whether what is scored makes sense: counted while it is scored, told once at the end. */
import { type InputRange, isJetError, JetError, joinEnds, joinRanges } from '@jetsdk/jets';
import type { Plan } from '../model/plan.js';
import { type Chunk, sliceChunk } from './chunk.js';

/** What tells that jets are not what the model was made for; plain data that crosses threads. */
export interface Sense {
  readonly kind: 'constituents' | 'images';
  /** jets of which it is known whether they are empty: all of constituents, images that were looked at */
  readonly jets: number;
  /** of these, jets of zeros alone */
  readonly empty: number;
  /** jets whose numbers were looked at */
  readonly looked: number;
  /** of these, jets that are not empty and lie outside the range of the training */
  readonly outside: number;
  /** of the energies of constituents, or of pixels */
  readonly range: InputRange | undefined;
  /** jets looked at whose momentum is none of the training */
  readonly elsewhere: number;
  /** GeV, the least and the greatest sum of the pT of a jet, where the training had one */
  readonly momenta: InputRange['sum'];
}

/** Of the jets of a call, the first so many and then every so many are looked at: all would cost 2 to 4 % of the time of scoring. */
const EVERY = 16;

/** @returns undefined for inputs that only the model understands */
export function senseOf({ kind, first, jets, parts }: Chunk, plan: Plan): Sense | undefined {
  if (kind === 'inputs' || jets === 0) return undefined;
  const [{ data }] = parts;
  const size = data.length / jets;
  // a particle without energy has no momentum
  const step = kind === 'constituents' ? 4 : 1;
  const trained = trainedRange(kind, plan);
  let [empty, looked, outside, elsewhere] = [0, 0, 0, 0];
  let least = Number.POSITIVE_INFINITY;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [softest, hardest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let jet = 0; jet < jets; jet++) {
    // chunks are small: the jets are counted from the first of the call
    const chosen = first + jet < EVERY || (first + jet) % EVERY === 0;
    // one constituent tells that a jet is not empty
    if (!chosen && (kind === 'images' || data[jet * size] !== 0)) continue;
    looked++;
    const { low, high } = extremes(data, jet * size, (jet + 1) * size, step);
    if (low === 0 && high === 0) {
      empty++;
      continue;
    }
    if (low < trained.least || high < trained.peak[0] || high > trained.peak[1]) outside++;
    if (low < least) least = low;
    if (high < lowest) lowest = high;
    if (high > highest) highest = high;
    if (plan.momenta === undefined) continue;
    const momentum = momentumOf(data, jet * size, (jet + 1) * size, kind);
    if (momentum < (1 - BESIDE) * plan.momenta[0] || momentum > (1 + BESIDE) * plan.momenta[1]) elsewhere++;
    if (momentum < softest) softest = momentum;
    if (momentum > hardest) hardest = momentum;
  }
  return {
    kind,
    jets: kind === 'images' ? looked : jets,
    empty,
    looked,
    outside,
    range: highest < lowest ? undefined : { least, peak: [lowest, highest] },
    elsewhere,
    momenta: hardest < softest ? undefined : [softest, hardest],
  };
}

/** Sum of the pT of a jet, of its pixels or of its constituents (E, px, py, pz). */
function momentumOf(data: Float32Array, from: number, to: number, kind: Sense['kind']): number {
  let sum = 0;
  if (kind === 'images') for (let at = from; at < to; at++) sum += data[at];
  else for (let at = from; at < to; at += 4) sum += Math.sqrt(data[at + 1] ** 2 + data[at + 2] ** 2);
  return sum;
}

/** The least and the largest of every `step`th number; most are zero, so four are passed over with one look. */
function extremes(data: Float32Array, from: number, to: number, step: number): { low: number; high: number } {
  let low = data[from];
  let high = low;
  let at = from;
  for (const whole = to - 3 * step; at < whole; at += 4 * step) {
    const a = data[at];
    const b = data[at + step];
    const c = data[at + 2 * step];
    const d = data[at + 3 * step];
    if (a < low || b < low || c < low || d < low || a > high || b > high || c > high || d > high) {
      low = Math.min(low, a, b, c, d);
      high = Math.max(high, a, b, c, d);
    }
  }
  for (; at < to; at += step) {
    low = Math.min(low, data[at]);
    high = Math.max(high, data[at]);
  }
  return { low, high };
}

export function joinSense(a: Sense | undefined, b: Sense | undefined): Sense | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    kind: a.kind,
    jets: a.jets + b.jets,
    empty: a.empty + b.empty,
    looked: a.looked + b.looked,
    outside: a.outside + b.outside,
    range: joinRanges(a.range, b.range),
    elsewhere: a.elsewhere + b.elsewhere,
    momenta: a.momenta && b.momenta ? joinEnds(a.momenta, b.momenta) : (a.momenta ?? b.momenta),
  };
}

const ANYTHING: InputRange = {
  least: Number.NEGATIVE_INFINITY,
  peak: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/** Others round otherwise: images that are scaled to a largest pixel of 1 may end a little above. */
const ROUNDING = 1e-4;

/** That of the training, for jets that are given as the network sees them; images may have yet to be normalised. */
function rangeOf(kind: Sense['kind'], { range, recipe, inputs: [{ kind: taken }] }: Plan): InputRange | undefined {
  const normalises = kind === 'images' && recipe?.steps.some(({ step }) => step === 'normalise');
  return kind === taken && !normalises ? range : undefined;
}

/** The range in which jets should be. */
function trainedRange(kind: Sense['kind'], plan: Plan): InputRange {
  const range = rangeOf(kind, plan);
  if (range === undefined) return ANYTHING;
  const below = (value: number): number => value - ROUNDING * Math.abs(value);
  const above = (value: number): number => value + ROUNDING * Math.abs(value);
  return { least: below(range.least), peak: [below(range.peak[0]), above(range.peak[1])] };
}

/** GeV of a beam of the LHC: no constituent has more. */
const MOST_GEV = 7000;
/** GeV: among several jets, one has a constituent of more; in TeV hardly any has. */
const LEAST_GEV = 5;
/** What constituents beside the image may add to a momentum. */
const BESIDE = 0.02;
/** One jet in so many may lie outside the range of the training: others are its tails. */
const TAILS = 100;
/** Of so many jets one has a pixel above 1 GeV, and a constituent above 5. */
const SCALED_JETS = 10;

/** What to tell the caller, a sentence for each kind of thing that is odd. */
export function warningsOf(plan: Plan, sense: Sense): string[] {
  const { kind, jets, empty, looked, outside, range, elsewhere, momenta } = sense;
  const told: string[] = [];
  const known = kind === 'images' ? 'images looked at' : 'jets';
  if (empty > 0)
    told.push(`score: ${empty} of ${jets} ${known} are empty, all zeros; their scores say nothing; leave them out`);
  if (range === undefined) return told;
  const trained = rangeOf(kind, plan);
  const [lowest, highest] = range.peak;
  if (kind === 'constituents' && highest > MOST_GEV)
    told.push(
      `score: energies up to ${short(highest)}; expected GeV, at most ${MOST_GEV}; if they are in MeV, read the file with --unit MeV (in code: unit of openJets), or divide them by 1000`,
    );
  else if (kind === 'constituents' && jets >= SCALED_JETS && highest < LEAST_GEV)
    told.push(
      `score: no energy above ${short(highest)}; expected GeV, the largest above ${LEAST_GEV}; if they are in TeV, multiply them by 1000`,
    );
  else if (trained !== undefined && outside > looked / TAILS) {
    const [what, made] =
      kind === 'images'
        ? ['pixels', plan.recipe === undefined ? 'as in its training' : `as recipe ${plan.recipe.name} makes them`]
        : ['energies', 'in GeV'];
    told.push(
      `score: ${outside} of ${looked} ${kind === 'images' ? 'images' : 'jets'} looked at lie outside what ${plan.name} was trained on: ${what} from ${short(range.least)}, the largest of each ${short(lowest)} to ${short(highest)}; expected from ${short(trained.least)}, ${short(trained.peak[0])} to ${short(trained.peak[1])}; give ${what} ${made}, of jets like those of its training`,
    );
  } else if (plan.momenta !== undefined && momenta !== undefined && elsewhere > looked / TAILS) {
    const between = ([low, high]: readonly [number, number]): string => `${Math.round(low)} to ${Math.round(high)} GeV`;
    told.push(
      `score: ${elsewhere} of ${looked} jets looked at have a momentum that ${plan.name} did not learn from: sums of pT of ${between(momenta)}; expected ${between(plan.momenta)}; its scores of other jets say little; train it on jets like these`,
    );
  } else if (kind === 'images' && trained === undefined && plan.recipe !== undefined) {
    if (range.least < 0)
      told.push(
        `score: pixels down to ${short(range.least)}; expected sums of momenta, as recipe ${plan.recipe.name} makes them in training; give pixels before any scaling`,
      );
    const scaled = plan.recipe.steps.some(({ step }) => step === 'normalise');
    const momenta = plan.recipe.steps.every(
      (step) => step.step !== 'pixelate' || !step.channels.includes('multiplicity'),
    );
    if (!scaled && momenta && jets >= SCALED_JETS && highest > 0 && highest <= 1)
      told.push(
        `score: no pixel above ${short(highest)}; expected GeV, as recipe ${plan.recipe.name} makes them in training; give pixels before any scaling`,
      );
  }
  return told;
}

/** An error about a jet of a chunk, with what is odd about that jet. */
export function withOddity(error: unknown, chunk: Chunk, plan: Plan): unknown {
  if (!isJetError(error) || typeof error.details['jet'] !== 'number') return error;
  const at = error.details['jet'] - chunk.first;
  const sense = senseOf({ ...sliceChunk(chunk, at, at + 1), first: 0 }, plan);
  const told = sense === undefined ? [] : warningsOf(plan, sense).map((warning) => warning.replace('score: ', ''));
  if (told.length === 0) return error;
  return new JetError(error.code, `${error.message}: ${told.join('; ')}`, error.details, { cause: error });
}

const short = (value: number): number => Number(value.toPrecision(6));
