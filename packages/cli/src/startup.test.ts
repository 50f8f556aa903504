import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from './commands/index.js';

const bin = join(import.meta.dirname, '../bin/jetsdk.js');

/** What every command may load before it does anything: itself, the ground floor without the rooms of file formats,
 * the 4 kB of its compiled loops, two small libraries. */
const SMALL = String.raw`/^(node:|data:)|\/packages\/(cli|jets)\/dist\/(?!io\/(hdf5|npy|root|parquet|tables)\/)|\/jets\/kernels\/loops\.js$|\/cli\/bin\/|\/node_modules\/(commander|cli-progress|@noble\/hashes)\//`;

const code = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`;

/** Module hooks under which loading anything else fails. */
const HOOKS = code(`
  export function load(url, context, next) {
    if (!${SMALL}.test(url)) throw new Error('loads ' + url);
    return next(url, context);
  }`);
const REGISTER = code(`import { register } from 'node:module'; register(${JSON.stringify(HOOKS)});`);

/** Runs `jetsdk` where no library but the small ones can be imported. */
function bare(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--import', REGISTER, bin, ...args], { encoding: 'utf8' });
}

describe('the command loads what it needs when it needs it', () => {
  test.each(['--help', '--version'])('jetsdk %s loads no library but the parser of options', (flag) => {
    const { status, stdout, stderr } = bare(flag);
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
    expect(status).toBe(0);
  });

  test.each(commands.map(({ name }) => name))('jetsdk %s --help loads no other either', (name) => {
    const { status, stdout, stderr } = bare(name, '--help');
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: jetsdk ${name}`);
    expect(status).toBe(0);
  });

  test('a command that works does, so that these tests can fail', () => {
    expect(bare('data', 'info', 'x.h5').stderr).toMatch(/loads .*\/jets\/dist\/io\/(hdf5|npy|root|parquet|tables)\//);
  });
});
