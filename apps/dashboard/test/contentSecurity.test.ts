import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@jetsdk/jets/npy';
import { describe, expect, it } from 'vitest';
import { contentSecurity } from '../site/isolation.ts';
import { choose, chromium, fittingNames, openSample, PATIENT, score, useSite, visit } from './site.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/infer/fixtures/${name}.onnx`, import.meta.url));

const site = useSite();

describe.skipIf(chromium === undefined)('the page lets nothing in but its parts (skipped without Chromium)', () => {
  it('says so in a header where one can be set, and in itself', async () => {
    expect((await fetch(site().url)).headers.get('content-security-policy')).toBe(contentSecurity);
    expect(await readFile(join(site().folder, '_headers'), 'utf8')).toContain(
      `  Content-Security-Policy: ${contentSecurity}\n`,
    );
    const page = (await (await fetch(site().bareUrl)).text()).replaceAll('&#39;', "'");
    const at = page.indexOf(`<meta http-equiv="Content-Security-Policy" content="${contentSecurity}">`);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(page.indexOf('<script'));
  });

  it.each(['url', 'bareUrl'] as const)(
    'scores under it, and runs no script that is not its own (%s)',
    async (address) => {
      const { page, complaints } = await visit(site().browser, site()[address]);
      await openSample(page);
      await choose(page, [fittingNames[0]]);
      await score(page);
      expect(complaints).toEqual([]);

      const fetched = await page.evaluate(async () => {
        const add = (html: string): void => document.body.insertAdjacentHTML('beforeend', html);
        const script = document.createElement('script');
        script.textContent = 'globalThis.inline = 1';
        document.head.append(script);
        const remote = document.createElement('script');
        remote.src = 'data:text/javascript,globalThis.remote = 1';
        document.head.append(remote);
        add('<img src="data:none" onerror="globalThis.handler = 1">');
        add('<svg onload="globalThis.svg = 1"></svg><iframe srcdoc="<script>parent.frame = 1</script>"></iframe>');
        return fetch('http://elsewhere.example/').catch((error: Error) => error.name);
      });
      expect(fetched).toBe('TypeError');
      const refused = (kind: string): string[] =>
        complaints.filter((text) => text.includes('Content Security Policy') && text.includes(kind));
      // the header and the page itself say it, each of them is told
      const policies = address === 'url' ? 2 : 1;
      await expect.poll(() => refused('script-src'), PATIENT).toHaveLength(5 * policies);
      expect(refused('connect-src')).not.toEqual([]);
      const names = ['inline', 'remote', 'handler', 'svg', 'frame'];
      expect(await page.evaluate((all) => all.filter((name) => name in globalThis), names)).toEqual([]);
    },
  );

  it('a model that never ends is stopped, the page scores with others, and one that takes too much memory is refused', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    const data = Float32Array.from({ length: 40 * 144 }, (_, i) => (i % 7 === 0 ? i % 11 : 0));
    const buffer = Buffer.from(writeNpy({ dtype: 'float32', shape: [40, 12, 12], data }));
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'images.npy', mimeType: 'application/octet-stream', buffer });
    await page.getByRole('listitem').filter({ hasText: 'no labels' }).waitFor();
    await page.locator('.model-drop input[type=file]').setInputFiles(fixture('hostile/endless'));
    await choose(page, ['endless.onnx']);
    await page.getByRole('button', { name: /^Score with/ }).click();
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await cancel.click();
    await cancel.waitFor({ state: 'detached' });
    await page.locator('.model-drop input[type=file]').setInputFiles(fixture('scoreNhwc'));
    await choose(page, ['scoreNhwc.onnx']);
    await score(page);
    await page.locator('.model-drop input[type=file]').setInputFiles(fixture('hostile/folded'));
    await choose(page, ['folded.onnx']);
    await page.getByRole('button', { name: /^Score with/ }).click();
    await page.getByText(/folded\.onnx: takes more than 107\d+ bytes/).waitFor();
    expect(complaints).toEqual([]);
  });
});
