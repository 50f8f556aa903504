import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { useCommands } from './command.testing.js';
import { addCorrect } from './correct.js';
import { addData } from './data.js';
import { addScore } from './score.js';
import { addServe } from './serve.js';
import { addSummary } from './summary.js';
import { addTrain } from './train.js';

const sample = join(import.meta.dirname, '../../../../data/test.h5');
const { at, call } = useCommands();

describe('a file whose ending is that of another format is not written', () => {
  it.each<readonly [add: (program: Command) => void, name: string, args: readonly string[], expected: string]>([
    [addData, 'jets.txt', ['convert', sample], '.h5 or .hdf5, since HDF5 is written'],
    [addData, 'images.npz', ['images', sample, '--recipe', 'iml-40'], '.h5 or .hdf5, since HDF5 is written'],
    [addData, 'jets.svg', ['pictures', sample], '.html, since a page is written'],
    [addScore, 'scores.h5', ['course-cnn', sample], '.npy, since an array of NumPy is written'],
    [addCorrect, 'images.npz', ['pumml', sample], '.npy or .h5 or .hdf5, since an array of NumPy or HDF5 is written'],
  ])('%# %s', async (add, name, args, expected) => {
    const { outcome, stderr } = await call(add, ...args, '-o', at(name));
    expect(outcome).toBe(`BAD_ARGUMENT option --output: got ${at(name)}; expected a file that ends with ${expected}`);
    expect(stderr).toBe('');
    expect(existsSync(at(name))).toBe(false);
  });
});

it('serve takes the ports that there are', async () => {
  const { outcome } = await call(addServe, 'course-cnn', '--port', '99999');
  expect(outcome).toBe('BAD_ARGUMENT option --port: got 99999; expected a whole number from 0 to 65535');
});

it('train looks for the run to begin with before it reads jets', async () => {
  mkdirSync(at('empty'));
  const args = ['course-dense', '--data', sample, '-o', at('run'), '--from', at('empty')];
  const { outcome, stderr } = await call(addTrain, ...args);
  expect(outcome).toMatch(/^FILE_NOT_FOUND .*empty.run\.json: no such file; expected the folder of a training run/);
  expect(stderr).toBe('');
  expect(readdirSync(at())).toEqual(['empty']);
});

describe('summary', () => {
  it('says what it takes, and what may be meant', async () => {
    const { outcome } = await call(addSummary, 'course-cn');
    expect(outcome).toMatch(
      /^BAD_ARGUMENT summary: got "course-cn"; expected a network \(course-cnn, .*, an ONNX file, .*; did you mean course-cnn\?$/,
    );
  });

  it('takes reference models that are no network of the zoo', async () => {
    const { outcome, stdout } = await call(addSummary, 'pumml');
    expect(outcome).toBe('done');
    expect(stdout).toMatch(/^pumml\n.*conv_2 +Conv +10 × 9 × 9 +3,610 +Relu/s);
  });
});
