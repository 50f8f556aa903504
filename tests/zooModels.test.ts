import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModelCard, namedRecipe, recipeHash } from '@jetsdk/jets';
import { type NetworkName, zoo } from '@jetsdk/train';
import { expect, test } from 'vitest';
import { root } from './support/command.js';

const read = (path: string) => JSON.parse(readFileSync(join(root, 'models', path), 'utf8'));
const commands = read('models.json') as Record<NetworkName, { readonly train: readonly string[] }>;

test.each(Object.keys(zoo) as NetworkName[])('train %s makes what the model of that name holds', (name) => {
  const { train } = commands[name];
  const options = train.filter((word) => word.startsWith('--'));
  const ofTheData = ['--data', '--validation', '--test', '--split-by', '--classes'];
  expect([train[0], ...options.filter((option) => !ofTheData.includes(option))]).toEqual([name]);

  const card = read(`${name}/card.json`) as ModelCard;
  const { recipe, inputShape, defaults } = zoo[name];
  expect(card.training).toMatchObject({
    network: name,
    batchSize: defaults.batchSize,
    learningRate: defaults.learningRate,
  });
  expect(card.training?.epochs).toBeLessThanOrEqual(defaults.epochs);
  expect(card.input.shape).toEqual(inputShape);
  expect(card.recipeHash).toBe(recipe === 'constituents' ? undefined : recipeHash(namedRecipe(String(recipe))));
});
