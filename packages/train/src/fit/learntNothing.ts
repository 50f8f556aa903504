/** @file Notices classifiers that learnt nothing. */

const CAUSES =
  'likely causes: a learning rate that is too high or too low, layers without activation, inputs that are not scaled, ' +
  'labels that do not belong to these jets';

/** Area under the ROC curve; equal scores count half. */
export function areaUnderCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let below = 0;
  let pairs = 0;
  let signal = 0;
  for (let start = 0; start < order.length; ) {
    let stop = start;
    let signalHere = 0;
    for (; stop < order.length && scores[order[stop]] === scores[order[start]]; stop++)
      if (labels[order[stop]] === 1) signalHere++;
    const backgroundHere = stop - start - signalHere;
    pairs += signalHere * (below + backgroundHere / 2);
    below += backgroundHere;
    signal += signalHere;
    start = stop;
  }
  return pairs / (signal * below);
}

/**
 * Looks at validation predictions of a two-class network.
 *
 * @param probabilities (jets × outputs)
 * @param outputs 1 or 2
 * @param labels (jets,) 0 or 1, both present
 * @returns a warning, or undefined if the network tells the classes apart
 */
export function learntNothing(probabilities: Float32Array, outputs: number, labels: Uint8Array): string | undefined {
  const scores = outputs === 1 ? probabilities : probabilities.filter((_, i) => i % outputs === 1);
  let [low, high] = [Infinity, -Infinity];
  for (const score of scores) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  if (high - low < 1e-6) return `the network gives every validation jet the same score ${low.toFixed(4)}; ${CAUSES}`;
  const auc = areaUnderCurve(labels, scores);
  if (Math.abs(auc - 0.5) <= 0.02)
    return `the network does not tell the classes apart: validation AUC ${auc.toFixed(3)}; ${CAUSES}`;
  if (high <= 0.5 || low > 0.5)
    return `the network puts every validation jet into class ${high <= 0.5 ? 0 : 1} (AUC ${auc.toFixed(3)}); ${CAUSES}`;
  return undefined;
}
