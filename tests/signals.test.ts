import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root, temporaryFolder } from './support/command.js';

function started(args: readonly string[], cwd: string): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/jetsdk.js'), ...args], { cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(10);
}

describe.skipIf(process.platform === 'win32')('long work (skipped on Windows, which has no signals)', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'of imaging stops at %s, in the middle, and leaves nothing',
    async (signal, status) => {
      const folder = temporaryFolder();
      const steps = [{ step: 'pixelate', pixels: 4096, halfWidth: 1, channels: ['pt'] }];
      const recipe = JSON.stringify({ format: 'jetsdk-recipe/1', name: 'large', steps });
      writeFileSync(join(folder, 'large.json'), recipe);
      const images = ['data', 'images', join(root, 'data/val.h5'), '--rows', '0:200', '--recipe', 'large.json'];
      const child = started([...images, '-o', 'out.h5'], folder);
      const ended = once(child, 'exit');
      await until(() => readdirSync(folder).length > 1);
      child.kill(signal);
      expect(await ended).toEqual([status, null]);
      expect(readdirSync(folder)).toEqual(['large.json']);
    },
    60_000,
  );
});
