/** @file Puts the sample and the registry of models into the site. */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GeneratorCard,
  JetError,
  type ModelCard,
  parseCard,
  parseGeneratorCard,
  parseRegressorCard,
  type RegressorCard,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { writeNpz } from '@jetsdk/jets/npz';
import type { Plugin } from 'vite';

/** What the page knows of a model before it is loaded. */
interface RegistryEntry {
  readonly id: string;
  readonly bytes: number;
  readonly card: ModelCard;
}

const SAMPLE_JETS = 1000;

/**
 * Adds `sample.npz` (the first jets of a file), `pileup.h5`, `models/index.json`, `models/regressors.json`,
 * `models/generators.json` and `models/<name>/model.onnx`.
 *
 * @param options.models folder of `<name>/model.onnx` with `<name>/card.json`
 * @throws {JetError} while the site is built: FILE_NOT_FOUND if there is no such folder; BAD_ARGUMENT for a bad card
 */
export function siteFiles(options: {
  readonly sample: string;
  readonly pileup: string;
  readonly models: string;
}): Plugin {
  const all = async (): Promise<Map<string, Uint8Array>> =>
    new Map([
      ['sample.npz', await sample(options.sample)],
      ['pileup.h5', await readFile(options.pileup)],
      ...(await registry(options.models)),
    ]);
  return {
    name: 'jetsdk-site-files',
    async generateBundle() {
      for (const [fileName, source] of await all()) this.emitFile({ type: 'asset', fileName, source });
    },
    async configureServer(server) {
      const files = await all();
      server.middlewares.use((request, response, next) => {
        const found = files.get(new URL(request.url!, 'http://site').pathname.slice(1));
        if (found === undefined) next();
        else response.end(found);
      });
    },
  };
}

async function sample(path: string): Promise<Uint8Array> {
  const source = await openJets(path);
  try {
    const count = Math.min(SAMPLE_JETS, source.count);
    const { shape, data } = await source.read(0, count);
    const labels = (await source.labels())!.slice(0, count);
    return writeNpz(
      new Map([
        ['constituents', { dtype: 'float32', shape, data }],
        ['labels', { dtype: 'uint8', shape: [count], data: labels }],
      ]),
    );
  } finally {
    source.close();
  }
}

async function registry(folder: string): Promise<[path: string, content: Uint8Array][]> {
  if (!existsSync(folder))
    throw new JetError(
      'FILE_NOT_FOUND',
      `${folder}: no such folder; expected models, <name>/model.onnx with card.json`,
    );
  const entries: RegistryEntry[] = [];
  const regressors: { readonly id: string; readonly card: RegressorCard }[] = [];
  const generators: { readonly id: string; readonly card: GeneratorCard }[] = [];
  const files: [string, Uint8Array][] = [];
  for (const id of (await readdir(folder)).sort()) {
    const model = join(folder, id, 'model.onnx');
    const path = join(folder, id, 'card.json');
    const generator = join(folder, id, 'generator.json');
    if (existsSync(model) && existsSync(generator)) {
      files.push([`models/${id}/model.onnx`, await readFile(model)]);
      generators.push({ id, card: parseGeneratorCard(parseJson(await readFile(generator, 'utf8'), generator)) });
    }
    if (!existsSync(model) || !existsSync(path)) continue;
    files.push([`models/${id}/model.onnx`, await readFile(model)]);
    const value = parseJson(await readFile(path, 'utf8'), path);
    if (isObject(value) && value['format'] === 'jetsdk-regressor/1') {
      regressors.push({ id, card: parseRegressorCard(value) });
      continue;
    }
    const card = parseCard(value);
    entries.push({ id, bytes: (await stat(model)).size, card });
  }
  entries.sort((a, b) => (b.card.metrics?.[0]?.auc ?? 0) - (a.card.metrics?.[0]?.auc ?? 0));
  const loss = ({ card }: { readonly card: RegressorCard }): number => card.metrics?.[0]?.loss ?? Infinity;
  regressors.sort((a, b) => loss(a) - loss(b));
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return [
    ['models/index.json', json(entries)],
    ['models/regressors.json', json(regressors.map(({ id, card: { task } }) => ({ id, task })))],
    ['models/generators.json', json(generators.map(({ id, card: { task } }) => ({ id, task })))],
    ...files,
  ];
}
