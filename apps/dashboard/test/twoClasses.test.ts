import { expect, test } from 'vitest';
import { twoClasses } from '../src/work/twoClasses.js';

test('of three classes the last is the signal, the others are background', () => {
  const told = { labels: Uint8Array.of(0, 1, 2, 1), classes: ['QCD', 'W', 'top'] };
  expect(twoClasses(told)).toEqual({ labels: Uint8Array.of(0, 0, 1, 0), classes: ['QCD, W', 'top'] });
  expect(twoClasses({ ...told, classes: undefined })).toEqual({
    labels: Uint8Array.of(0, 0, 1, 0),
    classes: undefined,
  });
});

test('two classes, and jets without labels, stay as they are', () => {
  const two = { labels: Uint8Array.of(1, 0), classes: undefined };
  expect(twoClasses(two)).toEqual(two);
  const none = { labels: undefined, classes: ['QCD', 'top'] };
  expect(twoClasses(none)).toEqual(none);
});
