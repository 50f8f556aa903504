import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JetError, type ModelCard, parseCard, parseRegressorCard, type RegressorCard } from '@jetsdk/jets';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { print, printJson, table } from '../terminal.js';

/** Prints the cards of a folder of models, a row each. */
export async function listModels(folder: string, json: boolean): Promise<void> {
  const cards = await readCards(folder);
  if (json) printJson(cards);
  else print(table(['name', 'task', 'input', 'recipe', 'parameters', 'AUC', 'of'], cards.map(row)));
}

async function readCards(folder: string): Promise<readonly (ModelCard | RegressorCard)[]> {
  let names: string[];
  try {
    names = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'card.json')))
      .map(({ name }) => name);
  } catch (cause) {
    throw new JetError(
      'FILE_NOT_FOUND',
      `models: no folder ${folder}; name another with --models`,
      { folder },
      { cause },
    );
  }
  return Promise.all(names.sort().map((name) => readCard(join(folder, name, 'card.json'))));
}

async function readCard(path: string): Promise<ModelCard | RegressorCard> {
  const value = parseJson(await readFile(path, 'utf8'), path);
  return isObject(value) && value['format'] === 'jetsdk-regressor/1' ? parseRegressorCard(value) : parseCard(value);
}

function row(card: ModelCard | RegressorCard): string[] {
  if (card.format === 'jetsdk-regressor/1') {
    const { name, task, inputs, recipe, training, metrics } = card;
    const shapes = inputs.map(({ shape }) => shape.join('×')).join(', ');
    return [name, task, shapes, recipe.name, String(training?.parameters ?? ''), '', metrics?.[0]?.dataset ?? ''];
  }
  const { name, task, input, recipe, training, metrics } = card;
  const [first] = metrics ?? [];
  return [
    name,
    task,
    input.shape.join('×'),
    recipe?.name ?? '',
    String(training?.parameters ?? ''),
    first === undefined ? '' : first.auc.toFixed(4),
    first?.dataset ?? '',
  ];
}
