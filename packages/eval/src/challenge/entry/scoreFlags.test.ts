import { describe, expect, it } from 'vitest';
import { toyLabels, toyScores } from '../challenge.testing.js';
import { scoreForm } from './scoreFlags.js';

const scores = toyScores(toyLabels(2000), 1, 1);
const codes = (of: Float32Array | Float64Array): string[] => scoreForm(of).flags.map(({ code }) => code);
const toFloat16 = (value: number): number => {
  const step = 2 ** Math.max(-24, Math.floor(Math.log2(Math.abs(value))) - 10);
  return value === 0 ? 0 : Math.round(value / step) * step;
};

describe('scoreForm', () => {
  it('finds nothing odd about a sigmoid', () => {
    expect(codes(scores)).toEqual([]);
    expect(codes(Float64Array.from(scores))).toEqual([]);
  });

  it('counts the distinct scores', () => {
    expect(scoreForm(Float32Array.of(0.5, 0.25, 0.5, -0, 0))).toMatchObject({ distinct: 3 });
  });

  it.each([
    ['constant', scores.map(() => 0.5), ['constant']],
    ['hard decisions', scores.map((s) => (s > 0.5 ? 1 : 0)), ['hard-decisions']],
    ['hard decisions by other numbers', scores.map((s) => (s > 0.5 ? 0.75 : 0.125)), ['hard-decisions']],
    [
      'three saturated values',
      scores.map((s) => [1, Math.fround(1 - 2 ** -24), Math.fround(0.9999997)][Math.floor(s * 3)]),
      ['few-distinct-values'],
    ],
    ['thirty leaves of a tree', scores.map((s) => Math.sqrt(Math.floor(s * 30) + 2) / 6), ['few-distinct-values']],
    ['a plain cut variable', scores.map((s) => s * 3.6), ['out-of-range']],
    ['a turned sign', scores.map((s) => -s), ['out-of-range']],
    ['logits', scores.map((s) => Math.log(s / (1 - s))), ['out-of-range', 'logits']],
    ['two decimals', Float64Array.from(scores, (s) => Number(s.toFixed(2))), ['rounded']],
    ['three decimals as float32', scores.map((s) => Number(s.toFixed(3))), ['rounded']],
    ['float16', scores.map(toFloat16), ['rounded']],
    ['float16 of logits', scores.map((s) => toFloat16(Math.log(s / (1 - s)))), ['out-of-range', 'logits', 'rounded']],
  ])('tells %s', (_, values, expected) => {
    expect(codes(values)).toEqual(expected);
  });

  it('calls bfloat16 by its name', () => {
    const bits = new Uint32Array(scores.slice().buffer).map((pattern) => (pattern & 0xffff0000) >>> 0);
    expect(scoreForm(new Float32Array(bits.buffer)).flags[0].evidence).toContain('bfloat16');
  });

  it('does not call few jets with short scores rounded or few', () => {
    expect(codes(Float64Array.of(0.9, 0.8, 0.3, 0.1))).toEqual([]);
  });

  it('gives the numbers in the evidence', () => {
    const { flags } = scoreForm(Float64Array.from(scores, (s) => Number(s.toFixed(2))));
    expect(flags[0].evidence).toMatch(
      /^every score is a multiple of 0.01 \(2 decimals\): \d+ distinct scores for 2000 jets$/,
    );
  });
});
