import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArrays, writeArrays } from '@jetsdk/jets/files';
import { readNpy, writeNpy } from '@jetsdk/jets/npy';
import { expect, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from '../../../../tests/support/command.js';

const model = join(root, 'models/calo-flow/model.onnx');
const LAYERS = ['layer_0', 'layer_1', 'layer_2', 'energy'] as const;

test('generate writes showers in the public layout, the same by name, in shards and at the energies of a file', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const asked = ['-n', '30', '--energy', '10:100', '--seed', '4'];
  const all = jetsdk(['generate', 'calo-flow', ...asked, '-o', at('all.h5')]);
  expect(all.status, all.stderr).toBe(0);
  expect(all.stderr).toMatch(/all\.h5: 30 of calo-flow in .* ms each/);
  const whole = await readArrays(at('all.h5'), LAYERS);
  expect(LAYERS.map((name) => whole[name].shape)).toEqual([
    [30, 3, 96],
    [30, 12, 12],
    [30, 12, 6],
    [30, 1],
  ]);
  whole.energy.data.forEach((energy, i) => {
    expect(energy).toBeGreaterThan(10);
    expect(energy).toBeLessThan(100);
    let found = 0;
    for (const name of LAYERS.slice(0, 3)) {
      const { data } = whole[name];
      const cells = data.length / 30;
      for (const cell of data.subarray(i * cells, (i + 1) * cells)) {
        expect(cell).toBeGreaterThanOrEqual(0);
        found += cell;
      }
    }
    expect(Math.abs(found / (1000 * energy) - 0.997)).toBeLessThan(0.02);
  });

  expect(jetsdk(['generate', model, ...asked, '--shard', '1/3', '-o', at('part.h5')]).status).toBe(0);
  const part = await readArrays(at('part.h5'), LAYERS);
  expect(part.energy.data).toEqual(whole.energy.data.subarray(10, 20));
  for (const layer of ['layer_0', 'layer_1', 'layer_2'] as const) {
    const cells = whole[layer].data.length / 30;
    expect(part[layer].data).toEqual(whole[layer].data.subarray(10 * cells, 20 * cells));
  }

  await writeArrays(at('asked.h5'), [{ energy: whole.energy }]);
  const like = jetsdk(['generate', model, '--conditions', at('asked.h5'), '--seed', '4', '-o', at('like.h5')]);
  expect(like.status, like.stderr).toBe(0);
  expect((await readArrays(at('like.h5'), LAYERS)).layer_0.data).toEqual(whole.layer_0.data);
});

test('generate takes the classes of a .npy file and writes images as one, the same as in HDF5', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const signal = Float32Array.of(1, 0, 1, 1, 0);
  writeFileSync(at('signal.npy'), writeNpy({ dtype: 'float32', shape: [5], data: signal }));
  writeFileSync(at('nan.npy'), writeNpy({ dtype: 'float32', shape: [2], data: Float32Array.of(50, Number.NaN) }));
  for (const output of ['jets.npy', 'jets.h5']) {
    const { status, stderr } = jetsdk(['generate', 'jet-flow', '--conditions', at('signal.npy'), '-o', at(output)]);
    expect(status, stderr).toBe(0);
  }
  const written = await readArrays(at('jets.h5'), ['image', 'signal']);
  expect(written.signal.data).toEqual(signal);
  const images = readNpy(readFileSync(at('jets.npy')));
  expect(images).toMatchObject({ dtype: 'float32', shape: [5, 25, 25] });
  expect(images.data).toEqual(written.image.data);
  for (const [args, message] of [
    [['calo-flow', '-n', '2', '--energy', '50', '-o', at('no.npy')], /calo-flow makes layer_0, layer_1, layer_2/],
    [['calo-flow', '-n', '2', '--energy', '50', '-o', at('no.txt')], /ends in \.h5, or in \.npy/],
    [['calo-flow', '--conditions', at('jets.npy'), '-o', at('no.h5')], /\(5, 25, 25\)/],
    [['calo-flow', '--conditions', at('nan.npy'), '-o', at('no.h5')], /nan\.npy: energy 1 is NaN/],
  ] as const) {
    const { status, stderr } = jetsdk(['generate', ...args]);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  }
  for (const name of ['no.npy', 'no.txt', 'no.h5']) expect(existsSync(at(name))).toBe(false);
});

test('generate writes images of both classes of jets in the layout of LAGAN', async () => {
  const output = join(temporaryFolder(), 'jets.h5');
  const { status, stderr } = jetsdk([
    'generate',
    'jet-flow',
    '-n',
    '24',
    '--signal',
    '0:1',
    '--seed',
    '2',
    '-o',
    output,
  ]);
  expect(status, stderr).toBe(0);
  const { image, signal } = await readArrays(output, ['image', 'signal']);
  expect([image.shape, signal.shape]).toEqual([[24, 25, 25], [24]]);
  expect(new Set(signal.data)).toEqual(new Set([0, 1]));
  for (let jet = 0; jet < 24; jet++) {
    const pixels = image.data.subarray(625 * jet, 625 * (jet + 1));
    expect(pixels.every((pixel) => pixel === 0 || pixel >= 0.05)).toBe(true);
    const total = pixels.reduce((sum, pixel) => sum + pixel, 0);
    expect(total).toBeGreaterThan(200);
    expect(total).toBeLessThan(450);
  }
});

test.each<[string, string[], RegExp]>([
  ['an energy outside the training', ['-n', '3', '--energy', '500'], /500 GeV.*from 1 to 100 GeV/],
  ['no energy', ['-n', '3'], /not told the energy; expected --energy with 1 to 100 GeV/],
  ['a class of showers', ['-n', '3', '--signal', '1'], /asked by energy; expected no --signal/],
  ['what is no energy', ['-n', '3', '--energy', 'high'], /got high; expected GeV/],
  ['no number', ['--energy', '50'], /expected -n/],
])('generate refuses %s with exit code 2 and writes nothing', (_, args, message) => {
  const output = join(temporaryFolder(), 'none.h5');
  const { status, stderr } = jetsdk(['generate', model, ...args, '-o', output]);
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
  expect(existsSync(output)).toBe(false);
});

test('generate says of a tagger that score is for it', () => {
  const tagger = join(root, 'models/course-cnn/model.onnx');
  const { status, stderr } = jetsdk([
    'generate',
    tagger,
    '-n',
    '1',
    '--energy',
    '50',
    '-o',
    join(temporaryFolder(), 'none.h5'),
  ]);
  expect(stderr).toMatch(/use jetsdk score/);
  expect(status).not.toBe(0);
});
