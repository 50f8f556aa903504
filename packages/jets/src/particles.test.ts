import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHalf, toHalf } from './float16.js';
import { readNpy } from './io/npy/npy.js';
import { jets } from './jets.js';
import { areParticles, requireParticles } from './particles.js';
import { makeImages } from './recipe/imager.js';
import { namedRecipe } from './recipe/named.js';

const folder = new URL('../../../../shared/data/field/four-vector-order/', import.meta.url);

function fieldJets(name: string) {
  const { data, shape } = readNpy(readFileSync(new URL(name, folder)));
  return jets(Float32Array.from(data as Float32Array), shape[1]);
}

/** E, px, py, pz of a particle in GeV. */
const particle = fc
  .record({
    pt: fc.double({ min: 1e-4, max: 800, noNaN: true }),
    eta: fc.double({ min: -5, max: 5, noNaN: true }),
    phi: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    mass: fc.constantFrom(0, 0, 0.000511, 0.13957, 0.938),
  })
  .map(({ pt, eta, phi, mass }) => {
    const p = [pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)];
    return [Math.hypot(mass, ...p), ...p];
  });

/** The same jets with some of their numbers changed. */
function twoJets(constituent: readonly number[]) {
  const data = Float32Array.from([60, 0, 60, 0, 50, 0, 50, 0, 40, 0, 40, 0, ...constituent]);
  return jets(data, 2);
}

describe('requireParticles', () => {
  it('accepts every particle in single and half precision, and padding of zeros', () => {
    fc.assert(
      fc.property(fc.array(particle, { minLength: 1, maxLength: 20 }), (particles) => {
        const data = Float32Array.from([...particles, [0, 0, 0, 0]].flat());
        requireParticles(jets(data, particles.length + 1));
        requireParticles(jets(fromHalf(toHalf(data)), particles.length + 1));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses every constituent whose energy is below its momentum by more than half precision rounds', () => {
    fc.assert(
      fc.property(particle, fc.double({ min: -2, max: 0.997, noNaN: true }), ([, px, py, pz], factor) => {
        const p = Math.hypot(px, py, pz);
        fc.pre(p > 0.01);
        expect(() => requireParticles(twoJets([factor * p, px, py, pz]))).toThrow('constituent 1 of jet 1');
      }),
    );
  });

  it.each<[string, readonly number[], RegExp]>([
    [
      'padding',
      [-999, -999, -999, -999],
      /where -999 is padding, read the file with --padding -999 \(in code: padding/,
    ],
    [
      'padding that float32 rounds',
      Array(4).fill(Math.fround(-999.9)),
      /where -999.9 is padding, read the file with --padding -999.9 /,
    ],
    [
      'padding that is large',
      Array(4).fill(Math.fround(1e20)),
      /is \(1e20, 1e20, 1e20, 1e20\).*where 1e20 is padding, read the file with --padding 1e20 /,
    ],
    ['padding of the energy alone', [-1, 0, 0, 0], /where -1 is padding/],
    ['the order', [-76, 77, -26, 111.1], /the order may be px, py, pz, E: read the file with --components px,py,pz,E/],
    ['other coordinates', [0.5, 1.2, -2.8, 0], /pT, η, φ and mass/],
    ['relative coordinates', [0.0189, 0.2159, 0.072, 1], /relative ones/],
  ])('names the likely cause: %s', (_, vector, cause) => {
    expect(() => requireParticles(twoJets(vector), 'x.h5', 100)).toThrow(cause);
    expect(() => requireParticles(twoJets(vector), 'x.h5', 100)).toThrow(/^x\.h5: constituent 1 of jet 101 is \(/);
  });

  it.each([
    [-5e-7, 0, 0, 0],
    [0, 5e-7, 0, 0],
  ])('takes %s for rounding', (...vector) => {
    requireParticles(twoJets(vector));
  });

  it.skipIf(!existsSync(folder))('accepts and refuses files of the field', () => {
    requireParticles(fieldJets('right.npy'));
    expect(() => requireParticles(fieldJets('px-py-pz-E.npy'))).toThrow('constituent 0 of jet 0 is (-76.0254');
    expect(() => requireParticles(fieldJets('px-py-pz-E.npy'))).toThrow('px, py, pz, E');
  });
});

describe('areParticles', () => {
  const number = fc.oneof(
    fc.float({ noNaN: true, noDefaultInfinity: true, min: -1000, max: 1000 }),
    fc.constantFrom(0, 5e-7, 1e30, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  );

  it('is true where all numbers are finite and requireParticles has nothing to say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(particle, fc.tuple(number, number, number, number)), { maxLength: 6 }),
        (vectors) => {
          const data = Float32Array.from(vectors.flat());
          let sound = data.every(Number.isFinite);
          try {
            requireParticles({ kind: 'constituents', shape: [1, vectors.length, 4], data });
          } catch {
            sound = false;
          }
          expect(areParticles(data)).toBe(sound);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('a recipe', () => {
  it('refuses what is no particle, with the jet and the likely cause', () => {
    expect(() => makeImages(namedRecipe('course-30'), twoJets([-999, -999, -999, -999]))).toThrow(
      /^jets: constituent 1 of jet 1 is \(-999, .*--padding -999/,
    );
  });

  it('still says first what is not finite', () => {
    expect(() => makeImages(namedRecipe('course-30'), twoJets([Number.NaN, -9, 1, 1]))).toThrow(
      'E of constituent 1 of jet 1 is NaN',
    );
    const nan = Number.NaN;
    expect(() => makeImages(namedRecipe('course-30'), twoJets([nan, nan, nan, nan]))).toThrow('--padding nan');
  });
});
