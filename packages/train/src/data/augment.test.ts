import { jets, makeImages, type Recipe, random } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noise } from '../compare.testing.js';
import { augment, checkAugmentation } from './augment.js';

const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

describe('augment', () => {
  test('mirrors keep every pixel value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 2, max: 7 }), (seed, pixels) => {
        const rows = noise(3 * pixels * pixels * 2, seed);
        const out = augment(rows, [pixels, pixels, 2], { flip: ['eta', 'phi'] }, random(seed));
        expect([...out].sort()).toEqual([...rows].sort());
      }),
    );
  });

  test('turns and shifts keep the sum of what stays in the image', () => {
    const pixels = 21;
    const rows = new Float32Array(10 * pixels * pixels);
    for (let jet = 0; jet < 10; jet++) for (let i = 8; i < 13; i++) rows[jet * pixels * pixels + i * pixels + i] = i;
    const out = augment(rows, [pixels, pixels, 1], { rotate: 180, shift: 3 }, random(5));
    expect(total(out)).toBeCloseTo(total(rows), 3);
    expect(out).not.toEqual(rows);
  });

  test.each([
    ['eta', [1, 1, 1, -1]],
    ['phi', [1, 1, -1, 1]],
  ] as const)('a mirror along %s gives the image of the mirrored jet', (axis, signs) => {
    const recipe: Recipe = {
      format: 'jetsdk-recipe/1',
      name: 'plain',
      steps: [{ step: 'pixelate', pixels: 6, halfWidth: 0.6, channels: ['pt'] }],
    };
    const jet = Float32Array.of(31, 30, 1, 5, 23, 20, -9, 2, 11, 10, 3, -3);
    const mirrored = jet.map((value, i) => value * signs[i % 4]);
    const [image, other] = [jet, mirrored].map((data) => makeImages(recipe, jets(data, 3)).data);
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) seen.add(augment(image!, [6, 6, 1], { flip: [axis] }, random(seed)).join());
    expect(seen).toEqual(new Set([image!.join(), other!.join()]));
    expect(seen.size).toBe(2);
  });

  test('smearing has the width asked for', () => {
    const rows = new Float32Array(10_000).fill(2);
    const out = augment(rows, [100, 100, 1], { smear: 0.1 }, random(1));
    const mean = total(out) / rows.length;
    const variance = out.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.length;
    // Five standard errors.
    expect(Math.abs(mean - 2)).toBeLessThan(0.01);
    expect(Math.abs(Math.sqrt(variance) - 0.2)).toBeLessThan(0.007);
  });

  test('nothing asked for changes nothing', () => {
    const rows = noise(50, 1);
    expect(augment(rows, [5, 5, 2], {}, random(1))).toEqual(rows);
  });

  test.each([
    [{ rotate: 181 }, [5, 5, 1], 'OUT_OF_RANGE'],
    [{ shift: 5 }, [5, 5, 1], 'OUT_OF_RANGE'],
    [{ shift: 0.5 }, [5, 5, 1], 'OUT_OF_RANGE'],
    [{ smear: -1 }, [5, 5, 1], 'OUT_OF_RANGE'],
    [{ flip: ['x' as 'eta'] }, [5, 5, 1], 'OUT_OF_RANGE'],
    [{ rotate: 1 }, [20], 'BAD_ARGUMENT'],
  ])('checkAugmentation refuses %j for jets of %j', (settings, shape, code) => {
    expect(() => checkAugmentation(settings, shape)).toThrowError(expect.objectContaining({ code }));
  });
});
