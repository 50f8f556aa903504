/** @file The trainings of a sweep, one after the other or one of them: finished ones are left alone, others go on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, JetError } from '@jetsdk/jets';
import { makeFolder, readTextFile, writeFileAtomically } from '@jetsdk/jets/files';
import { parseJson } from '@jetsdk/jets/json';
import type { Member } from '../sweep.js';
import { say } from '../terminal.js';

/** What a task of a sweep is known by, `task.json` in its folder. */
interface Task {
  readonly format: 'jetsdk-task/1';
  readonly task: number;
  readonly network: string;
  readonly options: Member;
}

/** Where the i-th training of a sweep goes. */
export function taskFolder(output: string, task: number): string {
  return join(output, `task-${String(task).padStart(4, '0')}`);
}

/**
 * Runs the members of a sweep, or one of them.
 *
 * @param only number of the one, from 0; undefined for all
 * @param train trains a member in a folder, going on with what is there
 * @throws {JetError} OUT_OF_RANGE if there is no such member; BAD_ARGUMENT if the folder of a member holds another one; what
 *   `train` throws
 */
export async function runSweep(
  output: string,
  network: string,
  members: readonly Member[],
  only: number | undefined,
  train: (member: Member, folder: string) => Promise<void>,
): Promise<void> {
  if (only !== undefined && only >= members.length)
    throw new JetError(
      'OUT_OF_RANGE',
      `train: --task ${only} of a sweep of ${members.length}; expected 0 to ${members.length - 1}`,
      { task: only, tasks: members.length },
    );
  for (const [i, options] of members.entries()) {
    if (only !== undefined && i !== only) continue;
    const folder = taskFolder(output, i);
    const task: Task = { format: 'jetsdk-task/1', task: i, network, options };
    await claim(folder, task);
    const told = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`);
    if (existsSync(join(folder, 'test.json'))) say(`${folder}: finished already (${told.join(', ')})`);
    else {
      say(`${folder}: ${told.join(', ')}`);
      await train(options, folder);
    }
  }
}

/** Writes what the folder is for, or checks that it is for the same. */
async function claim(folder: string, task: Task): Promise<void> {
  await makeFolder(folder);
  const path = join(folder, 'task.json');
  if (existsSync(path)) {
    const there = parseJson(readTextFile(path), path);
    if (canonicalJson(there) === canonicalJson(task)) return;
    throw new JetError(
      'BAD_ARGUMENT',
      `${folder}: holds ${canonicalJson(there)}, got ${canonicalJson(task)}; expected the same sweep as before; choose another --output`,
      { folder },
    );
  }
  await writeFileAtomically(path, `${JSON.stringify(task, null, 2)}\n`);
}
