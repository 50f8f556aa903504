import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileNames } from './fileNames.js';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jetsdk-names-'));
  for (const name of [
    'part-1.h5',
    'part-10.h5',
    'part-2.h5',
    'part-2.h5x',
    'xpart-1.h5',
    '.part-3.h5',
    'a+b.h5',
    'what?.h5',
  ])
    writeFileSync(at(name), '');
  mkdirSync(at('part-4.h5'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a pattern stands for the files whose whole name fits, in the order of their names, without folders and hidden files', () => {
  expect(fileNames(at('part-*.h5'))).toEqual(['part-1.h5', 'part-10.h5', 'part-2.h5'].map(at));
  expect(fileNames(at('part-?.h5'), ['first'])).toEqual(['first', at('part-1.h5'), at('part-2.h5')]);
  expect(fileNames(at('a+*.h5'))).toEqual([at('a+b.h5')]);
});

test('a name is taken as it is, whether there is such a file or not, and also with a question mark in it', () => {
  expect(fileNames('none.h5', ['a'])).toEqual(['a', 'none.h5']);
  expect(fileNames(at('what?.h5'))).toEqual([at('what?.h5')]);
});

test('a pattern that no file fits is FILE_NOT_FOUND', () => {
  for (const pattern of ['none-*.h5', 'no-folder/*.h5'])
    expect(() => fileNames(at(pattern))).toThrow(expect.objectContaining({ code: 'FILE_NOT_FOUND' }));
});
