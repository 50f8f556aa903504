import { join } from 'node:path';
import { correctedJets, type Progress, takeSource } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../../../../tests/support/command.js';
import { loadRegressor } from '../node/entry.js';
import { type CorrectedBlock, correctJets } from './correctJets.js';

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
