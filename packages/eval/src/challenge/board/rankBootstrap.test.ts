import { random } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { cutCounts } from '../../core/cutCounts.js';
import { auc } from '../../metrics/auc.js';
import { workingPoint } from '../../metrics/backgroundRejection.js';
import { toyLabels, toyScores } from '../challenge.testing.js';
import { placesOf, resampleEntries } from './rankBootstrap.js';

const labels = toyLabels(300);
const taggers = [
  toyScores(labels, 1, 1),
  toyScores(labels, 1, 2).map((s) => Math.round(s * 12) / 12),
  new Float32Array(300).fill(0.5),
  Float32Array.from(labels),
];
const entries = taggers.map((scores) => ({ scores, cuts: cutCounts(labels, scores) }));
const options = { signalEfficiency: 0.3, replicas: 40, seed: 7 };

describe('resampleEntries', () => {
  it('agrees with the weighted metrics, the weight of a jet being how often it was drawn', () => {
    const drawn = resampleEntries(labels, entries, options);
    const stream = random(options.seed);
    const members = [0, 1].map((label) => [...labels.keys()].filter((jet) => labels[jet] === label));
    for (let replica = 0; replica < options.replicas; replica++) {
      const weights = new Float64Array(labels.length);
      for (const of of [members[1], members[0]])
        for (let i = 0; i < of.length; i++) weights[of[Math.floor((stream.uint32() / 4294967296) * of.length)]]++;
      taggers.forEach((scores, entry) => {
        const at = replica * taggers.length + entry;
        expect(drawn.auc[at]).toBeCloseTo(auc(labels, scores, { weights }), 12);
        const point = workingPoint(cutCounts(labels, scores, { weights }), 0.3, 'interpolated');
        expect(drawn.backgroundEfficiency[at]).toBeCloseTo(point.backgroundEfficiency, 12);
      });
    }
  });

  it('gives an entry the same values whatever the other entries', () => {
    const alone = resampleEntries(labels, entries.slice(1, 2), options);
    const all = resampleEntries(labels, entries, options);
    for (let replica = 0; replica < options.replicas; replica++)
      expect(alone.auc[replica]).toBe(all.auc[replica * entries.length + 1]);
  });

  it('reports every replica', () => {
    const seen: number[] = [];
    resampleEntries(labels, entries, { ...options, replicas: 3, onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('placesOf', () => {
  it('counts places, equal values sharing the better one and the first place', () => {
    const values = Float64Array.of(3, 2, 1, 3, 3, 1, 1, 2, 3, 3, 2, 2);
    const [a, b, c] = placesOf(values, 3, 0.4);
    expect(a.firstProbability + b.firstProbability + c.firstProbability).toBeCloseTo(1, 12);
    expect(a.firstProbability).toBe(2.5 / 4);
    expect(b.firstProbability).toBe(0.5 / 4);
    expect(a.rankInterval).toEqual({ level: 0.4, low: 1, high: 1 });
    expect(b.rankInterval).toEqual({ level: 0.4, low: 2, high: 2 });
    expect(placesOf(values, 3, 0.999)[2].rankInterval).toEqual({ level: 0.999, low: 1, high: 3 });
  });
});
