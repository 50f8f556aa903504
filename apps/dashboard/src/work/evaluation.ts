/** @file What the scores are worth. */
import { type CutCounts, cutCounts, type EvaluationResult, evaluate, pairedDelong, roc } from '@jetsdk/eval';
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
  const taggers = Object.fromEntries(
    scored.map(({ id, name, scores }): [string, Evaluated] => {
      const cuts = cutCounts(labels, scores);
      const result = evaluate(labels, scores, { name });
      return [id, { result, cuts, curve: { name, auc: result.auc, ...roc(cuts, { points: CURVE_POINTS }) } }];
    }),
  );
  const pairs = scored.flatMap((a, i) => scored.slice(i + 1).map((b) => [a, b] as const));
  return { taggers, comparisons: pairs.flatMap(([a, b]) => compare(labels, a, b)) };
}

type Scored = Parameters<typeof evaluation>[0]['scored'][number];

function compare(labels: Uint8Array, a: Scored, b: Scored): TaggerComparison[] {
  try {
    return [{ a: a.id, b: b.id, ...pairedDelong(labels, a.scores, b.scores) }];
  } catch (error) {
    if (isJetError(error) && error.code === 'DEGENERATE_METRIC') return [];
    throw error;
  }
}
