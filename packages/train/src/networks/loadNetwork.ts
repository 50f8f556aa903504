import { createHash } from 'node:crypto';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { argumentText, isJetError, JetError, nearestName, parseRecipe, quoted, requireText } from '@jetsdk/jets';
import { readTextFile } from '@jetsdk/jets/files';
import { isObject, parseJson } from '@jetsdk/jets/json';
import { parseTrainingSettings } from '../fit/settings.js';
import { savedArchitecture } from '../model/loadModel.js';
import { zoo } from '../zoo/index.js';
import { jsonNetwork } from './jsonNetwork.js';
import { lineOf } from './lineOf.js';
import type { Network, NetworkSettings } from './network.js';

const MODULES = ['.mjs', '.js', '.cjs', '.ts', '.mts'];
const SAVED = ['.keras', '.h5', '.hdf5'];

/** A network with its name. */
export type NamedNetwork = Network & { readonly name: string };

/**
 * A network of the zoo by its name, or one of your own from a file.
 *
 * A module (`.mjs`, `.js`, `.ts` where Node runs it) gives a network, or its build function, as default export; it is
 * run, so load none that you do not trust. A `.json` is an architecture as Keras (`model.to_json()`) or TensorFlow.js
 * (`model.toJSON()`) write it; a `.keras` or `.h5` is a model that Keras saved. Their weights, if any, are not read:
 * `from` of a training takes them.
 *
 * @throws {JetError} BAD_ARGUMENT for a name that is not in the zoo; FILE_NOT_FOUND; BAD_FILE if the file cannot be run,
 *   or gives no network; UNSUPPORTED for TypeScript where Node does not run it, and for layers that are not known
 */
export async function loadNetwork(nameOrPath: string): Promise<NamedNetwork> {
  requireText('loadNetwork', nameOrPath, 'the name of a network, or the path of its file');
  if (Object.hasOwn(zoo, nameOrPath)) return zoo[nameOrPath as keyof typeof zoo];
  const extension = extname(nameOrPath);
  if (SAVED.includes(extension)) return savedNetwork(nameOrPath);
  if (extension !== '.json' && !MODULES.includes(extension))
    throw new JetError(
      'BAD_ARGUMENT',
      `network ${quoted(nameOrPath)}; expected ${Object.keys(zoo).join(', ')}, or a file that ends with .mjs, .js, .ts, .json, .keras or .h5${extension === '' ? `; did you mean ${nearestName(nameOrPath, Object.keys(zoo))}?` : ''}`,
      { network: nameOrPath },
    );
  const text = read(nameOrPath);
  const file = basename(nameOrPath);
  const name = file.slice(0, -extension.length);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const network =
    extension === '.json'
      ? jsonNetwork(parseJson(text, nameOrPath), nameOrPath)
      : await moduleNetwork(nameOrPath, sha256);
  return { name, ...network, source: { file, text, sha256 } };
}

/** The architecture of a model that Keras saved; with its runs it is kept as JSON. */
async function savedNetwork(path: string): Promise<NamedNetwork> {
  const { model, version } = await savedArchitecture(path);
  const name = basename(path, extname(path));
  const text = `${JSON.stringify({ ...model, ...(version !== undefined && { keras_version: version }) }, null, 1)}\n`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name, ...jsonNetwork(model, path, version), source: { file: `${name}.json`, text, sha256 } };
}

const read = (path: string): string => readTextFile(path, `${path}: cannot be read; expected the file of a network`);

async function moduleNetwork(path: string, version: string): Promise<Network> {
  let exported: unknown;
  try {
    // another version of the file is another module
    const loaded = (await import(`${pathToFileURL(resolve(path)).href}?${version}`)) as { readonly default?: unknown };
    exported = loaded.default;
  } catch (cause) {
    if (isJetError(cause)) throw cause;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new JetError(
        'UNSUPPORTED',
        `${path}: got TypeScript, which Node ${process.versions.node} does not run; expected Node 22.18 or later, or a .mjs file`,
        { path },
        { cause },
      );
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JetError('BAD_FILE', `${path}: cannot be run${lineOf(cause)}: ${reason}`, { path }, { cause });
  }
  if (typeof exported === 'function') return { build: exported as Network['build'] };
  return checkedNetwork(exported, path);
}

const CHECKS: Readonly<Record<Exclude<keyof Network, 'source'>, (value: unknown, where: string) => boolean>> = {
  name: (value) => typeof value === 'string' && /^[\w.-]{1,100}$/.test(value),
  description: (value) => typeof value === 'string',
  recipe: (value) => typeof value === 'string' || (isObject(value) && parseRecipe(value) !== undefined),
  inputShape: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((size) => Number.isInteger(size) && size > 0),
  outputs: (value) => Number.isInteger(value) && (value as number) > 0,
  defaults: (value, where) => parseTrainingSettings(value, where, 'BAD_FILE') !== undefined,
  settings: isSettings,
  meanings: (value) => isObject(value) && Object.values(value).every((one) => typeof one === 'string'),
  build: (value) => typeof value === 'function',
};

const EXPECTED: Readonly<Record<keyof typeof CHECKS, string>> = {
  name: 'letters, digits, _ . -',
  description: 'a text',
  recipe: 'the name of a recipe, constituents, or a recipe',
  inputShape: 'the shape of one jet, e.g. [30, 30, 1]',
  outputs: 'a whole number from 1',
  defaults: 'settings of a training',
  settings: 'numbers, texts and flags by name',
  meanings: 'texts by the dotted names of settings',
  build: 'a function',
};

function isSettings(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every((one) => ['number', 'string', 'boolean'].includes(typeof one) || isSettings(one))
  );
}

function checkedNetwork(value: unknown, path: string): Network {
  if (!isObject(value))
    throw new JetError(
      'BAD_FILE',
      `${path}: its default export is ${argumentText(value)}; expected a network, { build({ layers, inputShape }) { … } }, or its build function`,
      { path },
    );
  const keys = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
  for (const key of Object.keys(value))
    if (!keys.some((known) => known === key))
      throw new JetError('BAD_FILE', `${path}: no key ${quoted(key)} in a network; expected ${keys.join(', ')}`, {
        path,
      });
  for (const key of keys)
    if ((key === 'build' || value[key] !== undefined) && !CHECKS[key](value[key], `${path}, ${key}`))
      throw new JetError('BAD_FILE', `${path}: ${key} is ${argumentText(value[key])}; expected ${EXPECTED[key]}`, {
        path,
      });
  return value as Partial<Network> & { readonly build: Network['build']; readonly settings: NetworkSettings };
}
