import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

const DATA = ['--data', join(root, 'data/val.h5'), '--rows', '0:400'];
const HOW = ['--recipe', 'course-30-sum', '--epochs', '1', '--batch-size', '64'];
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

function sweepFile(folder: string, content: object): void {
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify({ format: 'jetsdk-sweep/1', ...content }));
}

const sweep = (folder: string, ...more: string[]) =>
  jetsdk(['train', 'course-cnn', ...DATA, ...HOW, '--sweep', 'sweep.json', '-o', 'out', ...more], folder);

describe('jetsdk train --sweep and jetsdk runs', { timeout: 180_000 }, () => {
  test('train every member once, one by its number or all, and gather them by what differs, best by validation first', () => {
    const folder = temporaryFolder();
    sweepFile(folder, { grid: { 'train-jets': [60, 240], seed: [1, 2] } });
    expect(sweep(folder, '--task', '3').status).toBe(0);
    expect(json(folder, 'out/task-0003/run.json')).toMatchObject({
      settings: { seed: 2, batchSize: 64 },
      dataset: { trainJets: 240 },
    });
    expect(existsSync(join(folder, 'out/task-0000'))).toBe(false);
    const before = readFileSync(join(folder, 'out/task-0003/weights.bin'));

    const all = sweep(folder);
    expect(all.status, all.stderr).toBe(0);
    expect(all.stderr).toMatch(/task-0003: finished already \(train-jets 240, seed 2\)/);
    expect(readFileSync(join(folder, 'out/task-0003/weights.bin'))).toEqual(before);
    const alone = ['train', 'course-cnn', ...DATA, ...HOW, '--train-jets', '60', '--seed', '2', '-o', 'alone'];
    expect(jetsdk(alone, folder).status).toBe(0);
    expect(readFileSync(join(folder, 'out/task-0001/weights.bin'))).toEqual(
      readFileSync(join(folder, 'alone/weights.bin')),
    );

    const told = jetsdk(['runs', 'out', '--report', 'runs.html', '--curve', 'curve.svg'], folder);
    expect(told.status, told.stderr).toBe(0);
    const curve = readFileSync(join(folder, 'curve.svg'), 'utf8');
    for (const text of ['Jets to learn from', '>60<', '>240<', 'AUC', 'course-cnn']) expect(curve).toContain(text);
    expect(readFileSync(join(folder, 'runs.html'), 'utf8')).toContain('What more jets to learn from are worth');
    const flat = jetsdk(['runs', 'alone', '--curve', 'none.svg'], folder);
    expect(flat.status).toBe(2);
    expect(flat.stderr).toMatch(/no two finished trainings that differ in the jets.*expected a sweep over train-jets/);
    expect(existsSync(join(folder, 'none.svg'))).toBe(false);
    expect(told.stdout).toMatch(/course-cnn, trainJets 60 +2 +\d\.\d{4} ± \d\.\d{4}/);
    expect(told.stdout).toMatch(/course-cnn, trainJets 240 +2 /);
    expect(readFileSync(join(folder, 'runs.html'), 'utf8')).toContain('trainJets 240');
    const { groups } = JSON.parse(jetsdk(['runs', 'out', '--json'], folder).stdout);
    const losses = [0, 1, 2, 3].map((task) => json(folder, `out/task-000${task}/history.json`).epochs[0].valLoss);
    const means = [(losses[0] + losses[1]) / 2, (losses[2] + losses[3]) / 2].sort((a, b) => a - b);
    expect(groups.map((group: { valLoss: { mean: number } }) => group.valLoss.mean)).toEqual([
      expect.closeTo(means[0], 12),
      expect.closeTo(means[1], 12),
    ]);
    expect(groups[0].runs.map((run: { valLoss: number }) => run.valLoss)).toEqual(
      [...groups[0].runs.map((run: { valLoss: number }) => run.valLoss)].sort((a, b) => a - b),
    );
    expect(groups[0].runs[0]).toMatchObject({ auc: expect.any(Number), cost: { jetsPerSecond: expect.any(Number) } });
  });

  test('a member that was interrupted goes on, and runs that are not finished are named', () => {
    const folder = temporaryFolder();
    sweepFile(folder, { list: [{ seed: 1 }, { seed: 2, flip: 'eta' }] });
    expect(sweep(folder).status).toBe(0);
    expect(json(folder, 'out/task-0001/run.json').settings.augmentation).toEqual({ flip: ['eta'] });
    const test = json(folder, 'out/task-0000/test.json');
    rmSync(join(folder, 'out/task-0000/test.json'));
    expect(jetsdk(['runs', 'out'], folder).stderr).toMatch(/task-0000: not finished/);
    expect(sweep(folder, '--task', '0').status).toBe(0);
    expect(json(folder, 'out/task-0000/test.json').auc).toBe(test.auc);
  });

  test('leave finished members of networks that give images alone', () => {
    const folder = temporaryFolder();
    sweepFile(folder, { list: [{ seed: 1 }, { seed: 2 }] });
    const jets = join(root, 'packages/jets/fixtures/pile-up.h5');
    const run = (...more: string[]) =>
      jetsdk(
        [
          ...['train', 'pumml', '--data', jets, '--validation', jets, '--epochs', '1'],
          ...['--sweep', 'sweep.json', '-o', 'out', ...more],
        ],
        folder,
      );
    const first = run('--task', '1');
    expect(first.status, first.stderr).toBe(0);
    const weights = readFileSync(join(folder, 'out/task-0001/weights.bin'));
    const all = run();
    expect(all.status, all.stderr).toBe(0);
    expect(all.stderr).toMatch(/task-0001: finished already \(seed 2\)/);
    expect(readFileSync(join(folder, 'out/task-0001/weights.bin'))).toEqual(weights);
    expect(existsSync(join(folder, 'out/task-0000/test.json'))).toBe(true);
  });

  test('refuses what is no sweep, naming the key, before anything is trained', () => {
    const folder = temporaryFolder();
    const refused = (content: object, ...more: string[]): string => {
      sweepFile(folder, content);
      const { status, stderr } = sweep(folder, ...more);
      expect(status).toBe(2);
      expect(existsSync(join(folder, 'out/task-0000/run.json'))).toBe(false);
      return stderr;
    };
    expect(refused({ grid: { 'learning-rates': [1] } })).toMatch(/"learning-rates".*did you mean learning-rate\?/);
    expect(refused({ grid: { 'learning-rate': 1 } })).toMatch(/sweep\.json\.grid\.learning-rate/);
    expect(refused({ grid: { epochs: [1, 'two'] } })).toMatch(/got two; expected a whole number/);
    expect(refused({ grid: { output: ['a'] } })).toMatch(/"output"/);
    expect(refused({ grid: { stratified: ['yes'] } })).toMatch(/stratified is "yes"; expected true/);
    expect(refused({ grid: { seed: [1, 2] } }, '--task', '2')).toMatch(/--task 2 of a sweep of 2; expected 0 to 1/);
    expect(refused({ grid: { seed: [1, 2] } }, '--seeds', '2')).toMatch(/--seeds with --sweep/);
    const { status, stderr } = jetsdk(['runs', '.'], folder);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/no run in it/)]);
  });

  test('refuses a folder that holds another sweep', () => {
    const folder = temporaryFolder();
    sweepFile(folder, { grid: { seed: [1] } });
    expect(sweep(folder).status).toBe(0);
    sweepFile(folder, { grid: { seed: [2] } });
    const { status, stderr } = sweep(folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/task-0000: holds .*"seed":1.*expected the same sweep as before/);
  });
});
