/** @file What is called otherwise in a command: `--dataset` for "the option dataset" of a package, `jetsdk score` for `loadTagger`. */
import { isJetError, JetError } from '@jetsdk/jets';
import type { Command } from 'commander';
import { CLASS_DATASETS, WrongValue } from './options.js';

/** What a package calls an option, and how a command does. */
export type OptionNames = Readonly<Record<string, string>>;

/** Has every option of a command, and of those below it, say its name where it refuses a value. */
export function nameOptions(command: Command): void {
  for (const option of command.options) {
    const { parseArg, long, flags } = option;
    if (parseArg === undefined) continue;
    option.parseArg = <T>(text: string, before: T): T => {
      try {
        return parseArg(text, before);
      } catch (error) {
        if (!(error instanceof WrongValue)) throw error;
        const { got, expected } = error;
        throw new JetError('BAD_ARGUMENT', `option ${long ?? flags}: got ${got}; expected ${expected}`, { got });
      }
    };
  }
  for (const below of command.commands) nameOptions(below);
}

/** `the option dataset`, `option outputKind`, and what is called by its flag everywhere. */
const MENTION = /(?:\bthe )?\boption ([a-z][A-Za-z]*)\b|(?<=\s)--(padding|components)\b/g;

/** Where a command lacks an option: every file can be converted, and every model be scored. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  dataset: 'data convert',
  classes: 'data convert',
  layout: 'data convert',
  padding: 'data convert',
  components: 'data convert',
  unit: 'data convert',
  recipe: 'data images',
  architecture: 'export',
  inputKind: 'score',
  outputKind: 'score',
  signalColumn: 'score',
};

/** The command that does what a function of a package does. */
const COMMANDS: Readonly<Record<string, string>> = {
  loadTagger: 'jetsdk score',
  loadRegressor: 'jetsdk correct',
  loadGenerator: 'jetsdk generate',
  exportGenerator: 'jetsdk export',
};

/** `load it with loadTagger`, as packages advise. */
const ADVICE = new RegExp(`\\b(?:load|export) it with (${Object.keys(COMMANDS).join('|')})\\b`, 'g');

/** The function of a package in front of a message. */
const CALLER = new RegExp(`^(?:${[...Object.keys(COMMANDS), 'selectBackend', 'openJets', 'trainRun'].join('|')}): `);

/** A message with the options and the functions that it mentions in the words of a command. */
export function inCommandWords(message: string, command: Command): string {
  return message
    .replace(/\bJETSDK_MEMORY=(?=\w)/, '--memory ')
    .replace(CALLER, () => `${command.name()}: `)
    .replace(ADVICE, (_, call: string) => `use ${COMMANDS[call]}`)
    .replace(MENTION, (mention, option: string | undefined, flagged: string) => {
      const name = option ?? flagged;
      const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      const own = command.options.find(({ long }) => long === flag);
      // `--classes` of other commands names classes, not datasets.
      if (own && (name !== 'classes' || own.flags === CLASS_DATASETS[0])) return flag;
      return Object.hasOwn(ELSEWHERE, name) ? `jetsdk ${ELSEWHERE[name]} ${flag}` : mention;
    });
}

/** Runs what a package does; where it fails, its options are called as in a command. */
export async function withOptionNames<T>(names: OptionNames, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isJetError(error)) throw error;
    const message = error.message.replace(MENTION, (mention, name: string) =>
      Object.hasOwn(names, name) ? names[name] : mention,
    );
    if (message === error.message) throw error;
    throw new JetError(error.code, message, error.details, { cause: error });
  }
}
