import { expect, it } from 'vitest';
import { oddJets } from './oddJets.js';

const constituents = (...pt: number[]) => ({
  labels: new Uint8Array(pt.length),
  extents: Float32Array.from({ length: 3 * pt.length }, (_, i) => i % 3),
  pt: Float64Array.from(pt),
});
const some = Array.from({ length: 20 }, (_, i) => 200 + i);

it('nothing is odd about jets in GeV', () => {
  expect(oddJets('x.h5', constituents(...some))).toEqual([]);
  expect(oddJets('x.h5', { labels: new Uint8Array(2), extents: Float32Array.of(0, 1e5, 2e5, -1, 0, -1) })).toEqual([]);
});

it('empty jets are counted, of constituents by their pT and of images by their pixels', () => {
  const told = ['x.h5: 2 of 22 jets are empty, all zeros; they teach nothing; leave them out'];
  expect(oddJets('x.h5', constituents(0, ...some, 0))).toEqual(told);
  expect(oddJets('x.h5', { labels: new Uint8Array(2), extents: Float32Array.of(0, 0, 0, 0, 1, 1) })).toEqual([
    'x.h5: 1 of 2 jets are empty, all zeros; they teach nothing; leave them out',
  ]);
});

it('momenta that may be in MeV or TeV are told', () => {
  expect(oddJets('x.h5', constituents(...some.map((pt) => 1000 * pt)))).toEqual([
    'x.h5: jets of at most 219000 in pT; expected GeV, at most 7000; if they are in MeV, divide them by 1000',
  ]);
  expect(oddJets('x.h5', constituents(...some.map((pt) => pt / 1000)))).toEqual([
    'x.h5: jets of at most 0.219 in pT; expected GeV, some above 5; if they are in TeV, multiply them by 1000',
  ]);
  expect(oddJets('x.h5', constituents(0.2))).toEqual([]);
});
