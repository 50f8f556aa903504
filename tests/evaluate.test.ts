import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@jetsdk/jets';
import { readNpy, writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

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

  test('takes text, and labels that are names, as it takes arrays', () => {
    const folder = files();
    const numbers = (name: string) => [...readNpy(readFileSync(join(folder, name))).data].map(Number);
    const names = numbers('labels.npy').map((label) => (label === 1 ? 'top' : 'QCD'));
    writeFileSync(join(folder, 'labels.csv'), `id,label\n${names.map((name, i) => `jet_${i},${name}`).join('\n')}\n`);
    writeFileSync(join(folder, 'good.txt'), `${numbers('good.npy').join('\n')}\n`);
    const args = ['eval', '--labels', 'labels.csv', '--scores', 'good.txt', '--json'];
    const told = jetsdk([...args, '--signal', 'top'], folder);
    expect(JSON.parse(told.stdout).results).toEqual(run(folder, '--scores', 'good.npy').results);
    expect(jetsdk(args, folder)).toMatchObject({ status: 2 });
  });

  test('takes columns by name, and says which option names one', () => {
    const folder = files();
    const [good, poor] = ['good', 'poor'].map((name) => readNpy(readFileSync(join(folder, `${name}.npy`))));
    const labels = readNpy(readFileSync(join(folder, 'labels.npy')));
    const weights = readNpy(readFileSync(join(folder, 'weights.npy')));
    const all = new Map([
      ['y_true', labels],
      ['y_good', good],
      ['y_poor', poor],
      ['w', weights],
    ]);
    writeFileSync(join(folder, 'all.npz'), writeNpz(all));
    const expected = run(folder, '--scores', 'good.npy', '--scores', 'poor.npy', '--weights', 'weights.npy');
    const scores = ['--scores', 'all.npz', '--column', 'y_good', '--scores', 'all.npz', '--column', 'y_poor'];
    const args = ['eval', '--labels', 'all.npz', ...scores, '--weights', 'all.npz', '--json'];
    const byName = jetsdk([...args, '--label-column', 'y_true', '--weight-column', 'w'], folder);
    expect(byName.status, byName.stderr).toBe(0);
    const { results } = JSON.parse(byName.stdout);
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['all:y_good', 'all:y_poor']);
    expect(results.map(({ auc }: { auc: number }) => auc)).toEqual(
      expected.results.map(({ auc }: { auc: number }) => auc),
    );
    expect(jetsdk([...args, '--label-column', 'y_true'], folder).stderr).toMatch(/name one with --weight-column \[/);
    expect(jetsdk(args.slice(0, -3).concat('--json'), folder).stderr).toMatch(/name one with --label-column \[/);
    const unnamed = jetsdk(['eval', '--labels', 'labels.npy', '--scores', 'all.npz'], folder);
    expect(unnamed).toMatchObject({ status: 2, stderr: expect.stringMatching(/4 columns.*name one with --column \[/) });
    const three = ['--column', 'a', '--column', 'b', '--column', 'c'];
    expect(jetsdk([...args, ...three], folder).stderr).toMatch(/option --column: got 5 for 2 of --scores/);
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

  test('a report keeps the names of classes that the file of the labels has, or takes those that are given', () => {
    const folder = temporaryFolder();
    const labels = join(root, 'packages/jets/fixtures/images-classes.h5');
    const data = Float32Array.from({ length: 12 }, (_, jet) => jet / 12);
    writeFileSync(join(folder, 'scores.npy'), writeNpy({ dtype: 'float32', shape: [12], data }));
    const report = (...more: string[]): string => {
      const args = ['eval', '--labels', labels, '--scores', 'scores.npy', '--report', 'report.html', ...more];
      const { status, stderr } = jetsdk(args, folder);
      expect(status, stderr).toBe(0);
      return readFileSync(join(folder, 'report.html'), 'utf8');
    };
    expect(report()).toMatch(/QCD \(7 jets\), Top \(5 jets\)/);
    expect(report('--classes', 'q/g,t')).toMatch(/q\/g \(7 jets\), t \(5 jets\)/);
  });
});

describe('jetsdk eval with scores of several classes', () => {
  const CLASSES = ['QCD', 'W', 'top'];

  /** Labels 0, 1, 2 and the (n, 3) scores of two taggers. */
  function classFiles(): string {
    const folder = temporaryFolder();
    const { normal } = random(6);
    const labels = Int32Array.from({ length: JETS }, (_, i) => i % 3);
    const put = (name: string, strength: number): void => {
      const data = new Float32Array(3 * JETS);
      labels.forEach((label, jet) => {
        const logits = [0, 1, 2].map((c) => Math.exp((c === label ? strength : 0) + normal()));
        const sum = logits.reduce((a, b) => a + b);
        logits.forEach((x, c) => {
          data[3 * jet + c] = x / sum;
        });
      });
      writeFileSync(join(folder, name), writeNpy({ dtype: 'float32', shape: [JETS, 3], data }));
    };
    writeFileSync(join(folder, 'labels.npy'), writeNpy({ dtype: 'int32', shape: [JETS], data: labels }));
    put('good.npy', 1.2);
    put('poor.npy', 0.5);
    return folder;
  }
  const both = ['--scores', 'good.npy', '--scores', 'poor.npy', '--classes', CLASSES.join()];

  test('prints each class against the rest, pairs, means and the confusion of every tagger', () => {
    const { status, stdout, stderr } = jetsdk(['eval', '--labels', 'labels.npy', ...both], classFiles());
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/good +0\.\d{4} ± 0\.\d{4} +0\.\d{4} ± 0\.\d{4}/);
    expect(stdout).toMatch(/class +jets +AUC +% as QCD +% as W +% as top/);
    expect(stdout).toMatch(/top against QCD +0\.\d{4} ± 0\.\d{4} +\d/);
    expect(stdout).toMatch(/good − poor +0\.\d{4} ± 0\.\d{4}/);
  });

  test('has all figures with errors in JSON, and tables, curves and confusion matrices in the report', () => {
    const folder = classFiles();
    const { status, stdout, stderr } = jetsdk(
      ['eval', '--labels', 'labels.npy', ...both, '--signal-efficiency', '0.5,0.7', '--json', '--report', 'out.html'],
      folder,
    );
    expect(status, stderr).toBe(0);
    const { results, comparisons } = JSON.parse(stdout);
    expect(results[0]).toMatchObject({ name: 'good', jets: JETS, classes: CLASSES });
    expect(results[0].oneVsRest.map((one: { jets: number }) => one.jets)).toEqual([134, 133, 133]);
    for (const one of [...results[0].oneVsRest, ...results[0].oneVsOne, results[0].macroOneVsRest]) {
      expect(one.auc).toBeGreaterThan(0.75);
      expect(one.stdErr).toBeGreaterThan(0);
    }
    expect(results[0].oneVsOne[0].rejection.map((r: { signalEfficiency: number }) => r.signalEfficiency)).toEqual([
      0.5, 0.7,
    ]);
    const { counts, accuracy } = results[0].confusion;
    expect(counts.reduce((a: number, b: number) => a + b)).toBe(JETS);
    expect(accuracy.value).toBeCloseTo((counts[0] + counts[4] + counts[8]) / JETS, 12);
    expect(comparisons[0].difference).toBeGreaterThan(0);
    const page = readFileSync(join(folder, 'out.html'), 'utf8');
    for (const text of ['top against QCD', 'AUC against the rest', 'Confusion matrix. QCD:', 'good − poor'])
      expect(page).toContain(text);
  });

  test('refuses labels that are no class, other tables, and a mass', () => {
    const folder = classFiles();
    writeFileSync(
      join(folder, 'four.npy'),
      writeNpy({ dtype: 'int32', shape: [JETS], data: Int32Array.from({ length: JETS }, (_, i) => i % 4) }),
    );
    const refused = (...args: string[]): string => {
      const { status, stdout, stderr } = jetsdk(['eval', ...args], folder);
      expect([status, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(refused('--labels', 'four.npy', '--scores', 'good.npy')).toMatch(/label 3 is 3; .*0 to 2/);
    expect(refused('--labels', 'labels.npy', '--scores', 'labels.npy', '--scores', 'good.npy')).toMatch(
      /shape \(400, 1\)/,
    );
    expect(refused('--labels', 'labels.npy', '--scores', 'good.npy', '--mass', 'labels.npy')).toMatch(/--mass/);
    expect(refused('--labels', 'labels.npy', '--scores', 'good.npy', '--classes', 'a,b')).toMatch(/2 names for 3/);
  });
});
