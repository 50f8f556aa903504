import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openJets } from '@jetsdk/jets/files';
import { describe, expect, test } from 'vitest';
import { root } from './support/command.js';

const targets = readdirSync(join(root, 'fuzz/targets')).map((file) => file.replace(/\.mjs$/, ''));

const fuzz = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'fuzz/run.mjs'), ...args], { encoding: 'utf8' });

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0;

describe('damaged input is read or refused, never anything else', () => {
  test.each(targets.map((target) => [target, target === 'tagger' ? 500 : 2000] as const))(
    '%s, %i cases with seed 1',
    (target, cases) => {
      const { status, stdout } = fuzz(target, '--cases', String(cases), '--seed', '1');
      expect(stdout).toMatch(/: \d+ cases with seed 1, [1-9]\d* read, [1-9]\d* refused, 0 failed/);
      expect(status).toBe(0);
    },
    180_000,
  );

  test.skipIf(!hasNumpy)(
    'numpy reads the same numbers or one of both refuses (skipped where Python has no numpy)',
    () => {
      const args = [join(root, 'fuzz/reference.mjs'), 'npy', 'npz', '--cases', '200'];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      for (const target of ['npy', 'npz'])
        expect(stdout).toMatch(
          new RegExp(`^${target}: 200 cases with seed 1, \\d+ refused, [1-9]\\d* same, .*, 0 differ$`, 'm'),
        );
      expect(status).toBe(0);
    },
  );

  test('a table whose row announces 2³¹ numbers is refused before its columns get names', async () => {
    await expect(openJets(join(root, 'fuzz/cases/hdf5-endless-row.h5'))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('2147483648 numbers a row'),
    });
  });

  test('a chunk that lies outside of its dataset is refused, and not taken for a missing one', async () => {
    const source = await openJets(join(root, 'fuzz/cases/hdf5-chunk-outside.h5'));
    await expect(source.read(0, 12)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('a chunk begins at (0, 117440512, 0); expected a multiple of (5, 8, 4)'),
    });
    source.close();
  });

  test('an unknown target ends with what there are', () => {
    const { status, stderr } = fuzz('pdf');
    expect(status).toBe(2);
    expect(stderr).toContain('got pdf');
  });
});
