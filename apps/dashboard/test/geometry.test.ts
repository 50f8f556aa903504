import { scoreDistribution } from '@jetsdk/plots';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../src/geometry.ts';

describe('frameOf', () => {
  it('finds the frame of a score distribution, on which the bins are laid', () => {
    const classes = [{ name: 'QCD', values: [0.1, 0.2] }];
    const svg = scoreDistribution(classes, { width: 500, range: [0, 1], threshold: 0.5 });
    const frame = frameOf(svg)!;
    // the dashed line at 0.5 stands in the middle of the frame
    const line = /stroke-dasharray="4 3"[^>]*><line x1="([\d.]+)"/.exec(svg)!;
    expect(500 * (frame.left + frame.width / 2)).toBeCloseTo(Number(line[1]), 6);
  });

  it('finds none where there is none', () => {
    expect(frameOf('<svg viewBox="0 0 10 10"></svg>')).toBeUndefined();
  });
});
