import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedRecipe } from '@jetsdk/jets';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ComparedRun, findRuns, groupRuns } from './groupRuns.js';

/** A run as its folder says, as far as grouping looks at it. */
function told(
  network: string,
  seed: number,
  losses: readonly number[],
  more: { readonly jets?: number; readonly learningRate?: number; readonly recipe?: string } = {},
) {
  const { jets = 100, learningRate = 1e-3, recipe } = more;
  const run: ComparedRun['run'] = {
    settings: { network, seed, learningRate },
    dataset: {
      name: 'jets.h5',
      split: { seed, test: 0.2, validation: 0.25, stratified: false },
      trainJets: jets,
      validationJets: 20,
    },
    ...(recipe && { recipe: namedRecipe(recipe) }),
  };
  const epochs = losses.map((valLoss) => ({ valLoss }));
  const history = { bestEpoch: losses.indexOf(Math.min(...losses)) + 1, epochs };
  return { run, history, seed };
}

describe('groupRuns', () => {
  test('puts trainings together that differ in the seed alone, the best first, by the loss of their best epochs', () => {
    const groups = groupRuns([
      told('dense', 1, [0.9, 0.5]),
      told('cnn', 1, [0.3, 0.8]),
      told('dense', 2, [0.4, 0.7]),
      told('cnn', 2, [0.6, 0.2, 0.9]),
    ]);
    expect(groups.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)])).toEqual([
      ['cnn', [2, 1]],
      ['dense', [2, 1]],
    ]);
  });

  test('names what differs from other groups, and the curve without the number of jets', () => {
    const groups = groupRuns([
      told('cnn', 1, [0.5], { jets: 100, recipe: 'course-30' }),
      told('cnn', 1, [0.4], { jets: 200, recipe: 'course-30' }),
      told('cnn', 1, [0.3], { jets: 200, learningRate: 0.01 }),
    ]);
    expect(groups.map(({ name, curve, jets }) => [name, curve, jets])).toEqual([
      ['cnn, learningRate 0.01, recipe none, trainJets 200', 'cnn, learningRate 0.01, recipe none', 200],
      ['cnn, learningRate 0.001, recipe course-30, trainJets 200', 'cnn, learningRate 0.001, recipe course-30', 200],
      ['cnn, learningRate 0.001, recipe course-30, trainJets 100', 'cnn, learningRate 0.001, recipe course-30', 100],
    ]);
    expect(groupRuns([])).toEqual([]);
  });
});

test('findRuns gives the folders of runs below one in order, and does not look into those of runs, nor too deep', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-runs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const below of ['b', 'a/seed-2', 'a/seed-1', 'b/inside', 'c/d/e/f', 'empty']) {
    mkdirSync(join(folder, below), { recursive: true });
    if (below !== 'empty') writeFileSync(join(folder, below, 'run.json'), '{}');
  }
  const found = ['a/seed-1', 'a/seed-2', 'b'].map((below) => join(folder, below));
  expect(await findRuns(folder)).toEqual(found);
  expect(await findRuns(folder, 4)).toEqual([...found, join(folder, 'c/d/e/f')]);
  expect(await findRuns(join(folder, 'b'))).toEqual([join(folder, 'b')]);
  expect(await findRuns(join(folder, 'nothing'))).toEqual([]);
});
