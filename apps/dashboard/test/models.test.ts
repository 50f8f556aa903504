import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTagger } from '@jetsdk/infer';
import { openJets } from '@jetsdk/jets/files';
import { readNpy, scoresOf, writeNpy } from '@jetsdk/jets/npy';
import { readCard, withCard } from '@jetsdk/onnx';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  barriers,
  choose,
  chromium,
  fittingNames,
  keepScreenshot,
  largestDifference,
  modelFile,
  modelNames,
  openSample,
  PATIENT,
  saved,
  score,
  TOLERANCE,
  useSite,
  visit,
} from './site.ts';

const fixtures = fileURLToPath(new URL('../../../packages/infer/fixtures/', import.meta.url));
const [small] = fittingNames;

const site = useSite();

const lineOf = (page: Page, id: string): Locator =>
  page.locator('.model', { has: page.getByRole('checkbox', { name: new RegExp(`^${id}(\\s|$)`) }) });

/** A file of blank and busy images. */
async function images(name: string, side: number): Promise<string> {
  const jets = 40;
  const path = join(site().scratch, name);
  const data = new Float32Array(jets * side * side).map((_, i) => ((i * 7919) % 97 < 12 ? (i % 31) / 31 : 0));
  await writeFile(path, writeNpy({ dtype: 'float32', shape: [jets, side, side], data }));
  return path;
}

describe.skipIf(chromium === undefined)('models in Chromium (skipped where it is not installed)', () => {
  it('are a line each until opened, and after scoring the results are what is seen, on a phone too', async () => {
    for (const viewport of [
      { width: 1280, height: 800 },
      { width: 360, height: 740 },
    ]) {
      const { page, complaints } = await visit(site().browser, site().url, { viewport });
      await openSample(page);
      const heights = await page.locator('.model').evaluateAll((lines) => lines.map((line) => line.clientHeight));
      expect(heights).toHaveLength(modelNames.length);
      expect(Math.max(...heights)).toBeLessThan(viewport.width < 600 ? 140 : 90);
      await page.getByRole('button', { name: `More about ${small}` }).click();
      await lineOf(page, small).getByText('Parameters').waitFor();
      await choose(page, [small]);
      await score(page);
      const heading = page.getByRole('heading', { name: 'Results' });
      await expect.poll(async () => (await heading.boundingBox())!.y, PATIENT).toBeLessThan(viewport.height / 4);
      expect((await heading.boundingBox())!.y).toBeGreaterThanOrEqual(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      await keepScreenshot(page, `models-${viewport.width}`);
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it('that cannot run on the jets are grey and say why; one of another task is remarked on', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await openSample(page);
    await lineOf(page, 'cvn').getByText('Trained to find Hbb; the signal here is top.').waitFor();
    await lineOf(page, 'cvn-two-view').getByText('Its recipe needs the charge of each constituent.').waitFor();
    expect(await page.getByRole('checkbox', { name: /^cvn-two-view/ }).isDisabled()).toBe(true);
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(await images('course.npy', 30));
    await page.getByRole('heading', { name: 'course.npy' }).waitFor();
    await lineOf(page, 'constituent-dnn').getByText('It takes constituents; these jets are images.').waitFor();
    await lineOf(page, 'tutorial-cnn').getByText('It takes images of 40 × 40 × 1; these are 30 × 30 × 1.').waitFor();
    const fit = page.locator('.model input:enabled');
    expect(await fit.count()).toBe(2);
    await page.getByRole('button', { name: 'Score with 1 tagger' }).waitFor();
    await barriers(page);
    expect(complaints).toEqual([]);
  });

  it('show their layers, with what a jet costs and a drawing', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await openSample(page);
    const name = 'course-cnn';
    await page.getByRole('button', { name: `More about ${name}` }).click();
    const line = lineOf(page, name);
    await line.getByRole('button', { name: 'Show its layers' }).click();
    const table = line.getByRole('table');
    await table.waitFor();
    await line.getByText(/operations of one jet: [\d.]+ MFLOP/).waitFor();
    await line.getByText(/^receptive field/).waitFor();
    const rows = await table.locator('tbody tr').allInnerTexts();
    expect(rows.some((row) => /Conv\s/.test(row) && row.includes('Relu'))).toBe(true);
    await line
      .getByRole('region', { name: `Drawing of ${name}` })
      .locator('svg')
      .first()
      .waitFor();
    await keepScreenshot(page, 'layers');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('say where the jets at hand took part in their training', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    const path = await images('seen.npy', 30);
    const bytes = await readFile(modelFile('course-cnn'));
    const card = readCard(bytes);
    if (card?.training === undefined) throw new Error('course-cnn has no card');
    const datasetHash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    const seen = join(site().scratch, 'seen.onnx');
    await writeFile(seen, withCard(bytes, { ...card, name: 'seen', training: { ...card.training, datasetHash } }));
    await page.locator('input[type=file]').first().setInputFiles(path);
    await page.getByRole('heading', { name: 'seen.npy' }).waitFor();
    await page.locator('.model-drop input[type=file]').setInputFiles(seen);
    await choose(page, ['course-cnn', 'seen.onnx']);
    await page.getByRole('button', { name: 'Score with 2 taggers' }).click();
    await lineOf(page, 'seen.onnx')
      .getByText(/seen.npy: jets of this file took part in the training of the model .*figures on it are too good/)
      .waitFor();
    expect(await lineOf(page, 'course-cnn').getByText('took part').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('that fail say so in their line, and the others score', async () => {
    const { page } = await visit(site().browser, site().url);
    const path = await images('twelve.npy', 12);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'Average images' }).waitFor();
    const colour = join(site().scratch, 'colour.onnx');
    await copyFile(join(fixtures, 'colour.onnx'), colour);
    await page.locator('.model-drop input[type=file]').setInputFiles([colour, join(fixtures, 'scoreNhwc.onnx')]);
    await choose(page, ['colour.onnx', 'scoreNhwc.onnx']);
    await page.getByRole('button', { name: 'Score with 2 taggers' }).click();
    await page.getByRole('button', { name: 'Save scores.npy of scoreNhwc.onnx' }).waitFor();
    await lineOf(page, 'colour.onnx').getByRole('alert').getByText('expected (8, 8, 3)').waitFor();
    await page.getByRole('heading', { name: 'Results' }).waitFor();
  });

  it('without a card are asked about in a form, and score as with the same options in Node', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await openSample(page);
    const file = join(fixtures, 'logits.onnx');
    await page.locator('.model-drop input[type=file]').setInputFiles(file);
    const line = lineOf(page, 'logits.onnx');
    await line.getByText('Say below what its output holds.').waitFor();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles(await images('twelve.npy', 12));
    await page.getByRole('heading', { name: 'twelve.npy' }).waitFor();
    await line.getByLabel('Its output holds').selectOption('logit');
    await choose(page, ['logits.onnx']);
    await score(page);
    const scores = scoresOf(readNpy(await saved(page, 'Save scores.npy of logits.onnx')));
    const source = await openJets(join(site().scratch, 'twelve.npy'));
    const tagger = await loadTagger(file, { device: 'cpu', outputKind: 'logit' });
    expect(largestDifference(scores, await tagger.score(source))).toBeLessThan(TOLERANCE);
    await tagger.dispose();
    source.close();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('of constituents are told so, and images are made by the recipe that is chosen', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await openSample(page);
    await page
      .locator('.model-drop input[type=file]')
      .setInputFiles(['constituents', 'openSizes'].map((name) => join(fixtures, `${name}.onnx`)));
    await lineOf(page, 'openSizes.onnx').getByText('Say below how constituents become its images.').waitFor();
    await lineOf(page, 'openSizes.onnx').getByLabel('Recipe').selectOption('course-30');
    await expect.poll(() => page.getByRole('checkbox', { name: /^openSizes/ }).isEnabled(), PATIENT).toBe(true);
    await lineOf(page, 'constituents.onnx').getByLabel('It takes').selectOption('constituents');
    await choose(page, ['constituents.onnx']);
    await score(page);
    const scores = scoresOf(readNpy(await saved(page, 'Save scores.npy of constituents.onnx')));
    const source = await openJets(join(site().folder, 'sample.npz'));
    const tagger = await loadTagger(join(fixtures, 'constituents.onnx'), { device: 'cpu', inputKind: 'constituents' });
    expect(largestDifference(scores, await tagger.score(source))).toBeLessThan(TOLERANCE);
    await tagger.dispose();
    source.close();
    expect(complaints).toEqual([]);
  });

  it('are refused where they are none: a text file is no model', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await openSample(page);
    const text = join(site().scratch, 'README.onnx');
    await writeFile(text, '# not a model\n');
    await page.locator('.model-drop input[type=file]').setInputFiles(text);
    await page.getByRole('alert').getByText('README.onnx').waitFor();
    expect(await page.locator('.model').count()).toBe(modelNames.length);
    expect(complaints).toEqual([]);
  });
});
