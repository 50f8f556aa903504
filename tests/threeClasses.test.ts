import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJets, writeArrays } from '@jetsdk/jets/files';
import { readNpy } from '@jetsdk/jets/npy';
import { readCard } from '@jetsdk/onnx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root } from './support/command.js';
import { writeThreeClasses } from './support/threeClasses.js';

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

const TEN = ['QCD', 'Hbb', 'Hcc', 'Hgg', 'H4q', 'Hqql', 'Zqq', 'Wqq', 'Tbqq', 'Tbl'];

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

    for (const [name, ...given] of [
      ['train', 'course-dense', ...data.slice(0, 4), '-o', 'axis'],
      ['eval', ...args],
      ['compare', 'run', 'zoo/seed-1'],
    ]) {
      const { status, stderr } = jetsdk([name, ...given, '--score-axis', 'linear'], folder);
      expect(status).toBe(2);
      expect(stderr).toContain(`${name}: --score-axis linear with scores of 3 classes; expected two classes`);
    }
  });

  test('are the same where their labels are one-hot', async () => {
    const source = await openJets(join(folder, 'others.h5'));
    const { shape, data } = await source.read(0, source.count);
    const labels = (await source.labels()) ?? new Uint8Array(0);
    source.close();
    const oneHot = Float32Array.from({ length: 3 * labels.length }, (_, i) =>
      i % 3 === labels[Math.floor(i / 3)] ? 1 : 0,
    );
    await writeArrays(join(folder, 'one-hot.h5'), [
      { constituents: { shape, data }, labels: { shape: [labels.length, 3], data: oneHot } },
    ]);
    for (const name of ['others', 'one-hot']) {
      run('train', './mynet.mjs', '--data', `${name}.h5`, '--epochs', '1', '-o', `of-${name}`);
      run('export', `of-${name}`, '-o', `${name}.onnx`);
      run('score', `${name}.onnx`, `${name}.h5`, '--part', 'test', '--all-outputs', '-o', `${name}.npy`);
    }
    const { name: _, ...ofNumbers } = json(folder, 'of-others/test.json');
    expect(json(folder, 'of-one-hot/test.json')).toMatchObject(ofNumbers);
    const judged = (name: string) => run('eval', '--labels', `${name}.h5`, '--scores', `${name}.npy`, '--json');
    expect(JSON.parse(judged('one-hot')).results[0].oneVsRest).toEqual(
      JSON.parse(judged('others')).results[0].oneVsRest,
    );
    const compared = run('compare', 'of-one-hot', 'of-others', '--data', 'one-hot.h5');
    expect(compared).toMatch(/AUC against the rest/);
  });

  test('of ten columns are those of a layout, in training, scores, eval and compare', () => {
    const [data, other] = ['parquet', 'root'].map((format) => join(root, `packages/jets/fixtures/jetclass.${format}`));
    const layout = ['--layout', 'JetClass10'];
    for (const seed of ['1', '2']) {
      const files = ['--data', data, '--validation', data, '--test', other, ...layout];
      run('train', './mynet.mjs', ...files, '--epochs', '1', '--batch-size', '8', '--seed', seed, '-o', `ten-${seed}`);
    }
    expect(json(folder, 'ten-1/run.json')).toMatchObject({ outputs: 10, dataset: { classes: TEN } });
    run('export', 'ten-1', '-o', 'ten.onnx');
    run('score', 'ten.onnx', other, ...layout, '--all-outputs', '-o', 'ten.npy');
    const { results } = JSON.parse(run('eval', '--labels', other, ...layout, '--scores', 'ten.npy', '--json'));
    expect(results[0]).toMatchObject({ jets: 40, classes: TEN });
    const compared = JSON.parse(run('compare', 'ten-1', 'ten-2', '--data', other, ...layout, '--json'));
    expect(compared.results[0].oneVsRest).toEqual(results[0].oneVsRest);
    expect(refused('eval', '--labels', other, '--scores', 'ten.npy', '--classes', 'a,b')).toMatch(
      /2 names for 10 classes/,
    );
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
