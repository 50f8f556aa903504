import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

const data = (file: string): string => join(root, 'data', file);

/** A folder with files that are wrong in one way each. */
function wrongFiles(): string {
  const folder = temporaryFolder();
  const put = (name: string, bytes: Uint8Array | string): void => writeFileSync(join(folder, name), bytes);
  const column = (values: readonly number[]): Uint8Array =>
    writeNpy({ dtype: 'float32', shape: [values.length], data: Float32Array.from(values) });
  put('labels.npy', column([0, 1, 0, 1]));
  put('one-class.npy', column([1, 1, 1, 1]));
  put('scores.npy', column([0.1, 0.9, 0.2, 0.8]));
  put('short.npy', column([0.1, 0.9, 0.2]));
  put('nan.npy', column([0.1, Number.NaN, 0.2, 0.8]));
  put('truncated.npy', column([0.1, 0.9, 0.2, 0.8]).subarray(0, 140));
  put('truncated.h5', readFileSync(data('val.h5')).subarray(0, 100_000));
  put('text.h5', 'no HDF5 at all');
  put('empty.npy', '');
  put('model.onnx', 'no ONNX at all');
  const images = new Float32Array(4 * 9).fill(1);
  put('images.npy', writeNpy({ dtype: 'float32', shape: [4, 3, 3, 1], data: images }));
  images[13] = Number.NaN;
  put('nan-images.npy', writeNpy({ dtype: 'float32', shape: [4, 3, 3, 1], data: images }));
  put(
    'one-class.npz',
    writeNpz(
      new Map([
        ['images', { dtype: 'float32', shape: [40, 30, 30, 1], data: new Float32Array(40 * 900).fill(1) }],
        ['labels', { dtype: 'uint8', shape: [40], data: new Uint8Array(40).fill(1) }],
      ]),
    ),
  );
  mkdirSync(join(folder, 'run'));
  mkdirSync(join(folder, 'cards/broken'), { recursive: true });
  put('cards/broken/card.json', '{');
  return folder;
}

const cases: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ['an unknown command', ['fly'], /unknown command/],
  ['no file', ['data', 'info'], /missing required argument/],
  ['a missing file', ['data', 'info', 'nothing.h5'], /nothing\.h5.*FILE_NOT_FOUND/],
  ['an empty file', ['data', 'info', 'empty.npy'], /empty\.npy.*BAD_FILE/],
  [
    'a tolerance with a slip of the finger',
    ['parity', 'model.onnx', '--data', 'images.npy', '--tolerance', '1e-12x'],
    /option --tolerance: got 1e-12x; expected a number.*BAD_ARGUMENT/,
  ],
  ['a port that is none', ['serve', 'course-cnn', '--port', '99999'], /option --port: got 99999; .*from 0 to 65535/],
  ['text instead of HDF5', ['data', 'info', 'text.h5'], /text\.h5.*BAD_FILE/],
  ['a truncated HDF5 file', ['data', 'info', 'truncated.h5'], /truncated\.h5.*BAD_FILE/],
  ['a truncated .npy file', ['data', 'info', 'truncated.npy'], /\d+ bytes.*expected.*\d+.*BAD_FILE/],
  ['rows that are not there', ['data', 'convert', data('val.h5'), '--rows', '1000:9999', '-o', 'out.h5'], /9999.*1500/],
  ['images from images', ['data', 'images', 'images.npy', '--recipe', 'iml-40', '-o', 'out.h5'], /3×3×1.*40×40×1/],
  ['an unknown recipe', ['data', 'images', data('val.h5'), '--recipe', 'mine', '-o', 'out.h5'], /mine.*iml-40/],
  ['a demo where a file is', ['demo', '-o', 'labels.npy'], /labels\.npy.*BAD_ARGUMENT/],
  [
    'a run where a file is',
    ['train', 'course-cnn', '--data', data('val.h5'), '--recipe', 'course-30', '-o', 'labels.npy'],
    /labels\.npy.*BAD_ARGUMENT/,
  ],
  ['an unknown network', ['train', 'vgg', '--data', data('val.h5'), '-o', 'out'], /vgg.*course-cnn/],
  ['training without labels', ['train', 'course-cnn', '--data', 'images.npy', '-o', 'out'], /without labels/],
  [
    'a wrong number',
    ['train', 'course-cnn', '--data', data('val.h5'), '-o', 'out', '--epochs', '0'],
    /got 0.*at least 1/,
  ],
  ['a run without a file to write', ['export', 'run'], /--output \[BAD_ARGUMENT\]/],
  [
    'an exported model to be exported otherwise',
    ['export', 'model.onnx', '--triton', 'models', '--precision', 'float16'],
    /exported already.*BAD_ARGUMENT/,
  ],
  ['a folder without a run', ['export', 'run', '-o', 'out.onnx'], /run\.json.*FILE_NOT_FOUND/],
  ['a model that is no ONNX', ['score', 'model.onnx', data('val.h5'), '-o', 'out.npy'], /model\.onnx.*BAD_MODEL/],
  ['a missing model', ['score', 'none.onnx', data('val.h5'), '-o', 'out.npy'], /none\.onnx.*FILE_NOT_FOUND/],
  ['a model card that is no JSON', ['models', '--models', 'cards'], /card\.json.*BAD_FILE/],
  ['fewer scores than labels', ['eval', '--labels', 'labels.npy', '--scores', 'short.npy'], /4 .*3|3 .*4/],
  [
    'one class only',
    ['eval', '--labels', 'one-class.npy', '--scores', 'scores.npy'],
    /4 signal.*0 background|DEGENERATE/,
  ],
  ['a NaN score', ['eval', '--labels', 'labels.npy', '--scores', 'nan.npy'], /NaN.*NOT_FINITE/],
  ['ε_S above one', ['eval', '--labels', 'labels.npy', '--scores', 'scores.npy', '--signal-efficiency', '1.5'], /1\.5/],
  [
    'a report where no folder is',
    ['eval', '--labels', 'labels.npy', '--scores', 'scores.npy', '--report', 'no/such/out.html'],
    /FILE_NOT_FOUND/,
  ],
];

describe('bad input ends with exit code 2, a message with the remedy, and no output', () => {
  test.each(cases)('%s', (_, args, message) => {
    const folder = wrongFiles();
    const before = readdirSync(folder);
    const { status, stdout, stderr } = jetsdk(args, folder);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/unexpected failure|\n {4}at /);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('NaN pixels are named with jet and pixel', () => {
    const folder = wrongFiles();
    const { status, stderr } = jetsdk(['data', 'convert', 'nan-images.npy', '-o', 'out.h5'], folder);
    expect(stderr).toMatch(/jet 1.*NaN|NaN.*jet 1/);
    expect(status).toBe(2);
    expect(readdirSync(folder)).not.toContain('out.h5');
  });

  test('data info says what is in a file whose components are in another order, and why its jets cannot be read', () => {
    const folder = wrongFiles();
    const massless = Float32Array.from({ length: 4 * 3 * 4 }, (_, i) => [3, -4, 12, 13][i % 4]);
    writeFileSync(join(folder, 'last.npy'), writeNpy({ dtype: 'float32', shape: [4, 3, 4], data: massless }));
    for (const json of [[], ['--json']]) {
      const { status, stdout, stderr } = jetsdk(['data', 'info', 'last.npy', ...json], folder);
      expect(stdout).toContain('float32');
      expect(stderr).toMatch(/constituent 0 of jet 0.*read the file with --components px,py,pz,E.*\[BAD_DATASET\]/);
      expect(status).toBe(2);
    }
  });
});

describe('jetsdk', () => {
  test('reads within the memory that --memory allows, before or behind the command, and names the option', () => {
    const folder = wrongFiles();
    const header = "{'descr': '<f4', 'fortran_order': True, 'shape': (20000, 40, 40)}".padEnd(117).concat('\n');
    const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0);
    writeFileSync(join(folder, 'turned.npy'), Buffer.concat([magic, Buffer.from(header)]));
    truncateSync(join(folder, 'turned.npy'), 128 + 4 * 20_000 * 1600);
    for (const args of [
      ['--memory', '100MB', 'data', 'info', 'turned.npy'],
      ['data', 'info', 'turned.npy', '--memory=100MB'],
    ]) {
      const { status, stderr } = jetsdk(args, folder);
      expect(stderr).toMatch(
        /take 128000128 bytes; expected at most 100000000; .*with --memory 8GB \[LIMIT_EXCEEDED\]/,
      );
      expect(status).toBe(2);
    }
    expect(jetsdk(['data', 'info', 'labels.npy', '--memory', '1kB'], folder).stderr).toMatch(
      /^jetsdk: option --memory: got 1kB; expected a size of at least 64MiB/,
    );
  });

  test('every command explains itself', () => {
    const commands = [...jetsdk(['--help']).stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name!);
    expect(commands).toEqual(expect.arrayContaining(['demo', 'data', 'train', 'export', 'score', 'eval', 'doctor']));
    for (const command of commands.filter((name) => name !== 'help')) {
      const { status, stdout } = jetsdk([command, '--help']);
      expect([command, status]).toEqual([command, 0]);
      expect(stdout).toMatch(/Usage: jetsdk/);
    }
  });
});
