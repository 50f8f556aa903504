/** Every remedy names an option that there is. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from './support/command.js';

/** Prints the flags of every command, and of those below it, by what is typed behind `jetsdk`. */
const LIST = `
  import { Command } from 'commander';
  import { commands } from './dist/commands/index.js';
  const flags = {};
  const walk = (command, path) => {
    flags[path] = command.options.map(({ long }) => long);
    for (const below of command.commands) walk(below, path + ' ' + below.name());
  };
  for (const { name, load } of commands) {
    const command = new Command(name);
    (await load())(command);
    walk(command, name);
  }
  console.log(JSON.stringify(flags));`;

const flags = new Map<string, readonly string[]>();

beforeAll(() => {
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', LIST], {
    cwd: join(root, 'packages/cli'),
    encoding: 'utf8',
  });
  for (const [name, own] of Object.entries(JSON.parse(stdout) as Record<string, string[]>))
    flags.set(name, [...own, '--help', '--version', '--memory']);
});

/** Flags of other programs, which messages tell people to call. */
const FOREIGN = [
  '--ignore-scripts',
  '--onnxruntime-node-install',
  '--model-repository',
  '--output_format',
  '--input-type',
];

/** Commands whose users see the messages of a file; of files of a command's own name it is that one, of others any. */
const SEEN_BY: Readonly<Record<string, readonly string[]>> = {
  'jets/src/source/inputs.ts': ['train'],
  'jets/src/particles.ts': ['data info', 'data convert', 'data images', 'data pictures', 'train'],
  'train/src/data/trainingData.ts': ['train'],
  'train/src/networks/networkTemplate.ts': ['train'],
  'train/src/run/trainRun.ts': ['train'],
  'export/src/tritonConfig.ts': ['export'],
  'infer/src/generation/request.ts': ['generate'],
  'infer/src/shards/mergeShards.ts': ['score'],
  'cli/src/trainingOptions.ts': ['train'],
  'cli/src/training.ts': ['train'],
  'cli/src/exporting.ts': ['export'],
  'cli/src/networkForm.ts': ['train'],
  'cli/src/actions/networkHelp.ts': ['train'],
  'cli/src/loading.ts': ['score', 'serve'],
  'cli/src/options.ts': ['data convert'],
  'cli/src/scoreAxis.ts': ['train', 'compare', 'eval'],
  'cli/src/optionNames.ts': ['data convert', 'parity'],
  'cli/src/provenance.ts': ['score'],
  'cli/src/actions/demo.ts': ['eval'],
  'cli/src/actions/trainRegressor.ts': ['train'],
  'cli/src/actions/exportRegression.ts': ['export'],
  'cli/src/actions/sweep.ts': ['train'],
  'cli/src/actions/runs.ts': ['runs', 'train'],
  'cli/src/actions/evaluate.ts': ['eval'],
  'cli/src/actions/evaluateClasses.ts': ['eval'],
  'cli/src/actions/evalFlags.ts': ['eval'],
  'cli/src/actions/dataPictures.ts': ['data pictures'],
  'cli/src/commands/evaluate.ts': ['eval'],
  'cli/src/commands/dataPictures.ts': ['data pictures'],
  'cli/src/commands/dataCache.ts': ['data cache'],
  'cli/src/commands/recipes.ts': ['recipes', 'train'],
  'cli/src/commands/inspect.ts': ['inspect', 'export'],
  'cli/src/terminal.ts': ['train'],
  'cli/src/commands/index.ts': ['score'],
  'cli/src/main.ts': ['score'],
};

/** Everything that a command says of itself and those below it. */
const flagsOf = (command: string): ReadonlySet<string> =>
  new Set([...flags].flatMap(([name, own]) => (name === command || name.startsWith(`${command} `) ? [...own] : [])));

interface Mention {
  readonly file: string;
  readonly line: number;
  /** with the command in front, where there is one */
  readonly command: string | undefined;
  readonly flag: string;
}

/** Whether a place in a line is inside of a text. */
const isQuoted = (line: string, at: number): boolean =>
  ["'", '`', '"'].some((quote) => line.slice(0, at).split(quote).length % 2 === 0) || /^[^'`"]*[^'`";{}]$/.test(line);

function mentions(): Mention[] {
  const packages = readdirSync(join(root, 'packages'));
  const files = packages.flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' }).map(
      (path) => `${name}/src/${path.replaceAll('\\', '/')}`,
    ),
  );
  return files
    .filter((path) => /(?<!\.test|\.testing)\.ts$/.test(path))
    .flatMap((file) =>
      readFileSync(join(root, 'packages', file), 'utf8')
        .split('\n')
        .flatMap((text, i) =>
          /^\s*(\/?\*|\/\/)/.test(text)
            ? []
            : [...text.matchAll(/(?<=[\s'`"(])--[a-z][a-z0-9_-]*/g)]
                .filter(({ index }) => isQuoted(text, index))
                .map(({ 0: flag, index }) => {
                  const [, command] = /.*\bjetsdk ([a-z]+(?: [a-z]+)?)\b/.exec(text.slice(0, index)) ?? [];
                  return { file, line: i + 1, command, flag };
                }),
        ),
    );
}

describe('messages', () => {
  test('mention options of the command that says so, or of the one that they name', () => {
    const wrong = mentions()
      .filter(({ flag }) => !FOREIGN.includes(flag) && !flag.startsWith('--jet-'))
      .filter(({ file, command, flag }) => {
        const words = command?.split(' ') ?? [];
        const named = [words.join(' '), words[0] ?? ''].find((name) => name !== '' && flags.has(name));
        const own = basename(file, '.ts');
        const seenBy = SEEN_BY[file] ?? (flags.has(own) ? [own] : [...flags.keys()]);
        const commands = named !== undefined ? [named] : seenBy;
        return !commands.some((one) => flagsOf(one).has(flag));
      });
    expect(wrong).toEqual([]);
  });
});
