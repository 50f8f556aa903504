import { random } from '@jetsdk/jets';
import { expect, test } from 'vitest';
import { compareJetImages, type JetImageSample, observablesOfJetImages } from './jetImages.js';
import { prongs } from './subjettiness.js';

const HALF = 1.25;

/** Jets of one prong (0) or two (1), with some soft pixels around. */
function sample(count: number, seed: number, apart = 6): JetImageSample {
  const rng = random(seed);
  const data = new Float32Array(count * 625);
  const signal = Uint8Array.from({ length: count }, (_, jet) => jet % 2);
  for (let jet = 0; jet < count; jet++) {
    data[jet * 625 + 12 * 25 + 12] = 150 + 10 * rng.normal();
    if (signal[jet] === 1) data[jet * 625 + 12 * 25 + 12 - apart] = 100 + 10 * rng.normal();
    for (let k = 0; k < 8; k++) data[jet * 625 + rng.integer(625)] += rng.uniform();
  }
  return { image: { shape: [count, 25, 25], data }, signal };
}

test('width and τ21 are those of the definition, axes chosen by looking at every pair', () => {
  const { image } = sample(20, 1);
  const { width, tau21 } = prongs(image, HALF);
  for (let jet = 0; jet < 20; jet++) {
    const pixels = Array.from({ length: 625 }, (_, at) => ({
      x: [((2 * Math.floor(at / 25) + 1) / 25 - 1) * HALF, ((2 * (at % 25) + 1) / 25 - 1) * HALF],
      pt: image.data[jet * 625 + at] ?? 0,
    })).filter(({ pt }) => pt > 0);
    const distance = ([a = 0, b = 0]: number[], [c = 0, d = 0]: number[]) => Math.hypot(a - c, b - d);
    const tau = (...axes: number[][]) =>
      pixels.reduce((sum, { x, pt }) => sum + pt * Math.min(...axes.map((axis) => distance(x, axis))), 0);
    const one = Math.min(...pixels.map(({ x }) => tau(x)));
    const two = Math.min(...pixels.flatMap(({ x }) => pixels.map(({ x: y }) => tau(x, y))));
    const total = pixels.reduce((sum, { pt }) => sum + pt, 0);
    const centre = [0, 1].map((axis) => pixels.reduce((sum, { x, pt }) => sum + (pt * (x[axis] ?? 0)) / total, 0));
    expect(tau21[jet]).toBeCloseTo(two / one, 12);
    expect(width[jet]).toBeCloseTo(tau(centre) / total, 12);
  }
});

test('a jet of one pixel has τ21 = 0 and no width; one without pixels counts as 0', () => {
  const data = new Float32Array(2 * 625);
  data[40] = 3;
  const observables = observablesOfJetImages({ image: { shape: [2, 25, 25], data }, signal: [0, 1] });
  expect(observables.get('tau21')).toEqual(Float64Array.of(0, 0));
  expect(observables.get('width')).toEqual(Float64Array.of(0, 0));
  expect(observables.get('multiplicity')).toEqual(Float64Array.of(1, 0));
});

test('samples of one kind cannot be told apart, others can, and the observable that differs says by how much', () => {
  const [a, b, c] = [sample(400, 2), sample(400, 3), sample(400, 4, 8)];
  const same = compareJetImages(a, b);
  const other = compareJetImages(a, c);
  expect(Math.abs(same.twoSample.auc - 0.5)).toBeLessThan(4 * same.twoSample.stdErr);
  expect(other.twoSample.auc).toBeGreaterThan(0.7);
  const mass = (compared: typeof same) => compared.observables.find(({ name }) => name === 'mass')?.wasserstein ?? 0;
  expect(mass(other)).toBeGreaterThan(5 * mass(same));
});

test('as many classes as images are asked for', () => {
  expect(() => observablesOfJetImages({ ...sample(3, 1), signal: [1] })).toThrow(/\(3, 25, 25\) for 1 classes/);
});
