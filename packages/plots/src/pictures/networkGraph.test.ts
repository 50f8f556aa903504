import { describe, expect, it } from 'vitest';
import { type NetworkLayer, networkGraph } from './networkGraph.js';

const layer = (name: string, kind: string, inputs: number[], more: Partial<NetworkLayer> = {}): NetworkLayer => ({
  name,
  kind,
  shape: [4, 4, 2],
  parameters: 0,
  inputs,
  ...more,
});

/** A block with a shortcut, and a normalisation that two layers read. */
const RESIDUAL = [
  layer('image', 'InputLayer', []),
  layer('conv_1', 'Conv2D', [0], { parameters: 1200, activation: 'relu' }),
  layer('norm', 'BatchNormalization', [1], { parameters: 8 }),
  layer('conv_2', 'Conv2D', [2], { parameters: 20 }),
  layer('relu', 'ReLU', [3]),
  layer('sum', 'Add', [4, 2]),
  layer('score', 'Dense', [5], { shape: [1], parameters: 33, activation: 'sigmoid' }),
];

const boxes = (svg: string): number => svg.split('<rect').length - 2;
const lines = (svg: string): number => svg.split('<path').length - 1;

describe('networkGraph', () => {
  const svg = networkGraph(RESIDUAL, { theme: 'light' });

  it('draws a box a layer, with what follows it one by one, and a line for all that is read', () => {
    expect(boxes(svg)).toBe(5);
    // the shortcut goes to the sum beside the second convolution
    expect(lines(svg)).toBe(5);
    expect(svg).toContain('>Conv2D, relu, BatchNormalization<');
    expect(svg).toContain('>4 × 4 × 2; 1,208 parameters<');
    expect(svg).toContain('>Dense, sigmoid<');
  });

  it('lays boxes on no other', () => {
    const found = [...svg.matchAll(/<rect [^>]*height="([\d.]+)"[^>]*width="([\d.]+)" x="([\d.]+)" y="([\d.]+)"/g)].map(
      (match) => match.slice(1).map(Number),
    );
    expect(found).toHaveLength(5);
    for (const [i, [high = 0, wide = 0, x = 0, y = 0]] of found.entries())
      for (const [h = 0, w = 0, left = 0, top = 0] of found.slice(i + 1))
        expect(x + wide <= left || left + w <= x || y + high <= top || top + h <= y).toBe(true);
  });

  it('escapes names, and draws a layer alone', () => {
    const one = networkGraph([layer('<b>', 'Dense', [], { shape: undefined })]);
    expect(one).toContain('&lt;b&gt;');
    expect(boxes(one)).toBe(1);
  });

  it('refuses nothing at all', () => {
    expect(() => networkGraph([])).toThrow(/layers/);
  });
});
