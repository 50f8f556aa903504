import { describe, expect, it } from 'vitest';
import { elements, labels, readXml, smallImage, textOf } from '../picture.testing.js';
import { type RecipeStripData, recipeStrip, type StripCell } from './recipeStrip.js';

const discs = (eta = 0): StripCell => ({
  content: { pt: [100, 25, 1], eta: [eta, 0.4, 5], phi: [0, -0.2, 0] },
  halfWidth: 0.8,
});
const pixels: StripCell = { content: { shape: [1, 2], pixels: [5, 20] }, halfWidth: 0.8, note: 'm = 170.1 GeV' };

const strip: RecipeStripData = {
  columns: [
    { heading: 'as listed', quantity: 'p_{T} (GeV)' },
    { heading: 'centred', quantity: 'p_{T} (GeV)' },
    { heading: 'pixelated', quantity: 'p_{T} (GeV)' },
    { heading: 'normalised', quantity: 'Pixel / sum' },
  ],
  rows: [
    {
      label: 'Plain rotation',
      cells: [{ ...discs(1.5), centre: [1.5, 0], note: 'm = 173.2 GeV' }, discs(), pixels, { ...pixels, note: '' }],
    },
    { label: 'Lorentz-style', cells: [undefined, undefined, pixels, pixels] },
  ],
};

const single = (cell: StripCell): RecipeStripData => ({
  columns: [{ heading: 'one', quantity: 'p_{T} (GeV)' }],
  rows: [{ label: 'row', cells: [cell] }],
});

describe('recipeStrip', () => {
  it('heads every panel with its step and its note, and every row with its label', () => {
    const all = labels(recipeStrip(strip));
    expect(all.filter((label) => label === 'pixelated')).toHaveLength(2);
    for (const label of ['as listed', 'centred', 'Plain rotation', 'Lorentz-style', 'm = 173.2 GeV'])
      expect(all.filter((one) => one === label)).toHaveLength(1);
  });

  it('gives columns of one quantity one colour bar', () => {
    const all = labels(recipeStrip(strip));
    expect(all.filter((label) => label === 'pT (GeV)')).toHaveLength(1);
    expect(all.filter((label) => label === 'Pixel / sum')).toHaveLength(1);
  });

  it('draws discs with an area in proportion to pT, large ones first, none outside the frame', () => {
    const circles = elements(readXml(recipeStrip(single(discs()))), 'circle').map(({ attributes }) => attributes);
    expect(circles).toHaveLength(2);
    expect((Number(circles[0].r) / Number(circles[1].r)) ** 2).toBeCloseTo(4, 0);
    expect(circles[0].fill).not.toBe(circles[1].fill);
    expect(Number(circles[1].cx)).toBeGreaterThan(Number(circles[0].cx));
    expect(Number(circles[1].cy)).toBeGreaterThan(Number(circles[0].cy));
  });

  it('puts the middle of the square where it is told, and names η and φ there', () => {
    const moved: StripCell = { ...discs(1.5), content: { pt: [9], eta: [1.5], phi: [2] }, centre: [1.5, 2] };
    const origin: StripCell = { ...discs(), content: { pt: [9], eta: [0], phi: [0] } };
    const at = (cell: StripCell) => elements(readXml(recipeStrip(single(cell))), 'circle')[0].attributes;
    expect([at(moved).cx, at(moved).cy]).toEqual([at(origin).cx, at(origin).cy]);
    expect(labels(recipeStrip(single(moved)))).toEqual(expect.arrayContaining(['η', 'φ']));
    expect(labels(recipeStrip(single(origin)))).toEqual(expect.arrayContaining(['Δη', 'Δφ']));
  });

  it('draws negative pixels in blue and red', () => {
    const signed: StripCell = { ...pixels, content: { shape: [1, 2], pixels: [-1, 1] } };
    const fills = elements(readXml(recipeStrip(single(signed), { theme: 'light' })), 'path').map(
      ({ attributes }) => attributes.fill,
    );
    expect(fills).toEqual(expect.arrayContaining(['#2166ac', '#b2182b']));
  });

  it('says that a jet without constituents and an image without pixels are empty', () => {
    for (const content of [
      { pt: [], eta: [], phi: [] },
      { shape: [1, 2] as const, pixels: [0, 0] },
    ])
      expect(labels(recipeStrip(single({ content, halfWidth: 1 })))).toContain('empty');
  });

  it('grows with its columns, keeps to a width that is given, and reads out steps and notes, in both themes', () => {
    const many = {
      columns: Array.from({ length: 9 }, (_, i) => ({ heading: `step ${i}`, quantity: `quantity ${i}` })),
      rows: [{ label: 'row', cells: Array.from({ length: 9 }, () => pixels) }],
    };
    expect(Number(readXml(recipeStrip(many)).attributes.width)).toBeGreaterThan(1240);
    for (const theme of ['light', 'dark'] as const) {
      const svg = recipeStrip(strip, { width: 1000, theme });
      expect(readXml(svg).attributes.width).toBe('1000');
      expect(svg).not.toMatch(/NaN|Infinity|var\(/);
      expect(textOf(elements(readXml(svg), 'title')[0])).toBe(
        'Recipe step by step. Plain rotation: as listed m = 173.2 GeV, centred, pixelated m = 170.1 GeV, normalised; Lorentz-style: pixelated m = 170.1 GeV, normalised m = 170.1 GeV',
      );
    }
  });

  it.each([
    ['BAD_ARGUMENT', { columns: [], rows: [] }],
    ['BAD_ARGUMENT', { ...strip, rows: [] }],
    ['BAD_ARGUMENT', { columns: strip.columns.slice(0, 1), rows: [{ label: 'row', cells: [undefined] }] }],
    ['SHAPE_MISMATCH', { ...strip, rows: [{ label: 'row', cells: [pixels] }] }],
    ['SHAPE_MISMATCH', single({ ...pixels, content: { shape: [2, 2], pixels: smallImage.pixels } })],
    ['SHAPE_MISMATCH', single({ content: { pt: [1], eta: [], phi: [0] }, halfWidth: 1 })],
    ['NOT_FINITE', single({ content: { pt: [1], eta: [Number.NaN], phi: [0] }, halfWidth: 1 })],
    ['NOT_FINITE', single({ ...pixels, centre: [0, Number.NaN] })],
    ['OUT_OF_RANGE', single({ ...pixels, halfWidth: 0 })],
  ])('throws %s for what cannot be drawn', (code, broken: RecipeStripData) => {
    expect(() => recipeStrip(broken)).toThrowError(expect.objectContaining({ name: 'JetError', code }));
  });
});
