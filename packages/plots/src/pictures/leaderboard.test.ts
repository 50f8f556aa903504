import { describe, expect, it } from 'vitest';
import { elements, labels, readXml } from '../picture.testing.js';
import { leaderboard } from './leaderboard.js';

const entry = (rank: number, value: number) => ({
  rank,
  name: `entry ${rank}`,
  value,
  interval: { low: value - 0.001, high: Math.min(1, value + 0.001) },
});
const good = Array.from({ length: 12 }, (_, i) => entry(i + 1, 0.99 - 0.001 * i));

/** Numbers along the axis. */
const axis = (svg: string): number[] =>
  labels(svg)
    .filter((text) => /^\d\.\d{2,3}$/.test(text))
    .map(Number);
const arrows = (svg: string): number =>
  elements(readXml(svg), 'g')
    .filter(({ attributes }) => attributes['class'] === 'jet-clipped')
    .flatMap((group) => elements(group, 'path')).length;

describe('leaderboard', () => {
  it('gives an entry far off the others an arrow, and the axis to the others', () => {
    const svg = leaderboard([...good, entry(13, 0.18)]);
    expect(arrows(svg)).toBe(1);
    expect(Math.min(...axis(svg))).toBeGreaterThan(0.9);
    expect(labels(svg)).toContain('0.1800');
    expect(arrows(leaderboard(good))).toBe(0);
  });

  it('cuts the name of a long label, not what is remarked, and sets indices low', () => {
    const row = { ...entry(1, 0.9), name: `group / ${'network '.repeat(12)}`, flags: ['3 by 1/ε_{B}', 'places 2–5'] };
    const svg = leaderboard([row, { ...entry(2, 0.8), name: 'a_{b}', flags: ['late'] }], { width: 780 });
    expect(labels(svg)).toContainEqual(
      expect.stringMatching(/^group \/ network net.*… {2}\(3 by 1\/εB, places 2–5\)$/),
    );
    // what others call themselves is written as it is
    expect(labels(svg)).toContain('a_{b}  (late)');
    const long = leaderboard([{ ...row, flags: ['1/ε_{B}'.repeat(30)] }], { width: 780 });
    expect(long).not.toContain('_{');
  });

  it('leaves remarks out where it is as narrow as a phone', () => {
    const rows = [{ ...entry(1, 0.9), flags: ['late'] }, entry(2, 0.8)];
    expect(labels(leaderboard(rows, { width: 480 }))).toContain('entry 1  (late)');
    expect(labels(leaderboard(rows, { width: 358 }))).toContain('entry 1');
  });

  it('has only as many numbers on its axis as do not touch', () => {
    const long = { ...entry(2, 0.9557), name: 'jet mass near the top mass' };
    const rows = [entry(1, 0.9729), long, entry(3, 0.9186)];
    expect(axis(leaderboard(rows, { width: 780 })).length).toBeGreaterThan(3);
    const narrow = elements(readXml(leaderboard(rows, { width: 358 })), 'text').filter(
      ({ attributes }) => attributes['text-anchor'] === 'middle',
    );
    const at = narrow.map(({ attributes }) => Number(attributes['x']));
    for (let i = 1; i < at.length; i++) expect(at[i] - at[i - 1]).toBeGreaterThan(32);
    expect(at.length).toBeGreaterThan(0);
  });

  it('clips none of a few entries', () => {
    expect(arrows(leaderboard([entry(1, 0.99), entry(2, 0.98), entry(3, 0.5)]))).toBe(0);
  });

  it('has no axis beyond 1 where no value is', () => {
    const svg = leaderboard([entry(1, 0.9995), entry(2, 0.6), entry(3, 0.5)]);
    const numbers = labels(svg)
      .filter((text) => /^\d\.\d{1,3}$/.test(text))
      .map(Number);
    expect(Math.max(...numbers)).toBe(1);
  });
});
