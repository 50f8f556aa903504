import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { massBins, passingOf, scoreBins, signalsOf, verdicts } from '../src/counts.ts';
import { cutsOf } from '../src/work/cutSteps.ts';

const NAMES = ['QCD', 'top'];
const step = fc.integer({ min: 0, max: 1000 }).map((k) => k / 1000);
const score = fc.oneof(step, fc.float({ min: 0, max: 1, noNaN: true }));
const jets = fc.array(
  fc.record({
    a: score,
    b: score,
    label: fc.integer({ min: 0, max: 1 }),
    mass: fc.double({ min: 0, max: 400, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('what follows the cut', () => {
  it('is at each step what counting the jets gives', () => {
    fc.assert(
      fc.property(jets, step, (all, cut) => {
        const scores = Float32Array.from(all, ({ a }) => a);
        const labels = Uint8Array.from(all, ({ label }) => label);
        const mass = Float64Array.from(all, (jet) => jet.mass);
        expect(passingOf(scores, cut)).toBe(scores.filter((one) => one >= cut).length);
        expect(signalsOf(labels)).toBe(labels.filter((label) => label === 1).length);
        const bins = scoreBins(scores, labels, NAMES);
        expect(bins.classes.map(({ counts }) => Array.from(counts).reduce((a, b) => a + b))).toEqual(
          [0, 1].map((label) => labels.filter((one) => one === label).length),
        );
        const { classes } = massBins(mass, labels, NAMES, { scores, cut });
        const after = classes
          .slice(2)
          .map(({ name, counts, above }) => [name, Array.from(counts).reduce((a, b) => a + b) + above]);
        const wanted = [0, 1].flatMap((label) => {
          const kept = scores.filter((one, jet) => one >= cut && labels[jet] === label).length;
          return kept === 0 ? [] : [[`${NAMES[label]} after the cut`, kept]];
        });
        expect(after).toEqual(wanted);
      }),
    );
  });

  it('are the verdicts of two taggers, whatever the cut of the other', () => {
    fc.assert(
      fc.property(jets, step, fc.double({ min: 0, max: 1.1, noNaN: true }), (all, cut, slope) => {
        const [a, b] = [Float32Array.from(all, (jet) => jet.a), Float32Array.from(all, (jet) => jet.b)];
        const labels = Uint8Array.from(all, ({ label }) => label);
        const cutOfOther = (at: number): number => slope * at;
        const found = verdicts(labels, { scores: a, cut }, { scores: b }, cutOfOther);
        const count = (label: number, lead: boolean, other: boolean): number =>
          labels.filter((one, jet) => one === label && a[jet] >= cut === lead && b[jet] >= cutOfOther(cut) === other)
            .length;
        for (const label of [0, 1])
          expect(found[label]).toEqual({
            both: count(label, true, true),
            onlyLead: count(label, true, false),
            onlyOther: count(label, false, true),
            neither: count(label, false, false),
          });
      }),
    );
  });

  it('has each score at the last step that it passes', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1 }), fc.integer({ min: 1, max: 1000 }), (list, steps) => {
        const scores = Float32Array.from(list);
        const wanted = Array.from(scores, (one) =>
          Array.from({ length: steps + 1 }, (_, k) => k).findLast((k) => one >= k / steps),
        );
        expect(Array.from(cutsOf(scores, steps))).toEqual(wanted);
      }),
    );
  });
});
