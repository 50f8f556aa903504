import { describe, expect, it } from 'vitest';
import { textWidth } from '../parts/svg.js';
import { elements, labels, readXml, smallImage, textOf } from '../picture.testing.js';
import { filters } from './filters.js';
import { jetImage, jetImageGrid } from './jetImage.js';
import { pixelCorrelation } from './pixelCorrelation.js';
import { pixelBytes, pixelDomain } from './pixels.js';

/** Pixel paths with their colour, colour bar left out. */
function pixels(svg: string): { d: string; fill: string; opacity: string | undefined }[] {
  const crisp = elements(readXml(svg), 'g').filter(({ attributes }) => attributes['shape-rendering'] === 'crispEdges');
  return elements(crisp[0], 'path').map(({ attributes }) => ({
    d: attributes.d!,
    fill: attributes.fill!,
    opacity: attributes['fill-opacity'],
  }));
}

const oneLit = (eta: number, phi: number) => ({
  shape: [2, 2] as const,
  pixels: Float32Array.from({ length: 4 }, (_, i) => (i === eta * 2 + phi ? 5 : 0)),
});

describe('jetImage', () => {
  it('has Δη and Δφ axes, a title and a colour bar in GeV', () => {
    const svg = jetImage(smallImage, { halfWidth: 0.8 });
    for (const label of ['Δη', 'Δφ', 'small', 'Mean pT (GeV)', '−0.5', '0.0', '0.5', '10'])
      expect(labels(svg)).toContain(label);
    expect(readXml(svg).attributes.class).toBe('jet-plot jet-plot-image');
  });

  it('counts pixels where the size is not known', () => {
    expect(labels(jetImage(smallImage))).toEqual(expect.arrayContaining(['η (pixel)', 'φ (pixel)']));
  });

  it('cuts no number between two panels: the last of one is left out, the first of the next has room', () => {
    const svg = jetImageGrid([smallImage, smallImage], { width: 500 });
    const panels = readXml(svg).children.filter((child) => typeof child !== 'string' && child.name === 'svg');
    const [first, second] = panels.map((panel) => (typeof panel === 'string' ? [] : elements(panel, 'text')));
    const below = (texts: typeof first) => texts.filter(({ attributes }) => attributes['text-anchor'] === 'middle');
    expect(below(first).map(textOf)).not.toContain('6');
    expect(below(second).map(textOf)).toContain('6');
    for (const { attributes } of below(second)) expect(Number(attributes['x'])).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['log', 0.026, 0.061],
    ['log', 3, 5],
    ['linear', 0, 1],
    ['diverging', 0, 0.0125],
    ['diverging-log', 0, 3000],
  ] as const)(
    'a %s colour bar from %d to %d has numbers, and a title that is clear of them and not cut',
    (scale, low, high) => {
      const image = { shape: [2, 1] as const, pixels: [low, high] };
      const svg = readXml(jetImage(image, { scale, width: 300 }));
      const bar = svg.children.flatMap((child) => (typeof child === 'string' ? [] : [child])).at(-1)!;
      const texts = elements(bar, 'text');
      const [numbers, [title]] = [texts.slice(0, -1), texts.slice(-1)];
      expect(numbers.length).toBeGreaterThan(1);
      const from = Number(/translate\(([\d.]+),/.exec(title.attributes['transform']!)![1]);
      for (const number of numbers)
        expect(Number(number.attributes['x']) + textWidth(textOf(number), 13)).toBeLessThanOrEqual(from - 13);
      expect(Number(bar.attributes['x']) + from + 4).toBeLessThanOrEqual(
        Number(svg.attributes['viewBox']!.split(' ')[2]),
      );
    },
  );

  it('draws the first axis, η, to the right and the second, φ, upwards', () => {
    const corner = (eta: number, phi: number): number[] =>
      /M([\d.]+),([\d.]+)H/
        .exec(pixels(jetImage(oneLit(eta, phi)))[0].d)!
        .slice(1)
        .map(Number);
    const [left, bottom] = corner(0, 0);
    expect(corner(1, 0)[0]).toBeGreaterThan(left!);
    expect(corner(1, 0)[1]).toBe(bottom);
    expect(corner(0, 1)[1]).toBeLessThan(bottom!);
    expect(corner(0, 1)[0]).toBe(left);
  });

  it('paints nothing for zero pixels, and joins neighbours of one colour', () => {
    expect(pixels(jetImage(oneLit(0, 0)))).toHaveLength(1);
    const line = { shape: [4, 1] as const, pixels: [3, 3, 3, 0] };
    expect(pixels(jetImage(line))[0].d.match(/M/g)).toHaveLength(1);
  });

  it('takes colours by the logarithm of the pixel', () => {
    const steps = { shape: [1, 3] as const, pixels: [0.01, 1, 100] };
    const order = (scale: 'log' | 'linear') => pixels(jetImage(steps, { scale })).map(({ fill }) => fill);
    expect(new Set(order('log')).size).toBe(3);
    expect(new Set(order('linear')).size).toBe(2);
  });

  it('has the same colours for a canvas, the highest φ first', () => {
    const domain = pixelDomain([[0.02, 50, 0]])!;
    expect(domain).toEqual([0.02, 50]);
    for (const at of [0, 1, 2, 3, 4, 5])
      for (const value of [0.001, 0.02, 0.7, 50, 80]) {
        const image = {
          shape: [2, 3] as const,
          pixels: Float32Array.from({ length: 6 }, (_, i) => (i === at ? value : 0)),
        };
        const bytes = pixelBytes(image, domain);
        const [eta, phi] = [Math.floor(at / 3), at % 3];
        const place = ((2 - phi) * 2 + eta) * 4;
        const colour = bytes
          .subarray(place, place + 3)
          .reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '#');
        expect(colour).toBe(pixels(jetImage(image, { domain }))[0].fill);
        expect(bytes.reduce((sum, byte) => sum + (byte > 0 ? 1 : 0), 0)).toBe(
          bytes.subarray(place, place + 4).reduce((sum, byte) => sum + (byte > 0 ? 1 : 0), 0),
        );
      }
    expect(pixelDomain([[0, 0]])).toBeUndefined();
  });

  it('draws an empty image without a colour bar', () => {
    const svg = jetImage({ shape: [40, 40], pixels: new Float32Array(1600) }, { halfWidth: 0.8 });
    expect(labels(svg)).toContain('empty');
    expect(labels(svg)).not.toContain('Mean pT (GeV)');
  });

  it('draws differences in blue and red, and leaves zero blank', () => {
    const difference = { shape: [1, 3] as const, pixels: [-2, 0, 2] };
    for (const scale of ['diverging', 'diverging-log'] as const) {
      const drawn = pixels(jetImage(difference, { scale, theme: 'light' }));
      expect(drawn.map(({ fill }) => fill)).toEqual(['#2166ac', '#b2182b']);
      expect(drawn[0].opacity).toBe(drawn[1].opacity);
    }
  });

  it('stays small: 40 by 40 full pixels in less than 50 kB', () => {
    const full = {
      shape: [40, 40] as const,
      pixels: Float32Array.from({ length: 1600 }, (_, i) => 1.01 ** ((i * 7) % 1601)),
    };
    expect(jetImage(full).length).toBeLessThan(50_000);
  });

  it.each([
    ['NOT_FINITE', { shape: [1, 2] as const, pixels: [1, Number.NaN] }, {}],
    ['SHAPE_MISMATCH', { shape: [2, 2] as const, pixels: [1, 2, 3] }, {}],
    ['BAD_ARGUMENT', { shape: [0, 2] as const, pixels: [] }, {}],
    ['OUT_OF_RANGE', smallImage, { domain: [0, 1] as const }],
    ['OUT_OF_RANGE', smallImage, { domain: [2, 1] as const }],
  ])('throws %s for what cannot be drawn', (code, image, options) => {
    expect(() => jetImage(image, options)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});

describe('jetImageGrid', () => {
  it('shares one colour scale and titles its axes once', () => {
    const svg = jetImageGrid([smallImage, { ...smallImage, title: 'other' }, { ...smallImage, title: 'third' }], {
      halfWidth: 1,
      columns: 2,
    });
    const all = labels(svg);
    expect(all.filter((label) => label === 'Δφ')).toHaveLength(1);
    expect(all.filter((label) => label === 'Mean pT (GeV)')).toHaveLength(1);
    for (const title of ['small', 'other', 'third']) expect(all).toContain(title);
  });

  it('throws without an image', () => {
    expect(() => jetImageGrid([])).toThrowError(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});

describe('pixelCorrelation', () => {
  it('draws coefficients and refuses what is none', () => {
    const svg = pixelCorrelation({ shape: [1, 2], pixels: [-0.5, 1] });
    expect(labels(svg)).toContain('Correlation with the score');
    expect(() => pixelCorrelation({ shape: [1, 2], pixels: [-0.5, 1.1] })).toThrowError(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});

describe('filters', () => {
  it('takes each kernel of a channel out of the tfjs order', () => {
    // 1×2 kernels, 2 channels, 3 filters: only channel 1 of filter 2 differs from zero, at its right pixel
    const weights = new Float32Array(12);
    weights[(1 * 2 + 1) * 3 + 2] = 1;
    const first = labels(filters({ shape: [1, 2, 2, 3], weights }, 0));
    const second = filters({ shape: [1, 2, 2, 3], weights }, 1);
    expect(first.filter((label) => label === 'empty')).toHaveLength(3);
    const groups = elements(readXml(second), 'g').filter(
      ({ attributes }) => attributes['shape-rendering'] === 'crispEdges',
    );
    expect(groups.slice(0, 3).map((group) => elements(group, 'path').length)).toEqual([0, 0, 1]);
  });

  it('puts as many filters in a row as asked for', () => {
    const size = (columns: number): number[] => {
      const bank = { shape: [2, 2, 1, 6] as const, weights: Float32Array.from({ length: 24 }, (_, i) => i - 12) };
      const { height, width } = readXml(filters(bank, 0, { columns, width: 400 })).attributes;
      return [Number(width), Number(height)];
    };
    expect(size(6)[1]).toBeLessThan(size(2)[1]);
    expect(size(6)[0]).toBe(size(2)[0]);
  });

  it.each([
    ['SHAPE_MISMATCH', [3, 3, 1, 2] as const, 0],
    ['OUT_OF_RANGE', [2, 2, 1, 2] as const, 1],
  ])('throws %s for what does not fit', (code, shape, channel) => {
    expect(() => filters({ shape, weights: new Float32Array(8) }, channel)).toThrowError(
      expect.objectContaining({ name: 'JetError', code }),
    );
  });
});
