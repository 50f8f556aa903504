import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { correctedJets, type Progress, takeSource } from '@jetsdk/jets';
import { openJets, readArrays, writeArrays } from '@jetsdk/jets/files';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../../../../tests/support/command.js';
import { loadRegressor } from '../node/entry.js';
import { type CorrectedBlock, correctedArrays, correctJets } from './correctJets.js';

it('corrects every jet of a source once, in order, with pT and mass as of one call', async () => {
  const regressor = await loadRegressor(join(root, 'models/pumml/model.onnx'), { device: 'wasm' });
  onTestFinished(() => regressor.dispose());
  const few = await openJets(join(root, 'data/pileup.h5'));
  onTestFinished(() => few.close());
  // two blocks of 4,096 and what is left of a third
  const rows = Uint32Array.from({ length: 8200 }, (_, i) => i % few.count).sort();
  const source = takeSource(few, rows);
  const seen: Progress[] = [];
  const blocks: CorrectedBlock[] = [];
  for await (const block of correctJets(regressor, source, { onProgress: (one) => seen.push(one) })) blocks.push(block);
  expect(blocks.map(({ start, pt }) => [start, pt.length])).toEqual([
    [0, 4096],
    [4096, 4096],
    [8192, 8],
  ]);
  expect(seen.at(-1)).toEqual({ done: 8200, total: 8200 });
  const jets = await source.read(4090, 4110);
  if (jets.kind !== 'constituents') throw new Error(`${jets.kind}; expected constituents`);
  const images = { kind: 'images', ...(await regressor.correct(jets)) } as const;
  const { recipe, output } = regressor.info;
  const { pt, mass } = correctedJets(images, jets, { recipe, halfWidth: output.halfWidth });
  const of = (key: 'pt' | 'mass') => [...blocks[0]![key].slice(4090), ...blocks[1]![key].slice(0, 14)];
  const near = (found: readonly number[], wanted: Float64Array): number =>
    Math.max(...found.map((one, i) => Math.abs(one / wanted[i]! - 1)));
  expect(near(of('pt'), pt)).toBeLessThan(1e-6);
  expect(near(of('mass'), mass)).toBeLessThan(1e-6);
});

it('refuses images', async () => {
  const regressor = await loadRegressor(join(root, 'models/pumml/model.onnx'), { device: 'wasm' });
  onTestFinished(() => regressor.dispose());
  const images = await openJets(join(root, 'packages/jets/fixtures/images-labels.h5'));
  onTestFinished(() => images.close());
  await expect(correctJets(regressor, images).next()).rejects.toThrow(/got images; expected constituents with charge/);
});

it('corrected blocks are the arrays of one file: images without the axis of their channel, pT and mass', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-corrected-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const block = (start: number, jets: number, channels: number): CorrectedBlock => ({
    start,
    jets: { kind: 'constituents', shape: [jets, 1, 4], data: new Float32Array(4 * jets) },
    images: {
      kind: 'images',
      shape: [jets, 2, 3, channels],
      data: Float32Array.from({ length: 6 * channels * jets }, (_, i) => 6 * start + i),
    },
    pt: Float64Array.from({ length: jets }, (_, i) => 500 + start + i),
    mass: Float64Array.from({ length: jets }, (_, i) => 80 + start + i),
  });
  const path = join(folder, 'corrected.h5');
  await writeArrays(path, [block(0, 2, 1), block(2, 1, 1)].map(correctedArrays));
  expect(await readArrays(path, ['image', 'pt', 'mass'])).toEqual({
    image: { shape: [3, 2, 3], data: Float32Array.from({ length: 18 }, (_, i) => i) },
    pt: { shape: [3], data: Float32Array.of(500, 501, 502) },
    mass: { shape: [3], data: Float32Array.of(80, 81, 82) },
  });
  expect(correctedArrays(block(0, 2, 4)).image.shape).toEqual([2, 2, 3, 4]);
});
