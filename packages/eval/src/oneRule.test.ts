import { isJetError, random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import * as sdk from './index.js';
import { codeOf } from './jets.testing.js';

const { normal } = random(3);
const labels = Uint8Array.from({ length: 600 }, (_, i) => i % 2);
const scores = Float32Array.from(labels, (label) => 1 / (1 + Math.exp(0.5 - label - normal())));
const weights = Float64Array.from(labels, (_, i) => 1 + (i % 3));
const mass = Float64Array.from(labels, (_, i) => 60 + (i % 200));

type Metric = (labels: ArrayLike<number>, scores: ArrayLike<number>, options: object) => unknown;
type MetricOf = (counted: sdk.CountedJets, options: object) => unknown;

/** Each metric on labels and scores, the same on counted jets, and what it needs to be told. */
const METRICS: readonly (readonly [name: keyof typeof sdk, more: object])[] = [
  ['accuracy', { threshold: 0.4 }],
  ['auc', {}],
  ['backgroundRejection', { signalEfficiency: 0.4 }],
  ['bestAccuracy', {}],
  ['calibration', { bins: 5 }],
  ['delong', { level: 0.9 }],
  ['evaluate', { name: 'mine', mass }],
  ['massBinnedRejection', { mass, edges: [60, 150, 260] }],
  ['massSculpting', { mass }],
  ['maximumSignificanceImprovement', { minimumBackground: 10 }],
  ['partialAuc', { range: [0, 0.2] }],
  ['placements', {}],
  ['precisionRecall', {}],
  ['rejectionArea', { range: [0.5, 0.9] }],
  ['roc', { points: 20 }],
  ['significanceImprovement', { points: 20 }],
];

const metric = (name: string): Metric => Reflect.get(sdk, name) as Metric;
const metricOf = (name: string): MetricOf => Reflect.get(sdk, `${name}Of`) as MetricOf;

describe.each(METRICS)('%s', (name, more) => {
  it('takes labels, scores and options with weights, and is the same of counted jets', () => {
    const weighted = metric(name)(labels, scores, { ...more, weights });
    expect(weighted).toEqual(metricOf(name)(sdk.cutCounts(labels, scores, { weights }), more));
    expect(weighted).not.toEqual(metric(name)(labels, scores, more));
  });

  it('says in one sentence what a caller without types did wrong', () => {
    const said = (...wrong: unknown[]): string => {
      try {
        Reflect.apply(metric(name), undefined, wrong);
      } catch (error) {
        if (isJetError(error)) return `${error.code} ${error.message}`;
        throw error;
      }
      return 'nothing thrown';
    };
    const expected = 'expected an array of numbers, one per jet';
    expect(said(undefined, scores, more)).toBe(`BAD_ARGUMENT ${name}: labels, got undefined; ${expected}`);
    expect(said(labels, Promise.resolve(scores), more)).toBe(
      `BAD_ARGUMENT ${name}: scores, got a promise; ${expected}; await it`,
    );
    expect(said(labels, { shape: [600], data: scores }, more)).toBe(
      `BAD_ARGUMENT ${name}: scores, got an object with data; ${expected}; pass scores.data`,
    );
    expect(said(labels, [[0.5], [0.1]], more)).toBe(
      `BAD_ARGUMENT ${name}: scores, got a list of lists; ${expected}; scores.flat()`,
    );
    expect(said(BigInt64Array.of(1n, 0n), scores, more)).toBe(
      `BAD_ARGUMENT ${name}: labels, got a BigInt64Array; ${expected}; Float64Array.from(labels, Number)`,
    );
    expect(said(labels, scores, weights)).toBe(
      `BAD_ARGUMENT ${name}: options, got an array; expected an object such as { weights }`,
    );
    expect(said(labels, scores, { ...more, weigths: weights })).toContain(
      `BAD_ARGUMENT ${name}: no option weigths; expected`,
    );
    expect(said(labels, scores, { ...more, weights: Promise.resolve(weights) })).toBe(
      `BAD_ARGUMENT ${name}: weights, got a promise; ${expected}; await it`,
    );
  });
});

it('leaves no metric of counted jets out of the rule', () => {
  const names = Object.keys(sdk).filter((name) => name.endsWith('Of') && name !== 'pairedDelongOf');
  expect(names.sort()).toEqual(METRICS.map(([name]) => `${name}Of`).sort());
});

it('compares two taggers under the same rule', () => {
  const other = scores.map((score, i) => (score + (i % 7)) / 8);
  const paired = sdk.pairedDelong(labels, scores, other, { weights });
  const placed = [scores, other].map((column) => sdk.placements(labels, column, { weights }));
  expect(sdk.pairedDelongOf(placed[0], placed[1])).toEqual(paired);
  expect(codeOf(() => Reflect.apply(sdk.pairedDelong, undefined, [labels, scores, undefined]))).toBe('BAD_ARGUMENT');
});
