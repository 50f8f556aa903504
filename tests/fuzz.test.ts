import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';

const targets = readdirSync(join(root, 'fuzz/targets')).map((file) => file.replace(/\.mjs$/, ''));

const fuzz = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'fuzz/run.mjs'), ...args], { encoding: 'utf8' });

describe('damaged input is read or refused, never anything else', () => {
  test.each(targets)(
    '%s, 500 cases with seed 1',
    (target) => {
      const { status, stdout } = fuzz(target, '--cases', '500', '--seed', '1');
      expect(stdout).toMatch(/: 500 cases with seed 1, [1-9]\d* read, [1-9]\d* refused, 0 failed/);
      expect(status).toBe(0);
    },
    180_000,
  );

  test('an unknown target ends with what there are', () => {
    const { status, stderr } = fuzz('pdf');
    expect(status).toBe(2);
    expect(stderr).toContain('got pdf');
  });
});
