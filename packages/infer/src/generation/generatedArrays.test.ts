import { expect, it } from 'vitest';
import { generatedArrays } from './generatedArrays.js';

it('energies are (n, 1) and classes (n,), as in the public files; outputs stay as they are', () => {
  const image = { shape: [2, 1, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6), unit: 'GeV' };
  const conditions = { energy: Float32Array.of(10, 20), signal: Float32Array.of(0, 1) };
  const asked = [
    { name: 'energy', unit: 'GeV', range: [1, 100] },
    { name: 'signal', range: [0, 1], whole: true },
  ] as const;
  expect(generatedArrays({ conditions: asked }, { first: 0, outputs: { image }, conditions })).toEqual({
    image,
    energy: { shape: [2, 1], data: conditions.energy },
    signal: { shape: [2], data: conditions.signal },
  });
});
