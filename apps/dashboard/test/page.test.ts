import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '@jetsdk/jets';
import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  barriers,
  choose,
  chromium,
  fittingNames,
  keepScreenshot,
  openSample,
  PATIENT,
  saved,
  score,
  useSite,
  visit,
} from './site.ts';

const SCRIPT_BUDGET = 300_000;
const small = fittingNames[0];

const site = useSite();

describe.skipIf(chromium === undefined)('the page in Chromium (skipped where it is not installed)', () => {
  it('loads less than 300 kB of script before it is asked for anything', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
    const scripts = (await page.evaluate(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname).filter((path) => /\\.m?js$/.test(path))`,
    )) as string[];
    expect(scripts.length).toBeGreaterThan(0);
    const sizes = await Promise.all(scripts.map(async (path) => (await stat(join(site().folder, path))).size));
    expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThan(SCRIPT_BUDGET);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps for visits without a network only files that the site has', async () => {
    const worker = await readFile(join(site().folder, 'serviceWorker.js'), 'utf8');
    const files = JSON.parse(/const FILES = (\[.*\]);/.exec(worker)![1]) as string[];
    const all = await readdir(site().folder, { recursive: true });
    expect(files.filter((file) => file !== './' && !all.includes(file))).toEqual([]);
    expect(files).toContain('sample.npz');
  });

  it('has chosen the best tagger of at most 1 MB when it opens, so that a first look does not wait', async () => {
    const index = await readFile(join(site().folder, 'models/index.json'), 'utf8');
    const light = (JSON.parse(index) as { id: string; bytes: number; card: ModelCard }[]).filter(
      ({ bytes }) => bytes <= 1e6,
    );
    const aucs = new Map(light.map(({ id, card }) => [id, card.metrics?.[0]?.auc ?? 0]));
    const { page } = await visit(site().browser, site().url);
    await page.getByRole('button', { name: 'Try the sample' }).click();
    const chosen = page.locator('.model', { has: page.locator('input:checked') });
    await chosen.waitFor();
    expect(aucs.get(await chosen.locator('strong').innerText())).toBe(Math.max(...aucs.values()));
  });

  it('goes to an address that is put in by hand just when the page is changed', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
    // the page is about to write its own address, and busy
    await page.evaluate(
      `document.querySelector('nav button:nth-child(2)').click();
       setTimeout(() => { for (const end = performance.now() + 600; performance.now() < end; ); }, 20);`,
    );
    await page.goto(`${site().url}#view=leaderboard`);
    await page.getByRole('button', { name: 'Leaderboard' }).and(page.locator('[aria-current=page]')).waitFor();
    expect(new URL(page.url()).hash).toBe('#view=leaderboard');
    expect(complaints).toEqual([]);
  });

  it('comes back from its address as it was', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
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
    const { page, complaints } = await visit(site().browser, site().url);
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
    await to(bins.getByRole('button').first());
    await bins.evaluate(() => {
      // both before the page is rendered again, as keys that are typed fast
      for (const key of ['End', 'ArrowLeft'])
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    });
    await page.keyboard.press('Enter');
    await page.getByText(/with a score of 0\.96 to 0\.98/).waitFor();
    await press(page.getByRole('button', { name: 'Next' }), 'ArrowRight');
    await page.getByText(/^2 of \d+$/).waitFor();
    await press(page.getByRole('radio', { name: '1×' }), 'ArrowRight');
    expect(await page.getByRole('radio', { name: '2×' }).isChecked()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('gets threads from its service worker where no headers are sent, and works without a network', async () => {
    const { page } = await visit(site().browser, site().bareUrl, {
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
    site().serve(false);
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
      site().serve(true);
    }
  });
});
