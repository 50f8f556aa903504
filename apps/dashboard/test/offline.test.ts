import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readNpy, scoresOf } from '@jetsdk/jets/npy';
import type { Page } from 'playwright-core';
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
  nodeScores,
  openSample,
  saved,
  score,
  TOLERANCE,
  useSite,
  visit,
} from './site.ts';

const fixtures = fileURLToPath(new URL('../../../packages/jets/fixtures/', import.meta.url));
const KEEP = /^Keep for offline use \(\d+ MB\)$/;

const site = useSite();

/** Paths of all that the site's caches hold. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) paths.push(new URL(url).pathname);
    return paths;
  });

describe.skipIf(chromium === undefined)('the dashboard offline (skipped where Chromium is not installed)', () => {
  it.skipIf(modelNames.length === 0)(
    'scores with taggers never used online once it was told to keep everything (skipped while models/ is empty)',
    async () => {
      const { page, complaints } = await visit(site().browser, site().bareUrl, {
        viewport: { width: 360, height: 740 },
      });
      const keep = page.getByRole('button', { name: KEEP });
      await keep.waitFor();
      // these take a minute or more for the sample in one thread
      const quick = fittingNames.filter((id) => !['landscape-cnn', 'landscape-mean'].includes(id));
      const models = modelNames.map((id) => `/models/${id}/model.onnx`);
      await expect.poll(() => kept(page)).toEqual(expect.arrayContaining(['/sample.npz']));
      await expect.poll(async () => (await kept(page)).some((path) => models.includes(path))).toBe(true);
      await page.waitForLoadState('networkidle');
      const early = await kept(page);
      const unasked = modelNames.filter((_, i) => early.includes(models[i]));
      expect(unasked.reduce((bytes, id) => bytes + statSync(modelFile(id)).size, 0)).toBeLessThan(5e6);
      expect((await kept(page)).filter((path) => /\.(wasm|so)$/.test(path))).toEqual([]);
      await keep.click();
      await page.getByText('Works offline').waitFor();
      expect(await kept(page)).toEqual(expect.arrayContaining(models));
      expect((await kept(page)).filter((path) => path.endsWith('.wasm'))).toEqual([
        expect.stringMatching(/^\/assets\/ort-wasm-simd-threaded-[\w-]+\.wasm$/),
      ]);

      site().serve(false);
      await page.context().setOffline(true);
      try {
        await page.reload();
        await page.getByText('Works offline').waitFor();
        await openSample(page);
        await choose(page, quick);
        await score(page);
        for (const id of quick) {
          const scores = scoresOf(readNpy(await saved(page, `Save scores.npy of ${id}`)));
          const wanted = await nodeScores(modelFile(id), `${site().folder}/sample.npz`);
          expect(largestDifference(scores, wanted)).toBeLessThan(TOLERANCE);
        }
        await page.locator('.jet-plot-roc').waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
        await keepScreenshot(page, 'offline');
        expect(await barriers(page)).toEqual([]);
        for (const name of ['table-lzf.h5', 'table-blosc.h5']) {
          await page.locator('input[type=file]').first().setInputFiles(`${fixtures}${name}`);
          await page.getByRole('heading', { name }).waitFor();
          await page.getByRole('heading', { name: 'Average images' }).waitFor();
        }
        await page.getByText('Works offline').waitFor();
        expect(complaints).toEqual([]);
      } finally {
        site().serve(true);
      }
    },
  );

  it('fetches nothing unasked for whoever saves data, and stops when told to', async () => {
    const { page, complaints } = await visit(site().browser, 'about:blank');
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
    });
    await page.goto(site().bareUrl);
    const keep = page.getByRole('button', { name: KEEP });
    await keep.waitFor();
    await page.waitForLoadState('networkidle');
    expect((await kept(page)).filter((path) => path.endsWith('.onnx'))).toEqual([]);
    site().slow(/\.wasm$/);
    try {
      await keep.click();
      await page.getByText(/Fetching for offline use: [\d.]+ .B of \d+ MB/).waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await keep.waitFor();
    } finally {
      site().slow(undefined);
    }
    expect((await kept(page)).filter((path) => path.endsWith('.wasm'))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
