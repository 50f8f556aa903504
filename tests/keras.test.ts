import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certifiedGraph, exportModel } from '@jetsdk/export';
import { openModel } from '@jetsdk/infer';
import { readCard } from '@jetsdk/onnx';
import { artifactsOf, loadLayersModel, predict, selectBackend, writeLayersModel } from '@jetsdk/train';
import * as tf from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

interface Case {
  readonly inputs: { readonly shape: number[]; readonly data: number[] };
  readonly outputs: { readonly shape: number[]; readonly data: number[] };
}

const fixtures = join(root, 'packages/train/fixtures/keras');
const casesOf = (major: string): Record<string, Case> =>
  (JSON.parse(readFileSync(join(fixtures, `keras${major}.json`), 'utf8')) as { cases: Record<string, Case> }).cases;

describe('a model of Keras in ONNX Runtime gives what it gives in Keras', () => {
  beforeAll(async () => {
    await selectBackend('wasm', { threads: 1 });
  });

  // masks are not exported
  const files = readdirSync(fixtures).filter((file) => /keras\d\.(keras|h5)$/.test(file) && !file.startsWith('memory'));

  test.each(files)('%s', async (file) => {
    const [, name = '', major = ''] = /^(\w+)-keras(\d)/.exec(file) ?? [];
    const { inputs, outputs } = casesOf(major)[name]!;
    const artifacts = await loadLayersModel(join(fixtures, file));
    const [input] = exportModel(artifacts).inputs;
    const { parity } = await certifiedGraph(artifacts, {
      calibration: { [input!.name]: { shape: inputs.shape, data: Float32Array.from(inputs.data) } },
      reference: Float32Array.from(outputs.data),
      open: openModel,
    });
    expect(parity.jets).toBe(inputs.shape[0]);
  });
});

describe('jetsdk with models of Keras', { timeout: 240_000 }, () => {
  const run = (folder: string, ...args: string[]): string => {
    const { status, stdout, stderr } = jetsdk(args, folder);
    expect(status, stderr).toBe(0);
    return stdout;
  };

  test('export takes whole models, and weights with their architecture, and makes the same of them', () => {
    const folder = temporaryFolder();
    run(folder, 'export', join(fixtures, 'graph-keras3.keras'), '-o', 'whole.onnx');
    const architecture = ['--architecture', join(fixtures, 'graph-keras3.json')];
    run(folder, 'export', join(fixtures, 'graph-keras3.weights.h5'), ...architecture, '-o', 'parts.onnx');
    expect(readFileSync(join(folder, 'parts.onnx')).equals(readFileSync(join(folder, 'whole.onnx')))).toBe(true);
  });

  test('export says what stands in the way, and writes nothing', () => {
    const folder = temporaryFolder();
    const { status, stderr } = jetsdk(['export', join(fixtures, 'memory-keras2.h5'), '-o', 'model.onnx'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/masking \(Masking\): unsupported layer/);
    const alone = jetsdk(['export', join(fixtures, 'graph-keras3.weights.h5'), '-o', 'model.onnx'], folder);
    expect(alone.status).toBe(2);
    expect(alone.stderr).toMatch(/weights of Keras without their architecture.*--architecture/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('export gives a model a card, where it is told its recipe and its classes', () => {
    const folder = temporaryFolder();
    const tagger = join(fixtures, 'tagger-keras3.keras');
    const told = ['--recipe', 'course-30-sum', '--classes', 'QCD,top', '--name', 'mine', '--licence', 'CC0-1.0'];
    run(folder, 'export', tagger, ...told, '--measure', join(root, 'data/test.h5'), '-o', 'mine.onnx');
    expect(readCard(readFileSync(join(folder, 'mine.onnx')))).toMatchObject({
      name: 'mine',
      licence: 'CC0-1.0',
      classes: ['QCD', 'top'],
      signalClass: 'top',
      recipe: { name: 'course-30-sum' },
      output: { kind: 'score' },
      parity: [{ tolerance: 1e-5 }],
      metrics: [{ signal: 1977, background: 2023 }],
    });
    expect(existsSync(join(folder, 'mine.card.json'))).toBe(true);
    run(folder, 'score', 'mine.onnx', join(root, 'data/val.h5'), '-o', 'scores.npy');
    const refused = (...args: string[]): string => {
      const { status, stderr } = jetsdk(['export', ...args, '-o', 'no.onnx'], folder);
      expect(status, stderr).toBe(2);
      return stderr;
    };
    expect(refused(tagger, '--name', 'x')).toMatch(/gets no card, which these options are for; expected --classes/);
    expect(refused(tagger, '--recipe', 'iml-40', '--classes', 'a,b')).toMatch(
      /takes images of 30×30×1, recipe iml-40 makes 40×40×1/,
    );
    expect(refused(tagger, '--classes', 'a,b,c')).toMatch(/got 3 classes, a, b, c; expected 2 names for its 1 output/);
    expect(refused(join(fixtures, 'graph-keras3.keras'), '--classes', 'a,b')).toMatch(
      /takes jet \(6\).*expected images .* or constituents/,
    );
    expect(existsSync(join(folder, 'no.onnx'))).toBe(false);
  });

  test('export takes models of several inputs and outputs; score says what it lacks', async () => {
    const folder = temporaryFolder();
    await selectBackend('wasm', { threads: 1 });
    const [image, mass] = [tf.input({ shape: [4, 4, 1], name: 'pixels' }), tf.input({ shape: [2], name: 'masses' })];
    const flat = tf.layers.flatten().apply(image) as tf.SymbolicTensor;
    const both = tf.layers.concatenate().apply([flat, mass]) as tf.SymbolicTensor;
    const score = tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'tag' }).apply(both) as tf.SymbolicTensor;
    const other = tf.layers.dense({ units: 3, name: 'regressed' }).apply(both) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [image, mass], outputs: [score, other] });
    await writeLayersModel(folder, await artifactsOf(model));
    model.dispose();
    const { status, stderr, stdout } = jetsdk(['export', 'model.json', '-o', 'two.onnx'], folder);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/2 inputs \(pixels, masses\), 2 outputs \(tag, regressed\)/);
    expect(stdout).toMatch(/against TensorFlow.js on 1000 inputs/);
    const scoring = (...more: string[]) => {
      const scored = jetsdk(['score', 'two.onnx', join(root, 'data/val.h5'), '-o', 's.npy', ...more], folder);
      expect(scored.status).toBe(2);
      return scored.stderr;
    };
    expect(scoring()).toMatch(/2 outputs of numbers \(tag, regressed\); expected --output-name to name one/);
    expect(scoring('--output-name', 'tag')).toMatch(/2 inputs.*pixels.*masses/);
  });

  test('inspect says what each file is', () => {
    const of = (file: string): unknown => JSON.parse(run(root, 'inspect', join(fixtures, file), '--json'));
    expect(of('images-keras2.h5')).toMatchObject({
      kind: 'keras-hdf5',
      version: '2.15.0',
      name: 'images',
      inputs: [[null, 8, 8, 2]],
      training: { optimizer: 'Adam', loss: 'sparse_categorical_crossentropy' },
    });
    expect(of('graph-keras3.keras')).toMatchObject({ kind: 'keras-archive', layers: { Dense: 5, Sequential: 1 } });
    expect(of('graph-keras3.weights.h5')).toMatchObject({ kind: 'keras-weights' });
    expect(of('graph-keras2.json')).toMatchObject({ kind: 'architecture', version: '2.15.0' });
    expect(run(root, 'inspect', join(fixtures, 'graph-keras3.keras'))).toMatch(/a model of Keras \(.keras archive\)/);
  });

  test('train --from goes on with its weights, and what comes out is a run', async () => {
    const folder = temporaryFolder();
    const model = join(fixtures, 'tagger-keras3.keras');
    const data = ['--data', join(root, 'data/val.h5'), '--rows', '0:300', '--recipe', 'course-30-sum'];
    // a learning rate that changes nothing that could be seen
    const still = ['--epochs', '1', '--batch-size', '64', '--learning-rate', '1e-12'];
    run(folder, 'train', '--from', model, ...data, ...still, '-o', 'run');
    await selectBackend('wasm', { threads: 1 });
    const before = await loadLayersModel(model);
    const after = await loadLayersModel(join(folder, 'run/model.json'));
    const images = {
      shape: [3, 30, 30, 1],
      data: Float32Array.from({ length: 2700 }, (_, i) => ((i * 7919) % 13) / 13),
    };
    const [was, is] = [await predict(before, images), await predict(after, images)];
    expect(is.every((score, i) => Math.abs(score - was[i]!) < 1e-5)).toBe(true);
    const { initial, source } = JSON.parse(readFileSync(join(folder, 'run/run.json'), 'utf8')) as Record<
      string,
      object
    >;
    expect(initial).toMatchObject({ network: 'tagger-keras3', dataset: 'data that tagger-keras3.keras does not tell' });
    expect(source).toMatchObject({ file: 'tagger-keras3.json', copy: 'network.json' });
    run(folder, 'export', 'run', '-o', 'model.onnx');
    run(folder, 'train', '--from', model, ...data, ...still, '--epochs', '2', '-o', 'run', '--resume');
  });
});
