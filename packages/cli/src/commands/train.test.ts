import { zoo } from '@jetsdk/train';
import { expect, test } from 'vitest';
import { NETWORKS } from './train.js';

test('the help of train lists the networks of the zoo', () => {
  expect(NETWORKS).toEqual(Object.keys(zoo));
});
