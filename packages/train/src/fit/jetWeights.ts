/** @file How much each training jet counts. */
import { JetError } from '@jetsdk/jets';
import type { Examples } from '../data/examples.js';

/**
 * Weights of jets and of their classes together.
 *
 * @param classes more than any label
 * @param classWeights how much each class counts; default: 1
 * @returns (jets,) or undefined if all count 1
 * @throws {JetError} BAD_ARGUMENT if there is not one class weight a class; OUT_OF_RANGE if one is negative
 */
export function jetWeights(
  { labels, weights }: Pick<Examples, 'labels' | 'weights'>,
  classes: number,
  classWeights: readonly number[] | 'balanced' | undefined,
): Float32Array | undefined {
  if (classWeights === undefined) return weights;
  const perClass = classWeights === 'balanced' ? balanced(labels, classes, weights) : classWeights;
  if (perClass.length !== classes)
    throw new JetError('BAD_ARGUMENT', `fit: ${perClass.length} class weights; expected ${classes}`, { classes });
  if (!perClass.every((weight) => weight >= 0 && weight < Infinity))
    throw new JetError('OUT_OF_RANGE', `fit: class weights ${perClass.join(', ')}; expected ≥ 0 and finite`);
  return Float32Array.from(labels, (label, jet) => perClass[label] * (weights?.[jet] ?? 1));
}

/** Class weights of mean 1 over the jets that make the classes count alike. */
function balanced(labels: Uint8Array, classes: number, weights: Float32Array | undefined): number[] {
  const sums = new Array<number>(classes).fill(0);
  for (const [jet, label] of labels.entries()) sums[label] += weights?.[jet] ?? 1;
  const present = sums.filter((sum) => sum > 0).length;
  const total = sums.reduce((a, b) => a + b, 0);
  return sums.map((sum) => (sum > 0 ? total / (present * sum) : 0));
}

/**
 * Weights that make the distribution of a quantity flat and the same for every class, so that a network cannot learn
 * from it: jets count inversely to the number of jets of their class in their bin, with mean 1 in each class.
 *
 * @param values (jets,) finite, e.g. pT in GeV; not modified
 * @param labels (jets,) class numbers
 * @param bins of equal width from the smallest to the largest value
 * @throws {JetError} SHAPE_MISMATCH if there are not as many values as labels; NOT_FINITE
 */
export function flatWeights(values: ArrayLike<number>, labels: Uint8Array, bins = 20): Float32Array {
  if (values.length !== labels.length)
    throw new JetError('SHAPE_MISMATCH', `flatWeights: ${values.length} values, ${labels.length} labels`, {
      values: values.length,
      labels: labels.length,
    });
  let [low, high] = [Infinity, -Infinity];
  for (let jet = 0; jet < values.length; jet++) {
    const value = values[jet];
    if (!Number.isFinite(value))
      throw new JetError('NOT_FINITE', `flatWeights: jet ${jet} has ${value}; expected a finite number`, { jet });
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const binOf = (jet: number): number =>
    Math.min(bins - 1, Math.floor(((values[jet] - low) / (high - low || 1)) * bins)) + bins * labels[jet];
  const counts = new Map<number, number>();
  for (let jet = 0; jet < labels.length; jet++) counts.set(binOf(jet), (counts.get(binOf(jet)) ?? 0) + 1);
  const classes = new Map<number, { jets: number; occupied: number }>();
  for (const [bin, jets] of counts) {
    const one = classes.get(Math.floor(bin / bins)) ?? { jets: 0, occupied: 0 };
    classes.set(Math.floor(bin / bins), { jets: one.jets + jets, occupied: one.occupied + 1 });
  }
  return Float32Array.from(labels, (label, jet) => {
    const { jets, occupied } = classes.get(label)!;
    return jets / (occupied * counts.get(binOf(jet))!);
  });
}
