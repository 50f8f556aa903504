import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random } from '../../random.js';
import { AXIS_WIDTH, type Constituents } from '../constituents.js';
import { makeConstituents } from '../plainConstituents.js';
import { centre } from './centre.js';
import { rotate } from './rotate.js';
import { hardestSubjets } from './subjets.js';

function jetOf(seed: number): Constituents {
  const r = random(seed);
  const jet = makeConstituents(60);
  jet.count = 3 + r.integer(57);
  for (let i = 0; i < jet.count; i++) {
    jet.pt[i] = 0.5 + 50 * r.uniform() ** 4;
    jet.eta[i] = 0.4 * r.normal();
    jet.phi[i] = 0.4 * r.normal();
  }
  return jet;
}

function mass({ count, pt, eta, phi }: Constituents): number {
  let [e, x, y, z] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    e += pt[i] * Math.cosh(eta[i]);
    x += pt[i] * Math.cos(phi[i]);
    y += pt[i] * Math.sin(phi[i]);
    z += pt[i] * Math.sinh(eta[i]);
  }
  return Math.sqrt(Math.max(0, e * e - x * x - y * y - z * z));
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });

describe('rotate', () => {
  test.each(['second', 'subjets', 'principal-axis'] as const)(
    'lorentz by %s keeps the jet mass but for what moves onto an axis',
    (by) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const jet = jetOf(seed);
          centre.act(jet, { step: 'centre', on: 'leading' });
          const before = mass(jet);
          rotate.act(jet, { step: 'rotate', by, mode: 'lorentz', onto: '-phi' });
          expect(Math.abs(mass(jet) / before - 1)).toBeLessThan(AXIS_WIDTH);
        }),
      );
    },
  );

  test('plane rotation changes the jet mass', () => {
    const jet = makeConstituents(2);
    jet.count = 2;
    jet.pt.set([100, 60]);
    jet.eta.set([0, 1]);
    const before = mass(jet);
    rotate.act(jet, { step: 'rotate', by: 'second', mode: 'plane', onto: '+phi' });
    expect(Math.abs(mass(jet) / before - 1)).toBeGreaterThan(0.02);
  });

  test('a jet without a second constituent stays as it is', () => {
    const jet = makeConstituents(1);
    jet.count = 1;
    jet.pt[0] = 5;
    jet.eta[0] = 0.2;
    for (const by of ['second', 'subjets', 'principal-axis'] as const)
      rotate.act(jet, { step: 'rotate', by, mode: 'plane', onto: '+phi' });
    expect([jet.eta[0], jet.phi[0]]).toEqual([0.2, 0]);
  });
});

describe('hardestSubjets', () => {
  /** Clusters by looking at all pairs every time. */
  function slowTwin(jet: Constituents, radius: number): number[] {
    let list = Array.from({ length: jet.count }, (_, i) => {
      const [pt, eta, phi] = [jet.pt[i], jet.eta[i], jet.phi[i]];
      return { x: pt * Math.cos(phi), y: pt * Math.sin(phi), z: pt * Math.sinh(eta) };
    });
    const see = ({ x, y, z }: { x: number; y: number; z: number }) => ({
      pt: Math.hypot(x, y),
      eta: Math.asinh(z / Math.hypot(x, y)),
      phi: Math.atan2(y, x),
    });
    for (;;) {
      let best = { d: Number.POSITIVE_INFINITY, i: 0, j: 0 };
      list.forEach((a, i) => {
        list.slice(0, i).forEach((b, j) => {
          const [p, q] = [see(a), see(b)];
          const turn = Math.atan2(Math.sin(p.phi - q.phi), Math.cos(p.phi - q.phi));
          const d = (p.eta - q.eta) ** 2 + turn ** 2;
          if (d < best.d) best = { d, i, j };
        });
      });
      if (best.d > radius * radius) break;
      const [a, b] = [list[best.i], list[best.j]];
      list = list.filter((_, k) => k !== best.i && k !== best.j);
      list.push({ x: a.x + b.x, y: a.y + b.y, z: a.z + b.z });
    }
    return list
      .map((v) => see(v).pt)
      .sort((a, b) => b - a)
      .slice(0, 2);
  }

  test('finds the subjets that clustering over all pairs finds', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const jet = jetOf(seed);
        const found = hardestSubjets(jet, 0.3)?.map(({ pt }) => pt) ?? [];
        const expected = slowTwin(jet, 0.3);
        expect(found.length).toBe(expected.length < 2 ? 0 : 2);
        found.forEach((pt, i) => {
          expect(pt).toBeCloseTo(expected[i], 6);
        });
      }),
      { numRuns: 60 },
    );
  });
});
