import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { bootstrap } from './bootstrap.js';
import { pairedRejection } from './pairedRejection.js';

/** Scores of two classes, `apart` standard deviations from each other. */
function scores(labels: Uint8Array, apart: number, seed: number): Float64Array {
  const rng = random(seed);
  return Float64Array.from(labels, (label) => rng.normal() + apart * label);
}

const labels = Uint8Array.from({ length: 2000 }, (_, i) => i % 2);
const metric = { name: 'backgroundEfficiency', signalEfficiency: 0.5 } as const;

describe('pairedRejection', () => {
  it('is 1 with p-value 1 for a tagger and itself', async () => {
    const one = scores(labels, 1, 1);
    const [a, b] = await bootstrap(labels, [one, one], { metric, replicates: 200 });
    expect(pairedRejection(a, b)).toEqual({ ratio: 1, interval: { low: 1, high: 1 }, pValue: 1 });
  });

  it('separates a good tagger from a bad one, and turns with the two', async () => {
    const taggers = [scores(labels, 2, 1), scores(labels, 0.5, 2)];
    const [a, b] = await bootstrap(labels, taggers, { metric, replicates: 200 });
    const [there, back] = [pairedRejection(a, b), pairedRejection(b, a)];
    expect(there.pValue).toBe(2 / 201);
    expect(back.pValue).toBe(there.pValue);
    expect(there.ratio! * back.ratio!).toBeCloseTo(1, 12);
    expect(there.interval.low! * back.interval.high!).toBeCloseTo(1, 12);
    expect(there.interval.low).toBeGreaterThan(1);
    expect(there.interval.low).toBeLessThan(there.ratio!);
    expect(there.interval.high).toBeGreaterThan(there.ratio!);
  });

  it('has p-values below 0.1 for about a tenth of pairs of equally good taggers', async () => {
    let below = 0;
    for (let pair = 0; pair < 60; pair++) {
      const taggers = [scores(labels, 1, 100 + 2 * pair), scores(labels, 1, 101 + 2 * pair)];
      const [a, b] = await bootstrap(labels, taggers, { metric, replicates: 99 });
      if (pairedRejection(a, b).pValue < 0.1) below++;
    }
    // 6 expected; 15 and more have a chance of 6e-4
    expect(below).toBeLessThan(15);
    expect(below).toBeGreaterThan(0);
  });

  it('leaves out what is not finite where no background passes', async () => {
    const perfect = Float64Array.from(labels);
    const [a, b] = await bootstrap(labels, [perfect, scores(labels, 1, 1)], { metric, replicates: 50 });
    const found = pairedRejection(a, b);
    expect(found).toEqual({ ratio: undefined, interval: {}, pValue: 2 / 51 });
    expect(pairedRejection(b, a).ratio).toBe(0);
  });

  it('refuses replicates of another bootstrap', async () => {
    const one = scores(labels, 1, 1);
    const [a] = await bootstrap(labels, [one], { metric, replicates: 20 });
    const [b] = await bootstrap(labels, [one], { metric, replicates: 21 });
    expect(() => pairedRejection(a, b)).toThrow(/20 and 21 replicates; expected both from one bootstrap/);
  });
});
