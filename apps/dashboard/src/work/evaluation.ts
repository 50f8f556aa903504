/** @file What the scores are worth. */
import { type ComparedTaggers, type EvaluatedTagger, evaluateTaggers, type NamedScores } from '@jetsdk/eval';

export type Evaluated = EvaluatedTagger;

/** All taggers on the same labelled jets. */
export interface Evaluation {
  /** by name */
  readonly taggers: Readonly<Record<string, Evaluated>>;
  readonly comparisons: readonly ComparedTaggers[];
}

export function evaluation(input: {
  readonly labels: Uint8Array;
  readonly scored: readonly NamedScores[];
}): Evaluation {
  const { taggers, comparisons } = evaluateTaggers(input.labels, input.scored);
  return { taggers: Object.fromEntries(taggers.map((one) => [one.result.name, one])), comparisons };
}
