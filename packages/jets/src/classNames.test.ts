import { expect, it } from 'vitest';
import { maySignal } from './classNames.js';

it('a signal has several names, and some names that say nothing', () => {
  for (const [one, other] of [
    ['top', 'TT'],
    ['t t-bar', 'Top'],
    ['H→bb', 'hbb'],
    ['signal', 'W'],
    ['W', 'class 1'],
  ])
    expect([one, other, maySignal(one, other)]).toEqual([one, other, true]);
  for (const [one, other] of [
    ['top', 'W'],
    ['top', 'QCD'],
    ['Hbb', 'Z'],
  ])
    expect([one, other, maySignal(one, other)]).toEqual([one, other, false]);
});
