import { random } from '@jetsdk/jets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';
import { codeOf, scoredJets } from './jets.testing.js';
import { auc } from './metrics/auc.js';
import { backgroundRejection } from './metrics/backgroundRejection.js';
import { delong } from './uncertainty/delong.js';

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const { normal, uniform } = random(8);
const labels = Uint8Array.from({ length: 4000 }, (_, i) => i % 2);
const logits = Float64Array.from(labels, (label) => 2 * label - 1 + 1.2 * normal());
const scores = Float32Array.from(logits, (x) => 1 / (1 + Math.exp(-x)));
const mass = Float64Array.from(labels, () => 60 + 200 * uniform());
const codes = (result: { warnings: readonly { code: string }[] }): string[] => result.warnings.map((w) => w.code);

describe('evaluate', () => {
  it('gathers what the single metrics say', () => {
    const result = evaluate(labels, scores, { name: 'mine', mass });
    expect(result).toMatchObject({ name: 'mine', jets: 4000, signal: 2000, background: 2000 });
    expect(result.auc).toBe(auc(labels, scores));
    expect(result.aucStdErr).toBe(delong(labels, scores).stdErr);
    expect(result.rejection).toEqual(
      [0.3, 0.5, 0.7].map((e) => backgroundRejection(labels, scores, { signalEfficiency: e })),
    );
    expect(result.significanceImprovement?.falsePositives).toBeGreaterThanOrEqual(100);
    expect(result.massSculpting?.edges).toHaveLength(51);
    expect(result.calibration?.brier).toBeGreaterThan(0);
  });

  it('holds finite numbers only and survives JSON', () => {
    fc.assert(
      fc.property(scoredJets(2), fc.boolean(), ({ labels, scores, weights }, weighted) => {
        const enough = [0, 1].every((c) => weights.filter((w, i) => w > 0 && labels[i] === c).length > 1);
        fc.pre(!weighted || enough);
        const masses = scores.map((_, i) => 60 + 10 * i);
        const result = evaluate(labels, scores, { mass: masses, ...(weighted ? { weights } : {}) });
        expect(numbersIn(result).filter((x) => !Number.isFinite(x))).toEqual([]);
        expect(JSON.parse(JSON.stringify(result, (_, v) => (Object.is(v, -0) ? 0 : v)))).toEqual(
          JSON.parse(JSON.stringify(result)),
        );
        expect(result.rejection.length + codes(result).filter((c) => c === 'no-false-positives').length).toBe(3);
      }),
    );
  });

  it('warns of few background jets behind a rejection', () => {
    const result = evaluate(labels, scores, { signalEfficiencies: [0.3, 0.9] });
    expect(result.rejection[0].falsePositives).toBeLessThan(100);
    expect(result.rejection[1].falsePositives).toBeGreaterThanOrEqual(100);
    expect(codes(result)).toEqual(['few-false-positives']);
    expect(result.warnings[0].message).toContain(`only ${result.rejection[0].falsePositives} background jets`);
  });

  it('leaves out a rejection that no background jet stands behind, and gives its lower limit', () => {
    const result = evaluate([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.3, 0.4, 0.2, 0.1], { signalEfficiencies: [0.5, 1] });
    expect(result.rejection.map((r) => r.signalEfficiency)).toEqual([1]);
    expect(codes(result)).toEqual(['no-false-positives', 'few-false-positives']);
    expect(result.warnings[0].message).toMatch(/1\/ε_B is above 1\.583 \(95%\)/);
  });

  it('warns of rounded scores, flipped scores, logits and separated classes', () => {
    const rounded = scores.map((s) => Math.round(10 * s) / 10);
    expect(codes(evaluate(labels, rounded))).toContain('coarse-scores');
    expect(codes(evaluate(labels, scores))).not.toContain('coarse-scores');
    expect(
      codes(
        evaluate(
          labels,
          scores.map((s) => 1 - s),
        ),
      ),
    ).toContain('auc-below-half');
    const asLogits = evaluate(labels, logits);
    expect(codes(asLogits)).toContain('outside-unit-interval');
    expect(asLogits.calibration).toBeUndefined();
    const separated = evaluate(labels, labels);
    expect(codes(separated)).toContain('separated-classes');
    expect(separated.aucStdErr).toBe(0);
  });

  it('counts effective jets where there are weights, and warns where the mass says nothing', () => {
    const weights = Float32Array.from(labels, (_, i) => (i < 2000 ? 1 : 3));
    expect(evaluate(labels, scores, { weights }).effective?.signal).toBeCloseTo(4000 ** 2 / 10000, 6);
    expect(evaluate(labels, scores).effective).toBeUndefined();
    const result = evaluate(labels, scores, { mass: mass.map(() => 400) });
    expect(codes(result)).toContain('no-mass-sculpting');
    expect(result.massSculpting).toBeUndefined();
  });

  it('names what is wrong with the input', () => {
    expect(codeOf(() => evaluate(labels, scores.subarray(1)))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => evaluate([1, 1], [0, 1]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => evaluate([1, 0, 0], [0, 1, 0.5]))).toBe('DEGENERATE_METRIC');
    expect(codeOf(() => evaluate(labels, scores, { signalEfficiencies: [1.5] }))).toBe('OUT_OF_RANGE');
    expect(codeOf(() => evaluate(labels, scores, { mass: [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => evaluate(labels, scores, { weights: labels.map(() => 1).fill(0) }))).toBe('DEGENERATE_METRIC');
  });
});
