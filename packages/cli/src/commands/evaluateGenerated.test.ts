import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '@jetsdk/jets';
import { writeArrays } from '@jetsdk/jets/files';
import { expect, test } from 'vitest';
import { jetsdk, temporaryFolder } from '../../../../tests/support/command.js';

/** Images with a pixel in the middle and some about it, those of class 1 with a second one. */
function images(count: number, seed: number, factor = 1) {
  const { normal, integer } = random(seed);
  const image = new Float32Array(count * 625);
  const signal = Float32Array.from({ length: count }, (_, i) => i % 2);
  for (let jet = 0; jet < count; jet++) {
    image[625 * jet + 312] = factor * (200 + 10 * normal());
    if (signal[jet] === 1) image[625 * jet + 306 - integer(3)] = 60 + 5 * normal();
    for (let k = integer(8); k >= 0; k--) image[625 * jet + 260 + integer(100)] += 1;
  }
  return { image: { shape: [count, 25, 25], data: image }, signal: { shape: [count], data: signal } };
}

test('eval of two files judges generated jets by observables and pixels, in a report with pictures', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  await writeArrays(at('simulated.h5'), [images(160, 1)]);
  await writeArrays(at('alike.h5'), [images(160, 2)]);
  await writeArrays(at('harder.h5'), [images(160, 3, 1.3)]);
  const figures = (file: string, ...more: string[]) => {
    const { status, stdout, stderr } = jetsdk(['eval', at(file), at('simulated.h5'), '--json', ...more]);
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout) as {
      generated: number;
      twoSampleAuc: number;
      cellsAuc: number;
      networkAuc?: number;
      frechet: { value: number };
      observables: { name: string; wasserstein: number }[];
    };
  };
  const alike = figures('alike.h5');
  const harder = figures('harder.h5', '--classifier', 'network', '--report', at('report.html'));
  expect(alike.generated).toBe(160);
  expect(alike.networkAuc).toBeUndefined();
  expect(harder.networkAuc).toBeGreaterThan(0.8);
  for (const auc of [alike.twoSampleAuc, alike.cellsAuc]) expect(Math.abs(auc - 0.5)).toBeLessThan(0.15);
  for (const auc of [harder.twoSampleAuc, harder.cellsAuc]) expect(auc).toBeGreaterThan(0.95);
  expect(harder.frechet.value).toBeGreaterThan(10 * alike.frechet.value);
  const pt = harder.observables.find(({ name }) => name === 'pt');
  expect(pt?.wasserstein).toBeGreaterThan(50);
  const page = readFileSync(at('report.html'), 'utf8');
  for (const text of [
    'Generated jets',
    'Mean image of the jets of class 1',
    'How much lies in a pixel that is not empty',
    'simulated jet most like it',
    '>Ratio<',
  ])
    expect(page).toContain(text);
});

test('eval --training tells copies of the training sample from fresh jets, and shows them beside their originals', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const training = images(200, 4);
  const copies = Float32Array.from(training.image.data.subarray(0, 160 * 625), (pixel) => pixel * 1.001);
  await writeArrays(at('training.h5'), [training]);
  await writeArrays(at('simulated.h5'), [images(160, 5)]);
  await writeArrays(at('fresh.h5'), [images(160, 6)]);
  await writeArrays(at('copies.h5'), [
    {
      image: { shape: [160, 25, 25], data: copies },
      signal: { shape: [160], data: training.signal.data.subarray(0, 160) },
    },
  ]);
  const judge = (file: string, ...more: string[]) =>
    jetsdk(['eval', at(file), at('simulated.h5'), '--training', at('training.h5'), '--json', ...more]);
  const nearer = (file: string, ...more: string[]) =>
    (JSON.parse(judge(file, ...more).stdout) as { nearerToTraining: { auc: number; stdErr: number } }).nearerToTraining;
  const [fresh, copied] = [nearer('fresh.h5'), nearer('copies.h5', '--report', at('report.html'))];
  expect(Math.abs(fresh.auc - 0.5)).toBeLessThan(4 * fresh.stdErr);
  expect(copied.auc).toBeGreaterThan(0.99);
  const page = readFileSync(at('report.html'), 'utf8');
  const pairs = [...page.matchAll(/Generated jet (\d+) \(class \d\) and the jet of the training most like it, (\d+)/g)];
  expect(pairs.map(([, made]) => made)).toEqual(pairs.map(([, , original]) => original));
  expect(pairs).toHaveLength(3);
  expect(page).toContain('Distance to the nearest of the training');

  await writeArrays(at('simulated.h5'), [images(160, 4)]);
  expect(judge('fresh.h5')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/of 160 simulated jets are in the training; expected others; choose them by --rows/),
  });
});

test('eval refuses files of different kinds, files of neither, and one file alone', async () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  await writeArrays(at('jets.h5'), [images(4, 1)]);
  await writeArrays(at('other.h5'), [{ layer_0: { shape: [2, 3, 96], data: new Float32Array(576) } }]);
  await writeArrays(at('none.h5'), [{ numbers: { shape: [2], data: new Float32Array(2) } }]);
  const refused = (args: string[], message: RegExp): void => {
    const { status, stderr } = jetsdk(['eval', ...args, '--report', at('report.html')]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(at('report.html'))).toBe(false);
  };
  refused([at('jets.h5'), at('other.h5')], /holds jets.*showers; expected the same in all/);
  refused([at('none.h5'), at('jets.h5')], /expected showers \(layer_0.*or jets/);
  refused([at('jets.h5')], /expected two files, generated and simulated/);
  refused([at('jets.h5'), at('jets.h5'), '--training-rows', '0:2'], /--training-rows without --training/);
  refused([at('jets.h5'), at('jets.h5'), '--generator', 'calo-flow'], /makes layer_0.*expected image, as in the files/);
  refused(['--training', at('jets.h5')], /eval: --training; expected two files with these/);
});
