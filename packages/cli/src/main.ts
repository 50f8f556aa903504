/** @file The `jetsdk` command: options in, exit code out. */

import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { ERRORS, isJetError, SDK_VERSION } from '@jetsdk/jets';
import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.js';
import { inCommandWords, nameOptions } from './optionNames.js';
import { MEMORY } from './options.js';
import { harmless, say } from './terminal.js';

/**
 * Runs the command and sets the exit code: 0 done, 1 failed, 2 wrong usage or bad input.
 *
 * @param args as after `jetsdk` on the command line
 */
export async function main(args: readonly string[]): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaveUnlessHandled(signal));
  process.on('SIGHUP', goOnWithoutTerminal);
  process.stdout.on('error', lostOutput);
  // news that nobody can be told changes nothing of the work
  process.stderr.on('error', () => undefined);
  let called: Command | undefined;
  try {
    const root = await program(args);
    called = root;
    root.hook('preAction', async (_, command) => {
      called = command;
      await (await import('./outputs.js')).requireOutputsApart(args);
    });
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else if (isJetError(error)) {
      say(`jetsdk: ${called ? inCommandWords(error.message, called) : error.message} [${error.code}]`);
      process.exitCode = ERRORS[error.code].exit;
    } else {
      say(`jetsdk: unexpected failure\n${error instanceof Error ? error.stack : String(error)}`);
      process.exitCode = 1;
    }
  }
}

/** Leaves in order, so that half-written files are removed; a command that listens itself decides for itself. */
function leaveUnlessHandled(signal: 'SIGINT' | 'SIGTERM'): void {
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
}

/**
 * A terminal that goes away ends no work: Node takes back what nohup has asked for. At the end Node would set the terminal back
 * as it was, and abort since there is none; it leaves files alone that are closed.
 */
function goOnWithoutTerminal(): void {
  // shells send it once more to their jobs, and that must find a listener as well
  process.off('exit', closeTerminal);
  process.once('exit', closeTerminal);
}

function closeTerminal(): void {
  for (const stream of [0, 1, 2]) closeSync(stream);
}

/** A reader that went away is no failure: the work goes on without it. */
function lostOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'EIO' || error.code === 'ERR_STREAM_DESTROYED') return;
  process.exitCode = 1;
  say(`jetsdk: standard output cannot be written: ${error.message}`);
}

/** @param words the first command among them is the one whose options are needed */
async function program(words: readonly string[]): Promise<Command> {
  const names = commands.map(({ name }) => name);
  const at = words.findIndex((word) => names.includes(word));
  const [called, args] = [words[at], words.slice(at + 1)];
  const helps = args.includes('--help') || args.includes('-h');
  const root = new Command('jetsdk')
    .description('Train a jet tagger, carry it as one ONNX file, get the same score everywhere.')
    .version(SDK_VERSION)
    .option(...MEMORY)
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(harmless(text)),
      writeErr: (text) => process.stderr.write(harmless(text)),
    })
    .showHelpAfterError('(jetsdk --help lists the commands, jetsdk COMMAND --help its options)');
  for (const { name, summary, load, help } of commands) {
    const command = root.command(name).description(summary);
    if (name !== called) continue;
    (await load())(command);
    if (helps && help) command.addHelpText('after', await help(args));
  }
  nameOptions(root);
  return root;
}
