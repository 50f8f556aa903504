/** @file Many trainings as one file: what they share is on the command line, what differs is here. */
import { readFileSync } from 'node:fs';
import { JetError, nearestName, quoted } from '@jetsdk/jets';
import { type Check, listOf, object, oneOf, optional, parseJson, recordOf, satisfies } from '@jetsdk/jets/json';
import type { Command } from 'commander';

/** A value of an option, as the command line would have it; true where it takes none. */
type Value = string | number | true | readonly (string | number)[];

/** Options of one training, by their long names without dashes. */
export type Member = Readonly<Record<string, Value>>;

const scalar = satisfies(
  'a text, a number, true, or a list of texts and numbers',
  (value): value is Value =>
    value === true ||
    typeof value === 'string' ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string' || Number.isFinite(item))),
);

const file = object({
  format: oneOf('jetsdk-sweep/1'),
  /** every combination of the values, the last option varying fastest */
  grid: optional(recordOf(listOf(scalar, 1)) as Check<Readonly<Record<string, readonly Value[]>>>),
  /** trainings one by one, each with all of the grid */
  list: optional(listOf(recordOf(scalar) as Check<Member>, 1)),
});

/** What belongs to the sweep as a whole. */
const OF_THE_WHOLE = ['sweep', 'task', 'output', 'resume', 'init', 'like', 'seeds'];

/**
 * The trainings of a sweep, in order.
 *
 * @throws {JetError} FILE_NOT_FOUND; BAD_FILE naming the key that is wrong
 */
export function readSweep(path: string): readonly Member[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new JetError('FILE_NOT_FOUND', `sweep: cannot read ${path}; expected a JSON file`, { path }, { cause });
  }
  const { grid = {}, list = [{}] } = file(parseJson(text, path), { where: path, code: 'BAD_FILE' });
  return list.flatMap((member) => combinations(grid).map((combination) => ({ ...member, ...combination })));
}

function combinations(grid: Readonly<Record<string, readonly Value[]>>): Member[] {
  let all: Member[] = [{}];
  for (const [name, values] of Object.entries(grid))
    all = all.flatMap((member) => values.map((value) => ({ ...member, [name]: value })));
  return all;
}

/**
 * The flags that a member of a sweep stands for, read as the command line reads them.
 *
 * @throws {JetError} BAD_ARGUMENT for an option that there is not, or that belongs to the whole sweep; what the readers of
 *   the options throw
 */
export function flagsOf(member: Member, command: Command): Readonly<Record<string, unknown>> {
  const flags: Record<string, unknown> = {};
  const known = command.options.map(({ long = '' }) => long.slice(2)).filter((name) => !OF_THE_WHOLE.includes(name));
  for (const [name, value] of Object.entries(member)) {
    const option = known.includes(name) ? command.options.find(({ long }) => long === `--${name}`) : undefined;
    if (option === undefined) {
      const near = nearestName(name, known);
      throw new JetError(
        'BAD_ARGUMENT',
        `sweep: got ${quoted(name)}; expected options of train that a single training can have${near === undefined ? '' : `; did you mean ${near}?`}`,
        { name },
      );
    }
    const takesNone = !option.required && !option.optional;
    if (takesNone !== (value === true))
      throw new JetError(
        'BAD_ARGUMENT',
        `sweep: ${name} is ${JSON.stringify(value)}; expected ${takesNone ? 'true, it takes no value' : 'a value'}`,
        { name },
      );
    let read: unknown = option.negate ? false : value;
    if (!takesNone) {
      read = undefined;
      for (const item of Array.isArray(value) ? value : [value])
        read = option.parseArg === undefined ? String(item) : option.parseArg(String(item), read as never);
    }
    flags[option.attributeName()] = read;
  }
  return flags;
}
