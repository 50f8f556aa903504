/** @file What the scores are worth. */
import {
  type CutCounts,
  cutCounts,
  type EvaluationResult,
  evaluateOf,
  type Placements,
  pairedDelongOf,
  placementsOf,
  rocOf,
} from '@jetsdk/eval';
import { isJetError } from '@jetsdk/jets';
import type { RocCurve, TaggerComparison } from '@jetsdk/plots';

/** One tagger on labelled jets. */
export interface Evaluated {
  readonly result: EvaluationResult;
  readonly curve: RocCurve;
  /** sorted scores of each class: how many pass at any cut */
  readonly cuts: CutCounts;
}

/** All taggers on the same labelled jets. */
export interface Evaluation {
  readonly taggers: Readonly<Record<string, Evaluated>>;
  /** each pair, named by id; one whose difference has no error is left out */
  readonly comparisons: readonly TaggerComparison[];
}

/** Points of a drawn curve: finer than a pixel of the plot. */
const CURVE_POINTS = 1000;

export function evaluation(input: {
  readonly labels: Uint8Array;
  readonly scored: readonly { readonly id: string; readonly name: string; readonly scores: Float32Array }[];
}): Evaluation {
  const { labels, scored } = input;
  const sorted = scored.map(({ id, name, scores }) => ({ id, name, counted: cutCounts(labels, scores) }));
  const taggers = Object.fromEntries(
    sorted.map(({ id, name, counted }): [string, Evaluated] => {
      const result = evaluateOf(counted, { name });
      const curve = { name, auc: result.auc, ...rocOf(counted, { points: CURVE_POINTS }) };
      const { jets, signal, background, negative, ofSignal, ofBackground } = counted;
      return [id, { result, curve, cuts: { jets, signal, background, negative, ofSignal, ofBackground } }];
    }),
  );
  const placed = sorted.map(({ id, counted }) => ({ id, placements: placementsOf(counted) }));
  const pairs = placed.flatMap((a, i) => placed.slice(i + 1).map((b) => [a, b] as const));
  return { taggers, comparisons: pairs.flatMap(([a, b]) => compare(a, b)) };
}

interface Placed {
  readonly id: string;
  readonly placements: Placements;
}

function compare(a: Placed, b: Placed): TaggerComparison[] {
  try {
    return [{ a: a.id, b: b.id, ...pairedDelongOf(a.placements, b.placements) }];
  } catch (error) {
    if (isJetError(error) && error.code === 'DEGENERATE_METRIC') return [];
    throw error;
  }
}
