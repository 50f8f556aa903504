import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch, makeSite, openPage, type Site } from '../../../../tests/support/browserPage.js';
import { chromium } from '../../../../tests/support/chromium.js';
import { fixture } from '../testing/fixtures.testing.js';
import { stranger } from '../testing/stranger.testing.js';

describe.skipIf(chromium === undefined)(
  'a model whose graph does not tell what it takes is tried in a worker of the page (skipped without Chromium)',
  () => {
    let site: Site;
    let browser: Browser;
    beforeAll(async () => {
      site = await makeSite();
      browser = await launch();
    });
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });

    /**
     * Runs statements in a fresh page that has the bytes of a model.
     *
     * @returns what they return, and how many workers the page started; none is left
     */
    async function inPage(model: Uint8Array, body: string, url = site.plain) {
      const { page, console } = await openPage(browser, url);
      onTestFinished(() => page.close());
      let started = 0;
      page.on('worker', () => started++);
      const value = await page.evaluate(`(async () => {
        const bytes = Uint8Array.from(atob('${Buffer.from(model).toString('base64')}'), (one) => one.charCodeAt(0));
        ${body} })()`);
      await expect.poll(() => page.workers(), { timeout: 20_000 }).toEqual([]);
      expect(console).toEqual([]);
      return { value, started };
    }

    const load = (kind: string, options = ''): string =>
      `return failure(infer.load${kind}(bytes, { device: 'wasm'${options} }).then((one) => one.dispose()));`;
    const tooLarge = { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/^model: takes more than 1\d{9} bytes/) };

    it.each([
      ['ofJets', 'plain'],
      ['folded', 'isolated'],
    ] as const)('%s takes too much memory: refused, and the worker is gone (%s page)', async (name, where) => {
      const answer = await inPage(fixture(`hostile/${name}`), load('Tagger'), site[where]);
      expect(answer).toEqual({ value: tooLarge, started: 1 });
    });

    it.each([
      ['Regressor', 'pumml'],
      ['Generator', 'calo-flow'],
    ])('load%s tries it as loadTagger does', async (kind, model) => {
      expect(await inPage(stranger(model), load(kind))).toEqual({ value: tooLarge, started: 1 });
    });

    it.each(['short', 'nested'])('%s loads', async (name) => {
      expect(await inPage(fixture(`hostile/${name}`), load('Tagger'))).toEqual({ value: 'no error', started: 1 });
    });

    it('one that does not end is ended after its time, or when the caller stops', async () => {
      const { value } = await inPage(
        fixture('hostile/endless'),
        `const { setTimeout } = globalThis;
         globalThis.setTimeout = (act, ms, ...rest) => setTimeout(act, ms > 20000 ? 1500 : ms, ...rest);
         const late = await failure(infer.loadTagger(bytes, { device: 'wasm' }));
         globalThis.setTimeout = setTimeout;
         return { late, stopped: await failure(infer.loadTagger(bytes, { device: 'wasm', signal: AbortSignal.timeout(500) })) };`,
      );
      expect(value).toEqual({
        late: {
          code: 'LIMIT_EXCEEDED',
          message: expect.stringContaining('neither opened nor run on a jet within 30 s'),
        },
        stopped: { code: 'CANCELLED', message: 'model: stopped by the caller' },
      });
    });

    it('a file known by its hash is not tried, nor one whose graph tells', async () => {
      const model = fixture('hostile/short');
      const sha256 = createHash('sha256').update(model).digest('hex');
      const known = await inPage(model, load('Tagger', `, sha256: '${sha256}'`));
      expect(known).toEqual({ value: 'no error', started: 0 });
      expect(await inPage(fixture('deep'), load('Tagger'))).toEqual({ value: 'no error', started: 0 });
    });

    it('without workers it is refused, and the hash is the way around', async () => {
      const { value } = await inPage(
        fixture('hostile/short'),
        `globalThis.Worker = class { constructor() { throw new Error('no workers here'); } };
         ${load('Tagger')}`,
      );
      expect(value).toEqual({
        code: 'DEVICE_UNAVAILABLE',
        message: expect.stringMatching(
          /^model: the worker .* did not start \(no workers here\); if you trust the file, give its sha256/,
        ),
      });
    });
  },
);
