import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate.js';
import { evaluateTaggers } from './evaluateTaggers.js';
import { roc } from './metrics/roc.js';
import { pairedDelong } from './uncertainty/delong.js';

const labels = Uint8Array.from({ length: 400 }, (_, i) => i % 2);
const scoresBy = (prime: number, gain: number): Float64Array =>
  Float64Array.from(labels, (label, i) => (((i * prime) % 400) / 400 + gain * label) / (1 + gain));
const good = scoresBy(7919, 0.8);
const poor = scoresBy(104_729, 0.2);
const third = scoresBy(15_485_863, 0.4);
const weights = Float64Array.from(labels, (_, i) => 1 + (i % 3));

describe('evaluateTaggers', () => {
  test.each([{}, { weights, signalEfficiencies: [0.4] }])(
    'gives what evaluate, roc and pairedDelong give one by one, options %j',
    (options) => {
      const weighted = 'weights' in options ? { weights: options.weights } : {};
      const named = { good, poor, third };
      const taggers = Object.entries(named).map(([name, scores]) => ({ name, scores }));
      const all = evaluateTaggers(labels, taggers, options);
      expect(all.taggers.map(({ result }) => result)).toEqual(
        taggers.map(({ name, scores }) => evaluate(labels, scores, { ...options, name })),
      );
      expect(all.comparisons).toEqual([
        { a: 'good', b: 'poor', ...pairedDelong(labels, good, poor, weighted) },
        { a: 'good', b: 'third', ...pairedDelong(labels, good, third, weighted) },
        { a: 'poor', b: 'third', ...pairedDelong(labels, poor, third, weighted) },
      ]);
      expect(all.notCompared).toEqual([]);
      all.taggers.forEach(({ curve, cuts, result }, i) => {
        const { signalEfficiency, backgroundEfficiency } = roc(labels, taggers[i].scores, {
          ...weighted,
          points: 1500,
        });
        expect(curve).toEqual({ name: taggers[i].name, auc: result.auc, signalEfficiency, backgroundEfficiency });
        expect([cuts.jets, cuts.signal, cuts.background]).toEqual([400, 200, 200]);
      });
    },
  );

  test('curves have no more points than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), (points) => {
        const { taggers } = evaluateTaggers(labels, [{ name: 'poor', scores: poor }], { points });
        expect(taggers[0].curve.signalEfficiency.length).toBeLessThanOrEqual(points);
      }),
    );
  });

  test('a pair whose difference has no error is told apart, with the reason, and the rest stands', () => {
    const perfect = Float64Array.from(labels);
    const inverted = perfect.map((score) => 1 - score);
    const all = evaluateTaggers(labels, [
      { name: 'perfect', scores: perfect },
      { name: 'inverted', scores: inverted },
      { name: 'poor', scores: poor },
    ]);
    expect(all.notCompared).toEqual([
      { a: 'perfect', b: 'inverted', reason: expect.stringContaining('by the same for every jet') },
    ]);
    expect(all.comparisons.map(({ a, b }) => [a, b])).toEqual([
      ['perfect', 'poor'],
      ['inverted', 'poor'],
    ]);
  });

  test('an error names the tagger', () => {
    const short = { name: 'short', scores: [0.5] };
    expect(() => evaluateTaggers(labels, [{ name: 'good', scores: good }, short])).toThrowError(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringContaining('short') }),
    );
  });
});
