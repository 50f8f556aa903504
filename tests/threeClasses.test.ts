import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNpy } from '@jetsdk/jets/npy';
import { readCard } from '@jetsdk/onnx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root } from './support/command.js';
import { writeThreeClasses } from './support/threeClasses.js';

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

const MYNET = `
export default {
  recipe: 'course-30-sum',
  build: ({ layers, inputShape, outputs }) =>
    layers.sequential({
      layers: [
        layers.flatten({ inputShape }),
        layers.dense({ units: 16, activation: 'relu' }),
        layers.dense({ units: outputs, activation: outputs === 1 ? 'sigmoid' : 'softmax' }),
      ],
    }),
};
`;

describe('jets of three classes', { timeout: 240_000 }, () => {
  let folder: string;
  const run = (...args: string[]): string => {
    const { status, stdout, stderr } = jetsdk(args, folder);
    expect(status, stderr).toBe(0);
    return stdout;
  };
  const refused = (...args: string[]): string => {
    const { status, stderr } = jetsdk(args, folder);
    expect(status, stderr).toBe(2);
    return stderr;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jetsdk-three-'));
    await writeThreeClasses(join(folder, 'three.h5'), join(root, 'data/val.h5'), 150, 1);
    await writeThreeClasses(join(folder, 'others.h5'), join(root, 'data/test.h5'), 60, 2);
    writeFileSync(join(folder, 'mynet.mjs'), MYNET);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are trained on, exported, scored, judged and compared from the command', () => {
    expect(run('data', 'info', 'three.h5')).toMatch(/150 class 0 \(0\), 150 class 1 \(1\), 150 class 2 \(2\)/);
    const names = ['--classes', 'QCD,W,top'];
    const data = ['--data', 'three.h5', ...names, '--epochs', '12', '--batch-size', '32', '--learning-rate', '0.01'];
    const printed = run('train', './mynet.mjs', ...data, '--class-weights', 'balanced', '-o', 'run');
    expect(printed).toMatch(/AUC against the rest/);
    const { outputs, dataset } = json(folder, 'run/run.json');
    expect({ outputs, classes: dataset.classes }).toEqual({ outputs: 3, classes: ['QCD', 'W', 'top'] });
    const measured = json(folder, 'run/test.json');
    expect(measured).toMatchObject({ jets: 90, classes: ['QCD', 'W', 'top'] });
    // two prongs are nothing like the others
    expect(measured.oneVsRest[1].auc).toBeGreaterThan(0.9);
    const page = readFileSync(join(folder, 'run/report.html'), 'utf8');
    expect(page).toMatch(/W against QCD/);

    run('export', 'run', '-o', 'model.onnx', '--measure', 'others.h5');
    const card = readCard(readFileSync(join(folder, 'model.onnx')));
    expect(card).toMatchObject({
      classes: ['QCD', 'W', 'top'],
      signalClass: 'top',
      output: { kind: 'probabilities' },
      metrics: [{ signal: 60, background: 120 }],
    });

    run('score', 'model.onnx', 'three.h5', '--part', 'test', '--all-outputs', '-o', 'scores.npy');
    const { shape, data: scores } = readNpy(readFileSync(join(folder, 'scores.npy')));
    expect(shape).toEqual([90, 3]);
    expect(Number(scores[0]) + Number(scores[1]) + Number(scores[2])).toBeCloseTo(1, 5);
    const args = ['--labels', 'three.h5', '--scores', 'scores.npy', '--report', 'eval.html'];
    const { results } = JSON.parse(run('eval', ...args, '--json'));
    // names are those of the card, and the jets those that the training measured
    expect(results[0].classes).toEqual(['QCD', 'W', 'top']);
    expect(results[0].macroOneVsRest.auc).toBeCloseTo(measured.macroOneVsRest.auc, 6);
    expect(readFileSync(join(folder, 'eval.html'), 'utf8')).toMatch(/W against QCD/);

    run(
      'train',
      'course-dense',
      ...data.slice(0, 4),
      '--epochs',
      '2',
      '--batch-size',
      '32',
      '--seeds',
      '2',
      '-o',
      'zoo',
    );
    expect(json(folder, 'zoo/seed-1/run.json').outputs).toBe(3);
    expect(json(folder, 'zoo/seeds.json')).toMatchObject({ rejection: [], ensemble: { classes: ['QCD', 'W', 'top'] } });
    expect(run('runs', '.')).toMatch(/course-dense/);
    const compared = JSON.parse(run('compare', 'run', 'zoo/seed-1', '--json'));
    expect(compared.results.map((result: { classes: string[] }) => result.classes)).toEqual([
      dataset.classes,
      dataset.classes,
    ]);
    expect(compared.comparisons).toHaveLength(1);
  });

  test('need a network with as many outputs, and as many names and weights', () => {
    writeFileSync(
      join(folder, 'one.mjs'),
      MYNET.replace('units: outputs, activation: outputs === 1', 'units: 1, activation: true'),
    );
    const data = ['--data', 'three.h5', '--epochs', '1', '-o', 'never'];
    expect(refused('train', './one.mjs', ...data)).toMatch(/a network that gives 1; expected 3 numbers per jet/);
    expect(refused('train', './mynet.mjs', ...data, '--classes', 'a,b')).toMatch(/has label 2; expected 0 to 1/);
    expect(refused('train', './mynet.mjs', ...data, '--class-weights', '1,2')).toMatch(/2 class weights; expected 3/);
  });
});
