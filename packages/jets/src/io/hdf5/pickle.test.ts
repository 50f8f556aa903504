import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPickledNames } from './pickle.js';

describe('readPickledNames', () => {
  it('reads lists of strings as Python 3 and Python 2 write them', () => {
    expect(readPickledNames('(lp0\nVE_0\np1\naVttv\np2\na.')).toEqual(['E_0', 'ttv']);
    expect(readPickledNames("(lp1\nS'E_0'\np2\naS'it is'\np3\nag2\na.")).toEqual(['E_0', 'it is', 'E_0']);
    expect(readPickledNames('(lp0\n.')).toEqual([]);
  });

  it.each([
    ['a call', "cos\nsystem\n(S'id'\ntR."],
    ['a call in a list', "(lp0\ncos\nsystem\n(S'id'\ntRa."],
    ['a number in the list', '(lp0\nI1\na.'],
    ['a nested list', '(lp0\n(lp1\na.'],
    ['a tuple', '(VE_0\nt.'],
    ['a newer protocol', '\x80\x04]\x94.'],
    ['an escape', "(lp0\nS'a\\x41'\na."],
    ['a memo that was never filled', '(lp0\ng7\na.'],
    ['a string that is not appended', '(lp0\nVE_0\n.'],
    ['something behind the end', '(lp0\n.VE_0\n'],
    ['no end', '(lp0\nVE_0\na'],
    ['nothing', ''],
  ])('gives up at %s', (_, text) => {
    expect(readPickledNames(text)).toBeUndefined();
  });

  it('answers any text with strings or undefined', () => {
    const piece = fc.constantFrom('(l', 'p0\n', 'VE_0\n', "S'x'\n", 'a', 'g0\n', '.', 'I1\n', 'cos\n', '\n', 'R');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const names = readPickledNames(pieces.join(''));
        if (names !== undefined) for (const name of names) expect(['E_0', 'x']).toContain(name);
      }),
      { numRuns: 1000 },
    );
  });
});
