/** @file What a command is about to write is none of what it reads. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { JetError } from '@jetsdk/jets';
import { modelPath } from './modelFile.js';
import { factsPath } from './provenance.js';

/** Options that name what is written. */
const OUTPUT = /^(-o|--output|--report|--draw)(?:=(.*))?$/s;

/**
 * Asks that no file to be written is one that is read, by whatever name, link or hard link: files are told apart by
 * device and inode.
 *
 * @param args as on the command line
 * @throws {JetError} BAD_ARGUMENT
 */
export async function requireOutputsApart(args: readonly string[]): Promise<void> {
  const { outputs, others } = parted(args);
  const written: { path: string; key: string }[] = [];
  for (const path of outputs.flatMap((output) => (output.endsWith('.npy') ? [output, factsPath(output)] : output))) {
    const key = await fileKey(path);
    if (key !== undefined) written.push({ path, key });
  }
  if (written.length === 0) return;
  for (const given of others)
    for (const input of await filesOf(given)) {
      const key = await fileKey(input);
      const same = written.find((one) => one.key === key);
      if (same !== undefined)
        throw new JetError(
          'BAD_ARGUMENT',
          `${same.path}: it is read as ${input}, too; expected another file to write, the input stays as it is`,
          { path: same.path },
        );
    }
}

/** Options whose values name no file, whatever they are. */
const TEXT = /^--(name|model-version|licence|beside)$/;

/** Values of the options for outputs, and everything else. */
function parted(args: readonly string[]): { outputs: string[]; others: string[] } {
  const outputs: string[] = [];
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const [, option, value] = OUTPUT.exec(arg) ?? [];
    if (TEXT.test(arg)) i++;
    else if (TEXT.test(arg.replace(/=.*/s, ''))) continue;
    else if (option === undefined && /^-o./.test(arg)) outputs.push(arg.slice(2));
    else if (option === undefined) others.push(arg.replace(/^--[\w-]+=/, ''));
    else if (value !== undefined) outputs.push(value);
    else if (i + 1 < args.length) outputs.push(args[++i]);
  }
  return { outputs, others };
}

/** Endings of the files that are read from a run or from a folder of submissions. */
const READ = /\.(json|bin|npy|npz|csv)$/;

/** A file, the model of that name, or what is read from a folder; with a model whatever holds its weights. */
async function filesOf(given: string): Promise<readonly string[]> {
  const path = await modelPath(given);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory())
    return (await namesIn(path)).filter((name) => READ.test(name)).map((name) => join(path, name));
  if (!found?.isFile()) return [];
  const beside = path.endsWith('.onnx')
    ? (name: string) => name.startsWith(basename(path)) && /^[._]data/.test(name.slice(basename(path).length))
    : path.endsWith('.json')
      ? (name: string) => name.endsWith('.bin')
      : undefined;
  if (beside === undefined) return [path];
  const names = await namesIn(dirname(path));
  return [path, ...names.filter(beside).map((name) => join(dirname(path), name))];
}

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);

async function fileKey(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.dev}:${found.ino}` : undefined;
}
