import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadGenerator } from '@jetsdk/infer';
import { random } from '@jetsdk/jets';
import { readArrays, writeArrays } from '@jetsdk/jets/files';
import { expect, test } from 'vitest';
import { jetsdk, temporaryFolder } from './support/command.js';

const ROWS = 32;

/** Images of a pixel or two, as LAGAN's files have them. */
async function jetImageFile(path: string): Promise<void> {
  const rng = random(1);
  const signal = Float32Array.from({ length: ROWS }, (_, row) => row % 2);
  const data = new Float32Array(ROWS * 625);
  signal.forEach((two, row) => {
    data[row * 625 + 312] = 200 + 10 * rng.normal();
    if (two) data[row * 625 + 306] = 80 + 10 * rng.normal();
  });
  await writeArrays(path, [{ image: { shape: [ROWS, 25, 25], data }, signal: { shape: [ROWS], data: signal } }]);
}

test('lagan: trained, gone on with, exported and asked for jets of a class', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  await jetImageFile(at('jets.h5'));
  const train = (...more: string[]) =>
    jetsdk(['train', 'lagan', '--data', at('jets.h5'), '--batch-size', '16', '-o', at('run'), ...more]);

  const trained = train('--epochs', '1');
  expect(trained.stderr).toContain('jetsdk export writes it as ONNX');
  expect(train('--epochs', '1')).toMatchObject({ status: 2, stderr: expect.stringContaining('already holds a run') });
  const report = readFileSync(at('run/report.html'), 'utf8');
  for (const text of ['Training of lagan on jets.h5', 'After epoch 1.', 'class 0', 'Cross-entropy'])
    expect(report).toContain(text);
  for (const of of ['simulated jets of class 1', 'generated jets of class 0'])
    expect(report).toContain(`Means of the most and of the least real tenth of 16 ${of}, 2 each.`);
  const sampled = await readArrays(at('run/samples/epoch-0001.h5'), ['image', 'signal']);
  expect([...sampled.signal.data]).toEqual([0, 1, 0, 1]);
  const weights = readFileSync(at('run/state.bin'));
  expect(train('--epochs', '1', '--resume').status).toBe(0);
  expect(readFileSync(at('run/state.bin')).equals(weights)).toBe(true);
  expect(train('--epochs', '2', '--resume').status).toBe(0);
  expect(readFileSync(at('run/report.html'), 'utf8')).toContain('After epoch 2.');

  const exported = jetsdk(['export', at('run'), '-o', at('lagan.onnx'), '--precision', 'float16']);
  expect(exported.stdout).toMatch(/max \|Δ\| = \S+ GeV/);
  const card = JSON.parse(readFileSync(at('generator.json'), 'utf8'));
  expect(card).toMatchObject({
    task: 'jet images',
    noise: 200,
    outputs: [{ name: 'image', shape: [25, 25], unit: 'GeV' }],
    training: { network: 'lagan', parameters: 3_587_072, epochs: 2 },
  });

  const asked = ['-n', '6', '--signal', '1', '--seed', '3'];
  expect(jetsdk(['generate', at('lagan.onnx'), ...asked, '-o', at('w.h5')]).status).toBe(0);
  const { image, signal } = await readArrays(at('w.h5'), ['image', 'signal']);
  expect(image.shape).toEqual([6, 25, 25]);
  expect([...signal.data]).toEqual([1, 1, 1, 1, 1, 1]);
  await using generator = await loadGenerator(at('lagan.onnx'));
  const { outputs } = await generator.generate(6, { seed: 3, conditions: { signal: 1 } });
  expect(outputs['image']?.data).toEqual(image.data);

  const wrong = jetsdk(['generate', at('lagan.onnx'), '-n', '1', '--energy', '5', '-o', at('no.h5')]);
  expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('asked by signal; expected no --energy') });
  expect(existsSync(at('no.h5'))).toBe(false);
});
