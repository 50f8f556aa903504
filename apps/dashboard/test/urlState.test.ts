import { describe, expect, it } from 'vitest';
import { current, type Selection } from '../src/state.ts';
import { readAddress, writeAddress } from '../src/urlState.ts';

const data = {
  name: 'sample.npz',
  kind: 'constituents' as const,
  count: 2,
  jetShape: [1, 4],
  of: undefined,
  charges: false,
  vertices: false,
  classes: undefined,
  labels: undefined,
};
const registry = [{ id: 'a', bytes: 1, card: undefined, hints: {} }];

describe('the address', () => {
  it('is empty for a page that nobody has touched', () => {
    expect(writeAddress(current())).toBe('');
    expect(readAddress('')).toMatchObject({ sample: false, score: false, chosen: [], device: 'wasm' });
  });

  it('brings back what was open, chosen, cut and selected', () => {
    const selection = { kind: 'bin', low: 0.98, high: 1 } as const;
    const page = {
      chosen: ['a'],
      device: 'webgpu',
      cut: 0.25,
      rocAxes: 'classic',
      efficiency: 0.35,
      selection,
      at: 3,
      zoom: 4,
      recipe: 'course-30',
    } as const;
    const address = writeAddress({ ...current(), ...page, data, registry });
    expect(readAddress(address)).toEqual({ ...page, sample: true, score: false, view: 'jets' });
  });

  it.each<Selection>([
    { kind: 'side', passes: false, label: 1 },
    { kind: 'side', passes: true, label: undefined },
    { kind: 'verdict', other: 'a', lead: true, passes: false, label: 0 },
  ])('brings back a selection of %o', (selection) => {
    const address = writeAddress({ ...current(), chosen: ['a'], selection, data, registry });
    expect(readAddress(address).selection).toEqual(selection);
  });

  it('keeps the names of a visitor’s own files to itself', () => {
    const selection = { kind: 'verdict', other: 'secret.onnx', lead: true, passes: true, label: 1 } as const;
    const own = { ...current(), data: { ...data, name: 'secret.h5' }, chosen: ['secret.onnx'], selection, registry };
    expect(writeAddress(own)).toBe('');
  });

  it('passes over what makes no sense', () => {
    expect(readAddress('#cut=7&bin=0.5,0.2&jet=-3&device=abacus')).toMatchObject({ cut: 1, device: 'wasm' });
    expect(readAddress('#bin=0.5,0.2&jet=-3')).not.toHaveProperty('selection');
    expect(readAddress('#bin=0.5,0.2&jet=-3')).not.toHaveProperty('at');
    expect(readAddress('#side=maybe&verdict=passes,fails,2,a&zoom=3&es=0')).toEqual(readAddress(''));
  });
});
