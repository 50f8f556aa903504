import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJets, readLabels } from '@jetsdk/jets/files';
import { readNpy, scoresOf, writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import { describe, expect, it } from 'vitest';
import {
  barriers,
  choose,
  chromium,
  fittingNames,
  keepScreenshot,
  largestDifference,
  modelFile,
  nodeScores,
  openSample,
  PATIENT,
  saved,
  score,
  TOLERANCE,
  useSite,
  visit,
} from './site.ts';

const tiny = fileURLToPath(new URL('../../../packages/infer/fixtures/scoreNhwc.onnx', import.meta.url));
const [small, other] = fittingNames;
const large = fittingNames.at(-1)!;

const site = useSite();
const sampleFile = (): string => join(site().folder, 'sample.npz');

/** A file of the first labelled jets of the sample. */
async function firstJets(count: number): Promise<string> {
  const source = await openJets(sampleFile());
  const { shape, data: numbers } = await source.read(0, count);
  const labels = (await source.labels())!.slice(0, count);
  const path = join(site().scratch, `first${count}.npz`);
  const arrays = new Map([
    ['constituents', { dtype: 'float32', shape, data: numbers } as const],
    ['labels', { dtype: 'uint8', shape: [count], data: labels } as const],
  ]);
  await writeFile(path, writeNpz(arrays));
  return path;
}

describe.skipIf(chromium === undefined)('scoring in Chromium (skipped where it is not installed)', () => {
  it('fits a phone: taggers and tables fold, no figure breaks in two, and the images are those of the leading tagger', async () => {
    const { page, complaints } = await visit(site().browser, site().url, { viewport: { width: 390, height: 844 } });
    await openSample(page);
    await choose(page, ['course-cnn', 'course-dense', 'constituent-dnn']);
    await score(page);
    await page.getByRole('heading', { name: 'Paired tests' }).waitFor();
    const narrow = `[...document.querySelectorAll('.model strong, .facts dd')].filter((one) => one.getClientRects()[0].height > 30 || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)`;
    expect(await page.evaluate(narrow)).toEqual([]);
    const scrolls = `[...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.ariaLabel)`;
    expect(await page.evaluate(scrolls)).toEqual([]);
    expect(await page.locator('.folds input').isVisible()).toBe(true);
    expect(await page.getByRole('combobox', { name: 'Recipe' }).inputValue()).toBe('course-30-sum');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('scores the sample as Node does; the cut moves figures and pictures; all can be taken away', async () => {
    const { page, complaints } = await visit(site().browser, site().url, {
      viewport: { width: 1360, height: 900 },
    });
    await openSample(page);
    await choose(page, [small]);
    await score(page);
    const wanted = await nodeScores(modelFile(small), sampleFile());
    const labels = await readLabels(sampleFile());
    const scores = scoresOf(readNpy(await saved(page, `Save scores.npy of ${small}`)));
    expect(largestDifference(scores, wanted)).toBeLessThan(TOLERANCE);

    for (const name of ['Scores', 'Background rejection', 'Average images', 'Jet mass', 'Jet 0', 'On this page'])
      await page
        .locator('figure', { has: page.getByRole('heading', { name }) })
        .locator('svg.jet-plot')
        .waitFor();
    const line = page.locator('.cut-line');
    const circle = page.locator('.cut-circle');
    const placesOf = async (): Promise<number[]> => [(await line.boundingBox())!.x, (await circle.boundingBox())!.x];
    const [lineBefore, circleBefore] = await placesOf();
    await page.getByRole('slider').fill('0.25');
    const passing = scores.filter((value, jet) => value >= 0.25 && labels[jet] === 0).length;
    const figures = page.locator('.cut-figures');
    await expect.poll(() => figures.innerText(), PATIENT).toMatch(new RegExp(`passing\\s+${passing}$`));
    const [lineAfter, circleAfter] = await placesOf();
    const frame = (await page.getByRole('toolbar').boundingBox())!;
    expect(lineBefore - lineAfter).toBeCloseTo(0.25 * frame.width, -1);
    expect(circleAfter).toBeGreaterThan(circleBefore);
    expect((await saved(page, 'Save “Scores” as SVG')).toString()).toContain('stroke-dasharray="4 3"');
    const averages = page.locator('figure', { has: page.getByRole('heading', { name: 'Average images' }) });
    await averages.getByText(new RegExp(`^\\w+, ${passing} pass$`)).waitFor();

    const inBin = scores.filter((value) => value >= 0.98).length;
    await page.getByRole('button', { name: /^score 0\.98 to 1\.00/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText(`${inBin} jets with a score of 0.98 to 1.00`).waitFor();
    await page.getByText(`1 of ${inBin}`, { exact: true }).waitFor();

    expect((await saved(page, 'Save “Scores” as SVG')).toString()).toMatch(/^<svg.*jet-plot-scores/);
    expect((await saved(page, 'Save “Scores” as PNG')).subarray(1, 4).toString()).toBe('PNG');
    const report = (await saved(page, 'Save a report')).toString();
    expect(report).toContain(small);
    expect(report).not.toContain('<script');
    await keepScreenshot(page, 'light');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('tells beside the tagger, not in the console, what is odd about the jets', async () => {
    const path = join(site().scratch, 'MeV.npy');
    const source = await openJets(sampleFile());
    const { shape, data } = await source.read(0, 50);
    await writeFile(path, writeNpy({ dtype: 'float32', shape, data: data.map((energy) => 1000 * energy) }));
    const { page, complaints } = await visit(site().browser, site().url);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'MeV.npy' }).waitFor();
    await choose(page, [small]);
    await score(page);
    await page.getByText(/^energies up to .*; expected GeV, at most .*; if they are in MeV/).waitFor();
    expect(complaints).toEqual([]);
  });

  it.skipIf(other === undefined)('compares taggers on the same jets (skipped with one model)', async () => {
    const path = await firstJets(300);
    const { page, complaints } = await visit(site().browser, site().url, { colorScheme: 'dark' });
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'first300.npz' }).waitFor();
    await choose(page, [small, other]);
    await score(page);
    await page.getByRole('rowheader', { name: `${small} − ${other}` }).waitFor();
    const cell = page.getByRole('button', { name: new RegExp(`: only ${other} passes$`) }).first();
    const jets = await cell.innerText();
    await cell.click();
    await page.getByText(new RegExp(`^${jets} .* jets? that ${small} rejects and ${other} passes$`)).waitFor();
    await keepScreenshot(page, 'dark');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('stops when asked', async () => {
    const path = join(site().scratch, 'many.npy');
    const jets = 30_000;
    const numbers = new Float32Array(jets * 8).map((_, i) => [120, 60, 80, 0, 70, 40, 30, 0][i % 8] + (i % 7));
    await writeFile(path, writeNpy({ dtype: 'float32', shape: [jets, 2, 4], data: numbers }));
    const { page, complaints } = await visit(site().browser, site().url);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'Average images' }).waitFor();
    await choose(page, [large]);
    const start = page.getByRole('button', { name: 'Score with 1 tagger' });
    await start.click();
    await page.getByText(`Scoring with ${large}`).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await start.and(page.locator(':enabled')).waitFor();
    expect(await page.getByText('scores.npy').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('scores dropped images with a dropped model on WebGPU as Node does on its processor', async () => {
    const jets = 64;
    const pixels = new Float32Array(jets * 144).map((_, i) => ((i * 7919) % 97 < 12 ? (i % 31) / 31 : 0));
    const path = join(site().scratch, 'images.npy');
    await writeFile(path, writeNpy({ dtype: 'float32', shape: [jets, 12, 12], data: pixels }));
    const { page, complaints } = await visit(site().browser, site().url);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('listitem').filter({ hasText: 'no labels' }).waitFor();
    await page.locator('.model-drop input[type=file]').setInputFiles(tiny);
    await choose(page, ['scoreNhwc.onnx']);
    await page.getByRole('radio', { name: 'WebGPU' }).check();
    await score(page);
    await page.getByText(/64 jets at .* on WebGPU/).waitFor();
    const scores = scoresOf(readNpy(await saved(page, 'Save scores.npy of scoreNhwc.onnx')));
    expect(largestDifference(scores, await nodeScores(tiny, path))).toBeLessThan(TOLERANCE);
    expect(complaints).toEqual([]);
  });
});
