/** Labels that are not 0 and 1, where the user says which is signal. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openJets } from './files.js';
import type { NpyArray } from './npy/npy.js';
import { writeNpz } from './npy/npz.js';

const COUNT = 6;

async function labelled(shape: readonly number[], values: readonly number[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'jetsdk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'jets.npz');
  const arrays = new Map<string, NpyArray>([
    ['images', { dtype: 'float32', shape: [COUNT, 4, 4], data: new Float32Array(COUNT * 16).fill(1) }],
    ['labels', { dtype: 'int32', shape, data: Int32Array.from(values) }],
  ]);
  await writeFile(path, writeNpz(arrays));
  return path;
}

async function labelsOf(path: string, signal: string | number): Promise<number[]> {
  const source = await openJets(path, { signal });
  onTestFinished(() => source.close());
  expect(source.classes).toEqual(['background', 'signal']);
  return [...((await source.labels()) ?? [])];
}

describe('openJets with the option signal', () => {
  it('has 1 for that label and 0 for all others', async () => {
    const path = await labelled([COUNT], [-1, 1, 1, -1, 1, -1]);
    expect(await labelsOf(path, 1)).toEqual([0, 1, 1, 0, 1, 0]);
    expect(await labelsOf(path, '-1')).toEqual([1, 0, 0, 1, 0, 1]);
  });

  it('takes the column of one-hot labels', async () => {
    const path = await labelled([COUNT, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0]);
    expect(await labelsOf(path, 2)).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it('refuses a label that no jet has, and says which there are', async () => {
    const path = await labelled([COUNT], [-1, 1, 1, -1, 1, -1]);
    const source = await openJets(path, { signal: 2 });
    await expect(source.labels()).rejects.toThrow(/no label is "2"; expected one of -1, 1; .*option signal/);
    source.close();
  });
});
