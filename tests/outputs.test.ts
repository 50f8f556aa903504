import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedRecipe } from '@jetsdk/jets';
import { writeNpy } from '@jetsdk/jets/npy';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

const bin = join(root, 'packages/cli/bin/jetsdk.js');

/** Jets, scores and a model, with other names for the jets. */
function files(): string {
  const folder = temporaryFolder();
  copyFileSync(join(root, 'packages/jets/fixtures/constituents.h5'), join(folder, 'jets.h5'));
  copyFileSync(join(root, 'models/course-cnn/model.onnx'), join(folder, 'model.onnx'));
  const data = Float32Array.from({ length: 12 }, (_, jet) => jet / 12);
  writeFileSync(join(folder, 'scores.npy'), writeNpy({ dtype: 'float32', shape: [12], data }));
  symlinkSync('jets.h5', join(folder, 'link.h5'));
  linkSync(join(folder, 'jets.h5'), join(folder, 'hard.h5'));
  // scores are written under the ending of NumPy alone
  linkSync(join(folder, 'jets.h5'), join(folder, 'hard.npy'));
  symlinkSync('jets.h5', join(folder, 'link.npy'));
  linkSync(join(folder, 'model.onnx'), join(folder, 'model.npy'));
  writeFileSync(join(folder, 's.npy.json'), JSON.stringify(namedRecipe('course-30-sum')));
  mkdirSync(join(folder, 'run'));
  writeFileSync(join(folder, 'run/weights.bin'), 'weights');
  return folder;
}

describe('a command never writes onto what it reads', () => {
  test.each<[what: string, args: readonly string[], kept: string]>([
    ['the jets', ['data', 'convert', 'jets.h5', '-o', 'jets.h5'], 'jets.h5'],
    ['the jets by another path', ['score', 'model.onnx', 'jets.h5', '-o', './run/../hard.npy'], 'jets.h5'],
    ['a link to the jets', ['score', 'model.onnx', 'jets.h5', '--output=link.npy'], 'jets.h5'],
    ['the jets given as a link', ['data', 'convert', 'link.h5', '-o', 'jets.h5'], 'jets.h5'],
    ['a hard link to the jets', ['data', 'images', 'jets.h5', '--recipe', 'iml-40', '-ohard.h5'], 'jets.h5'],
    ['the model', ['score', 'model.onnx', 'jets.h5', '-o', 'model.npy'], 'model.onnx'],
    ['the scores', ['eval', '--labels', 'jets.h5', '--scores=scores.npy', '--report', 'scores.npy'], 'scores.npy'],
    ['the jets that are drawn', ['recipes', 'iml-40', 'jets.h5', '--draw', 'jets.h5'], 'jets.h5'],
    [
      'a recipe of the name that facts of the scores get',
      ['score', 'model.onnx', 'jets.h5', '--recipe', 's.npy.json', '-o', 's.npy'],
      's.npy.json',
    ],
    ['a file of the run', ['export', 'run', '-o', 'run/weights.bin'], 'run/weights.bin'],
  ])('%s', (_, args, kept) => {
    const folder = files();
    const before = readFileSync(join(folder, kept));
    const { status, stderr } = jetsdk(args, folder);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^jetsdk: .*read as .*another file.*\[BAD_ARGUMENT\]\n$/),
    });
    expect(readFileSync(join(folder, kept))).toEqual(before);
  });

  test('settings of the name of the folder that is written are no such file', () => {
    const folder = files();
    writeFileSync(join(folder, 'sweep.json'), '{}');
    const { stderr } = jetsdk(
      ['train', 'course-cnn', '--data', 'jets.h5', '--sweep', 'sweep.json', '-o', 'sweep'],
      folder,
    );
    expect(stderr).toMatch(/sweep\.json/);
    expect(stderr).not.toMatch(/read as/);
  });

  test('the model of a registered name', () => {
    const model = join(root, 'models/course-cnn/model.onnx');
    const before = readFileSync(model);
    const { status, stderr } = jetsdk(['score', 'course-cnn', 'jets.h5', '-o', model], files());
    expect([status, stderr]).toEqual([2, expect.stringContaining('BAD_ARGUMENT')]);
    expect(readFileSync(model)).toEqual(before);
  });

  test('a name is none of the files that are read, whatever it is called', () => {
    const folder = files();
    copyFileSync(join(folder, 'model.onnx'), join(folder, 'mine'));
    for (const name of [['--name', 'mine'], ['--name=mine']])
      expect(jetsdk(['export', 'run', '-o', 'mine', ...name], folder).stderr).not.toMatch(/read as/);
  });

  test('an output of last time is written again', () => {
    const folder = files();
    const args = ['eval', '--labels', 'jets.h5', '--scores', 'scores.npy', '--report', 'run/report.html'];
    for (let time = 0; time < 2; time++) expect(jetsdk(args, folder)).toMatchObject({ status: 0 });
  });
});

describe.skipIf(process.platform === 'win32')('output that goes nowhere (skipped on Windows)', () => {
  const shell = (script: string) =>
    spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, NODE: process.execPath, BIN: bin } });

  test('a reader that went away is a quiet end', () => {
    const { stdout, stderr } = shell(
      `"$NODE" "$BIN" data info "${join(root, 'packages/jets/fixtures/constituents.h5')}" | true; echo "status \${PIPESTATUS[0]}"`,
    );
    expect([stdout, stderr]).toEqual(['status 0\n', '']);
  });

  test.skipIf(!existsSync('/dev/full'))('a full device is one sentence (skipped without /dev/full)', () => {
    const { stdout, stderr } = shell(`"$NODE" "$BIN" models > /dev/full; echo "status $?"`);
    expect(stdout).toBe('status 1\n');
    expect(stderr).toMatch(/^jetsdk: standard output cannot be written: .*ENOSPC.*\n$/);
  });

  test.skipIf(!existsSync('/dev/full'))('news that cannot be told is no failure (skipped without /dev/full)', () => {
    const folder = files();
    const { stdout } = shell(
      `cd "${folder}"; "$NODE" "$BIN" score model.onnx jets.h5 -o out.npy 2> /dev/full; echo "status $?"`,
    );
    expect(stdout).toBe('status 0\n');
    expect(existsSync(join(folder, 'out.npy'))).toBe(true);
  });

  test('a training goes on when terminal and readers are gone', async () => {
    const folder = temporaryFolder();
    const run = join(folder, 'run');
    const data = join(root, 'data/test.h5');
    const args = ['train', 'course-cnn', '--data', data, '--rows', '0:200', '--epochs', '2', '-o', run];
    const child = spawn(process.execPath, [bin, ...args]);
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGHUP');
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await ended).toEqual({ code: 0, signal: null });
    const { epochs } = JSON.parse(readFileSync(join(run, 'history.json'), 'utf8')) as { epochs: unknown[] };
    expect(epochs.length).toBe(2);
    expect(existsSync(join(run, 'report.html'))).toBe(true);
  });

  test('errors that nobody reads do not end the work', () => {
    const folder = files();
    shell(`cd "${folder}"; "$NODE" "$BIN" score model.onnx jets.h5 -o out.npy 2>&1 | true`);
    expect(existsSync(join(folder, 'out.npy'))).toBe(true);
  });
});
