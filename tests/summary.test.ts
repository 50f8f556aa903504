import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NetworkName, zoo } from '@jetsdk/train';
import { describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

const model = (name: string) => join(root, 'models', name, 'model.onnx');

function summary(...args: string[]) {
  const { status, stdout, stderr } = jetsdk(['summary', ...args, '--json'], root);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as {
    readonly layers: readonly { readonly name: string; readonly kind: string; readonly inputs: readonly number[] }[];
    readonly [key: string]: unknown;
  };
}

describe('jetsdk summary', { timeout: 120_000 }, () => {
  test('of a network of the zoo lists its layers and what a jet costs', () => {
    const found = summary('course-cnn');
    expect(found.layers[0]).toEqual({
      name: 'conv',
      kind: 'Conv2D',
      shape: [30, 30, 8],
      parameters: 80,
      trainable: 80,
      activation: 'relu',
      inputs: [],
    });
    expect(found.layers.map(({ kind }) => kind)).toEqual([
      'Conv2D',
      'BatchNormalization',
      'MaxPooling2D',
      'Flatten',
      'Dense',
      'Dense',
    ]);
    expect(found).toMatchObject({ parameters: 115_441, trainable: 115_425, receptiveField: [4, 4] });
  });

  test.each(Object.keys(zoo) as NetworkName[])('of %s is that of the model of its name', (name) => {
    const [network, file] = [summary(name), summary(model(name))];
    // weights of normalisations that went into a convolution are its own
    expect(Number(file['parameters'])).toBeLessThanOrEqual(Number(network['parameters']));
    for (const key of ['receptiveField', 'activationBytes']) expect([key, file[key]]).toEqual([key, network[key]]);
  });

  test('follows settings and constituents', () => {
    expect(summary('course-cnn', '--set', 'hidden.units=128')['parameters']).toBe(80 + 32 + 1801 * 128 + 129);
    expect(summary('constituent-dnn', '--constituents', '8').layers[0]).toMatchObject({ shape: [32] });
  });

  test('of a network that cannot be exported has its layers, and says why it has no costs', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'own.mjs');
    writeFileSync(
      file,
      `export default { inputShape: [20, 4], build: ({ layers }) => layers.sequential({ layers: [
        layers.masking({ inputShape: [20, 4], name: 'mask' }), layers.lstm({ units: 8 }), layers.dense({ units: 1, activation: 'sigmoid' }) ] }) };`,
    );
    const found = summary(file);
    expect(found.layers.map(({ kind }) => kind)).toEqual(['Masking', 'LSTM', 'Dense']);
    expect(found['problem']).toMatch(/mask \(Masking\): unsupported layer/);
    expect(found['flops']).toBeUndefined();
  });

  test('as text is a table and what it comes to', () => {
    const { status, stdout } = jetsdk(['summary', 'landscape-resnet'], root);
    expect(status).toBe(0);
    expect(stdout).toMatch(/block_1_1_add +Add +20 × 20 × 24 +0 +0 +block_1_1_norm_2, pool\n/);
    expect(stdout).toMatch(/393,098 parameters, 391,706 of them trainable\n/);
    expect(stdout).toMatch(/operations of one jet: 48.2 MFLOP/);
  });

  test.each<[string, string[], RegExp]>([
    ['no network', ['nothing'], /got "nothing"; expected a network \(course-cnn/],
    ['settings of a file', [model('cvn'), '--set', 'a=1'], /is what it is; expected no --set/],
    [
      'a setting that it does not declare',
      ['course-cnn', '--set', 'nope=3'],
      /no setting "nope"; expected conv.filters/,
    ],
  ])('refuses %s', (_, args, message) => {
    const { status, stderr } = jetsdk(['summary', ...args], root);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
