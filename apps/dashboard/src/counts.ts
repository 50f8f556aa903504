/** @file What follows the cut, counted once for all its positions: as the slider moves nothing goes through the jets again. */
import type { Binned, BinnedClass } from '@jetsdk/plots';
import type { Tagged } from './reading.js';
import { cutsOf, SLIDER_STEPS } from './work/cutSteps.js';

export const SCORE_BINS = 50;
export const MASS_BINS = 50;

type Labels = Uint8Array | undefined;
type Names = readonly string[];

/** Remembers what was made of an object as long as there is that object. */
function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}

const perScores = remembered((_scores: Float32Array) => new Map<unknown, unknown>());

/** What was made of scores for one purpose and the same other input. */
function ofScores<T>(scores: Float32Array, key: unknown, make: () => T): T {
  const known = perScores(scores);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}

const steps = remembered((scores: Float32Array) => cutsOf(scores, SLIDER_STEPS));

/** The step of the slider that a cut is at. */
export const stepOf = (cut: number): number => Math.round(cut * SLIDER_STEPS);

/** Turns counts of jets that fail the next step into counts of those that pass this one. */
function fromAbove(counts: Float64Array, width = 1): Float64Array {
  for (let i = counts.length - width - 1; i >= 0; i--) counts[i] += counts[i + width];
  return counts;
}

/** Jets that pass a cut, whatever their class. */
export function passingOf(scores: Float32Array, cut: number): number {
  const counts = ofScores(scores, 'passing', () => {
    const all = new Float64Array(SLIDER_STEPS + 1);
    for (const step of steps(scores)) all[step]++;
    return fromAbove(all);
  });
  return counts[stepOf(cut)];
}

/** The classes that are told apart: background and signal, or all jets. */
const classesOf = (labels: Labels): number => (labels === undefined ? 1 : 2);

/** Scores of each class in bins. */
export function scoreBins(scores: Float32Array, labels: Labels, names: Names): Binned {
  const counts = ofScores(scores, 'bins', () => {
    const all = Array.from({ length: classesOf(labels) }, () => new Float64Array(SCORE_BINS));
    for (let jet = 0; jet < scores.length; jet++)
      all[labels?.[jet] ?? 0][Math.min(SCORE_BINS - 1, Math.floor(scores[jet] * SCORE_BINS))]++;
    return all;
  });
  return { range: [0, 1], classes: counts.map((of, i) => ({ name: names[i], counts: of, below: 0, above: 0 })) };
}

const massRange = remembered((mass: Float64Array): [number, number] => {
  const sorted = mass.slice().sort();
  const high = sorted[Math.floor(0.995 * (sorted.length - 1))];
  return [0, Math.max(50, Math.ceil(high / 50) * 50)];
});

/** Bins of the mass, and what lies over them. */
const MASS_WIDTH = MASS_BINS + 1;

/** A tagger as far as counting needs it. */
type Cut = Pick<Tagged, 'scores' | 'cut'>;

/** Masses of each class in bins, from 0 to where nearly all jets are, and of what passes where a tagger has scored. */
export function massBins(mass: Float64Array, labels: Labels, names: Names, lead: Cut | undefined): Binned {
  const range = massRange(mass);
  const binned = (name: string, counts: Float64Array): BinnedClass => ({
    name,
    counts: counts.subarray(0, MASS_BINS),
    below: 0,
    above: counts[MASS_BINS],
  });
  const all = allMasses(mass).get(labels, range);
  const classes = all.map((counts, i) => binned(names[i], counts));
  if (lead === undefined) return { range, classes };
  const byCut = ofScores(lead.scores, mass, () => countMasses(mass, labels, range, steps(lead.scores)));
  const at = stepOf(lead.cut) * MASS_WIDTH;
  const after = byCut.flatMap((counts, i) => {
    const kept = counts.subarray(at, at + MASS_WIDTH);
    const name = labels === undefined ? 'after the cut' : `${names[i]} after the cut`;
    return kept.some((count) => count > 0) ? [binned(name, kept)] : [];
  });
  return { range, classes: [...classes, ...after] };
}

const allMasses = remembered((mass: Float64Array) => {
  let counts: Float64Array[] | undefined;
  return {
    get(labels: Labels, range: readonly [number, number]): Float64Array[] {
      counts ??= countMasses(mass, labels, range, undefined);
      return counts;
    },
  };
});

/** @returns of each class (steps, bins), jets that pass; without steps (bins,), all jets */
function countMasses(
  mass: Float64Array,
  labels: Labels,
  [, high]: readonly [number, number],
  byStep: Uint16Array | undefined,
): Float64Array[] {
  const rows = byStep === undefined ? 1 : SLIDER_STEPS + 1;
  const all = Array.from({ length: classesOf(labels) }, () => new Float64Array(rows * MASS_WIDTH));
  const scale = MASS_BINS / high;
  for (let jet = 0; jet < mass.length; jet++) {
    const value = mass[jet];
    const bin = value > high ? MASS_BINS : Math.min(MASS_BINS - 1, Math.floor(value * scale));
    all[labels?.[jet] ?? 0][(byStep?.[jet] ?? 0) * MASS_WIDTH + bin]++;
  }
  for (const counts of all) fromAbove(counts, MASS_WIDTH);
  return all;
}

/** Jets of one class by who lets them pass. */
export interface Verdict {
  readonly both: number;
  readonly onlyLead: number;
  readonly onlyOther: number;
  readonly neither: number;
}

/**
 * Jets of each class by the verdicts of two taggers at the same signal efficiency.
 *
 * @param cutOfOther the cut of the other tagger where the leading one has this; it never falls as that rises
 */
export function verdicts(
  labels: Uint8Array,
  lead: Cut,
  other: Pick<Tagged, 'scores'>,
  cutOfOther: (cut: number) => number,
): readonly Verdict[] {
  const counted = ofScores(lead.scores, other.scores, () => {
    const cuts = Float64Array.from({ length: SLIDER_STEPS + 1 }, (_, step) => cutOfOther(step / SLIDER_STEPS));
    const own = steps(lead.scores);
    return [0, 1].map((label) => {
      const [both, ofLead, ofOther] = [0, 1, 2].map(() => new Float64Array(SLIDER_STEPS + 2));
      let jets = 0;
      for (let jet = 0; jet < labels.length; jet++) {
        if (labels[jet] !== label) continue;
        jets++;
        // one past the last step at which it passes; a jet may pass at none
        const last = firstAbove(cuts, other.scores[jet]);
        ofLead[own[jet] + 1]++;
        ofOther[last]++;
        both[Math.min(own[jet] + 1, last)]++;
      }
      return { jets, both: fromAbove(both), ofLead: fromAbove(ofLead), ofOther: fromAbove(ofOther) };
    });
  });
  const at = stepOf(lead.cut) + 1;
  return counted.map(({ jets, both, ofLead, ofOther }) => ({
    both: both[at],
    onlyLead: ofLead[at] - both[at],
    onlyOther: ofOther[at] - both[at],
    neither: jets - ofLead[at] - ofOther[at] + both[at],
  }));
}

/** Number of the first of rising values that is larger. */
function firstAbove(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Signal jets of a file. */
export const signalsOf = remembered((labels: Uint8Array) => labels.reduce((sum, label) => sum + label, 0));
