import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { areaUnderCurve, learntNothing } from './learntNothing.js';
import { crossEntropy, crossEntropyGradient } from './loss.js';

const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const jets = fc.array(fc.record({ p: probability, label: fc.integer({ min: 0, max: 1 }), weight: probability }), {
  minLength: 1,
  maxLength: 20,
});

test('the gradient of the cross-entropy is its finite difference', () => {
  fc.assert(
    fc.property(jets, fc.constantFrom(1, 2), (list, outputs) => {
      const labels = list.map(({ label }) => label);
      const weights = list.map(({ weight }) => weight);
      const p = list.flatMap((jet) => (outputs === 1 ? [jet.p] : [1 - jet.p, jet.p]));
      const { gradient } = crossEntropy(p, outputs, labels, weights);
      const step = 1e-6;
      for (let i = 0; i < p.length; i++) {
        const at = (shift: number) => crossEntropy(p.with(i, p[i] + shift), outputs, labels, weights).loss;
        const difference = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(difference)));
      }
    }),
  );
});

test('the gradient on the device is that of the host', async () => {
  await selectBackend('cpu');
  fc.assert(
    fc.property(jets, fc.constantFrom(1, 2), fc.boolean(), (list, outputs, certain) => {
      const labels = list.map(({ label }) => label);
      const weights = list.map(({ weight }) => weight);
      const rounded = list.map(({ p }) => (certain ? Math.round(p) : p));
      const p = Float32Array.from(rounded.flatMap((value) => (outputs === 1 ? [value] : [1 - value, value])));
      const { gradient } = crossEntropy(p, outputs, labels, weights);
      const device = tidy(() =>
        crossEntropyGradient(tensor2d(p, [list.length, outputs]), outputs, labels, weights).dataSync(),
      );
      for (const [i, value] of gradient.entries())
        expect(Math.abs(device[i] - value)).toBeLessThanOrEqual(2e-6 * Math.abs(value));
    }),
  );
});

test('certain and wrong predictions have a finite loss, NaN predictions a NaN loss', () => {
  expect(crossEntropy([0, 1], 1, [1, 0]).loss).toBeCloseTo(-Math.log(1e-7), 6);
  expect(crossEntropy([NaN], 1, [1]).loss).toBeNaN();
});

test('crossEntropy counts right classes', () => {
  expect(crossEntropy([0.6, 0.4, 0.5], 1, [1, 1, 0]).correct).toBe(2);
  expect(crossEntropy([0.1, 0.2, 0.7, 0.5, 0.3, 0.2], 3, [2, 1]).correct).toBe(1);
});

test('areaUnderCurve is the share of pairs in the right order, ties counting half', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 2 }), (list) => {
      const signal = list.filter(([, s]) => s).map(([score]) => score);
      const background = list.filter(([, s]) => !s).map(([score]) => score);
      fc.pre(signal.length > 0 && background.length > 0);
      const pairs = signal.flatMap((s) => background.map((b) => (s > b ? 1 : s === b ? 0.5 : 0)));
      const expected = pairs.reduce((a: number, b) => a + b, 0) / pairs.length;
      const labels = list.map(([, s]) => Number(s));
      const scores = list.map(([score]) => score);
      expect(areaUnderCurve(labels, scores)).toBeCloseTo(expected, 12);
    }),
  );
});

test.each([
  [[0.3, 0.3, 0.3, 0.3], 'same score'],
  [[0.6, 0.4, 0.4, 0.6], 'does not tell the classes apart'],
  [[0.1, 0.2, 0.3, 0.4], 'into class 0'],
  [[0.6, 0.7, 0.8, 0.9], 'into class 1'],
])('learntNothing of %j says "%s"', (scores, text) => {
  const labels = Uint8Array.of(0, 0, 1, 1);
  expect(learntNothing(Float32Array.from(scores), 1, labels)).toContain(text);
  const both = Float32Array.from(scores.flatMap((score) => [1 - score, score]));
  expect(learntNothing(both, 2, labels)).toContain(text);
});

test('learntNothing is silent about a network that works', () => {
  expect(learntNothing(Float32Array.of(0.1, 0.6, 0.4, 0.9), 1, Uint8Array.of(0, 0, 1, 1))).toBeUndefined();
});
