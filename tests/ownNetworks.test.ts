import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCard } from '@jetsdk/onnx';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

/** A command that must succeed. */
function run(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = jetsdk(args, folder);
  expect(status, stderr).toBe(0);
  return stdout;
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
const DATA = join(root, 'data/val.h5');
const few = ['--data', DATA, '--rows', '0:300', '--epochs', '1', '--batch-size', '64'];

const MYNET = `
/** @param {import('@jetsdk/train').BuildContext} context */
export default {
  description: 'two dense layers',
  recipe: 'course-30-sum',
  settings: { hidden: { units: 16 } },
  build({ layers, inputShape, outputs, settings }) {
    return layers.sequential({
      layers: [
        layers.flatten({ inputShape }),
        layers.dense({ units: settings.hidden.units, activation: 'relu' }),
        layers.dense({ name: 'score', units: outputs, activation: 'sigmoid' }),
      ],
    });
  },
};
`;

describe('a network of one’s own', { timeout: 240_000 }, () => {
  test('is trained, exported with card and recipe, and scores constituents, as those of the zoo', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mynet.mjs'), MYNET);
    run(folder, 'train', './mynet.mjs', ...few, '--set', 'hidden.units=12', '-o', 'run');
    expect(json(folder, 'run/run.json')).toMatchObject({
      settings: { network: 'mynet' },
      networkSettings: { 'hidden.units': 12 },
      source: { file: 'mynet.mjs', copy: 'network.mjs' },
      recipe: { name: 'course-30-sum' },
    });
    expect(readFileSync(join(folder, 'run/network.mjs'), 'utf8')).toBe(MYNET);
    run(folder, 'export', 'run', '-o', 'model.onnx');
    const card = readCard(readFileSync(join(folder, 'model.onnx')));
    expect(card).toMatchObject({ name: 'mynet', recipe: { name: 'course-30-sum' }, training: { network: 'mynet' } });
    const again = jetsdk(['score', 'model.onnx', DATA, '-o', 'scores.npy'], folder);
    expect(again.status, again.stderr).toBe(0);
    expect(again.stderr).toMatch(
      /val.h5: jets of this file took part in the training of the model \(180 to learn from, 60/,
    );
    expect(card?.training).toMatchObject({ rows: [0, 300], split: { seed: 1, test: 0.2, validation: 0.25 } });
    const others = jetsdk(['score', 'model.onnx', join(root, 'data/test.h5'), '-o', 'others.npy'], folder);
    expect(others.status).toBe(0);
    expect(others.stderr).not.toMatch(/took part/);
    run(folder, 'train', './mynet.mjs', ...few, '--set', 'hidden.units=12', '-o', 'next', '--from', 'run');
    expect(json(folder, 'next/run.json').initial).toMatchObject({ network: 'mynet' });
    // the weights are looked at before the jets, of which there are none here
    const wider = ['--data', 'none.h5', '--set', 'hidden.units=9', '--from', 'run', '-o', 'never'];
    const { status, stderr } = jetsdk(['train', './mynet.mjs', ...wider], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/run: weights of a mynet with other layers, .*12 for weight \d; expected .*9 there/);
  });

  test('is trained from the layers that Keras writes', () => {
    const folder = temporaryFolder();
    const text = readFileSync(join(root, 'packages/train/fixtures/keras3-sequential.json'), 'utf8');
    writeFileSync(join(folder, 'net.json'), text.replaceAll('12, 12, 1', '30, 30, 1'));
    run(folder, 'train', './net.json', ...few, '--recipe', 'course-30-sum', '-o', 'run');
    run(folder, 'export', 'run', '-o', 'model.onnx');
    expect(readCard(readFileSync(join(folder, 'model.onnx')))?.name).toBe('net');
  });

  test.each([
    [
      'a throw',
      'export default () => {\n  throw new Error("no luck");\n};',
      /its build function fails in line 2 of own.mjs: no luck/,
    ],
    [
      'a layer that cannot be exported',
      `export default ({ layers, inputShape }) => layers.sequential({ layers: [
        layers.reshape({ inputShape, targetShape: [30, 30] }), layers.masking({ name: 'hidden' }), layers.flatten(),
        layers.dense({ units: 1, activation: 'sigmoid' }) ] });`,
      /own: could not be exported after the training: in line 2 of own.mjs, hidden \(Masking\): unsupported.*--no-export trains it all the same/,
    ],
    ['a syntax error', 'export default {{', /own.mjs: cannot be run/],
  ])('with %s is refused before the training begins', (_, content, message) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'own.mjs'), content);
    const { status, stderr } = jetsdk(['train', './own.mjs', ...few, '--recipe', 'course-30-sum', '-o', 'run'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'run'))).toBe(false);
  });

  test('in JSON with a layer that cannot be exported is refused with its line', () => {
    const folder = temporaryFolder();
    const text = readFileSync(join(root, 'packages/train/fixtures/keras3-sequential.json'), 'utf8');
    const { config, ...whole } = JSON.parse(text);
    const masking = { module: 'keras.layers', class_name: 'Masking', config: { name: 'hide', mask_value: 0 } };
    const layers = [...config.layers.slice(0, -1), masking, ...config.layers.slice(-1)];
    const lines = JSON.stringify({ ...whole, config: { ...config, layers } }, null, 1);
    writeFileSync(join(folder, 'net.json'), lines);
    const line = 1 + lines.split('\n').findIndex((one) => one.includes('"hide"'));
    const { status, stderr } = jetsdk(['train', './net.json', ...few, '-o', 'run'], folder);
    expect(status).toBe(2);
    expect(stderr).toContain(`in line ${line} of net.json, hide (Masking): unsupported layer`);
  });

  test('with recurrent layers is trained, several times too, and exported', () => {
    const folder = temporaryFolder();
    const content = `export default { recipe: 'constituents', inputShape: [10, 4], build: ({ layers, inputShape }) =>
      layers.sequential({ layers: [
        layers.batchNormalization({ inputShape }),
        layers.bidirectional({ layer: layers.gru({ units: 3 }), mergeMode: 'concat' }),
        layers.dense({ units: 1, activation: 'sigmoid' }) ] }) };`;
    writeFileSync(join(folder, 'own.mjs'), content);
    run(folder, 'train', './own.mjs', ...few, '--seeds', '2', '-o', 'run');
    expect(json(folder, 'run/seeds.json').seeds).toEqual([1, 2]);
    run(folder, 'train', './own.mjs', ...few, '--no-export', '--seed', '2', '-o', 'again');
    const weights = (...path: string[]) => readFileSync(join(folder, ...path, 'weights.bin'));
    expect(weights('run/seed-1').equals(weights('run/seed-2'))).toBe(false);
    run(folder, 'export', 'run/seed-1', '-o', 'model.onnx');
    run(folder, 'score', 'model.onnx', join(root, 'data/test.h5'), '-o', 'scores.npy');
  });

  test('is named with --help, which lists its settings with defaults and meanings', () => {
    const folder = temporaryFolder();
    expect(run(folder, 'train', '--help', 'course-cnn')).toMatch(
      /\n {2}hidden.units +64 +units of the hidden dense layer\n/,
    );
    expect(run(folder, 'train', 'constituent-dnn', '--help')).toMatch(/\n {2}dropout +0.1 +share of the units/);
    writeFileSync(join(folder, 'mynet.mjs'), MYNET);
    const own = run(folder, 'train', './mynet.mjs', '--help');
    expect(own).toMatch(/\n {2}hidden.units +16\n/);
    expect(own).toMatch(/jetsdk summary \.\/mynet\.mjs\n/);
    const unknown = jetsdk(['train', 'nope', '--help'], folder);
    expect(unknown).toMatchObject({ status: 2 });
    expect(unknown.stderr).toMatch(/network "nope"; expected course-cnn/);
  });

  test('refuses a setting that it does not declare before anything is read', () => {
    const folder = temporaryFolder();
    const { status, stderr } = jetsdk(['train', 'course-cnn', ...few, '--set', 'nope=3', '-o', 'run'], folder);
    expect(status).toBe(2);
    expect(stderr).toBe(
      'jetsdk: course-cnn: no setting "nope"; expected conv.filters, conv.size, hidden.units, dropout [BAD_ARGUMENT]\n',
    );
  });

  test('in TypeScript runs where Node runs it, and is refused with what to do elsewhere', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'own.ts'), `const units: number = 4;\n${MYNET.replace('units: 16', 'units')}`);
    const { status, stderr } = jetsdk(['train', './own.ts', ...few, '-o', 'run'], folder);
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major > 22 || (major === 22 && minor >= 18)) expect(status, stderr).toBe(0);
    else {
      expect(status).toBe(2);
      expect(stderr).toMatch(
        /got TypeScript, which Node .* does not run; expected Node 22.18 or later, or a .mjs file/,
      );
    }
  });

  test('is begun with --init, which leaves a file that is there alone', () => {
    const folder = temporaryFolder();
    run(folder, 'train', '--init', './mine.mjs', '--like', 'course-dense');
    // by two, as the rest of the file
    expect(readFileSync(join(folder, 'mine.mjs'), 'utf8')).toMatch(/^ {2}build\(.*\n {4}(const|return) /m);
    run(folder, 'train', './mine.mjs', ...few, '-o', 'run');
    expect(json(folder, 'run/run.json').settings.network).toBe('mine');
    const twice = jetsdk(['train', '--init', './mine.mjs'], folder);
    expect(twice).toMatchObject({ status: 2 });
    expect(twice.stderr).toMatch(/mine.mjs: it is there already/);
    expect(jetsdk(['train', 'course-cnn'], folder)).toMatchObject({ status: 2 });
  });

  test('takes as many constituents as asked for', () => {
    const folder = temporaryFolder();
    run(folder, 'train', 'constituent-dnn', ...few, '--constituents', '8', '-o', 'run');
    expect(json(folder, 'run/run.json')).toMatchObject({ inputShape: [8, 4] });
    const wrong = jetsdk(['train', 'course-cnn', ...few, '--constituents', '8', '-o', 'x'], folder);
    expect(wrong).toMatchObject({ status: 2 });
    expect(wrong.stderr).toMatch(/course-cnn takes images; expected no --constituents/);
  });
});
