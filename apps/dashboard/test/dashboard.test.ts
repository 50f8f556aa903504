import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from '@jetsdk/jets';
import { openJets, readLabels } from '@jetsdk/jets/files';
import { readNpy, scoresOf, writeNpy } from '@jetsdk/jets/npy';
import { writeNpz } from '@jetsdk/jets/npz';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  openSite,
  type Site,
  saved,
  score,
  TOLERANCE,
  visit,
} from './site.ts';

const SCRIPT_BUDGET = 300_000;
const PATIENT = { timeout: 20_000 };
const data = fileURLToPath(new URL('../../../data/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../packages/jets/fixtures/', import.meta.url));
const tiny = fileURLToPath(new URL('../../../packages/infer/fixtures/scoreNhwc.onnx', import.meta.url));
const small = fittingNames[0];
const other = fittingNames[1];
const large = fittingNames.at(-1)!;

let site: Site;
let folder: string;
const sampleFile = (): string => join(site.folder, 'sample.npz');

/** A file of the first labelled jets of the sample. */
async function firstJets(count: number): Promise<string> {
  const source = await openJets(sampleFile());
  const { shape, data: numbers } = await source.read(0, count);
  const labels = (await source.labels())!.slice(0, count);
  const path = join(folder, `first${count}.npz`);
  const arrays = new Map([
    ['constituents', { dtype: 'float32', shape, data: numbers } as const],
    ['labels', { dtype: 'uint8', shape: [count], data: labels } as const],
  ]);
  await writeFile(path, writeNpz(arrays));
  return path;
}

describe.skipIf(chromium === undefined)('the dashboard in Chromium (skipped where it is not installed)', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jetsdk-dropped-'));
    site = await openSite();
  }, 120_000);
  afterAll(async () => {
    await site?.close();
    await rm(folder, { recursive: true });
  });

  it('loads less than 300 kB of script before it is asked for anything', async () => {
    const { page, complaints } = await visit(site.browser, site.url);
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
    const scripts = (await page.evaluate(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => /\\.m?js$/.test(path))`,
    )) as string[];
    expect(scripts.length).toBeGreaterThan(0);
    const sizes = await Promise.all(scripts.map(async (path) => (await stat(join(site.folder, path))).size));
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(SCRIPT_BUDGET);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps for visits without a network only files that the site has', async () => {
    const worker = await readFile(join(site.folder, 'serviceWorker.js'), 'utf8');
    const files = JSON.parse(/const FILES = (\[.*\]);/.exec(worker)![1]) as string[];
    const all = await readdir(site.folder, { recursive: true });
    expect(files.filter((file) => file !== './' && !all.includes(file))).toEqual([]);
    expect(files).toContain('sample.npz');
  });

  describe.skipIf(small === undefined)('with a tagger of the registry (skipped while models/ is empty)', () => {
    it('has chosen the best tagger of at most 1 MB when it opens, so that a first look does not wait', async () => {
      const index = await readFile(join(site.folder, 'models/index.json'), 'utf8');
      const light = (JSON.parse(index) as { id: string; bytes: number; card: ModelCard }[]).filter(
        ({ bytes }) => bytes <= 1e6,
      );
      const aucs = new Map(light.map(({ id, card }) => [id, card.metrics?.[0]?.auc ?? 0]));
      const { page } = await visit(site.browser, site.url);
      await page.getByRole('button', { name: 'Try the sample' }).click();
      const chosen = page.locator('.model', { has: page.locator('input:checked') });
      await chosen.waitFor();
      expect(aucs.get(await chosen.locator('strong').innerText())).toBe(Math.max(...aucs.values()));
    });

    it('scores the sample as Node does; the cut moves figures and pictures; all can be taken away', async () => {
      const { page, complaints } = await visit(site.browser, site.url, {
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
      const picture = page.locator('.jet-plot-scores');
      const before = await picture.innerHTML();
      await page.getByRole('slider').fill('0.25');
      const passing = scores.filter((value, jet) => value >= 0.25 && labels[jet] === 0).length;
      const figures = page.locator('.cut-figures');
      await expect.poll(() => figures.innerText(), PATIENT).toMatch(new RegExp(`passing\\s+${passing}$`));
      await expect.poll(() => picture.innerHTML(), PATIENT).not.toBe(before);
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

    it.skipIf(other === undefined)('compares taggers on the same jets (skipped with one model)', async () => {
      const path = await firstJets(300);
      const { page, complaints } = await visit(site.browser, site.url, { colorScheme: 'dark' });
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

    it('comes back from its address as it was', async () => {
      const { page, complaints } = await visit(site.browser, site.url);
      await openSample(page);
      await choose(page, [small]);
      await score(page);
      await page.getByRole('slider').fill('0.4');
      await page.getByRole('button', { name: 'As TPR against FPR' }).click();
      await page.getByRole('spinbutton', { name: 'Signal efficiency of this column' }).fill('0.9');
      await page.getByRole('button', { name: /: show the .* jets that pass$/ }).click();
      await page.getByRole('radio', { name: '2×' }).check({ force: true });
      await page.getByRole('button', { name: 'Next' }).click();
      const seen = async (): Promise<string[]> => [
        await page.locator('.cut-figures').innerText(),
        await page.getByRole('row', { name: small }).innerText(),
        await page.getByText(`that ${small} passes`).innerText(),
        await page.getByRole('heading', { name: /^Jet \d/ }).innerText(),
        String(await page.getByRole('radio', { name: '2×' }).isChecked()),
        await page
          .getByRole('img', { name: /average|jet images/i })
          .first()
          .innerHTML(),
      ];
      await page.waitForURL(/jet=1&zoom=2/);
      await expect.poll(() => page.getByText(/^[\w\s]+, \d+ pass$/).count(), PATIENT).toBe(2);
      const before = await seen();
      expect(before[0]).toMatch(/0\.400/);
      await page.reload();
      await page.getByRole('heading', { name: 'ROC curve' }).waitFor();
      await expect.poll(() => page.getByText(/^[\w\s]+, \d+ pass$/).count(), PATIENT).toBe(2);
      await expect.poll(seen, PATIENT).toEqual(before);
      expect(complaints).toEqual([]);
    });

    it('can be used with the keyboard alone', async () => {
      const { page, complaints } = await visit(site.browser, site.url);
      const to = async (place: Locator): Promise<void> => {
        await place.waitFor();
        for (let presses = 0; presses < 80; presses++) {
          if (await place.evaluate((element) => element === document.activeElement)) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`80 times Tab, and not at ${place}`);
      };
      const press = async (place: Locator, key: string): Promise<void> => {
        await to(place);
        await page.keyboard.press(key);
      };
      await press(page.getByRole('button', { name: 'Skip to the content' }), 'Enter');
      await press(page.getByRole('button', { name: 'Try the sample' }), 'Enter');
      await page.getByRole('heading', { name: 'Average images' }).waitFor();
      for (const box of await page.locator('.model input:checked').all()) await press(box, 'Space');
      await press(page.getByRole('checkbox', { name: small }), 'Space');
      await press(page.getByRole('button', { name: 'Score with 1 tagger' }), 'Enter');
      await page.getByRole('button', { name: 'Scored' }).waitFor();
      await press(page.getByRole('slider'), 'ArrowRight');
      expect(await page.getByRole('slider').inputValue()).toBe('0.501');
      const bins = page.getByRole('toolbar');
      await press(bins.getByRole('button').first(), 'End');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Enter');
      await page.getByText(/with a score of 0\.96 to 0\.98/).waitFor();
      await press(page.getByRole('button', { name: 'Next' }), 'ArrowRight');
      await page.getByText(/^2 of \d+$/).waitFor();
      await press(page.getByRole('radio', { name: '1×' }), 'ArrowRight');
      expect(await page.getByRole('radio', { name: '2×' }).isChecked()).toBe(true);
      expect(complaints).toEqual([]);
    });

    it('stops scoring when asked, and refuses what is no model', async () => {
      const path = join(folder, 'many.npy');
      const jets = 30_000;
      const numbers = new Float32Array(jets * 8).map((_, i) => [120, 60, 80, 0, 70, 40, 30, 0][i % 8] + (i % 7));
      await writeFile(path, writeNpy({ dtype: 'float32', shape: [jets, 2, 4], data: numbers }));
      const { page, complaints } = await visit(site.browser, site.url);
      await page.locator('input[type=file]').setInputFiles(path);
      await page.getByRole('heading', { name: 'Average images' }).waitFor();
      await choose(page, [large]);
      const start = page.getByRole('button', { name: 'Score with 1 tagger' });
      await start.click();
      await page.getByText(`Scoring with ${large}`).waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await start.and(page.locator(':enabled')).waitFor();
      expect(await page.getByText('scores.npy').count()).toBe(0);
      const broken = join(folder, 'broken.onnx');
      await writeFile(broken, 'no protocol buffer');
      await page.locator('.model-drop input[type=file]').setInputFiles(broken);
      await choose(page, ['broken.onnx']);
      await start.click();
      await page.getByRole('alert').getByText('BAD_MODEL').waitFor();
      expect(complaints).toEqual([]);
    });

    it('gets threads from its service worker where no headers are sent, and works without a network', async () => {
      const { page } = await visit(site.browser, site.bareUrl, {
        viewport: { width: 390, height: 844 },
      });
      expect(await page.evaluate('crossOriginIsolated')).toBe(false);
      await page.getByText('This page has one thread only').waitFor();
      await page.evaluate('navigator.serviceWorker.ready.then(({ active }) => active.state)');
      await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null'), PATIENT).toBe(true);
      await page.reload();
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
      await openSample(page);
      await choose(page, [small]);
      await score(page);
      await page.getByRole('slider').fill('0.75');
      const online = await saved(page, `Save scores.npy of ${small}`);
      await page.waitForURL(/cut=0\.75/);
      const address = page.url();
      site.serve(false);
      try {
        await page.goto('about:blank');
        await page.goto(address);
        await page.getByRole('button', { name: 'Scored' }).waitFor();
        expect(await saved(page, `Save scores.npy of ${small}`)).toEqual(online);
        expect(await page.getByRole('slider').inputValue()).toBe('0.75');
        await page.locator('.jet-plot-roc').waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
        await keepScreenshot(page, 'phone');
        expect(await barriers(page)).toEqual([]);
      } finally {
        site.serve(true);
      }
    });
  });

  it('scores dropped images with a dropped model on WebGPU as Node does on its processor', async () => {
    const jets = 64;
    const pixels = new Float32Array(jets * 144).map((_, i) => ((i * 7919) % 97 < 12 ? (i % 31) / 31 : 0));
    const path = join(folder, 'images.npy');
    await writeFile(path, writeNpy({ dtype: 'float32', shape: [jets, 12, 12], data: pixels }));
    const { page, complaints } = await visit(site.browser, site.url);
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

  it('opens a file of gigabytes at once, and stops going through it when asked', async () => {
    const jets = 2_000_000;
    const path = join(folder, 'gigabytes.npy');
    const header = writeNpy({ dtype: 'float32', shape: [0, 100, 4], data: new Float32Array(0) });
    const text = Buffer.from(header)
      .toString('latin1')
      .replace(/\(0, 100, 4\), \}( *)/, (_, blanks: string) => {
        const shape = `(${jets}, 100, 4), }`;
        return shape + blanks.slice(shape.length - '(0, 100, 4), }'.length);
      });
    await writeFile(path, Buffer.from(text, 'latin1'));
    // zeros that take no room on the disk: jets without constituents
    await truncate(path, header.length + jets * 1600);
    const { page, complaints } = await visit(site.browser, site.url);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'gigabytes.npy' }).waitFor();
    await page.getByText(/^[\d,]+ of 2,000,000, [\d,]+ jets\/s$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('.job').innerText(), PATIENT).toBe('');
    await page.getByText('1 of 2,000,000', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('takes files and folders that are dragged onto it', async () => {
    const path = join(folder, 'dragged.npy');
    await writeFile(path, writeNpy({ dtype: 'float32', shape: [3, 12, 12], data: new Float32Array(432).fill(1) }));
    const { page, complaints } = await visit(site.browser, site.url);
    await drag(page, page.locator('.drop').first(), path);
    await page.getByRole('heading', { name: 'dragged.npy' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^3 jets$/ })
      .waitFor();

    const challenge = join(folder, 'dragged');
    await mkdir(challenge);
    const column = Float32Array.from({ length: 40 }, (_, i) => i / 40);
    await writeFile(join(challenge, 'ada__one.npy'), writeNpy({ dtype: 'float32', shape: [40], data: column }));
    const labels = Uint8Array.from(column, (_, i) => (i > 15 && i % 7 > 0 ? 1 : 0));
    await writeFile(join(challenge, 'labels.npy'), writeNpy({ dtype: 'uint8', shape: [40], data: labels }));
    await page.goto(`${site.url}#view=leaderboard`);
    await drag(page, page.locator('.drop', { hasText: 'Choose a folder' }), challenge);
    await page.getByRole('rowheader', { name: 'ada' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('reads HDF5 and Parquet, and says of wrong files what the command line says', async () => {
    const { page, complaints } = await visit(site.browser, site.url);
    await page.locator('input[type=file]').setInputFiles(join(data, 'val.h5'));
    await page.getByRole('listitem').filter({ hasText: '1,500 jets' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /745 \w+, 755 \w+/ })
      .waitFor();
    await page.getByRole('heading', { name: 'Average images' }).waitFor();
    for (const name of ['table-lzf.h5', 'table-blosc.h5', 'images-classes.h5', 'jetclass.parquet']) {
      await page.locator('input[type=file]').first().setInputFiles(join(fixtures, name));
      await page.getByRole('heading', { name }).waitFor();
      await page.getByRole('heading', { name: 'Average images' }).waitFor();
      const source = await openJets(join(fixtures, name));
      await page.getByText(`all ${source.count} jets`).waitFor();
      source.close();
    }
    const whole = await readFile(join(data, 'val.h5'));
    const wrong = new Map<string, Uint8Array>([
      ['page.h5', new TextEncoder().encode('<!doctype html><title>Sign in</title>')],
      ['cut.h5', whole.subarray(0, 100_000)],
      ['flat.npy', writeNpy({ dtype: 'float32', shape: [6], data: new Float32Array(6) })],
      ['cut.npz', (await readFile(sampleFile())).subarray(0, 5000)],
      ['empty.npy', new Uint8Array(0)],
      ['nan.npy', writeNpy({ dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(0, 1, Number.NaN, 2) })],
    ]);
    for (const [name, content] of wrong) {
      const path = join(folder, name);
      await writeFile(path, content);
      const said = await openJets(path)
        .then(async (source) => source.read(0, source.count))
        .catch((error: Error) => error.message);
      await page.locator('input[type=file]').first().setInputFiles(path);
      const shown = page.getByRole('alert');
      await expect.poll(() => shown.innerText(), PATIENT).toContain(String(said).replaceAll(path, name));
    }
    expect(complaints).toEqual([]);
  });
});

/** Drags a file or folder from outside onto the place for it. */
async function drag(page: Page, place: Locator, path: string): Promise<void> {
  await place.waitFor();
  const box = (await place.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const event = {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    data: { items: [], files: [path], dragOperationsMask: 1 },
  };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...event });
  await session.detach();
}
