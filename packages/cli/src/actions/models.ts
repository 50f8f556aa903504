import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GeneratorCard,
  JetError,
  learnedParameters,
  type ModelCard,
  parseCard,
  parseGeneratorCard,
  parseRegressorCard,
  type RegressorCard,
} from '@jetsdk/jets';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { print, printJson, table } from '../terminal.js';

type AnyCard = ModelCard | RegressorCard | GeneratorCard;

/** Of taggers and regressors, and of generators. */
const CARDS = ['card.json', 'generator.json'];

/** Prints the cards of a folder of models, a row each. */
export async function listModels(folder: string, json: boolean): Promise<void> {
  const cards = await readCards(folder);
  if (json) printJson(cards);
  else
    print(
      table(
        ['name', 'task', 'input', 'recipe', 'parameters', 'AUC', 'of'],
        cards.map((card) => row(card, existsSync(join(folder, card.name, 'model.onnx')))),
      ),
    );
}

async function readCards(folder: string): Promise<readonly AnyCard[]> {
  let paths: string[];
  try {
    paths = (await readdir(folder))
      .sort()
      .flatMap((name) => CARDS.map((card) => join(folder, name, card)).filter((path) => existsSync(path)));
  } catch (cause) {
    throw new JetError(
      'FILE_NOT_FOUND',
      `models: no folder ${folder}; name another with --models`,
      { folder },
      { cause },
    );
  }
  return Promise.all(paths.map(readCard));
}

async function readCard(path: string): Promise<AnyCard> {
  const value = parseJson(await readFile(path, 'utf8'), path);
  const format = isObject(value) ? value['format'] : undefined;
  if (format === 'jetsdk-regressor/1') return parseRegressorCard(value);
  return format === 'jetsdk-generator/1' ? parseGeneratorCard(value) : parseCard(value);
}

/** @param isHere whether the model is there, or its card alone */
function row(card: AnyCard, isHere: boolean): string[] {
  const { name, training, metrics } = card;
  const task = isHere ? card.task : `${card.task} (its README says how to make the file)`;
  const learned = card.format === 'jetsdk-card/1' ? learnedParameters(card) : training?.parameters;
  const parameters = String(learned ?? '');
  const dataset = metrics?.[0]?.dataset ?? '';
  if (card.format === 'jetsdk-regressor/1') {
    const shapes = card.inputs.map(({ shape }) => shape.join('×')).join(', ');
    return [name, task, shapes, card.recipe.name, parameters, '', dataset];
  }
  if (card.format === 'jetsdk-generator/1') {
    const asked = [`${card.noise} normal numbers`, ...card.conditions.map((one) => one.name)].join(', ');
    const auc = card.metrics?.[0]?.twoSampleAuc;
    return [name, task, asked, '', parameters, auc === undefined ? '' : `${auc.toFixed(4)} two-sample`, dataset];
  }
  const auc = card.metrics?.[0]?.auc.toFixed(4) ?? '';
  return [name, task, card.input.shape.join('×'), card.recipe?.name ?? '', parameters, auc, dataset];
}
