import { isJetError, JetError } from '@jetsdk/jets';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inCommandWords, nameOptions, withOptionNames } from './optionNames.js';
import { CLASS_DATASETS, choice, DATASET, fractions, LAYOUT, PADDING, positive, rows, whole } from './options.js';

/** The message that a command line ends with. */
function refusalOf(command: Command, args: readonly string[]): string {
  nameOptions(command);
  try {
    command
      .exitOverride()
      .action(() => {})
      .parse(args, { from: 'user' });
  } catch (error) {
    if (isJetError(error, 'BAD_ARGUMENT')) return error.message;
    throw error;
  }
  return 'taken';
}

describe('a value that an option does not take', () => {
  it.each<readonly [flag: string, reader: (text: string) => unknown, text: string, message: string]>([
    ['--jets', whole(1), '0', 'option --jets: got 0; expected a whole number of at least 1'],
    ['--jets', whole(1), '', 'option --jets: got ; expected a whole number of at least 1'],
    ['--tolerance', positive(), '1e-12x', 'option --tolerance: got 1e-12x; expected a number above 0'],
    ['--device', choice('cpu', 'wasm'), 'gpu', 'option --device: got gpu; expected cpu or wasm'],
    ['--part', choice('test'), 'training', 'option --part: got training; expected test'],
    ['--scale', choice('a', 'b', 'c'), 'd', 'option --scale: got d; expected one of a, b, c'],
    ['--rows', rows, '3-4', 'option --rows: got 3-4; expected START:STOP, for example 0:1000'],
    ['--at', fractions, '0.3,2', 'option --at: got 2; expected a number above 0, at most 1'],
    [PADDING[0].split(' ')[0], PADDING[2], 'x', 'option --padding: got x; expected a number such as -999, inf or nan'],
    ['--jets', whole(1), '7', 'taken'],
  ])('is named with %s', (flag, reader, text, message) => {
    const command = new Command('c').option(`${flag} <value>`, '', reader);
    expect(refusalOf(command, [flag, text])).toBe(message);
  });

  it('is named in commands of commands too, shortly and without control characters', () => {
    const command = new Command('c');
    command
      .command('below')
      .option('-n, --number <n>', '', whole(0))
      .action(() => {});
    const message = refusalOf(command, ['below', '-n', `\u001b${'x'.repeat(10_000)}`]);
    expect(message).toMatch(/^option --number: got \uFFFDxxx/);
    expect(message.length).toBeLessThan(300);
  });
});

describe('options in messages of packages', () => {
  const message = 'choose with the option dataset, or name the classes with the option classes; option outputKind';

  it('are called as in the command where it has them', () => {
    const command = new Command('c')
      .option(...DATASET)
      .option(...CLASS_DATASETS)
      .option('--output-kind <kind>');
    expect(inCommandWords(message, command)).toBe(
      'choose with --dataset, or name the classes with --classes; --output-kind',
    );
  });

  it('are those of data convert where they are of reading and the command lacks them', () => {
    const command = new Command('c').option('--classes <background,signal>', 'names').option(...LAYOUT);
    expect(inCommandWords(message, command)).toBe(
      'choose with jetsdk data convert --dataset, or name the classes with jetsdk data convert --classes; jetsdk score --output-kind',
    );
    expect(inCommandWords('read the file with --padding -999', command)).toBe(
      'read the file with jetsdk data convert --padding -999',
    );
  });

  it.each([
    [
      'x: a regressor; expected a classifier; load it with loadRegressor',
      'x: a regressor; expected a classifier; use jetsdk correct',
    ],
    ['x: no card of one; export it with exportGenerator', 'x: no card of one; use jetsdk export'],
    ['loadTagger: precision int4; expected float16', 'score: precision int4; expected float16'],
  ])('and functions are commands: %s', (told, expected) => {
    expect(inCommandWords(told, new Command('score'))).toBe(expected);
  });

  it('are called as it is said where one command has several of a kind', async () => {
    const fails = async (): Promise<never> => {
      throw new JetError('BAD_DATASET', 'name one with the option column', { column: 'x' });
    };
    await expect(withOptionNames({ column: '--label-column' }, fails)).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: 'name one with --label-column',
      details: { column: 'x' },
    });
    await expect(withOptionNames({ layout: '--image-layout' }, fails)).rejects.toThrow('the option column');
  });
});
