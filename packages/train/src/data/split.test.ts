import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitJets } from './split.js';

const labelLists = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 20, maxLength: 300 });

test('splitJets puts every jet into exactly one part, of the sizes asked for', () => {
  fc.assert(
    fc.property(labelLists, fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.boolean(), (labels, seed, stratified) => {
      const { train, validation, test: held } = splitJets(Uint8Array.from(labels), { seed, stratified });
      const all = [...train, ...validation, ...held].sort((a, b) => a - b);
      expect(all).toEqual(labels.map((_, i) => i));
      if (stratified) return;
      expect(held.length).toBe(Math.ceil(labels.length * 0.2));
      expect(validation.length).toBe(Math.ceil((labels.length - held.length) * 0.25));
    }),
  );
});

test('a stratified split keeps the share of each class', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i < 100 ? 1 : 0));
  const { train, validation, test: held } = splitJets(labels, { seed: 1, stratified: true });
  const signal = (part: Uint32Array) => part.reduce((sum, jet) => sum + labels[jet], 0);
  expect([train, validation, held].map(signal)).toEqual([60, 20, 20]);
});

test('the same seed gives the same split and another seed another', () => {
  const labels = new Uint8Array(200);
  expect(splitJets(labels, { seed: 3 })).toEqual(splitJets(labels, { seed: 3 }));
  expect(splitJets(labels, { seed: 3 })).not.toEqual(splitJets(labels, { seed: 4 }));
});

test('a fraction of 0 gives an empty part, a fraction of 1 throws OUT_OF_RANGE', () => {
  expect(splitJets(new Uint8Array(10), { seed: 1, test: 0 }).test.length).toBe(0);
  expect(() => splitJets(new Uint8Array(10), { seed: 1, test: 1 })).toThrowError(/expected 0 ≤ fraction < 1/);
});
