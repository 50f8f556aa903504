/** @file The built site, served, and a browser that looks at it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTagger } from '@jetsdk/infer';
import { openJets } from '@jetsdk/jets/files';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { build, preview } from 'vite';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { chromium } from '../../../tests/support/chromium.ts';

const app = fileURLToPath(new URL('..', import.meta.url));
const artefacts = fileURLToPath(new URL('../../../tests/artefacts/', import.meta.url));

export { chromium };

/** Folder of the registry, and its taggers, those with a card, the smallest first. */
export const models = process.env['JETSDK_MODELS'] ?? fileURLToPath(new URL('../../../models', import.meta.url));
export const modelFile = (id: string): string => join(models, id, 'model.onnx');
const isTagger = (card: string): boolean => existsSync(card) && readFileSync(card, 'utf8').includes('"jetsdk-card/1"');
export const modelNames = readdirSync(models)
  .filter((id) => existsSync(modelFile(id)) && isTagger(join(models, id, 'card.json')))
  .sort((a, b) => statSync(modelFile(a)).size - statSync(modelFile(b)).size);
/** Those that take the jets of the sample: it has no charges. */
export const fittingNames = modelNames.filter((id) => id !== 'cvn-two-view');

export interface Site {
  /** folder of the build */
  readonly folder: string;
  /** folder for files that tests make */
  readonly scratch: string;
  /** with the headers that `vite preview` sends */
  readonly url: string;
  /** without any, as on hosts where none can be set */
  readonly bareUrl: string;
  readonly browser: Browser;
  /** Cuts the connection, or brings it back. */
  serve(on: boolean): void;
  /** Answers for such paths begin, and do not end. */
  slow(paths: RegExp | undefined): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The site for the tests of a file, open from before the first to after the last. */
export function useSite(): () => Site {
  let site: Site | undefined;
  beforeAll(async () => {
    if (chromium !== undefined) site = await openSite();
  }, 120_000);
  afterAll(() => site?.close());
  return () => {
    if (site === undefined) throw new Error('the site is open within tests only');
    return site;
  };
}

export async function openSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'jetsdk-dashboard-'));
  const scratch = await mkdtemp(join(tmpdir(), 'jetsdk-scratch-'));
  const config = { root: app, configFile: join(app, 'vite.config.ts'), logLevel: 'silent' as const };
  // the test runner says otherwise, and the build believes it
  process.env['NODE_ENV'] = 'production';
  await build({ ...config, build: { outDir: folder, emptyOutDir: true } });
  const isolated = await preview({
    ...config,
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port: 0, open: false },
  });
  let serving = true;
  let slow: RegExp | undefined;
  const bare = createServer(async ({ url, socket }, response) => {
    if (!serving) {
      socket.destroy();
      return;
    }
    const path = new URL(url!, 'http://site').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    try {
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      if (slow?.test(path)) response.write(content.subarray(0, content.length / 2));
      else response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  const port = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;
  const browser = await playwright.launch({
    executablePath: chromium!,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--enable-unsafe-webgpu',
    ],
  });
  return {
    folder,
    scratch,
    url: `http://127.0.0.1:${port(isolated.httpServer as Parameters<typeof port>[0])}/`,
    bareUrl: `http://127.0.0.1:${port(bare)}/`,
    browser,
    serve(on) {
      serving = on;
      if (!on) bare.closeAllConnections();
    },
    slow(paths) {
      slow = paths;
    },
    async close() {
      await browser.close();
      await isolated.close();
      bare.closeAllConnections();
      await new Promise((resolve) => bare.close(resolve));
      for (const one of [folder, scratch]) await rm(one, { recursive: true });
    },
  };
}

/** A page, and everything it complains about. */
export interface Visit {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/** Opens a page of a visitor who comes for the first time and leaves when the test ends. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(150_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints };
}

export async function openSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page
    .getByRole('img', { name: /jet image/i })
    .first()
    .waitFor();
}

/** Chooses exactly these taggers. */
export async function choose(page: Page, ids: readonly string[]): Promise<void> {
  for (const box of await page.locator('.model input[type=checkbox]').all()) await box.uncheck();
  for (const id of ids) await page.getByRole('checkbox', { name: new RegExp(`^${id}(\\s|$)`) }).check();
}

export async function score(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Score with/ }).click();
  await page.getByRole('button', { name: 'Scored' }).or(page.getByRole('alert')).waitFor({ timeout: 0 });
  if (await page.getByRole('alert').isVisible()) throw new Error(await page.getByRole('alert').innerText());
}

/** The bytes that a click saves. */
export async function saved(page: Page, button: string | RegExp): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).first().click(),
  ]);
  return readFile(await download.path());
}

/** Serious findings about accessibility. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Keeps a picture of the page for whoever looks at a run. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.evaluate('scrollTo(0, 0)');
  await page.screenshot({ path: join(artefacts, `dashboard-${name}.png`), fullPage: true });
}

/** What is waited for comes with seconds to spare. */
export const PATIENT = { timeout: 20_000 };

/** Runtimes differ in the last bits. */
export const TOLERANCE = 1e-5;

/** What Node says of the jets of a file. */
export async function nodeScores(model: string, path: string): Promise<Float32Array> {
  const source = await openJets(path);
  const tagger = await loadTagger(model, { device: 'cpu' });
  try {
    return await tagger.score(source);
  } finally {
    await tagger.dispose();
    source.close();
  }
}

export function largestDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  return Array.from(wanted).reduce((most, value, i) => Math.max(most, Math.abs(value - got[i])), 0);
}
