import { loadGenerator } from '@jetsdk/infer';
import { formatCount } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { barriers, chromium, keepScreenshot, modelFile, PATIENT, useSite, visit } from './site.ts';

const site = useSite();

describe.skipIf(chromium === undefined)('showers are made in the page (skipped without Chromium)', () => {
  it('shows the shower of an energy and a noise, and another one as soon as either is moved', async () => {
    const { page, complaints } = await visit(site().browser, `${site().url}#view=generate`);
    await page.getByRole('combobox').selectOption('calo-flow');
    await using generator = await loadGenerator(modelFile('calo-flow'), { device: 'wasm', threads: 1 });
    const said = async (energy: number, seed: number): Promise<string> => {
      const { outputs } = await generator.generate(1, { energy, seed });
      const sums = Object.values(outputs).map(({ data }) => data.reduce((sum, cell) => sum + cell, 0));
      const [all, ...layers] = [sums.reduce((a, b) => a + b), ...sums].map((sum) => formatCount(Math.round(sum)));
      return `energy ${energy} GeV, noise ${seed}: ${all} MeV, ${layers.map((sum, i) => `${sum} in layer ${i}`).join(', ')}`;
    };
    const figure = page.locator('figure').filter({ hasText: 'One shower' });
    await figure.getByText(await said(51, 1)).waitFor(PATIENT);
    await figure.locator('svg').getByText('layer 2', { exact: true }).first().waitFor(PATIENT);
    const sliders = page.getByRole('slider');
    await sliders.nth(0).fill('90');
    await figure.getByText(await said(90, 1)).waitFor(PATIENT);
    await sliders.nth(1).fill('7');
    await figure.getByText(await said(90, 7)).waitFor(PATIENT);
    await keepScreenshot(page, 'generate');
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 120_000);
});
