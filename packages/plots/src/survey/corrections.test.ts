import {
  imageRecipes,
  type JetImages,
  type Jets,
  jets,
  makeImages,
  namedRecipe,
  random,
  sliceJets,
} from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { correctionPictures } from './correctionPictures.js';
import { corrections } from './corrections.js';

const COUNT = 40;
const SLOTS = 30;
const recipe = namedRecipe('pumml');
const neutral = imageRecipes(recipe).get('neutral')!;

/** Massless constituents about (0, 0), neutral and charged, of the leading vertex and of others. */
function someJets(): Jets {
  const r = random(5);
  const data = new Float32Array(COUNT * SLOTS * 4);
  const [charge, vertex] = [new Int8Array(COUNT * SLOTS), new Int8Array(COUNT * SLOTS)];
  for (let i = 0; i < COUNT * SLOTS; i++) {
    const [pt, eta, phi] = [1 + 9 * r.uniform(), 0.8 * r.uniform() - 0.4, 0.8 * r.uniform() - 0.4];
    data.set([pt * Math.cosh(eta), pt * Math.cos(phi), pt * Math.sin(phi), pt * Math.sinh(eta)], i * 4);
    [charge[i], vertex[i]] = [r.integer(2), r.integer(2)];
  }
  return { ...jets(data, SLOTS), charge, vertex };
}

const all = someJets();
/** Halves pixels on the right of the axis, and leaves the others. */
function halved(some: Jets): JetImages {
  const images = makeImages(neutral, some);
  return { ...images, data: images.data.map((value, i) => (i % 81 >= 45 ? value / 2 : value)) };
}

function seen() {
  const found = corrections(recipe);
  for (const [start, stop] of [
    [0, 17],
    [17, COUNT],
  ] as const) {
    const some = sliceJets(all, start, stop);
    found.add(some, halved(some));
  }
  return found;
}

describe('corrections', () => {
  it('are taken out of the input that has the shape of the output', () => {
    const found = seen();
    expect(found.measured?.name).toBe('neutral');
    const [before, change] = [found.measured?.average.image(0), found.change(0)];
    for (let pixel = 0; pixel < 81; pixel++)
      expect(change?.pixels[pixel]).toBeCloseTo(pixel >= 45 ? -before!.pixels[pixel] / 2 : 0, 5);
  });

  it('are taken out of the sums over finer pixels where no input has those of the output', () => {
    const finer = corrections(namedRecipe('pumml-fine'));
    finer.add(all, halved(all));
    const [ofFiner, ofSame] = [finer, seen()].map((one) => [one.measured?.average.image(0), one.change(0)]);
    expect(finer.measured?.name).toBe('neutral');
    for (const [i, image] of ofFiner!.entries()) {
      expect(image?.shape).toEqual([9, 9]);
      for (const [pixel, value] of Array.from(ofSame![i]!.pixels).entries())
        expect(image?.pixels[pixel]).toBeCloseTo(value, 4);
    }
    expect(
      correctionPictures(finer, 'mine', 0.45)
        .map(({ name }) => name)
        .slice(0, 3),
    ).toEqual(['corrected', 'taken', 'average-neutral']);
  });

  it('correlate each pixel with the momentum that is kept and that is taken away', () => {
    const { withKept, withTaken } = seen().inputs[0];
    const images = makeImages(neutral, all);
    const pixel = (jet: number, at: number): number => images.data[jet * 81 + at];
    const sums = Array.from({ length: COUNT }, (_, jet) => {
      let [kept, taken] = [0, 0];
      for (let at = 0; at < 81; at++) {
        const part = at >= 45 ? 0.5 : 0;
        kept += (1 - part) * pixel(jet, at);
        taken += part * pixel(jet, at);
      }
      return { kept, taken };
    });
    for (const at of [0, 40, 44, 45, 80]) {
      const x = sums.map((_, jet) => pixel(jet, at));
      const kept = sums.map((one) => one.kept);
      const taken = sums.map((one) => one.taken);
      expect(withKept.image(0)?.pixels[at]).toBeCloseTo(pearson(x, kept), 5);
      expect(withTaken.image(0)?.pixels[at]).toBeCloseTo(pearson(x, taken), 5);
    }
  });

  it('are drawn: what is measured beside what is kept, the change, every other input, and what each goes with', () => {
    const pictures = correctionPictures(seen(), 'mine', 0.45);
    expect(pictures.map(({ name }) => name)).toEqual([
      'corrected',
      'taken',
      'average-pileup',
      'average-leading',
      'correlation-neutral',
      'correlation-pileup',
      'correlation-leading',
    ]);
    for (const { draw } of pictures) expect(draw({})).toMatch(/^<svg (?!.*(?:NaN|undefined))/s);
  });
});

/** Pearson's coefficient by its definition. */
function pearson(x: readonly number[], y: readonly number[]): number {
  const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    a.reduce((total, value, i) => total + (value - ma) * (b[i] - mb), 0);
  return sum(x, mx, y, my) / Math.sqrt(sum(x, mx, x, mx) * sum(y, my, y, my));
}
