import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root } from './support/command.js';

const VAL = join(root, 'data/val.h5');
const TEST = join(root, 'data/test.h5');

describe('jets that a network was trained on', { timeout: 240_000 }, () => {
  let folder: string;
  const call = (...args: string[]) => jetsdk(args, folder);
  function run(...args: string[]) {
    const made = call(...args);
    expect(made.status, made.stderr).toBe(0);
    return made;
  }
  const json = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const evaluated = (...args: string[]) => JSON.parse(run('eval', '--labels', VAL, ...args, '--json').stdout);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jetsdk-provenance-'));
    run('train', 'course-dense', '--data', VAL, '--epochs', '1', '-o', 'run');
    run('export', 'run', '-o', 'dense.onnx');
    run('score', 'dense.onnx', VAL, '-o', 'all.npy');
    run('score', 'dense.onnx', VAL, '-o', 'part.npy', '--part', 'test');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are told by eval, which finds beside the scores where they come from', () => {
    const found = run('eval', '--labels', VAL, '--scores', 'all.npy', '--report', 'r.html');
    expect(found.stderr).toMatch(/warning: all: .*val.h5: jets of this file took part in the training/);
    expect(evaluated('--scores', 'all.npy').results[0].warnings).toContainEqual({
      code: 'trained-on-these-jets',
      message: expect.stringMatching(/900 to learn from, 300 to choose the epoch.*--part test/),
    });
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toMatch(/took part in the training/);
  });

  test('are told of merged shards as well', () => {
    for (const shard of ['0/2', '1/2']) run('score', 'dense.onnx', VAL, '-o', 'merged.npy', '--shard', shard);
    run('merge', 'merged.npy');
    const { scores, ...facts } = json('merged.npy.json');
    const { scores: ofAll, ...whole } = json('all.npy.json');
    expect(facts).toEqual(whole);
    expect(scores).toBe(ofAll);
    expect(evaluated('--scores', 'merged.npy').results[0].warnings).toContainEqual({
      code: 'trained-on-these-jets',
      message: expect.stringMatching(/900 to learn from/),
    });
  });

  test('are left out by score --part test: eval comes to the figures of the training', () => {
    const [result] = evaluated('--scores', 'part.npy').results;
    expect(result.jets).toBe(300);
    expect(result.auc).toBeCloseTo(json('run/test.json').auc, 5);
    expect(result.warnings.map(({ code }: { readonly code: string }) => code)).not.toContain('trained-on-these-jets');
  });

  test('are left out for all classes too', () => {
    run('score', 'dense.onnx', VAL, '-o', 'both.npy', '--part', 'test', '--all-outputs');
    expect(evaluated('--scores', 'both.npy').results[0]).toMatchObject({ jets: 300 });
  });

  test('and others are not evaluated together', () => {
    const mixed = call('eval', '--labels', VAL, '--scores', 'all.npy', '--scores', 'part.npy');
    expect(mixed).toMatchObject({ status: 2 });
    expect(mixed.stderr).toMatch(/all.npy and part.npy are scores of different jets: all and 300 of 1500/);
  });

  test('are not asked for where a model was trained on another file, or is not known', () => {
    const other = call('score', 'dense.onnx', TEST, '-o', 'x.npy', '--part', 'test');
    expect(other).toMatchObject({ status: 2 });
    expect(other.stderr).toMatch(/trained on another file, val.h5; expected that one; leave --part out/);
    expect(existsSync(join(folder, 'x.npy'))).toBe(false);
    const sharded = call('score', 'dense.onnx', VAL, '-o', 'x', '--part', 'test', '--shard', '0/2');
    expect(sharded.stderr).toMatch(/--part and --shard: got both/);
  });

  test('are not told of scores that others were put in the place of', () => {
    run('score', 'dense.onnx', VAL, '-o', 'old.npy');
    run('score', 'constituent-dnn', VAL, '-o', 'other.npy');
    copyFileSync(join(folder, 'other.npy'), join(folder, 'old.npy'));
    expect(run('eval', '--labels', VAL, '--scores', 'old.npy').stderr).not.toMatch(/took part/);
  });

  test('that chose the epoch are told too', () => {
    run('train', 'course-dense', '--data', TEST, '--rows', '0:300', '--validation', VAL, '--epochs', '1', '-o', 'two');
    run('export', 'two', '-o', 'two.onnx');
    const scored = run('score', 'two.onnx', VAL, '-o', 'two.npy');
    expect(scored.stderr).toMatch(/jets of this file chose the epoch in the training of the model \(1,500\)/);
  });

  test('are left out where they were drawn, and by compare too, whatever the seed of the weights', () => {
    const drawn = ['--data', VAL, '--validation', TEST, '--train-jets', '400', '--seed', '7', '--seeds', '2'];
    run('train', 'course-dense', ...drawn, '--epochs', '1', '-o', 'drawn');
    run('export', 'drawn/seed-8', '-o', 'drawn.onnx');
    const [of7, of8] = ['drawn/seed-7', 'drawn/seed-8'].map((path) => json(`${path}/run.json`));
    expect([of7.settings.seed, of8.settings.seed, of7.dataset.drawSeed, of8.dataset.drawSeed]).toEqual([7, 8, 7, 7]);
    expect(run('score', 'drawn.onnx', VAL, '-o', 'x.npy').stderr).toMatch(/400 to learn from\).*--part test/);
    run('score', 'drawn.onnx', VAL, '-o', 'undrawn.npy', '--part', 'test');
    expect(json('undrawn.npy.json').rows).toHaveLength(1100);
    expect(evaluated('--scores', 'undrawn.npy').results[0].jets).toBe(1100);
    const found = run('compare', 'drawn/seed-7', 'drawn/seed-8', '--data', VAL, '--json', '--replicates', '99');
    expect(JSON.parse(found.stdout).results[0].jets).toBe(1100);
    const other = call('score', 'drawn.onnx', TEST, '-o', 'x.npy', '--part', 'test');
    expect(other.stderr).toMatch(/none of its 4000 jets is known to have been apart/);
  });

  test('are not called apart where all of the file chose the epoch', () => {
    run(
      'train',
      'course-dense',
      '--data',
      VAL,
      '--validation',
      VAL,
      '--train-jets',
      '400',
      '--epochs',
      '1',
      '-o',
      'same',
    );
    run('export', 'same', '-o', 'same.onnx');
    const { status, stderr } = call('score', 'same.onnx', VAL, '-o', 'x.npy', '--part', 'test');
    expect(status).toBe(2);
    expect(stderr).toMatch(/none of its 1500 jets is known to have been apart/);
  });

  describe('jetsdk compare', () => {
    const compared = (...args: string[]) => JSON.parse(run('compare', ...args, '--json').stdout);

    beforeAll(() => {
      run(
        'train',
        'course-dense',
        '--data',
        VAL,
        '--epochs',
        '1',
        '--set',
        'hidden_1.units=16',
        '--classes',
        'QCD,top',
        '-o',
        'small',
      );
    }, 120_000);

    test('judges runs on the jets that both set apart, with costs and paired tests', () => {
      const found = compared('run', 'small', '--report', 'compare.html');
      expect(found).toMatchObject({
        jets: 300,
        excluded: [
          { name: 'run', jets: 1200 },
          { name: 'small', jets: 1200 },
        ],
        costs: [{ parameters: 114_129 }, { parameters: json('small/run.json').parameters }],
      });
      expect(found.results[0].auc).toBeCloseTo(json('run/test.json').auc, 5);
      expect(found.comparisons).toHaveLength(1);
      expect(found.rejections.map(({ signalEfficiency }: { signalEfficiency: number }) => signalEfficiency)).toEqual([
        0.3, 0.5, 0.7,
      ]);
      expect(found.costs[0].flops).toBeGreaterThan(found.costs[1].flops);
      const page = readFileSync(join(folder, 'compare.html'), 'utf8');
      for (const part of [
        'Costs',
        'Rejections compared',
        'Paired tests',
        '300 jets of val.h5',
        'compare run small',
        'QCD (',
      ])
        expect(page).toContain(part);
    });

    test('draws scores on the axis that is asked for', () => {
      const page = (...more: string[]): string => {
        compared('run', 'small', '--replicates', '99', '--report', 'axis.html', ...more);
        return readFileSync(join(folder, 'axis.html'), 'utf8');
      };
      expect(page()).toContain('each class normalised to one; logarithmic.');
      expect(page('--score-axis', 'linear')).not.toContain('logarithmic.');
    });

    test('leaves out what any of them was trained on', () => {
      run('train', 'course-dense', '--data', VAL, '--seed', '2', '--epochs', '1', '-o', 'other');
      const found = compared('run', 'other');
      // of the 300 that each set apart about a fifth are the same
      expect(found.jets).toBeLessThan(150);
      expect(found.results[0].jets).toBe(found.jets);
    });

    test('takes another file, and files and names of models', () => {
      const found = compared('run', 'dense.onnx', 'course-cnn', '--data', TEST);
      expect(found).toMatchObject({ jets: 4000, excluded: [] });
      expect(found.results[1].auc).toBeCloseTo(found.results[0].auc, 6);
      expect(found.comparisons.map(({ a, b }: { a: string; b: string }) => `${a} ${b}`)).toContain('dense course-cnn');
    });

    test('calls runs of one name by their paths', () => {
      for (const seeds of ['a', 'b']) cpSync(join(folder, 'run'), join(folder, seeds, 'seed-1'), { recursive: true });
      const { results } = compared('a/seed-1', 'b/seed-1', 'run', '--data', TEST);
      expect(results.map(({ name }: { name: string }) => name)).toEqual(['a/seed-1', 'b/seed-1', 'run']);
    });

    test.each<[string, string[], RegExp]>([
      ['one model', ['run'], /got 1 model; expected two or more/],
      ['models of different files', ['run', 'course-cnn'], /trained on val.h5, train.h5; expected one file/],
      ['one twice', ['run', './run'], /two models are called run/],
      [
        'jets that chose the epoch',
        ['run', 'two', '--data', VAL],
        /none of its 1500 jets is known to have been apart from the training/,
      ],
    ])('refuses %s', (_, args, message) => {
      if (args.includes('two') && !existsSync(join(folder, 'two')))
        run(
          'train',
          'course-dense',
          '--data',
          TEST,
          '--rows',
          '0:300',
          '--validation',
          VAL,
          '--epochs',
          '1',
          '-o',
          'two',
        );
      const { status, stderr } = call('compare', ...args);
      expect(status).toBe(2);
      expect(stderr).toMatch(message);
    });
  });
});
