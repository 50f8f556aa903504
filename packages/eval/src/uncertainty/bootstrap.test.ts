// worker threads run from dist, so this file imports the built package
import { type BootstrapMetric, backgroundRejection, bootstrap, delong, REJECTION_ESTIMATORS } from '@jetsdk/eval';
import { isJetError, random } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cutCounts } from '../core/cutCounts.js';
import { scoredJets } from '../jets.testing.js';
import { workingPoint } from '../metrics/backgroundRejection.js';
import { bootstrapSample, Replicator } from './replicate.js';

function taggers(jets: number): { labels: Uint8Array; a: Float32Array; b: Float32Array } {
  const { normal } = random(11);
  const labels = Uint8Array.from({ length: jets }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const score = (): Float32Array => Float32Array.from(labels, (label) => label + normal());
  return { labels, a: score(), b: score() };
}

const AUC: BootstrapMetric = { name: 'auc' };

async function codeOfPromise(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return isJetError(error) ? error.code : error;
  }
  return 'nothing thrown';
}

describe('bootstrap', () => {
  const { labels, a, b } = taggers(900);

  it('gives the same result for any number of workers', async () => {
    const options = { metric: AUC, replicates: 37, seed: 5 };
    const alone = await bootstrap(labels, [a, b], options);
    for (const workers of [1, 2, 3]) expect(await bootstrap(labels, [a, b], { ...options, workers })).toEqual(alone);
  });

  it('depends on the seed and on nothing else', async () => {
    const run = (seed: number): Promise<unknown> => bootstrap(labels, [a], { metric: AUC, replicates: 5, seed });
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it('finds the standard error that DeLong finds', async () => {
    const [{ value, stdErr, interval }] = await bootstrap(labels, [a], { metric: AUC, replicates: 2000 });
    const exact = delong(labels, a);
    expect(value).toBe(exact.auc);
    // the standard deviation of 2000 replicates is known to 1.6 %
    expect(Math.abs(stdErr / exact.stdErr - 1)).toBeLessThan(0.07);
    expect(interval.low).toBeLessThan(value);
    expect(interval.high).toBeGreaterThan(value);
    expect(interval.high - interval.low).toBeGreaterThan(1.7 * exact.stdErr);
    expect(interval.high - interval.low).toBeLessThan(2.3 * exact.stdErr);
  });

  it('draws the same jets for every tagger', async () => {
    const [one, two] = await bootstrap(labels, [a, a.map((s) => 3 * s)], { metric: AUC, replicates: 20 });
    expect(two.replicates).toEqual(one.replicates);
    expect(new Set(one.replicates).size).toBeGreaterThan(10);
  });

  it('takes ε_B as the rejection takes it, and stays defined where no background passes', async () => {
    const metric: BootstrapMetric = { name: 'backgroundEfficiency', signalEfficiency: 0.1 };
    const [result] = await bootstrap(labels, [a], { metric, replicates: 300 });
    expect(1 / result.value).toBeCloseTo(backgroundRejection(labels, a, { signalEfficiency: 0.1 }).rejection, 8);
    const few = await bootstrap([1, 1, 1, 0, 0, 0], [[5, 3, 2, 4, 1, 0]], { metric, replicates: 50 });
    expect(few[0].value).toBe(0);
    expect(few[0].replicates.every(Number.isFinite)).toBe(true);
  });

  it('weighs the drawn jets', async () => {
    const weights = Array.from(labels, (_, i) => 1 + (i % 4));
    const [result] = await bootstrap(labels, [a], { metric: AUC, replicates: 400, weights });
    const exact = delong(labels, a, { weights });
    expect(result.value).toBeCloseTo(exact.auc, 12);
    expect(Math.abs(result.stdErr / exact.stdErr - 1)).toBeLessThan(0.15);
    const workers = await bootstrap(labels, [a], { metric: AUC, replicates: 400, weights, workers: 2 });
    expect(workers[0].replicates).toEqual(result.replicates);
  });

  it('reports its progress up to the end', async () => {
    for (const workers of [0, 2]) {
      const seen: number[] = [];
      await bootstrap(labels, [a], { metric: AUC, replicates: 20, workers, onProgress: ({ done }) => seen.push(done) });
      expect(seen[seen.length - 1]).toBe(20);
      expect(seen).toEqual([...seen].sort((x, y) => x - y));
    }
  });

  it('stops when it is told to', async () => {
    for (const workers of [0, 2]) {
      const controller = new AbortController();
      const promise = bootstrap(labels, [a], {
        metric: AUC,
        replicates: 100_000,
        workers,
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      expect(await codeOfPromise(promise)).toBe('CANCELLED');
    }
  });

  it('passes on what its callback throws', async () => {
    for (const workers of [0, 1]) {
      const mishap = new Error('mishap');
      const promise = bootstrap(labels, [a], {
        metric: AUC,
        replicates: 20,
        workers,
        onProgress: () => {
          throw mishap;
        },
      });
      expect(await codeOfPromise(promise)).toBe(mishap);
    }
  });

  it('says so where there are no worker threads', async () => {
    const noModules = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    try {
      expect(await codeOfPromise(bootstrap(labels, [a], { metric: AUC, replicates: 5, workers: 2 }))).toBe(
        'UNSUPPORTED',
      );
      expect(await bootstrap(labels, [a], { metric: AUC, replicates: 5 })).toHaveLength(1);
    } finally {
      noModules.mockRestore();
    }
  });

  it('names what is wrong with its arguments', async () => {
    const code = (entries: ArrayLike<number>[], more: object): Promise<unknown> =>
      codeOfPromise(bootstrap(labels, entries, { metric: AUC, replicates: 5, ...more }));
    expect(await code([], {})).toBe('BAD_ARGUMENT');
    expect(await code([a.subarray(1)], {})).toBe('SHAPE_MISMATCH');
    expect(await code([a], { replicates: 1 })).toBe('OUT_OF_RANGE');
    expect(await code([a], { workers: -1 })).toBe('OUT_OF_RANGE');
    expect(await code([a], { seed: 0.5 })).toBe('OUT_OF_RANGE');
    expect(await code([a], { level: 1 })).toBe('OUT_OF_RANGE');
    expect(await code([a], { metric: { name: 'backgroundEfficiency', signalEfficiency: 0 } })).toBe('OUT_OF_RANGE');
  });
});

describe('Replicator', () => {
  it('has, on the jets as they are, the background efficiency of every estimator', () => {
    fc.assert(
      fc.property(
        scoredJets(1),
        fc.constantFrom(0.1, 0.25, 0.5, 2 / 3, 0.9, 1),
        fc.boolean(),
        ({ labels, scores, weights }, signalEfficiency, weighted) => {
          const used = weighted ? weights : undefined;
          const cuts = cutCounts(labels, scores, { weights: used });
          for (const estimator of REJECTION_ESTIMATORS) {
            const metric: BootstrapMetric = { name: 'backgroundEfficiency', signalEfficiency, estimator };
            const sample = bootstrapSample(labels, [scores], used, metric, (bytes) => new ArrayBuffer(bytes));
            expect(new Replicator(sample).original()[0]).toBeCloseTo(
              workingPoint(cuts, signalEfficiency, estimator).backgroundEfficiency,
              12,
            );
          }
        },
      ),
    );
  });
});
