import { describe, expect, it } from 'vitest';
import { special as fixtures } from '../fixtures.testing.js';
import { betaI, betaQuantile, gammaP, gammaQ, gammaQuantile, normalQuantile, normalTwoSided } from './special.js';

/** Relative, against SciPy and mpmath. */
const TOLERANCE = 1e-10;

function agree(name: keyof typeof fixtures, f: (...args: number[]) => number): void {
  it(`${name} agrees with the peers to 1e-10`, () => {
    const far = fixtures[name]
      .map((row) => ({ row, got: f(...row.slice(0, -1)) }))
      .filter(({ row, got }) => !(Math.abs(got - row[row.length - 1]) <= TOLERANCE * Math.abs(row[row.length - 1])));
    expect(far).toEqual([]);
    expect(fixtures[name].length).toBeGreaterThan(5);
  });
}

describe('special functions', () => {
  agree('betaI', (a, b, x) => betaI(a, b, x));
  agree('betaQuantile', betaQuantile);
  agree('gammaP', gammaP);
  agree('gammaQ', gammaQ);
  agree('gammaQuantile', gammaQuantile);
  agree('normalTwoSided', normalTwoSided);
  agree('normalQuantile', normalQuantile);
});
