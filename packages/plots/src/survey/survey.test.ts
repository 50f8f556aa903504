import {
  type JetImages,
  jetKinematics,
  jets,
  makeImages,
  namedRecipe,
  type Recipe,
  random,
  sliceJets,
} from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { averages } from './averages.js';
import { correlation } from './correlation.js';
import { kinematics } from './kinematics.js';
import { massPath, massSteps, pixelMasses, variantsOf } from './masses.js';
import { prefixes } from './steps.js';
import { averageStrip, exampleStrip, percent } from './strips.js';

const SLOTS = 20;
const CLASSES = ['QCD', 'top'];

/** Jets of a few massless constituents about an axis anywhere; jet 0 is empty. */
function someJets(count: number) {
  const r = random(7);
  const data = new Float32Array(count * SLOTS * 4);
  for (let jet = 1; jet < count; jet++) {
    const axis = { eta: 3 * r.uniform() - 1.5, phi: 2 * Math.PI * r.uniform() - Math.PI };
    const used = 2 + r.integer(SLOTS - 2);
    for (let i = 0; i < used; i++) {
      const pt = 300 / (i + 1) + r.uniform();
      const [eta, phi] = [axis.eta + 0.4 * r.normal(), axis.phi + 0.4 * r.normal()];
      data.set(
        [pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)],
        (jet * SLOTS + i) * 4,
      );
    }
  }
  return jets(data, SLOTS);
}

const many = someJets(60);
const labels = Uint8Array.from({ length: 60 }, (_, jet) => jet % 2);

describe('masses', () => {
  const course = namedRecipe('course-30-sum');

  it('plain rotation changes the jet mass, Lorentz-style rotation keeps it, centring and flipping too', () => {
    const steps = massSteps(course, CLASSES);
    steps.add(many, labels);
    expect(steps.variants.map(({ mode }) => mode)).toEqual(['lorentz', 'plane']);
    const [lorentz, plain] = steps.changes();
    for (const label of [0, 1]) {
      expect(lorentz!.slice(1, 4).map((step) => step[label].largest < 2e-4)).toEqual([true, true, true]);
      expect(plain![2][label].mean).toBeGreaterThan(0.01);
      expect(plain![1][label].largest).toBeLessThan(1e-6);
    }
  });

  it('counts every jet that has a mass in every step, and every jet in the distributions', () => {
    const steps = massSteps(course, CLASSES);
    steps.add(many, labels);
    for (const variant of steps.changes())
      expect(variant.map((step) => step.map((one) => one.jets))).toEqual(variant.map(() => [29, 30]));
    expect(steps.distributions.map(({ counts }) => counts)).toEqual([
      [30, 30, 30, 30],
      [30, 30, 30, 30],
    ]);
  });

  it('begins with the mass of the four-vectors and ends with that of the image', () => {
    const { mass } = jetKinematics(many);
    const [own] = variantsOf(course);
    const pixelated = pixelMasses(many, own!);
    const path = massPath(many, 5, mass[5], own!, pixelated[5]);
    expect(path).toHaveLength(6);
    expect(path[0]).toBe(mass[5]);
    expect(path[1] / mass[5]).toBeCloseTo(1, 4);
    expect(path[5]).toBe(pixelated[5]);
  });

  it('pixels move constituents, and the mass, by no more than their size allows', () => {
    const [pixels, halfWidth] = [300, 4];
    const [only, ...others] = variantsOf({
      ...course,
      steps: [
        { step: 'centre', on: 'jet' },
        { step: 'pixelate', pixels, halfWidth, channels: ['pt'] },
      ],
    });
    expect(others).toEqual([]);
    const few = sliceJets(many, 0, 20);
    const { mass } = jetKinematics(few);
    pixelMasses(few, only!).forEach((pixelated, jet) => {
      let pt = 0;
      for (let at = jet * SLOTS * 4; at < (jet + 1) * SLOTS * 4; at += 4)
        pt += Math.hypot(few.data[at + 1], few.data[at + 2]);
      expect(Math.abs(pixelated - mass[jet])).toBeLessThanOrEqual((pt * 2 * halfWidth) / pixels);
      expect(pixelated > 0).toBe(pt > 0);
    });
  });
});

describe('prefixes', () => {
  it('stop after each step, the jet as listed first, the image once', () => {
    expect(prefixes(namedRecipe('course-30-sum')).map(({ heading }) => heading)).toEqual([
      'as listed',
      'centred',
      'rotated',
      'flipped',
      'normalised',
    ]);
    const recipe = namedRecipe('iml-40');
    const all = prefixes(recipe);
    const few = sliceJets(many, 0, 5);
    expect(makeImages(all.at(-1)!.recipe, few)).toEqual(makeImages(recipe, few));
    const sum = makeImages(all[0].recipe, many).data.reduce((a, b) => a + b, 0);
    expect(sum / jetKinematicsSum()).toBeCloseTo(1, 3);
  });

  /** Summed pT of all constituents within |η| < π. */
  function jetKinematicsSum(): number {
    let sum = 0;
    for (let at = 0; at < many.data.length; at += 4) {
      const pt = Math.hypot(many.data[at + 1], many.data[at + 2]);
      if (pt > 0 && Math.abs(Math.asinh(many.data[at + 3] / pt)) < Math.PI) sum += pt;
    }
    return sum;
  }

  it('tell a standardisation from other normalisations', () => {
    const landscape = prefixes(namedRecipe('landscape-40'));
    expect(landscape.slice(-2).map(({ heading, quantity }) => [heading, quantity])).toEqual([
      ['normalised', 'Pixel / sum'],
      ['standardised', 'Standardised pixel'],
    ]);
  });

  it('of a recipe that only pixelates has the pixelated image too', () => {
    const only: Recipe = {
      ...namedRecipe('iml-40'),
      steps: [{ step: 'pixelate', pixels: 4, halfWidth: 1, channels: ['pt'] }],
    };
    expect(prefixes(only).map(({ heading }) => heading)).toEqual(['as listed', 'pixelated']);
  });
});

describe('kinematics', () => {
  it('takes a constituent only of the jets that have it', () => {
    const taken = kinematics(CLASSES);
    taken.add(many, labels);
    const counts = taken.constituents.map(({ quantities }) =>
      quantities.map(({ values }) => values.counts.reduce((a, b) => a + b)),
    );
    const having = (index: number): number =>
      Array.from({ length: 60 }, (_, jet) => jet).filter(
        (jet) => many.data[(jet * SLOTS + index) * 4] !== 0 && index < SLOTS,
      ).length;
    expect(taken.constituents.map(({ index }) => index)).toEqual([0, 10, 30, 70]);
    expect(counts).toEqual([0, 10, 30, 70].map((index) => Array(5).fill(index < SLOTS ? having(index) : 0)));
    expect(having(10)).toBeGreaterThan(0);
    expect(having(10)).toBeLessThan(having(0));
    expect(taken.jets.map(({ values }) => values.counts)).toEqual(Array(4).fill([30, 30]));
  });
});

const recipe = namedRecipe('jet-images-25');
const images = makeImages(recipe, many);

/** Images [start, stop). */
const part = (start: number, stop: number): JetImages => ({
  ...images,
  shape: [stop - start, 25, 25, 1],
  data: images.data.subarray(start * 625, stop * 625),
});

describe('averages', () => {
  it('do not depend on how the jets are cut into parts', () => {
    const [whole, cut] = [averages(2), averages(2)];
    expect(whole.image(0)).toBeUndefined();
    whole.add(images, labels);
    for (const [start, stop] of [
      [0, 7],
      [7, 60],
    ] as const)
      cut.add(part(start, stop), labels.subarray(start, stop));
    expect([0, 1].map((label) => cut.image(label))).toEqual([0, 1].map((label) => whole.image(label)));
    const mean = (jet: number, pixel: number): number => images.data[jet * 625 + pixel];
    const direct = Array.from({ length: 30 }, (_, i) => mean(2 * i + 1, 312)).reduce((a, b) => a + b) / 30;
    expect(whole.image(1)?.pixels[312]).toBeCloseTo(direct, 10);
    expect(whole.counts).toEqual([30, 30]);
  });

  it('take each channel by itself', () => {
    const two = averages(1);
    two.add({ kind: 'images', shape: [2, 1, 1, 2], data: Float32Array.of(1, 10, 3, 30) }, new Uint8Array(2));
    expect([two.image(0, 0)?.pixels[0], two.image(0, 1)?.pixels[0]]).toEqual([2, 20]);
  });

  it('leave out jets whose label is no class', () => {
    const [all, some] = [averages(2), averages(2)];
    all.add(part(0, 40), labels.subarray(0, 40));
    some.add(
      images,
      labels.map((label, jet) => (jet < 40 ? label : 2)),
    );
    expect(some.counts).toEqual(all.counts);
    expect(some.image(1)).toEqual(all.image(1));
  });
});

describe('correlation', () => {
  const r = random(3);
  const scores = Float32Array.from({ length: 60 }, (_, jet) => 0.4 * labels[jet] + 0.6 * r.uniform());

  /** Pearson's coefficient by its definition. */
  function pearson(x: readonly number[], y: readonly number[]): number {
    const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
    const [mx, my] = [mean(x), mean(y)];
    const sum = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
      a.reduce((total, value, i) => total + (value - ma) * (b[i] - mb), 0);
    return sum(x, mx, y, my) / Math.sqrt(sum(x, mx, x, mx) * sum(y, my, y, my));
  }

  it('is that of the definition in every pixel, and 0 where a pixel never changes', () => {
    const taken = correlation();
    for (const [start, stop] of [
      [0, 31],
      [31, 60],
    ] as const)
      taken.add(part(start, stop), scores.subarray(start, stop));
    const { pixels } = taken.image(0)!;
    for (let pixel = 0; pixel < 625; pixel++) {
      const x = Array.from({ length: 60 }, (_, jet) => images.data[jet * 625 + pixel]);
      const expected = x.every((value) => value === x[0]) ? 0 : pearson(x, [...scores]);
      expect(pixels[pixel]).toBeCloseTo(expected, 8);
    }
  });

  it('is not defined where all scores are one', () => {
    const taken = correlation();
    taken.add(images, new Float32Array(60).fill(0.7));
    expect(taken.image(0)).toBeUndefined();
  });
});

describe('strips', () => {
  const example = {
    jet: 17,
    label: 1,
    jets: { ...many, shape: [1, SLOTS, 4] as const, data: many.data.slice(17 * SLOTS * 4, 18 * SLOTS * 4) },
  };

  it('show a jet after each step, and once more from the rotation on for the other kind', () => {
    const { columns, rows } = exampleStrip(namedRecipe('course-30-sum'), example);
    expect(columns.map(({ heading }) => heading)).toEqual([
      'as listed',
      'centred',
      'rotated',
      'flipped',
      'pixelated',
      'normalised',
    ]);
    expect(rows.map(({ label }) => label)).toEqual(['Lorentz-style rotation, as in course-30-sum', 'Plain rotation']);
    expect(rows[1].cells.map((cell) => cell === undefined)).toEqual([true, true, false, false, false, false]);
    const notes = rows[0].cells.map((cell) => cell!.note);
    expect(notes.slice(1, 4)).toEqual(Array(3).fill(notes[0]));
    expect(notes[5]).toBeUndefined();
    const last = rows[0].cells.at(-1)!.content;
    expect('pixels' in last && Array.from(last.pixels).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  it('keep a jet that crosses φ = π together', () => {
    const one = jets(new Float32Array(8), 2);
    [3.1, -3.1].forEach((phi, i) => {
      one.data.set([10, 10 * Math.cos(phi), 10 * Math.sin(phi), 0], 4 * i);
    });
    const { content, centre } = exampleStrip(recipe, { jet: 0, label: 0, jets: one }).rows[0]!.cells[0]!;
    const phis = 'pixels' in content ? [] : Array.from(content.phi);
    expect(Math.abs(phis[0]! - phis[1]!)).toBeLessThan(0.1);
    for (const phi of phis) expect(Math.abs(phi - centre![1])).toBeLessThan(0.1);
  });

  it('name what averages hold', () => {
    const of = averages(2);
    of.add(images, labels);
    const steps = { averages: prefixes(recipe).map((prefix) => ({ ...prefix, of })) };
    const strip = averageStrip({ classes: CLASSES, counts: [30, 30] }, steps);
    expect(strip.columns[0]).toEqual({ heading: 'as listed', quantity: 'Mean p_{T} (GeV)' });
    expect(strip.rows.map(({ label }) => label)).toEqual(['QCD, 30 jets', 'top, 30 jets']);
  });

  it('give changes as percentages', () => {
    expect([0, 1e-9, 0.00012, 0.0123, 0.25].map(percent)).toEqual(['0', '< 0.0001 %', '0.0120 %', '1.23 %', '25.0 %']);
  });
});
