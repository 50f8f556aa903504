import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTagger } from '@jetsdk/infer';
import { inputForm, type JetImages, type ModelCard, namedRecipe, toInputs } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root } from './support/command.js';

/** Of sums of some scores in float32. */
const ROUNDING = 3e-7;

let folder: string;
let images: JetImages;

/** A command that must succeed. */
function run(...args: string[]): string {
  const { status, stdout, stderr } = jetsdk(args, folder);
  expect(status, stderr).toBe(0);
  return stdout;
}

async function scoresOf(model: string, jets = images): Promise<Float32Array> {
  await using tagger = await loadTagger(join(folder, model), { device: 'cpu' });
  return await tagger.score(jets);
}

const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((most, score, i) => Math.max(most, Math.abs(score - b[i])), 0);

/** Images backwards along rows (η) or columns (φ). */
function mirrored({ data, ...rest }: JetImages, axis: 'eta' | 'phi'): JetImages {
  const [, height, width] = rest.shape;
  const at = (i: number): number => {
    const [row, column] = [Math.floor(i / width) % height, i % width];
    return axis === 'eta' ? i + (height - 1 - 2 * row) * width : i + width - 1 - 2 * column;
  };
  return { ...rest, data: data.map((_, i) => data[at(i)]) };
}

const cardOf = (path: string): ModelCard => JSON.parse(readFileSync(join(folder, path), 'utf8'));

describe('jetsdk export of several runs', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jetsdk-mean-'));
    const data = ['--data', join(root, 'data/train.h5'), '--validation', join(root, 'data/val.h5')];
    const settings = ['--recipe', 'course-30-sum', '--epochs', '1', '--train-jets', '300', '--classes', 'QCD,top'];
    run('train', 'course-cnn', ...data, ...settings, '--flip', 'eta,phi', '--seeds', '2', '-o', 'runs');
    run('train', 'course-cnn', ...data, ...settings, '-o', 'plain');
    const source = await openJets(join(root, 'data/test.h5'));
    images = toInputs(await source.read(0, 200), inputForm([30, 30, 1], namedRecipe('course-30-sum'))) as JetImages;
    source.close();
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('gives the mean of their scores, and its card tells of every training', async () => {
    for (const seed of [1, 2]) run('export', `runs/seed-${seed}`, '-o', `${seed}.onnx`);
    expect(
      run('export', 'runs/seed-1', 'runs/seed-2', '-o', 'both.onnx', '--measure', join(root, 'data/test.h5')),
    ).toMatch(/against the mean of 2 trainings on 1,000 jets: max \|Δscore\| = /);
    const [one, two, both] = await Promise.all(['1.onnx', '2.onnx', 'both.onnx'].map((path) => scoresOf(path)));
    expect(largestDifference(one, two)).toBeGreaterThan(1e-3);
    expect(
      largestDifference(
        both,
        one.map((score, i) => (score + two[i]) / 2),
      ),
    ).toBeLessThan(ROUNDING);

    const card = cardOf('both.card.json');
    const [first, second] = [1, 2].map((seed) => cardOf(`${seed}.card.json`).training);
    expect(card.mean).toEqual({ trainings: [first, second] });
    expect(card).toMatchObject({ training: first, output: { name: 'score', kind: 'score' }, classes: ['QCD', 'top'] });
    expect(card.parity![0]).toMatchObject({ jets: 1000, tolerance: 1e-5 });
    expect(card.metrics![0]!.auc).toBeGreaterThan(0.5);

    const told = run('inspect', 'both.onnx');
    for (const line of [/best epoch 1 of 1, seed 1/, /best epoch 1 of 1, seed 2/, /mean of +2 trainings\n/])
      expect(told).toMatch(line);
  });

  test('with --mirrors gives a jet and its mirror images one score', async () => {
    expect(run('export', 'runs/seed-1', 'runs/seed-2', '--mirrors', '-o', 'model.onnx')).toContain(
      'against the mean of 2 trainings over 4 images of a jet on',
    );
    expect(cardOf('card.json').mean?.images).toEqual([[], ['eta'], ['phi'], ['eta', 'phi']]);
    const scores = await scoresOf('model.onnx');
    expect(scores).toHaveLength(200);
    for (const axis of ['eta', 'phi'] as const)
      expect(largestDifference(await scoresOf('model.onnx', mirrored(images, axis)), scores)).toBeLessThan(ROUNDING);

    run('export', 'runs/seed-1', '--mirrors', '-o', 'alone.onnx');
    run('export', 'runs/seed-1', '-o', '1.onnx');
    const all = [images, mirrored(images, 'eta'), mirrored(images, 'phi'), mirrored(mirrored(images, 'eta'), 'phi')];
    const each = await Promise.all(all.map((jets) => scoresOf('1.onnx', jets)));
    expect(largestDifference(each[0], each[1])).toBeGreaterThan(1e-4);
    const mean = each[0].map((_, i) => each.reduce((sum, one) => sum + one[i], 0) / 4);
    expect(largestDifference(await scoresOf('alone.onnx'), mean)).toBeLessThan(ROUNDING);
    expect(readFileSync(join(folder, 'alone.onnx')).length).toBeLessThan(
      1.05 * readFileSync(join(folder, '1.onnx')).length,
    );
  });

  test.each<[string, string[], RegExp]>([
    [
      'mirror images that the training did not draw',
      ['plain', '--mirrors'],
      /mean of runs: plain drew mirror images along 0 axes; expected a training with --flip/,
    ],
    [
      'a seed twice, before it looks for jets to compare on',
      ['runs/seed-1', 'runs/seed-1', '--calibration', 'nowhere.h5'],
      /mean of runs: seed 1 of runs\/seed-1 and runs\/seed-1; expected another seed for each/,
    ],
    ['what is no run', ['runs/seed-1', 'course-cnn.onnx'], /course-cnn\.onnx is no run of a tagger, one of 2 paths/],
  ])('refuses %s', (_, args, message) => {
    const { status, stderr } = jetsdk(['export', ...args, '-o', 'refused.onnx'], folder);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'refused.onnx'))).toBe(false);
  });

  test('misses the folder of what it writes before it looks for jets to measure', () => {
    const { status, stderr } = jetsdk(
      ['export', 'plain', '-o', 'missing/model.onnx', '--measure', 'nowhere.h5'],
      folder,
    );
    expect(stderr).toMatch(/missing\/model\.onnx: cannot write, no such file or folder/);
    expect(status).toBe(2);
  });

  test('says of a training that has not ended that it has not', () => {
    cpSync(join(folder, 'plain'), join(folder, 'early'), { recursive: true });
    const told = join(folder, 'early', 'run.json');
    const { cost, ...begun } = JSON.parse(readFileSync(told, 'utf8'));
    expect(cost).toMatchObject({ seconds: expect.any(Number) });
    writeFileSync(told, JSON.stringify(begun));
    const warning = 'the training has not ended (1 epoch of at most 1)';
    expect(jetsdk(['export', 'early', '-o', 'early.onnx'], folder).stderr).toContain(`warning: early: ${warning}`);
    expect(jetsdk(['export', 'plain', '-o', 'plain.onnx'], folder).stderr).not.toContain(warning);
  });
});
