import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JetError, type ModelCard, parseCard } from '@jetsdk/jets';
import { parseJson } from '@jetsdk/jets/json';
import { type Command, Option } from 'commander';
import { MODELS } from '../bundled.js';
import { print, printJson, table } from '../terminal.js';

/** `jetsdk models` */
export function addModels(command: Command): void {
  command
    .addOption(new Option('--models <folder>', 'where they are').default(MODELS, 'those of @jetsdk/models'))
    .option('--json', 'print JSON')
    .action(async ({ models, json }: { models: string; json?: true }) => {
      const cards = await readCards(models);
      if (json) printJson(cards);
      else print(table(['name', 'task', 'input', 'recipe', 'parameters', 'AUC', 'of'], cards.map(row)));
    });
}

async function readCards(folder: string): Promise<readonly ModelCard[]> {
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

async function readCard(path: string): Promise<ModelCard> {
  return parseCard(parseJson(await readFile(path, 'utf8'), path));
}

function row({ name, task, input, recipe, training, metrics }: ModelCard): string[] {
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
