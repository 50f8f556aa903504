import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectBackend } from '../backend/select.js';
import { predict } from '../fit/predict.js';
import { loadLayersModel } from './loadModel.js';

interface Case {
  readonly inputs: { readonly shape: number[]; readonly data: number[] };
  readonly outputs: { readonly shape: number[]; readonly data: number[] };
}

const folder = join(import.meta.dirname, '../../fixtures/keras');
const casesOf = (major: number): Record<string, Case> =>
  (JSON.parse(readFileSync(join(folder, `keras${major}.json`), 'utf8')) as { cases: Record<string, Case> }).cases;
const cases = { 2: casesOf(2), 3: casesOf(3) };

/** Of the largest output: float32 sums in another order, and the polynomial that tfjs has for the error function. */
const TOLERANCE = 1e-5;

beforeAll(async () => {
  await selectBackend('wasm', { threads: 1 });
});

async function differenceOf(file: string, architecture?: string): Promise<number> {
  const [, name = '', major = ''] = /^(\w+)-keras(\d)/.exec(file) ?? [];
  const { inputs, outputs } = cases[Number(major) as 2 | 3][name]!;
  const artifacts = await loadLayersModel(
    join(folder, file),
    architecture === undefined ? {} : { architecture: join(folder, architecture) },
  );
  const got = await predict(artifacts, { ...inputs, data: Float32Array.from(inputs.data) });
  expect(got.length).toBe(outputs.data.length);
  const scale = Math.max(1, ...outputs.data.map(Math.abs));
  return Math.max(...got.map((value, i) => Math.abs(value - outputs.data[i]!))) / scale;
}

describe('a model that Keras saved gives here what it gives there', () => {
  const whole = readdirSync(folder).filter((file) => /keras\d\.(keras|h5)$/.test(file));

  test('in files of every kind', () => {
    expect(whole.filter((file) => file.endsWith('keras2.h5')).length).toBe(Object.keys(cases[2]).length);
    expect(whole.filter((file) => file.endsWith('keras3.keras')).length).toBe(Object.keys(cases[3]).length);
  });

  test.each(whole)('%s', async (file) => {
    expect(await differenceOf(file)).toBeLessThan(TOLERANCE);
  });

  test.each([
    ['graph-keras2.weights.h5', 'graph-keras2.json'],
    ['graph-keras2-named-weights.h5', 'graph-keras2.json'],
    ['graph-keras3.weights.h5', 'graph-keras3.json'],
  ])('%s with its architecture', async (file, architecture) => {
    expect(await differenceOf(file, architecture)).toBeLessThan(TOLERANCE);
  });
});
