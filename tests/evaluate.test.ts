import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import { describe, expect, test } from 'vitest';
import { jetsdk, temporaryFolder } from './support/command.js';

const JETS = 400;

/** Labels, scores of two taggers, weights and masses, as files. */
function files(): string {
  const folder = temporaryFolder();
  const r = random(5);
  const labels = Uint8Array.from({ length: JETS }, (_, i) => i % 2);
  const column = (of: (label: number) => number): Float32Array => Float32Array.from(labels, of);
  const npy = (data: Float32Array): Uint8Array => writeNpy({ dtype: 'float32', shape: [JETS], data });
  const weights = column(() => 0.5 + r.uniform());
  const put = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);
  put('labels.npy', writeNpy({ dtype: 'uint8', shape: [JETS], data: labels }));
  put('good.npy', npy(column((label) => Math.min(1, Math.max(0, 0.35 + 0.3 * label + 0.2 * r.normal())))));
  put('poor.npy', npy(column((label) => Math.min(1, Math.max(0, 0.45 + 0.1 * label + 0.2 * r.normal())))));
  put('weights.npy', npy(weights));
  put('weights.npz', writeNpz(new Map([['weights', { dtype: 'float32', shape: [JETS], data: weights }]])));
  put('mass.npy', npy(column((label) => (label === 1 ? 172 + 15 * r.normal() : 60 + 200 * r.uniform()))));
  return folder;
}

describe('jetsdk eval', () => {
  const run = (folder: string, ...args: string[]) => {
    const { status, stdout, stderr } = jetsdk(['eval', '--labels', 'labels.npy', ...args, '--json'], folder);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  test('gives every figure of the contract for each score file, and the paired test', () => {
    const { results, comparisons } = run(files(), '--scores', 'good.npy', '--scores', 'poor.npy');
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['good', 'poor']);
    for (const result of results) {
      expect(result).toMatchObject({ jets: JETS, signal: JETS / 2, background: JETS / 2 });
      for (const key of ['auc', 'aucStdErr', 'accuracy']) expect(result[key]).toBeTypeOf('number');
      for (const at of result.rejection) {
        expect(at.rejection).toBeGreaterThanOrEqual(at.interval.low);
        expect(at.rejection).toBeLessThanOrEqual(at.interval.high);
        expect(at).toMatchObject({ estimator: 'interpolated', falsePositives: expect.any(Number) });
      }
      for (const warning of result.warnings) expect(Object.keys(warning)).toEqual(['code', 'message']);
    }
    expect(comparisons[0]).toMatchObject({ a: 'good', b: 'poor' });
    expect(comparisons[0].pValue).toBeLessThan(0.01);
  });

  test('takes weights from .npy and .npz alike, masses, working points and an estimator', () => {
    const folder = files();
    const plain = run(folder, '--scores', 'good.npy').results[0];
    const npy = run(folder, '--scores', 'good.npy', '--weights', 'weights.npy').results[0];
    const npz = run(folder, '--scores', 'good.npy', '--weights', 'weights.npz').results[0];
    expect(npz).toEqual(npy);
    expect(npy.auc).not.toBe(plain.auc);
    expect(npy.effective.signal).toBeLessThan(JETS / 2);

    const options = ['--mass', 'mass.npy', '--signal-efficiency', '0.4,0.6', '--estimator', 'conservative'];
    const asked = run(folder, '--scores', 'good.npy', ...options).results[0];
    expect(asked.rejection.map((at: { signalEfficiency: number }) => at.signalEfficiency)).toEqual([0.4, 0.6]);
    expect(asked.rejection[0].estimator).toBe('conservative');
    expect(asked.massSculpting.inverseJsd).toBeGreaterThan(1);
  });
});
