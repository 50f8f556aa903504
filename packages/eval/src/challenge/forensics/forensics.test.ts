import { describe, expect, it } from 'vitest';
import type { Entry } from '../board/measuredEntry.js';
import { rank } from '../board/ranking.js';
import { entry, rolled, toyLabels, toyScores } from '../challenge.testing.js';

const labels = toyLabels(1500);
const good = toyScores(labels, 1, 1);
const better = toyScores(labels, 1.3, 2);

/** The codes of the flags by file. */
function flagsOf(...entries: Entry[]): Record<string, string[]> {
  const { leaderboard } = rank(entries, labels, { replicas: 1 });
  return Object.fromEntries(leaderboard.map(({ file, flags }) => [file, flags.map(({ code }) => code)]));
}

function evidenceOf(file: string, ...entries: Entry[]): string[] {
  const { leaderboard } = rank(entries, labels, { replicas: 1 });
  return leaderboard.find((row) => row.file === file)?.flags.map(({ evidence }) => evidence) ?? [];
}

describe('the flags of a ranking', () => {
  it('leaves good entries alone', () => {
    expect(flagsOf(entry('a__x.npy', good), entry('b__x.npy', better))).toEqual({ 'a__x.npy': [], 'b__x.npy': [] });
  });

  it('shows what a turned sign would give and changes nothing', () => {
    const turned = good.map((s) => 1 - s);
    const { leaderboard } = rank([entry('a__x.npy', turned), entry('b__x.npy', better)], labels, { replicas: 1 });
    const [, row] = leaderboard;
    expect(row.auc).toBeLessThan(0.3);
    expect(row.flags).toEqual([
      {
        code: 'flipped',
        evidence: `AUC ${Number(row.auc.toPrecision(7))}; with the sign of the scores turned it would be ${Number((1 - row.auc).toPrecision(7))}`,
      },
    ]);
  });

  it('does not call chance flipped', () => {
    const few = toyLabels(40, 3);
    const noise = Float32Array.from(few, (_, i) => Math.sin(i * i));
    expect(
      rank([entry('a__x.npy', noise)], few, { replicas: 1 }).leaderboard[0].flags.map(({ code }) => code),
    ).not.toContain('flipped');
  });

  it('finds a turned order and a shift by the other entries, and by the truth where there is none', () => {
    const turned = entry('c__x.npy', good.slice().reverse());
    const late = entry('d__x.npy', rolled(good, 5));
    const others = [entry('a__x.npy', toyScores(labels, 1.1, 3)), entry('b__x.npy', better)];
    expect(flagsOf(turned, late, ...others)).toMatchObject({ 'c__x.npy': ['reversed'], 'd__x.npy': ['shifted'] });
    expect(evidenceOf('c__x.npy', turned, late, ...others)[0]).toMatch(
      /^read from the last row to the first, the scores would agree with the mean of 2 better submissions: rank correlation 0\.\d+, -?0\.0\d+ as sent$/,
    );
    expect(evidenceOf('d__x.npy', turned, late, ...others)[0]).toContain('moved 5 rows up');
    expect(flagsOf(turned)).toEqual({ 'c__x.npy': ['reversed'] });
    expect(flagsOf(late)).toEqual({ 'd__x.npy': ['shifted'] });
  });

  it('names copies in other groups, also rescaled, rounded and turned round, but not within a group', () => {
    const copies = [
      entry('a__x.npy', good),
      entry('a__y.npy', good),
      entry('b__x.npy', good.slice()),
      entry(
        'c__x.npy',
        Float64Array.from(good, (s) => Math.log(s / (1 - s)) / 40 + 0.5),
      ),
      entry(
        'd__x.npy',
        Float64Array.from(good, (s) => Number((1 - s).toFixed(6))),
      ),
    ];
    const evidence = evidenceOf('b__x.npy', ...copies);
    expect(evidence).toHaveLength(1);
    expect(evidence[0]).toContain('the same scores as a__x.npy; the same scores as a__y.npy');
    expect(evidence[0]).toContain('ranks the jets as c__x.npy does: correlation 1.000000');
    expect(evidence[0]).toContain('ranks the jets as d__x.npy does, turned round: correlation -1.000000');
    expect(flagsOf(...copies.slice(0, 2))).toEqual({ 'a__x.npy': [], 'a__y.npy': [] });
  });

  it('flags of two copies the later one alone where a receipt tells which that is, whatever the times of files say', () => {
    const first = { ...entry('z__x.npy', good, 2000), receipt: true };
    const later = { ...entry('a__x.npy', good.slice(), 3000), receipt: true };
    const touched = entry('a__x.npy', good.slice(), 9);
    expect(flagsOf(first, later)).toEqual({ 'z__x.npy': [], 'a__x.npy': ['duplicate'] });
    expect(flagsOf(first, touched)).toEqual({ 'z__x.npy': [], 'a__x.npy': ['duplicate'] });
    expect(flagsOf(entry('z__x.npy', good, 5000), touched)).toEqual({
      'z__x.npy': ['duplicate'],
      'a__x.npy': ['duplicate'],
    });
  });

  it('does not call two constants or two like networks copies', () => {
    const half = new Float32Array(labels.length).fill(0.5);
    expect(flagsOf(entry('a__x.npy', half), entry('b__x.npy', half))).toEqual({
      'a__x.npy': ['constant'],
      'b__x.npy': ['constant'],
    });
    const nearly = good.map((s, i) => s + 0.02 * Math.sin(i));
    expect(
      flagsOf(
        entry('a__x.npy', good),
        entry(
          'b__x.npy',
          nearly.map((s) => Math.min(1, Math.max(0, s))),
        ),
      ),
    ).toEqual({
      'a__x.npy': [],
      'b__x.npy': [],
    });
  });

  it('says what ties at the working point do to the rejection', () => {
    const saturated = good.map((s) => Math.min(s, 0.8) / 0.8);
    const [evidence] = evidenceOf('a__x.npy', entry('a__x.npy', saturated), entry('b__x.npy', better));
    expect(flagsOf(entry('a__x.npy', saturated), entry('b__x.npy', better))).toMatchObject({ 'a__x.npy': ['rounded'] });
    expect(evidence).toMatch(
      /^at ε_S = 0.3 \d+ jets share the score of the cut, 1\/ε_B is anything from [\d.]+ to no limit$/,
    );
    const coarse = good.map((s) => Math.round(s * 100) / 100);
    expect(evidenceOf('a__x.npy', entry('a__x.npy', coarse))[0]).toMatch(/^every score is a multiple of 0.01/);
  });
});
