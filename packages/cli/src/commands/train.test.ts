import { regressors, zoo } from '@jetsdk/train';
import { expect, test } from 'vitest';
import { jetsdk } from '../../../../tests/support/command.js';
import { NETWORKS, REGRESSORS } from './train.js';

test('the help of a network that cleans jets says what it takes, gives, and is trained with', () => {
  const { status, stdout, stderr } = jetsdk(['train', 'pumml', '--help']);
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(
    /pumml: neutral pT[\s\S]*images of recipe pumml; gives those of recipe pumml-truth[\s\S]*epochs 25/,
  );
});

test('the help of train lists the networks of the zoo', () => {
  expect(NETWORKS).toEqual(Object.keys(zoo));
  expect(REGRESSORS).toEqual(Object.keys(regressors));
});
