import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Jets, jets, sliceJets } from '../jets.js';
import { random } from '../random.js';
import { compiledConstituents } from './compiledConstituents.js';
import { imager, makeImages } from './imager.js';
import { namedRecipe, recipeNames } from './named.js';
import type { Recipe, RecipeStep } from './recipe.js';

interface Particle {
  readonly pt: number;
  readonly eta: number;
  readonly phi: number;
}

/** Massless four-vectors of one jet, padded to `slots`. */
function fourVectors(particles: readonly Particle[], slots = Math.max(1, particles.length)): Float32Array {
  const data = new Float32Array(slots * 4);
  particles.forEach(({ pt, eta, phi }, i) => {
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], 4 * i);
  });
  return data;
}

/** Some charge that goes with the particle: by the digits of its pT. */
const chargeOf = ({ pt }: Particle): number => (Math.floor(pt * 1e4) % 3) - 1;

/** As real jets may: with the charge of each constituent. */
const one = (particles: readonly Particle[], slots?: number): Jets => {
  const data = fourVectors(particles, slots);
  const charge = new Int8Array(data.length / 4);
  charge.set(particles.map(chargeOf));
  return { ...jets(data, data.length / 4), charge };
};

/** Jets like the real ones: pT falling steeply, about 0.3 wide, anywhere in φ. */
const jetOf = (seed: number, most = 40): Particle[] => {
  const r = random(seed);
  const axis = { eta: 3 * r.uniform() - 1.5, phi: 2 * Math.PI * r.uniform() - Math.PI };
  return Array.from({ length: r.integer(most) + 1 }, () => ({
    pt: 0.5 + 50 * r.uniform() ** 4,
    eta: axis.eta + 0.3 * r.normal(),
    phi: axis.phi + 0.3 * r.normal(),
  }));
};
const seeds = fc.integer({ min: 0, max: 0xffffffff });

const recipe = (...steps: RecipeStep[]): Recipe => ({ format: 'jetsdk-recipe/1', name: 'test', steps });
const pixels = (side: number, halfWidth: number): RecipeStep => ({
  step: 'pixelate',
  pixels: side,
  halfWidth,
  channels: ['pt'],
});
const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);
/** How many pixels differ by more than 1e-4 of the sum, once both images have the same sum. */
function differingPixels(a: Float32Array, b: Float32Array): number {
  const [total, other] = [sum(a), sum(b)];
  return a.reduce((n, value, i) => n + (Math.abs(value / total - b[i] / other) > 1e-4 ? 1 : 0), 0);
}

/** Float32 four-vectors place a constituent to about 1e-6 in η and φ, so one may cross the edge of a bin. */
const EDGE_CROSSINGS = 4;

describe('makeImages', () => {
  test('conserves the pT inside the range', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const particles = jetOf(seed);
        const lead = particles.reduce((a, b) => (b.pt > a.pt ? b : a));
        const wrap = (x: number): number => Math.atan2(Math.sin(x), Math.cos(x));
        const at = particles.map((p) => ({ pt: p.pt, x: p.eta - lead.eta, y: wrap(p.phi - lead.phi) }));
        fc.pre(at.every(({ x, y }) => Math.abs(Math.abs(x) - 0.8) > 1e-4 && Math.abs(Math.abs(y) - 0.8) > 1e-4));
        const inside = at
          .filter(({ x, y }) => Math.abs(x) < 0.8 && Math.abs(y) < 0.8)
          .reduce((total, { pt }) => total + pt, 0);
        const { data } = makeImages(recipe({ step: 'centre', on: 'leading' }, pixels(40, 0.8)), one(particles));
        expect(sum(data) / inside).toBeCloseTo(1, 5);
      }),
    );
  });

  test.each(recipeNames)('%s does not depend on a rotation of the event about the beam', (name) => {
    fc.assert(
      fc.property(seeds, fc.double({ min: -7, max: 7, noNaN: true }), (seed, angle) => {
        const particles = jetOf(seed);
        const turned = particles.map((p) => ({ ...p, phi: p.phi + angle }));
        const a = makeImages(namedRecipe(name), one(particles)).data;
        const b = makeImages(namedRecipe(name), one(turned)).data;
        expect(differingPixels(a, b)).toBeLessThanOrEqual(EDGE_CROSSINGS);
      }),
      { numRuns: name === 'higgs-224' ? 20 : 100 },
    );
  });

  test.each(recipeNames)('%s does not depend on the order of the constituents', (name) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const particles = jetOf(seed);
        const a = makeImages(namedRecipe(name), one(particles)).data;
        const b = makeImages(namedRecipe(name), one(random(seed).shuffle([...particles]))).data;
        expect(differingPixels(a, b)).toBeLessThanOrEqual(EDGE_CROSSINGS);
      }),
      { numRuns: name === 'higgs-224' ? 20 : 100 },
    );
  });

  test.each(recipeNames)('%s gives one jet the same image alone and in a batch', (name) => {
    const slots = 40;
    // more than are taken at once
    const count = 24;
    const data = new Float32Array(count * slots * 4);
    const charge = new Int8Array(count * slots);
    for (let i = 0; i < count; i++) {
      const jet = one(i === 4 ? [] : jetOf(i), slots);
      data.set(jet.data, i * slots * 4);
      charge.set(jet.charge!, i * slots);
    }
    const batch: Jets = { ...jets(data, slots), charge };
    const together = makeImages(namedRecipe(name), batch);
    for (let i = 0; i < count; i++) {
      const alone = makeImages(namedRecipe(name), sliceJets(batch, i, i + 1));
      expect(alone.data).toEqual(sliceJets(together, i, i + 1).data);
    }
  });

  test.each(recipeNames)('%s gives an empty image for an empty jet and finite pixels for any jet', (name) => {
    const { data } = makeImages(namedRecipe(name), one([], 10));
    expect(sum(data)).toBe(0);
    for (const particles of [[{ pt: 5, eta: 0, phi: 3 }], jetOf(1, 1), [jetOf(2)[0], jetOf(2)[0]]])
      expect(makeImages(namedRecipe(name), one(particles)).data.every(Number.isFinite)).toBe(true);
  });

  test('puts rows along η and columns along φ, both rising', () => {
    const lead = { pt: 100, eta: 0.5, phi: 3.1 };
    const other = { pt: 7, eta: 0.5 + 0.35, phi: 3.1 + 0.15 };
    const { data } = makeImages(recipe({ step: 'centre', on: 'leading' }, pixels(4, 0.4)), one([lead, other]));
    const filled = [...data].flatMap((value, i) => (value > 0 ? [[Math.floor(i / 4), i % 4, Math.round(value)]] : []));
    expect(filled).toEqual([
      [2, 2, 100],
      [3, 2, 7],
    ]);
  });

  test.each(['+eta', '-eta', '+phi', '-phi'] as const)('rotate puts the second constituent onto %s', (onto) => {
    for (const mode of ['plane', 'lorentz'] as const) {
      const jet = one([
        { pt: 100, eta: 1.2, phi: -3 },
        { pt: 50, eta: 1.2 - 0.21, phi: -3 - 0.35 },
      ]);
      const steps: RecipeStep[] = [
        { step: 'centre', on: 'leading' },
        { step: 'rotate', by: 'second', mode, onto },
        pixels(41, 0.82),
      ];
      const { data } = makeImages(recipe(...steps), jet);
      const at = data.reduce((best, value, i) => (value > 0 && value < 90 ? i : best), -1);
      const [row, column] = [Math.floor(at / 41) - 20, (at % 41) - 20];
      const [x, y] = onto.endsWith('eta') ? [row, column] : [column, row];
      expect(y).toBe(0);
      expect(Math.sign(x)).toBe(onto.startsWith('+') ? 1 : -1);
      expect(Math.abs(x)).toBeGreaterThan(8);
    }
  });

  test('rotate with minDeltaR ignores constituents close to the origin', () => {
    const jet = one([
      { pt: 100, eta: 0, phi: 0 },
      { pt: 90, eta: 0.1, phi: 0.1 },
      { pt: 20, eta: -0.5, phi: 0.3 },
    ]);
    const turn: RecipeStep = { step: 'rotate', by: 'second', minDeltaR: 0.35, mode: 'plane', onto: '-phi' };
    const { data } = makeImages(recipe({ step: 'centre', on: 'leading' }, turn, pixels(29, 1.45)), jet);
    expect(data[14 * 29 + 14 - 6]).toBeCloseTo(20, 4);
  });

  test('constituents that earlier steps put onto an axis fall on its positive side', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const r = random(seed);
        const jet = one([
          { pt: 100, eta: r.normal(), phi: 3 * r.normal() },
          { pt: 50, eta: r.normal(), phi: 3 * r.normal() },
        ]);
        for (const mode of ['plane', 'lorentz'] as const) {
          const turn: RecipeStep = { step: 'rotate', by: 'second', mode, onto: '+phi' };
          const { data } = makeImages(recipe({ step: 'centre', on: 'leading' }, turn, pixels(40, 4)), jet);
          data.forEach((value, i) => {
            if (value > 0) expect(Math.floor(i / 40)).toBe(20);
          });
        }
      }),
    );
  });

  test('flip puts at least half of the pT on the positive side', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const steps: RecipeStep[] = [
          { step: 'centre', on: 'leading' },
          { step: 'flip', axes: ['eta', 'phi'] },
          pixels(2, 5),
        ];
        const [a, b, c, d] = [...makeImages(recipe(...steps), one(jetOf(seed))).data];
        const lead = Math.max(...jetOf(seed).map((p) => p.pt));
        expect(b! + d! + lead).toBeGreaterThanOrEqual(a! + c! - 1e-3);
        expect(c! + d! + lead).toBeGreaterThanOrEqual(a! + b! - 1e-3);
      }),
    );
  });

  test('channels add pT, energy, charged and neutral pT and multiplicity', () => {
    const particles = [
      { pt: 10, eta: 0, phi: 0 },
      { pt: 20, eta: 0.01, phi: 0.01 },
      { pt: 30, eta: 0.02, phi: 0.02 },
    ];
    const charged: Jets = { ...one(particles), charge: Int8Array.of(1, 0, -1) };
    const step: RecipeStep = {
      step: 'pixelate',
      pixels: 1,
      halfWidth: 1,
      channels: ['pt', 'energy', 'charged-pt', 'neutral-pt', 'multiplicity'],
    };
    const { data, shape } = makeImages(recipe(step), charged);
    expect(shape).toEqual([1, 1, 1, 5]);
    const energy = particles.reduce((total, { pt, eta }) => total + pt * Math.cosh(eta), 0);
    [60, energy, 40, 20, 3].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 3);
    });
    const { charge: _, ...neutral } = charged;
    expect(() => makeImages(recipe(step), neutral)).toThrow(/charge/);
  });

  test('normalise divides by the maximum, the sum or the norm, and standardises', () => {
    const jet = one(jetOf(7));
    const raw = makeImages(recipe(pixels(20, 4)), jet).data;
    const by = (step: RecipeStep): Float32Array => makeImages(recipe(pixels(20, 4), step), jet).data;
    expect(Math.max(...by({ step: 'normalise', by: 'max' }))).toBe(1);
    expect(sum(by({ step: 'normalise', by: 'sum' }))).toBeCloseTo(1, 5);
    expect(by({ step: 'normalise', by: 'l2' }).reduce((a, b) => a + b * b, 0)).toBeCloseTo(1, 5);
    const scaled = by({ step: 'normalise', by: 'standardise', mean: [2], std: [4] });
    scaled.forEach((value, i) => {
      expect(value).toBeCloseTo((raw[i] - 2) / 4, 4);
    });
  });

  test('normalise steps follow one another, also after standardise', () => {
    const jet = one(jetOf(8));
    const shifted: RecipeStep = { step: 'normalise', by: 'standardise', mean: [-1], std: [2] };
    const before = makeImages(recipe(pixels(6, 4), shifted), jet).data;
    const after = makeImages(recipe(pixels(6, 4), shifted, { step: 'normalise', by: 'sum' }), jet).data;
    after.forEach((value, i) => {
      expect(value).toBeCloseTo(before[i] / sum(before), 5);
    });
  });

  test('images are the same after one that could not be made, whose memory they share', () => {
    const jet = one(jetOf(9));
    const before = makeImages(namedRecipe('iml-40'), jet).data;
    const wrong: RecipeStep = { step: 'normalise', by: 'standardise', mean: [1, 2], std: [1] };
    expect(() => makeImages(recipe(pixels(20, 4), wrong), jet)).toThrow(/2 numbers in mean, 400 pixels/);
    expect(makeImages(namedRecipe('iml-40'), jet).data).toEqual(before);
  });

  test('images too large for memory that is kept are made in JavaScript', () => {
    expect(compiledConstituents(10, 2049 ** 2)).toBeUndefined();
    const jet = one(jetOf(10));
    const { data } = makeImages(recipe(pixels(2049, 4)), jet);
    expect(sum(data)).toBeCloseTo(sum(makeImages(recipe(pixels(40, 4)), jet).data), 2);
  });

  test('a NaN component is an error that names the jet', () => {
    const data = Float32Array.from({ length: 3 * 5 * 4 }, (_, i) => (i % 4 === 0 ? 2 : 1));
    data[1 * 20 + 2 * 4 + 3] = Number.NaN;
    expect(() => makeImages(namedRecipe('iml-40'), jets(data, 5))).toThrow(/pz of constituent 2 of jet 1 is NaN/);
  });

  test('room that is too small is an error with both numbers', () => {
    const { fill } = imager(namedRecipe('iml-40'));
    expect(() => fill(one(jetOf(1)), new Float32Array(1599))).toThrow(/1599 pixels, 1600 needed/);
  });
});
