import { isJetError, random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { binEdges, compareCorrections } from './compareCorrections.js';
import { pairedRegression, regression, regressionInBins } from './regression.js';

const { uniform, normal } = random(4);
const JETS = 400;
const truth = Float64Array.from({ length: JETS }, () => 100 + 200 * uniform());
const smeared = (by: number) => truth.map((value) => value * (1 + by * normal()));
const [fine, coarse] = [smeared(0.05), smeared(0.2)];
const found = Float64Array.from({ length: JETS }, (_, i) => (i % 10 === 0 ? 0 : coarse[i]!));
const ways = [{ name: 'fine' }, { name: 'coarse', found }];
const observables = [{ name: 'pT', truth, predicted: [fine, coarse] }];
const options = { replicates: 20 };
const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return isJetError(error) && error.code;
  }
  return 'no error';
};

describe('compareCorrections', () => {
  it('measures each way on the jets that it found, and two on those that both did', () => {
    const bins = [{ name: 'pT', values: truth, edges: [100, 200, 301] }];
    const { results, pairs } = compareCorrections(ways, observables, { ...options, bins });
    expect(results.map(({ jets }) => jets)).toEqual([400, 360]);
    expect(results[0]!.observables[0]!.figures).toEqual(regression(truth, fine, options));
    expect(results[0]!.observables[0]!.bins[0]!.bins).toEqual(
      regressionInBins(truth, fine, { ...options, by: truth, edges: [100, 200, 301] }),
    );
    const both = (values: Float64Array) => values.filter((_, i) => found[i]! > 0);
    expect(pairs).toEqual([
      {
        a: 'fine',
        b: 'coarse',
        jets: 360,
        observables: [{ name: 'pT', differences: pairedRegression(both(truth), both(fine), both(coarse), options) }],
      },
    ]);
    expect(pairs[0]!.observables[0]!.differences.iqr.value).toBeLessThan(0);
  });

  it('names what is wrong', () => {
    expect(code(() => compareCorrections([], observables, options))).toBe('BAD_ARGUMENT');
    expect(code(() => compareCorrections([ways[0]!, ways[0]!], observables, options))).toBe('BAD_ARGUMENT');
    expect(code(() => compareCorrections([ways[0]!], observables, options))).toBe('SHAPE_MISMATCH');
    expect(code(() => compareCorrections([ways[0]!, { name: 'b', found: [1] }], observables, options))).toBe(
      'SHAPE_MISMATCH',
    );
    expect(code(() => binEdges([]))).toBe('BAD_ARGUMENT');
    expect(code(() => binEdges([1, Number.NaN]))).toBe('NOT_FINITE');
  });
});

describe('binEdges', () => {
  it('puts each of a few values in a bin of its own', () => {
    expect(binEdges([140, 0, 20, 60, 0, 140])).toEqual([-0.5, 10, 40, 100, 140.5]);
    expect(binEdges([7, 7])).toEqual([6.5, 7.5]);
  });

  it('puts as many jets in each bin where values are many, the largest in the last', () => {
    const edges = binEdges(truth, 4);
    const counts = edges.slice(1).map((high, i) => truth.filter((value) => value >= edges[i]! && value < high).length);
    expect(counts).toEqual([100, 100, 100, 100]);
  });
});
