import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importWeights } from '@jetsdk/export';
import { openModel } from '@jetsdk/infer';
import { jetImages, jets, type ModelCard, random } from '@jetsdk/jets';
import { readCard } from '@jetsdk/onnx';
import {
  artifactsOf,
  buildNetwork,
  loadNetwork,
  meanModel,
  outputsFor,
  predict,
  type Run,
  selectBackend,
} from '@jetsdk/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jetsdk, root } from './support/command.js';

const models = join(root, 'models');
const cardOf = (name: string): ModelCard => JSON.parse(readFileSync(join(models, name, 'card.json'), 'utf8'));
const names = Object.keys(JSON.parse(readFileSync(join(models, 'models.json'), 'utf8')));
const ofOneTraining = names.filter((name) => (cardOf(name).mean?.trainings.length ?? 1) === 1);

/** Six images of which most pixels are empty, or six jets. */
function someInputs({ input, training }: ModelCard) {
  const { uniform } = random(6);
  const size = input.shape.reduce((a, b) => a * b);
  const data = new Float32Array(6 * size);
  if (input.shape.length === 2) {
    for (let i = 0; i < data.length; i += 4) {
      data.set([uniform(), uniform(), uniform()], i + 1);
      data[i] = 1.1 * Math.hypot(data[i + 1]!, data[i + 2]!, data[i + 3]!);
    }
    return jets(data, input.shape[0]!);
  }
  const [sum] = training?.range?.sum ?? [1];
  for (let filled = 0; filled < 40 * 6; filled++) data[size * (filled % 6) + Math.floor(size * uniform())]! += sum / 40;
  return jetImages(data, input.shape as [number, number, number]);
}

test.each(ofOneTraining)('the weights found in the file of %s say of jets what the file says', async (name) => {
  await selectBackend('wasm');
  const bytes = readFileSync(join(models, name, 'model.onnx'));
  const card = readCard(bytes)!;
  const inputs = someInputs(card);
  const model = await openModel(bytes);
  const { [card.output.name]: expected } = await model.run({ [card.input.name]: inputs });
  await model.close();

  const network = await loadNetwork(card.training!.network);
  const outputs = outputsFor(network, card.classes.length);
  const fresh = await artifactsOf(
    await buildNetwork(network, { inputShape: card.input.shape, settings: {}, seed: 1, ...(outputs && { outputs }) }),
  );
  const images = card.mean?.images ?? [[]];
  const exported = card.mean === undefined ? fresh : await artifactsOf(await meanModel([fresh], images));
  const found = { ...fresh, weights: importWeights(bytes, exported).weights };
  const got = await predict(card.mean === undefined ? found : await meanModel([found], images), inputs);
  expect(got.length).toBe(expected!.data.length);
  for (const [i, value] of got.entries()) expect(Math.abs(expected!.data[i]! - value)).toBeLessThan(1e-5);
});

describe('jetsdk train --from an exported model', () => {
  let folder: string;
  const data = ['--data', join(root, 'data/train.h5'), '--validation', join(root, 'data/val.h5')];
  const briefly = [...data, '--epochs', '1', '--train-jets', '300', '--classes', 'QCD,top'];

  function run(...args: string[]): string {
    const { status, stdout, stderr } = jetsdk(args, folder);
    expect(status, stderr).toBe(0);
    return stdout;
  }
  const runOf = (path: string): Run => JSON.parse(readFileSync(join(folder, path, 'run.json'), 'utf8'));
  const valLoss = (path: string): number =>
    JSON.parse(readFileSync(join(folder, path, 'history.json'), 'utf8')).epochs[0].valLoss;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'jetsdk-go-on-'));
    run('train', 'course-cnn', ...briefly, '--seeds', '2', '-o', 'runs');
    run('export', 'runs/seed-1', '-o', 'model.onnx');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('learns as from the run that it was made of, and needs no name of a network', () => {
    run('train', 'course-cnn', ...briefly, '--seed', '3', '--from', 'runs/seed-1', '-o', 'from-run');
    run('train', ...briefly, '--seed', '3', '--from', 'model.onnx', '-o', 'from-file');
    const weights = (path: string): Buffer => readFileSync(join(folder, path, 'weights.bin'));
    expect(weights('from-file').equals(weights('from-run'))).toBe(true);
    expect(weights('from-file').equals(weights('runs/seed-1'))).toBe(false);
    expect(runOf('from-file').initial).toEqual(runOf('from-run').initial);
  });

  test('takes a reference model by its name', () => {
    run('train', ...briefly, '--learning-rate', '1e-9', '--from', 'course-cnn', '-o', 'from-name');
    expect(runOf('from-name').initial).toMatchObject({ network: 'course-cnn' });
    expect(valLoss('from-name')).toBeLessThan(0.25);
  });

  test('begins where the file is though it has normalisations within its convolutions, and goes on when interrupted', () => {
    cpSync(join(root, 'tests/support/normedNetwork.mjs'), join(folder, 'normed.mjs'));
    const train = ['train', 'normed.mjs', ...briefly];
    run(...train, '--train-jets', '2000', '--epochs', '4', '-o', 'normed');
    run('export', 'normed', '-o', 'normed.onnx');
    run(...train, '--learning-rate', '1e-9', '--from', 'normed.onnx', '-o', 'normed-on');
    const { epochs, bestEpoch } = JSON.parse(readFileSync(join(folder, 'normed/history.json'), 'utf8'));
    expect(Math.abs(valLoss('normed-on') - epochs[bestEpoch - 1].valLoss)).toBeLessThan(0.02);
    run(...train, '--epochs', '2', '--learning-rate', '1e-9', '--from', 'normed.onnx', '--resume', '-o', 'normed-on');
  });

  test.each<[string, () => string[], RegExp]>([
    [
      'another network',
      () => ['course-dense', '--from', 'model.onnx'],
      /model\.onnx: weights of course-cnn; expected of course-dense; train course-cnn \[BAD_ARGUMENT\]/,
    ],
    [
      'the mean of several trainings',
      () => {
        run('export', 'runs/seed-1', 'runs/seed-2', '-o', 'mean.onnx');
        return ['--from', 'mean.onnx'];
      },
      /mean\.onnx: the mean of 2 trainings; expected one; begin with the folder of one of them/,
    ],
    [
      'a file with preprocessing',
      () => {
        run('export', 'runs/seed-1', '-o', 'whole.onnx', '--with-preprocessing');
        return ['--from', 'whole.onnx'];
      },
      /whole\.onnx: it makes its images of constituents itself; expected a file that takes images/,
    ],
    [
      'what is no model',
      () => {
        writeFileSync(join(folder, 'text.onnx'), 'no model');
        return ['--from', 'text.onnx'];
      },
      /text\.onnx: not an ONNX model.*\[BAD_MODEL\]/,
    ],
    ['a file that is not there', () => ['--from', 'none.onnx'], /none\.onnx: no such file/],
  ])('refuses %s, and writes no run', (_, args, message) => {
    const { status, stderr } = jetsdk(['train', ...args(), ...briefly, '-o', 'refused'], folder);
    expect(stderr.replaceAll('\n', ' ')).toMatch(message);
    expect(status).toBe(2);
    expect(() => readFileSync(join(folder, 'refused/run.json'))).toThrow();
  });
});
