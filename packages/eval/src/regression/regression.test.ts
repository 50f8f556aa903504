import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../jets.testing.js';
import { pairedRegression, regression, regressionInBins } from './regression.js';

/** True values, and predictions that are 5 % high with a Gaussian width of 10 %. */
function toy(jets: number, seed: number, bias = 0.05, width = 0.1): { truth: Float64Array; predicted: Float64Array } {
  const { normal, uniform } = random(seed);
  const truth = Float64Array.from({ length: jets }, () => 100 + 200 * uniform());
  return { truth, predicted: truth.map((t) => t * (1 + bias + width * normal())) };
}

describe('regression', () => {
  it('finds bias, interquartile range, 68 % width and correlation as NumPy does', () => {
    // numpy.percentile of (p - t) / t, numpy.corrcoef
    const truth = [10, 20, 40, 80, 50];
    const predicted = [11, 19, 44, 78, 60];
    const found = regression(truth, predicted, { replicates: 20 });
    expect(found.medianBias.value).toBeCloseTo(0.1, 12);
    expect(found.meanBias.value).toBeCloseTo((0.1 - 0.05 + 0.1 - 0.025 + 0.2) / 5, 12);
    expect(found.iqr.value).toBeCloseTo(0.125, 12);
    expect(found.halfWidth68.value).toBeCloseTo(0.08533618651713573, 12);
    expect(found.correlation.value).toBeCloseTo(0.9849231771184217, 12);
    const differences = regression(truth, predicted, { deviation: 'difference', replicates: 20 });
    expect(differences.medianBias.value).toBe(1);
  });

  it('has errors that are the spread over other jets', () => {
    const trials = Array.from({ length: 60 }, (_, seed) => {
      const { truth, predicted } = toy(400, seed);
      return regression(truth, predicted, { replicates: 100 });
    });
    for (const figure of ['medianBias', 'meanBias', 'iqr', 'halfWidth68', 'correlation'] as const) {
      const values = trials.map((trial) => trial[figure].value);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const spread = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1));
      const claimed = trials.reduce((sum, trial) => sum + trial[figure].stdErr, 0) / trials.length;
      // the spread of 60 is known to 9 %
      expect(Math.abs(claimed / spread - 1)).toBeLessThan(0.35);
    }
  });

  it('names what is wrong', () => {
    expect(codeOf(() => regression([1, 2], [1]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => regression([1, 0], [1, 2]))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => regression([1, 1], [1, 2]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => regression([1, 2], [1, Number.NaN]))).toBe('NOT_FINITE');
    expect(codeOf(() => regression([1, 2], [1, 2], { replicates: 1 }))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => Reflect.apply(regression, undefined, [[1, 2], Promise.resolve([1, 2])]))).toBe('BAD_ARGUMENT');
  });
});

describe('pairedRegression', () => {
  it('knows the better of two predictions of the same jets, far better than their single errors do', () => {
    const { truth, predicted } = toy(2000, 1);
    const { normal } = random(2);
    const worse = predicted.map((p, i) => p + 0.02 * truth[i] * normal());
    const { iqr, correlation } = pairedRegression(truth, predicted, worse);
    expect(iqr.value).toBeLessThan(0);
    expect(correlation.z).toBeGreaterThan(3);
    expect(correlation.pValue).toBeLessThan(0.003);
    const single = regression(truth, predicted).correlation.stdErr;
    expect(correlation.stdErr).toBeLessThan(single);
    expect(pairedRegression(truth, predicted, predicted).iqr).toMatchObject({ value: 0, z: 0, pValue: 1 });
  });
});

describe('regressionInBins', () => {
  it('takes each bin by itself, and says where it has too few jets', () => {
    const { truth, predicted } = toy(1000, 3);
    const bins = regressionInBins(truth, predicted, { by: truth, edges: [100, 200, 300, 400], replicates: 20 });
    expect(bins.map(({ jets }) => jets).reduce((a, b) => a + b)).toBe(1000);
    const inside = Array.from(truth.keys()).filter((i) => truth[i] < 200);
    expect(bins[0].figures?.iqr.value).toBe(
      regression(
        inside.map((i) => truth[i]),
        inside.map((i) => predicted[i]),
        { replicates: 20 },
      ).iqr.value,
    );
    expect(bins[0].mean).toBeCloseTo(inside.reduce((sum, i) => sum + truth[i], 0) / inside.length, 9);
    expect(bins[2]).toEqual({ low: 300, high: 400, jets: 0, reason: expect.stringContaining('0 jets') });
    expect(codeOf(() => regressionInBins(truth, predicted, { by: truth, edges: [1] }))).toBe('BAD_ARGUMENT');
  });
});

const pumml = fileURLToPath(new URL('../../../../../shared/data/generated/pumml/test.h5', import.meta.url));

describe.skipIf(!existsSync(pumml))('pile-up removers (skipped without ../shared/data)', () => {
  it.each([
    ['puppi', 5.09, 4.75, 0.9959, 33.1, 38.1, 0.9405],
    ['area', -0.3, 3.84, 0.9962, 1.0, 34.8, 0.8983],
    ['sk', 2.37, 3.61, 0.997, 18.5, 36.0, 0.9299],
  ])('%s has its known bias, resolution and correlation', async (name, ptBias, ptIqr, ptCorr, bias, iqr, corr) => {
    const { readScores } = await import('@jetsdk/jets/files');
    const read = (column: string): Promise<ArrayLike<number>> => readScores(pumml, { column });
    const [pt, truePt, mass, trueMass] = await Promise.all(
      [`${name}_pt`, 'true_pt', `${name}_mass`, 'true_mass'].map(read),
    );
    // a pT of 0 stands for no jet found
    const found = Array.from({ length: pt.length }, (_, i) => i).filter((i) => pt[i] > 0);
    const of = (values: ArrayLike<number>): number[] => found.map((i) => values[i]);
    const ofPt = regression(of(truePt), of(pt), { replicates: 2 });
    expect(100 * ofPt.medianBias.value).toBeCloseTo(ptBias, 1);
    expect(100 * ofPt.iqr.value).toBeCloseTo(ptIqr, 1);
    expect(ofPt.correlation.value).toBeCloseTo(ptCorr, 3);
    const ofMass = regression(of(trueMass), of(mass), { replicates: 2 });
    expect(100 * ofMass.medianBias.value).toBeCloseTo(bias, 0);
    expect(100 * ofMass.iqr.value).toBeCloseTo(iqr, 0);
    expect(ofMass.correlation.value).toBeCloseTo(corr, 3);
  });
});
