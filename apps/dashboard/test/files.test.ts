import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromium, PATIENT, useSite, visit } from './site.ts';

const data = fileURLToPath(new URL('../../../data/', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../packages/jets/fixtures/', import.meta.url));

const site = useSite();

describe.skipIf(chromium === undefined)('files in Chromium (skipped where it is not installed)', () => {
  it('opens a file of gigabytes at once, and stops going through it when asked', async () => {
    const jets = 2_000_000;
    const path = join(site().scratch, 'gigabytes.npy');
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
    const { page, complaints } = await visit(site().browser, site().url);
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('heading', { name: 'gigabytes.npy' }).waitFor();
    await page.getByText(/^[\d,]+ of 2,000,000, [\d,]+ jets\/s$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => page.locator('.job').innerText(), PATIENT).toBe('');
    await page.getByText('1 of 2,000,000', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('takes files and folders that are dragged onto it', async () => {
    const path = join(site().scratch, 'dragged.npy');
    await writeFile(path, writeNpy({ dtype: 'float32', shape: [3, 12, 12], data: new Float32Array(432).fill(1) }));
    const { page, complaints } = await visit(site().browser, site().url);
    await drag(page, page.locator('.drop').first(), path);
    await page.getByRole('heading', { name: 'dragged.npy' }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /^3 jets$/ })
      .waitFor();

    const challenge = join(site().scratch, 'dragged');
    await mkdir(challenge);
    const column = Float32Array.from({ length: 40 }, (_, i) => i / 40);
    await writeFile(join(challenge, 'ada__one.npy'), writeNpy({ dtype: 'float32', shape: [40], data: column }));
    const labels = Uint8Array.from(column, (_, i) => (i > 15 && i % 7 > 0 ? 1 : 0));
    await writeFile(join(challenge, 'labels.npy'), writeNpy({ dtype: 'uint8', shape: [40], data: labels }));
    await page.goto(`${site().url}#view=leaderboard`);
    await drag(page, page.locator('.drop', { hasText: 'Choose a folder' }), challenge);
    await page.getByRole('rowheader', { name: 'ada' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('reads HDF5 and Parquet, and says of wrong files what the command line says', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
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
      ['cut.npz', (await readFile(join(site().folder, 'sample.npz'))).subarray(0, 5000)],
      ['empty.npy', new Uint8Array(0)],
      ['nan.npy', writeNpy({ dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(0, 1, Number.NaN, 2) })],
    ]);
    for (const [name, content] of wrong) {
      const path = join(site().scratch, name);
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

/** Drags a file or folder from outside over the place for it until that says so, and drops it there. */
async function drag(page: Page, place: Locator, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const send = async (type: 'dragEnter' | 'dragOver' | 'drop', at: { x: number; y: number }): Promise<void> => {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  };
  let middle = { x: 0, y: 0 };
  // what arrives later moves the place: models, fonts
  await expect
    .poll(async () => {
      await place.hover({ trial: true });
      const { x, y, width, height } = (await place.boundingBox())!;
      const before = middle;
      middle = { x: x + width / 2, y: y + height / 2 };
      await send('dragEnter', middle);
      await send('dragOver', middle);
      return before.x === middle.x && before.y === middle.y && (await place.getAttribute('class'))?.endsWith(' over');
    }, PATIENT)
    .toBe(true);
  await send('drop', middle);
  await session.detach();
}
