/** @file Commands called in the process of the test, with a folder for each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isJetError } from '@jetsdk/jets';
import { Command } from 'commander';
import { afterEach, beforeEach, vi } from 'vitest';
import { nameOptions } from '../optionNames.js';

/** What came of a call. */
export interface Called {
  /** `done`, or code and message of the error */
  readonly outcome: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Commands {
  /** a place in the folder of the test */
  at(...parts: readonly string[]): string;
  /** @param add of a module of commands; what it adds is the program */
  call(add: (program: Command) => void, ...args: readonly string[]): Promise<Called>;
}

/** For the tests of a file. */
export function useCommands(): Commands {
  let folder = '';
  const said = { stdout: '', stderr: '' };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'jetsdk-cli-'));
    for (const stream of ['stdout', 'stderr'] as const)
      vi.spyOn(process[stream], 'write').mockImplementation((text) => {
        said[stream] += String(text);
        return true;
      });
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    at: (...parts) => join(folder, ...parts),
    async call(add, ...args) {
      said.stdout = said.stderr = '';
      const program = new Command('jetsdk').exitOverride();
      add(program);
      nameOptions(program);
      const outcome = await program.parseAsync(args, { from: 'user' }).then(
        () => 'done',
        (error: unknown) => (isJetError(error) ? `${error.code} ${error.message}` : String(error)),
      );
      return { outcome, ...said };
    },
  };
}
