import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJets, writeArrays } from '@jetsdk/jets/files';
import { readCard } from '@jetsdk/onnx';
import h5wasm from 'h5wasm/node';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

/** A command that must succeed. */
function run(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = jetsdk(args, folder);
  expect(status, stderr).toBe(0);
  return stdout;
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** Jets of the sample, with a column that splits them 3 : 1 : 1. */
async function splitSample(folder: string, jets: number): Promise<number[]> {
  const ttv = Array.from({ length: jets }, (_, jet) => [0, 1, 0, 2, 0][jet % 5]);
  run(folder, 'data', 'convert', join(root, 'data/val.h5'), '--rows', `0:${jets}`, '-o', 'jets.h5');
  await h5wasm.ready;
  const file = new h5wasm.File(join(folder, 'jets.h5'), 'a');
  file.create_dataset({ name: 'ttv', data: Int32Array.from(ttv), dtype: '<i4' });
  file.close();
  return ttv;
}

describe('jetsdk train', { timeout: 180_000 }, () => {
  test('splits by a column, weights jets flat in pT, and measures and exports the test jets alone', async () => {
    const folder = temporaryFolder();
    const ttv = await splitSample(folder, 1000);
    const printed = run(
      folder,
      ...[
        'train',
        'course-cnn',
        '--data',
        'jets.h5',
        '--split-by',
        'ttv',
        '--flat-pt',
        '--classes',
        'QCD,top',
        '--score-axis',
        'linear',
      ],
      ...['--recipe', 'course-30-sum', '--epochs', '2', '--batch-size', '100', '-o', 'run'],
    );
    expect(printed).toMatch(/jets\.h5, ttv = 1/);
    expect(json(folder, 'run/run.json')).toMatchObject({
      dataset: { name: 'jets.h5', split: { column: 'ttv' }, trainJets: 600, validationJets: 200 },
      settings: { jetWeights: 'flat-pt' },
    });
    const source = await openJets(join(folder, 'jets.h5'));
    const labels = (await source.labels())!;
    source.close();
    const signal = ttv.filter((part, jet) => part === 1 && labels[jet] === 1).length;
    expect(json(folder, 'run/test.json')).toMatchObject({ jets: 200, signal });

    const page = readFileSync(join(folder, 'run/report.html'), 'utf8');
    for (const text of ['jets.h5, ttv = 1', 'Confusion', 'flat-pt', 'course-30-sum', '--score-axis linear'])
      expect(page).toContain(text);
    expect(page).toContain('each class normalised to one.');
    expect(page).not.toContain('logarithmic.');

    run(folder, 'export', 'run', '-o', 'model.onnx', '--measure', 'jets.h5');
    const [metrics] = readCard(readFileSync(join(folder, 'model.onnx')))?.metrics ?? [];
    const { auc, rejectionArea } = json(folder, 'run/test.json');
    expect(metrics).toMatchObject({ dataset: 'jets.h5', where: { column: 'ttv', equals: 1 }, signal });
    expect(metrics?.auc).toBeCloseTo(auc, 6);
    expect(metrics?.rejectionArea).toBeCloseTo(rejectionArea, 3);

    const few = ['--rows', '500:600', '--epochs', '1', '--recipe', 'course-30-sum', '-o', 'few'];
    run(folder, 'train', 'course-cnn', '--data', 'jets.h5', '--split-by', 'ttv', ...few);
    expect(json(folder, 'few/run.json').dataset).toMatchObject({ trainJets: 60, validationJets: 20 });
    expect(json(folder, 'few/test.json').jets).toBe(20);

    const twice = jetsdk(
      ['train', 'course-cnn', '--data', 'jets.h5', '--split-by', 'ttv', '--test', 'jets.h5', '-o', 'r'],
      folder,
    );
    expect(twice).toMatchObject({ status: 2 });
    expect(twice.stderr).toMatch(/--split-by ttv and --test.*leave one out/);
    const none = jetsdk(['train', 'course-cnn', '--data', 'jets.h5', '--split-by', 'labels', '-o', 'r'], folder);
    expect(none).toMatchObject({ status: 2 });
    expect(none.stderr).toMatch(/column "labels" is 2 for 0 of 1000 jets/);
    expect(existsSync(join(folder, 'r'))).toBe(false);
  });

  test("learns from a ROOT file by a layout of one's own, and goes on from there with other jets", () => {
    const folder = temporaryFolder();
    const higgs = ['label_Hbb', 'label_Hcc', 'label_Hgg', 'label_H4q', 'label_Hqql'];
    const layout = { extends: 'JetClass', background: ['label_QCD', 'label_Zqq', 'label_Wqq'], signal: higgs };
    writeFileSync(
      join(folder, 'layout.json'),
      JSON.stringify({ ...layout, others: 'leave-out', classes: ['not Higgs', 'Higgs'] }),
    );
    const jets = ['--data', join(root, 'packages/jets/fixtures/jetclass.root'), '--layout', 'layout.json'];
    run(folder, 'train', 'course-cnn', ...jets, '--stratified', '--epochs', '1', '-o', 'run');
    const first = json(folder, 'run/run.json');
    expect(first.dataset.classes).toEqual(['not Higgs', 'Higgs']);
    expect(first.dataset.trainJets).toBeGreaterThan(10);

    const others = ['--data', join(root, 'data/val.h5'), '--rows', '0:200', '--epochs', '1'];
    run(folder, 'train', 'course-cnn', ...others, '--from', 'run', '-o', 'next');
    const { initial } = json(folder, 'next/run.json');
    expect(initial).toMatchObject({ network: 'course-cnn', dataset: first.dataset.name });
    expect(readFileSync(join(folder, 'next/report.html'), 'utf8')).toContain(initial.weights);
    run(folder, 'export', 'next', '-o', 'model.onnx');
    expect(readCard(readFileSync(join(folder, 'model.onnx')))?.training?.initial).toEqual(initial);
  });

  test('refuses to measure a model on the jets it was trained on', () => {
    const folder = temporaryFolder();
    copyFileSync(join(root, 'data/val.h5'), join(folder, 'jets.h5'));
    const train = ['train', 'course-cnn', '--data', 'jets.h5', '--recipe', 'course-30-sum', '--epochs', '1'];
    run(folder, ...train, '--rows', '0:500', '-o', 'run');
    const { status, stderr } = jetsdk(['export', 'run', '-o', 'model.onnx', '--measure', 'jets.h5'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/trained on jets of this file; expected others/);
    expect(existsSync(join(folder, 'model.onnx'))).toBe(false);
  });

  test('tells of jets whose signal is another where it is measured', async () => {
    const folder = temporaryFolder();
    const file = (name: string, signal: string): Promise<void> => {
      const images = (first: number) => ({
        shape: [60, 30, 30, 1],
        data: Float32Array.from({ length: 54_000 }, (_, i) => (i % 31 === first ? 1 : 0)),
      });
      return writeArrays(join(folder, name), [{ QCD: images(1), [signal]: images(2) }]);
    };
    await file('top.h5', 'top');
    await file('tops.h5', 'TT');
    await file('w.h5', 'W');
    run(folder, 'train', 'course-dense', '--data', 'top.h5', '--epochs', '1', '-o', 'run');
    const told = 'its signal is W, course-dense was trained to find top; judge it by jets of its own classes';
    const measured = (path: string) => jetsdk(['export', 'run', '-o', 'model.onnx', '--measure', path], folder).stderr;
    expect(measured('w.h5')).toContain(`warning: w.h5: ${told}`);
    expect(measured('tops.h5')).not.toContain('warning');
    expect(jetsdk(['compare', 'model.onnx', 'run', '--data', 'w.h5'], folder).stderr).toContain(
      `warning: w.h5: ${told}`,
    );
  });

  test('trains several seeds on the same split: each as alone, then mean, spread and ensemble', () => {
    const folder = temporaryFolder();
    const train = (...more: string[]): string =>
      run(
        folder,
        ...['train', 'course-cnn', '--data', join(root, 'data/val.h5'), '--validation', join(root, 'data/test.h5')],
        ...['--recipe', 'course-30-sum', '--rows', '0:600', '--batch-size', '100', '--epochs', '2', ...more],
      );
    const printed = train('--seeds', '3', '--seed', '5', '-o', 'many');
    train('--seed', '6', '-o', 'alone');
    expect(readFileSync(join(folder, 'many/seed-6/weights.bin'))).toEqual(
      readFileSync(join(folder, 'alone/weights.bin')),
    );
    const seeds = json(folder, 'many/seeds.json');
    const aucs = [5, 6, 7].map((seed) => json(folder, `many/seed-${seed}/test.json`).auc as number);
    const mean = (aucs[0] + aucs[1] + aucs[2]) / 3;
    expect(seeds).toMatchObject({ seeds: [5, 6, 7], jets: 'validation jets, which chose the epoch' });
    expect(seeds.auc.mean).toBeCloseTo(mean, 12);
    expect(printed).toMatch(new RegExp(`3 seeds +${mean.toFixed(4)} ± ${seeds.auc.std.toFixed(4)}`));
    expect(seeds.ensemble.auc).toBeGreaterThan(Math.min(...aucs));
    expect(train('--seeds', '3', '--seed', '5', '-o', 'many', '--resume')).toBe(printed);
  });
});
