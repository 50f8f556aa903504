import { regressors, zoo } from '@jetsdk/train';
import { expect, test } from 'vitest';
import { NETWORKS, REGRESSORS } from './train.js';

test('the help of train lists the networks of the zoo', () => {
  expect(NETWORKS).toEqual(Object.keys(zoo));
  expect(REGRESSORS).toEqual(Object.keys(regressors));
});
