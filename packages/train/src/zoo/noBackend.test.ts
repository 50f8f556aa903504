import { expect, test } from 'vitest';
import { zoo } from './index.js';

test('building a network before a backend is selected says what to do', () => {
  expect(() => zoo['course-cnn'].build([30, 30, 1], 1)).toThrowError(/call selectBackend/);
});
