import { random } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutCounts } from './core/cutCounts.js';
import { REJECTION_ESTIMATORS } from './core/estimator.js';
import { evaluate } from './evaluate.js';
import { codeOf, type ScoredJets, slowAuc, slowRoc } from './jets.testing.js';
import { accuracy } from './metrics/accuracy.js';
import { auc, partialAuc } from './metrics/auc.js';
import { backgroundRejection, workingPoint } from './metrics/backgroundRejection.js';
import { massSculpting } from './metrics/massSculpting.js';
import { rejectionArea } from './metrics/rejectionArea.js';
import { roc } from './metrics/roc.js';
import { bootstrap } from './uncertainty/bootstrap.js';
import { delong, pairedDelong } from './uncertainty/delong.js';
import { bootstrapSample, Replicator } from './uncertainty/replicate.js';

/** Jets with weights of either sign, each class with a positive sum. */
const signedJets: fc.Arbitrary<ScoredJets> = fc
  .array(
    fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      score: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e3, max: 1e3 })),
      weight: fc.constantFrom(-1, -0.5, 1, 1, 2, 3),
    }),
    { minLength: 4, maxLength: 40 },
  )
  .filter(
    (jets) =>
      jets.some(({ weight }) => weight < 0) &&
      [0, 1].every((c) => jets.reduce((sum, { label, weight }) => sum + (label === c ? weight : 0), 0) > 0),
  )
  .map((jets) => ({
    labels: jets.map(({ label }) => label),
    scores: jets.map(({ score }) => score),
    weights: jets.map(({ weight }) => weight),
  }));

/** As a generator beyond leading order makes them: one event in five counts negative. */
function nloJets(jets: number, seed: number): { labels: Uint8Array; scores: Float64Array; weights: Float64Array } {
  const { normal, uniform } = random(seed);
  const labels = Uint8Array.from({ length: jets }, (_, i) => i % 2);
  const scores = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(0.7 - 1.4 * label - normal())));
  return { labels, scores, weights: Float64Array.from(labels, () => (uniform() < 0.2 ? -1 : 1)) };
}

describe('weights below 0', () => {
  it('give the signed Mann–Whitney sum over all pairs', () => {
    fc.assert(
      fc.property(signedJets, ({ labels, scores, weights }) => {
        expect(auc(labels, scores, { weights })).toBeCloseTo(slowAuc(labels, scores, weights), 10);
        const swapped = labels.map((label) => 1 - label);
        expect(auc(labels, scores, { weights }) + auc(swapped, scores, { weights })).toBeCloseTo(1, 10);
      }),
    );
  });

  it('give the ROC curve of signed sums at every cut, from (0, 0) to (1, 1), with the area of the sum over pairs', () => {
    fc.assert(
      fc.property(signedJets, ({ labels, scores, weights }) => {
        const curve = roc(labels, scores, { weights });
        const slow = slowRoc(labels, scores, weights);
        const last = curve.threshold.length - 1;
        let area = 0;
        for (let i = 0; i <= last; i++) {
          const at = slow.find((p) => (i === 0 ? p.threshold === Infinity : p.threshold === curve.threshold[i]));
          expect(curve.signalEfficiency[i]).toBeCloseTo(at?.s ?? Number.NaN, 10);
          expect(curve.backgroundEfficiency[i]).toBeCloseTo(at?.b ?? Number.NaN, 10);
          if (i > 0)
            area +=
              ((curve.backgroundEfficiency[i] - curve.backgroundEfficiency[i - 1]) *
                (curve.signalEfficiency[i] + curve.signalEfficiency[i - 1])) /
              2;
        }
        expect([curve.signalEfficiency[last], curve.backgroundEfficiency[last]]).toEqual([1, 1]);
        expect(area).toBeCloseTo(auc(labels, scores, { weights }), 10);
        const kept = roc(labels, scores, { weights, points: 5 });
        expect(kept.threshold.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('keep every corner where the curve turns back', () => {
    const curve = roc([1, 1, 1, 0], [4, 3, 2, 1], { weights: [2, -1, 1, 1] });
    expect(Array.from(curve.signalEfficiency)).toEqual([0, 1, 0.5, 1, 1]);
    expect(Array.from(curve.backgroundEfficiency)).toEqual([0, 0, 0, 0, 1]);
  });

  it('take ε_B where the curve first reaches ε_S, in the metric as in its bootstrap', () => {
    fc.assert(
      fc.property(signedJets, fc.constantFrom(0.2, 0.5, 0.8, 1), (jets, e) => {
        const { labels, scores, weights } = jets;
        const curve = slowRoc(labels, scores, weights);
        const after = curve.findIndex((p) => p.s >= e);
        fc.pre(after > 0);
        const [low, high] = [curve[after - 1], curve[after]];
        // sums that are equal but for rounding may reach ε_S or not
        fc.pre(curve.every((p) => Math.abs(p.s - e) > 1e-9));
        const expected = {
          conservative: high.b,
          interpolated: low.b + ((e - low.s) / (high.s - low.s)) * (high.b - low.b),
          nearest: low.s > 0 && e - low.s < high.s - e ? low.b : high.b,
        };
        const cuts = cutCounts(labels, scores, { weights });
        for (const estimator of REJECTION_ESTIMATORS) {
          if (estimator === 'nearest' && Math.abs(e - low.s - (high.s - e)) < 1e-9) continue;
          expect(workingPoint(cuts, e, estimator).backgroundEfficiency).toBeCloseTo(expected[estimator], 10);
          const sample = bootstrapSample(
            labels,
            [scores],
            weights,
            { name: 'backgroundEfficiency', signalEfficiency: e, estimator },
            (bytes) => new ArrayBuffer(bytes),
          );
          expect(new Replicator(sample).original()[0]).toBeCloseTo(expected[estimator], 10);
        }
      }),
    );
  });

  it('have errors that are the spread over other jets of the same kind', () => {
    const trials = Array.from({ length: 60 }, (_, seed) => {
      const { labels, scores, weights } = nloJets(600, seed);
      return delong(labels, scores, { weights });
    });
    const mean = trials.reduce((sum, { auc: area }) => sum + area / trials.length, 0);
    const spread = Math.sqrt(trials.reduce((sum, { auc: area }) => sum + (area - mean) ** 2, 0) / (trials.length - 1));
    const claimed = trials.reduce((sum, { stdErr }) => sum + stdErr / trials.length, 0);
    // the spread of 60 is known to 9 %
    expect(Math.abs(claimed / spread - 1)).toBeLessThan(0.3);
    const { labels, scores, weights } = nloJets(600, 1);
    expect(claimed).toBeGreaterThan(1.3 * delong(labels, scores).stdErr);
    const { rejection, interval } = backgroundRejection(labels, scores, { signalEfficiency: 0.7, weights });
    expect(interval.low).toBeLessThan(rejection);
    expect(interval.high).toBeGreaterThan(rejection);
  });

  it('compare two taggers with the error that a bootstrap of both finds', async () => {
    const { labels, scores, weights } = nloJets(1500, 3);
    const { normal } = random(9);
    const other = scores.map((score) => score + 0.15 * normal());
    const paired = pairedDelong(labels, scores, other, { weights });
    const [a, b] = await bootstrap(labels, [scores, other], { metric: { name: 'auc' }, replicates: 600, weights });
    expect(paired.difference).toBeCloseTo(a.value - b.value, 12);
    const differences = a.replicates.map((value, i) => value - b.replicates[i]);
    const mean = differences.reduce((sum, x) => sum + x / 600, 0);
    const spread = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 599);
    // the spread of 600 is known to 3 %
    expect(Math.abs(paired.stdErr / spread - 1)).toBeLessThan(0.13);
  });

  it('are evaluated with a warning, in finite numbers, and the same each time', () => {
    const { labels, scores, weights } = nloJets(800, 4);
    const result = evaluate(labels, scores, { weights });
    expect(result.warnings.map(({ code }) => code)).toContain('negative-weights');
    expect(result.auc).toBeCloseTo(slowAuc([...labels], [...scores], [...weights]), 10);
    expect(result.rejectionArea).toBeUndefined();
    expect(result.rejection).toHaveLength(3);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(evaluate(labels, scores, { weights })).toEqual(result);
  });

  it('are told where those of a class nearly cancel, for then no figure means anything', () => {
    const labels = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
    const scores = [0.9, 0.8, 0.7, 0.6, 0.1, 0.8, 0.5, 0.4, 0.3, 0.2];
    const warned = (weights: number[]): string[] =>
      evaluate(labels, scores, { weights }).warnings.map(({ message }) => message);
    const told = warned([1, 1, 1, 1, 1, -1, 0.5, 0.5, 0.5, -0.49]);
    expect(told).toContainEqual(
      'the weights of the 5 background jets sum to 0.0100 ± 1.41: they may as well sum to 0, and no figure means anything',
    );
    const { labels: many, scores: theirs, weights } = nloJets(200, 5);
    expect(evaluate(many, theirs, { weights }).warnings.map(({ code }) => code)).not.toContain('cancelling-weights');
  });

  it('give no rejection where the weights of the background that passes sum to 0 or less, and the jets that pass are not denied', () => {
    const labels = [1, 1, 0, 0, 0];
    const scores = [0.9, 0.2, 0.95, 0.3, 0.1];
    expect(() => backgroundRejection(labels, scores, { weights: [1, 1, -1, 2, 2], signalEfficiency: 0.5 })).toThrow(
      'the weights of 1 background jet passing at ε_S = 0.5 sum to -1.000; expected more than 0',
    );
  });

  it('count by what they are worth where few jets stand behind a rejection', () => {
    const { labels, scores, weights } = nloJets(3000, 6);
    const passing = evaluate(labels, scores, { weights, signalEfficiencies: [0.5] });
    const [{ falsePositives, threshold }] = passing.rejection;
    const of = [...labels.keys()].filter((i) => labels[i] === 0 && scores[i] >= threshold).map((i) => weights[i]);
    const sum = of.reduce((a, b) => a + b, 0);
    const worth = sum ** 2 / of.reduce((a, b) => a + b * b, 0);
    expect(of).toHaveLength(falsePositives);
    expect(worth).toBeLessThan(100);
    expect(passing.warnings.map(({ message }) => message).join()).toContain(
      `worth ${worth.toPrecision(2)} without weights`,
    );
  });

  it('say nothing new of weights of 0 or more', () => {
    const { labels, scores } = nloJets(200, 5);
    const weights = Float64Array.from(labels, (_, i) => i % 3);
    expect(evaluate(labels, scores, { weights }).warnings.map(({ code }) => code)).not.toContain('negative-weights');
  });

  it('are refused where a class does not sum to more than 0, and where a metric has no meaning', () => {
    const labels = [1, 1, 0, 0];
    const scores = [0.9, 0.2, 0.8, 0.1];
    expect(codeOf(() => auc(labels, scores, { weights: [1, -1, 1, 1] }))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => auc(labels, scores, { weights: [1, 1, 1, -2] }))).toBe('DEGENERATE_METRIC');
    const weights = [2, -1, 2, -1];
    expect(accuracy(labels, scores, { weights })).toBe((2 - 1) / 2);
    expect(codeOf(() => partialAuc(labels, scores, { weights, range: [0, 0.5] }))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => rejectionArea(labels, scores, { weights }))).toBe('DEGENERATE_METRIC');
    const mass = [100, 100, 100, 200];
    expect(codeOf(() => massSculpting(labels, scores, { weights, mass }))).toBe('DEGENERATE_METRIC');
  });
});
