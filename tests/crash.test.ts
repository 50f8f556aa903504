import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';

const crash = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'fuzz/crash/run.mjs'), ...args], { encoding: 'utf8' });

describe.skipIf(process.platform === 'win32')(
  'a command that is killed (skipped on Windows, which has no SIGKILL)',
  () => {
    // at every change of every command: npm run crash
    test.each(['score', 'submit'])('%s leaves nothing half-written, and succeeds the next time', (name) => {
      const { status, stdout, stderr } = crash(name, '--every', '4');
      expect({ stdout, stderr }).toEqual({
        stdout: expect.stringMatching(/: killed at [1-9]\d* of \d+ changes, 0 failures\n$/),
        stderr: '',
      });
      expect(status).toBe(0);
    });

    test('an unknown command ends with what there are', () => {
      const { status, stderr } = crash('fly');
      expect(status).toBe(2);
      expect(stderr).toContain('got fly');
    });
  },
);
