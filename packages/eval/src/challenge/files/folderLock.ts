/** @file One process at a time in a folder, also after another was killed there. */
import { createHash, randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { JetError } from '@jetsdk/jets';

const LOCK = '.lock';
const PATIENCE_MS = 30_000;
const AGAIN_MS = 20;

/**
 * Runs something while no other process does so in this folder.
 *
 * @throws {JetError} BAD_FILE if the folder stays locked for 30 s, or cannot be written; whatever `use` throws
 */
export async function withFolderLock<T>(folder: string, use: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK);
  const mine = `${hostname()} ${process.pid} ${randomBytes(6).toString('hex')}`;
  removeLeftOvers(folder);
  const until = Date.now() + PATIENCE_MS;
  while (!take(path, mine)) {
    freeIfDead(path);
    if (Date.now() > until)
      throw new JetError(
        'BAD_FILE',
        `${path}: held by ${heldBy(path) ?? 'another process'} for ${PATIENCE_MS / 1000} s; expected it to be free; remove it if that process is gone`,
        { path },
      );
    await wait(AGAIN_MS);
  }
  try {
    return await use();
  } finally {
    if (heldBy(path) === mine) rmSync(path, { force: true });
  }
}

/** This machine in the name of a file. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A name beside the lock, which tells whose it is. */
const asideOf = (path: string): string => `${path}.${MACHINE}.${process.pid}.${randomBytes(6).toString('hex')}`;

/** What killed processes of this machine have left beside the lock. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, machine, pid] = /^\.lock\.([0-9a-f]{8})\.(\d+)\.[0-9a-f]{12}$/.exec(name) ?? [];
    if (machine === MACHINE && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

/** The lock appears with its content: it is linked to its place, which fails where there is one. */
function take(path: string, mine: string): boolean {
  const own = asideOf(path);
  try {
    writeFileSync(own, mine);
    linkSync(own, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw new JetError(
      'BAD_FILE',
      `${path}: cannot be written (${codeOf(error) ?? String(error)}); expected a folder that takes files`,
      { path },
      { cause: error },
    );
  } finally {
    rmSync(own, { force: true });
  }
}

function heldBy(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Takes the lock of a process of this machine that is gone out of the way; puts back what turns out to be another's. */
function freeIfDead(path: string): void {
  const holder = heldBy(path);
  if (holder === undefined) return;
  const [host, pid] = holder.split(' ');
  if (host !== hostname() || isAlive(Number(pid))) return;
  const aside = asideOf(path);
  try {
    renameSync(path, aside);
    if (heldBy(aside) !== holder) linkSync(aside, path);
  } catch {
    // somebody else was faster
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
