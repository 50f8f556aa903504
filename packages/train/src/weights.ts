/** @file How much each training jet counts. */
import { JetError } from '@jetsdk/jets';

/**
 * Weights of jets and of their classes together.
 *
 * @param labels (jets,) class numbers below `classes`
 * @returns (jets,) or undefined if all count 1
 * @throws {JetError} BAD_ARGUMENT if there is not one class weight a class; OUT_OF_RANGE if one is negative
 */
export function jetWeights(
  labels: Uint8Array,
  classes: number,
  {
    weights,
    classWeights,
  }: { readonly weights?: Float32Array; readonly classWeights?: readonly number[] | 'balanced' },
): Float32Array | undefined {
  if (classWeights === undefined) return weights;
  const perClass = classWeights === 'balanced' ? balanced(labels, classes, weights) : classWeights;
  if (perClass.length !== classes)
    throw new JetError('BAD_ARGUMENT', `fit: ${perClass.length} class weights; expected ${classes}`, { classes });
  if (!perClass.every((weight) => weight >= 0 && weight < Infinity))
    throw new JetError('OUT_OF_RANGE', `fit: class weights ${perClass.join(', ')}; expected ≥ 0 and finite`);
  return Float32Array.from(labels, (label, jet) => perClass[label]! * (weights?.[jet] ?? 1));
}

/** Class weights of mean 1 over the jets that make the classes count alike. */
function balanced(labels: Uint8Array, classes: number, weights: Float32Array | undefined): number[] {
  const sums = new Array<number>(classes).fill(0);
  for (const [jet, label] of labels.entries()) sums[label]! += weights?.[jet] ?? 1;
  const present = sums.filter((sum) => sum > 0).length;
  const total = sums.reduce((a, b) => a + b, 0);
  return sums.map((sum) => (sum > 0 ? total / (present * sum) : 0));
}
