import { fileURLToPath } from 'node:url';
import { loadRegressor } from '@jetsdk/infer';
import { correctedJets } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { describe, expect, it } from 'vitest';
import { barriers, chromium, modelFile, useSite, visit } from './site.ts';

const SAMPLE = fileURLToPath(new URL('../../../data/pileup.h5', import.meta.url));
const LIST = fileURLToPath(new URL('../../../data/test.h5', import.meta.url));

const site = useSite();

describe.skipIf(chromium === undefined)('jets are cleaned in the page (skipped without Chromium)', () => {
  it('shows the sample before and after, by the best network, with what the jets weigh', async () => {
    const { page, complaints } = await visit(site().browser, `${site().url}#view=pile-up`);
    await page.getByText('200 jets of pileup.h5 cleaned').waitFor();
    const chosen = await page.getByRole('combobox').inputValue();
    const source = await openJets(SAMPLE);
    const jets = await source.read(0, 1);
    source.close();
    if (jets.kind !== 'constituents') throw new Error('the sample holds constituents');
    await using regressor = await loadRegressor(modelFile(chosen), { device: 'wasm', threads: 1 });
    const images = await regressor.correct(jets);
    const { recipe, output } = regressor.info;
    const { pt, mass } = correctedJets({ kind: 'images', ...images }, jets, { recipe, halfWidth: output.halfWidth });
    const figure = page.locator('figure').filter({ hasText: 'Neutral momenta of one jet' });
    await figure.getByText(`cleaned ${pt[0]!.toFixed(0)} GeV, mass ${mass[0]!.toFixed(1)} GeV`).waitFor();
    for (const title of ['measured', 'cleaned', 'true'])
      await figure.locator('svg text').filter({ hasText: title }).first().waitFor();
    await page.getByRole('slider').fill('7');
    await page.getByText('Jet 7').waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 60_000);

  it('cleans with another network, and says which files it cannot clean', async () => {
    const { page, complaints } = await visit(site().browser, `${site().url}#view=pile-up`);
    const done = page.getByText('200 jets of pileup.h5 cleaned');
    await done.waitFor();
    // the pixels, since both networks may give the same pT and mass
    const figure = page.locator('figure').filter({ hasText: 'Neutral momenta of one jet' });
    const before = await figure.innerHTML();
    await page.getByRole('combobox').selectOption('pumml');
    await expect.poll(() => figure.innerHTML(), { timeout: 30_000 }).not.toBe(before);
    await page.locator('input[type=file]').setInputFiles(LIST);
    await page.getByRole('alert').getByText('constituents without charge and vertex').waitFor();
    expect(complaints).toEqual([]);
  }, 60_000);
});
