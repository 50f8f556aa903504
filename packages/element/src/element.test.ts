import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadTagger } from '@jetsdk/infer';
import { openJets } from '@jetsdk/jets/files';
import { writeNpy } from '@jetsdk/jets/npy';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launch } from '../../../tests/support/browserPage.js';
import { chromium } from '../../../tests/support/chromium.js';
import { expectedScores, fixturePixels, maxDifference } from '../../infer/src/testing/fixtures.testing.js';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};
const five = Buffer.from(writeNpy({ dtype: 'float32', shape: [5, 12, 12, 1], data: fixturePixels(5 * 144) }));
const TOLERANCE = 1e-5;

/** What the server of modules, models and data has. */
const FILES: Readonly<Record<string, string>> = {
  '/course-cnn.onnx': at('../../models/course-cnn/model.onnx'),
  '/scoreNhwc.onnx': at('../infer/fixtures/scoreNhwc.onnx'),
  '/softmaxNchw.onnx': at('../infer/fixtures/softmaxNchw.onnx'),
  '/short.onnx': at('../infer/fixtures/hostile/short.onnx'),
  '/folded.onnx': at('../infer/fixtures/hostile/folded.onnx'),
  '/table.h5': at('../jets/fixtures/table-zlib.h5'),
};

const servers: Server[] = [];
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.skipIf(chromium === undefined)('<jet-tagger> in a page without a bundler (skipped without Chromium)', () => {
  let browser: Browser;
  let cdn: string;
  let pages: string;
  let isolated: string;
  /** of scripts that were sent */
  let scriptBytes = 0;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, [at('build.mjs')]);
    cdn = await serve(async ({ url }, response) => {
      const path = url ?? '';
      const allowed = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
      try {
        const content = path === '/five.npy' ? five : await readFile(FILES[path] ?? at(`dist/page${path}`));
        if (path.endsWith('.js')) scriptBytes += content.length;
        response.writeHead(200, { ...allowed, 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
        response.end(content);
      } catch {
        response.writeHead(404, allowed).end();
      }
    });
    const page =
      (headers: Readonly<Record<string, string>>): RequestListener =>
      ({ url }, response) => {
        response.writeHead(200, { ...headers, 'content-type': 'text/html' });
        const element = decodeURIComponent(new URL(url ?? '', cdn).search.slice(1));
        response.end(`<!doctype html><link rel="icon" href="data:,"><script type="module" src="${cdn}/jet-tagger.js"></script>
        <script>addEventListener('scores', ({ detail }) => { globalThis.told = { ...detail, scores: [...detail.scores], labels: detail.labels && [...detail.labels] } })</script>
        ${element}`);
      };
    pages = await serve(page({}));
    isolated = await serve(
      page({ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }),
    );
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) server.close();
  });

  /** A page with such an element in it, and what it complains about. */
  async function open(element: string, where = pages): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    page.setDefaultTimeout(40_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${where}/?${encodeURIComponent(element)}`);
    return { page, complaints };
  }

  const told = async (page: Page): Promise<{ name: string; scores: number[]; labels?: number[] }> => {
    await page.waitForFunction('globalThis.told !== undefined');
    return page.evaluate('globalThis.told');
  };

  it('scores a file that is chosen, shows its scores and tells them', async () => {
    const { page, complaints } = await open(`<jet-tagger model="${cdn}/scoreNhwc.onnx"></jet-tagger>`);
    await page.getByText('Drop a file of jets here').waitFor();
    await page.locator('input[type=file]').setInputFiles({ name: 'five.npy', mimeType: '', buffer: five });
    await page.getByRole('img', { name: 'Scores of 5 jets' }).waitFor();
    const { name, scores } = await told(page);
    expect(name).toBe('five.npy');
    expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the scores' }).click(),
    ]);
    expect(saved.suggestedFilename()).toBe('five.npy.scores.npy');
    expect(complaints).toEqual([]);
  });

  it.each(['a plain page', 'an isolated page'])('scores the jets of an address as Node does, in %s', async (kind) => {
    const element = `<jet-tagger model="${cdn}/course-cnn.onnx" data="${cdn}/table.h5"></jet-tagger>`;
    const { page, complaints } = await open(element, kind === 'a plain page' ? pages : isolated);
    const { scores, labels } = await told(page);
    const jets = await openJets(FILES['/table.h5'] ?? '');
    await using tagger = await loadTagger(FILES['/course-cnn.onnx'] ?? '', { device: 'cpu' });
    expect(maxDifference(scores, await tagger.score(jets))).toBeLessThan(TOLERANCE);
    expect(labels).toEqual([...((await jets.labels()) ?? [])]);
    jets.close();
    await page.getByText('course-cnn', { exact: true }).waitFor();
    await page.getByText(kind === 'a plain page' ? /WebAssembly, 1 thread$/ : /WebAssembly, \d+ threads?$/).waitFor();
    await page.getByRole('img', { name: /^Scores of [\d,]+ jets by class: / }).waitFor();
    expect(complaints.filter((text) => !text.startsWith('score: '))).toEqual([]);
  });

  it('begins anew when its model changes, and goes with its place', async () => {
    const { page } = await open(`<jet-tagger model="${cdn}/scoreNhwc.onnx" data="${cdn}/five.npy"></jet-tagger>`);
    await told(page);
    await page.evaluate(`globalThis.told = undefined;
      document.querySelector('jet-tagger').setAttribute('model', '${cdn}/softmaxNchw.onnx')`);
    const { scores } = await told(page);
    expect(maxDifference(scores, expectedScores('softmaxNchw'))).toBeLessThan(TOLERANCE);
    await page.evaluate(`document.querySelector('jet-tagger').remove()`);
    expect(await page.locator('jet-tagger').count()).toBe(0);
  });

  it.each<[string, string]>([
    ['model="CDN/nothing.onnx"', 'the server answered 404'],
    ['model="CDN/scoreNhwc.onnx" device="abacus"', 'device abacus; expected auto, wasm, webgpu, webnn'],
    ['model="CDN/scoreNhwc.onnx" data="CDN/scoreNhwc.onnx"', 'scoreNhwc.onnx'],
    ['model="CDN/scoreNhwc.onnx" recipe="nothing"', 'nothing'],
    ['model="CDN/scoreNhwc.onnx" sha256="00"', 'SHA-256 is 15644ca'],
    ['model="CDN/folded.onnx"', 'takes more than 107'],
  ])('says what is wrong with %s', async (attributes, message) => {
    const { page } = await open(`<jet-tagger ${attributes.replaceAll('CDN', cdn)}></jet-tagger>`);
    expect(await page.getByRole('alert').innerText()).toContain(message);
  });

  it('tries a model whose graph does not tell what it takes in a worker, from a module of another site too', async () => {
    const { page, complaints } = await open(`<jet-tagger model="${cdn}/short.onnx"></jet-tagger>`);
    const [worker] = await Promise.all([
      page.waitForEvent('worker'),
      page.getByText('Drop a file of jets here').waitFor(),
    ]);
    expect(worker.url()).toMatch(/^blob:/);
    expect(complaints).toEqual([]);
  });

  it('is light until there is something to do', async () => {
    scriptBytes = 0;
    const { page } = await open('');
    await page.waitForFunction(`customElements.get('jet-tagger') !== undefined`);
    expect(scriptBytes).toBeGreaterThan(40_000);
    expect(scriptBytes).toBeLessThan(68_000);
  });

  it('is a module to score with in a notebook', async () => {
    const { page } = await open('');
    const scores = await page.evaluate(`import('${cdn}/jet-tagger.js').then(async ({ loadTagger, openJets }) => {
      const tagger = await loadTagger('${cdn}/scoreNhwc.onnx', { device: 'wasm' });
      return [...await tagger.score(await openJets('${cdn}/five.npy'))];
    })`);
    expect(maxDifference(scores as number[], expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
  });

  /** The scores of the jets and the model that the examples of docs/embedding.md are given here. */
  const scoresOfExample = async (): Promise<Float32Array> => {
    const jets = await openJets(FILES['/table.h5'] ?? '');
    onTestFinished(() => jets.close());
    await using tagger = await loadTagger(FILES['/course-cnn.onnx'] ?? '', { device: 'cpu' });
    return await tagger.score(jets);
  };

  /** A block of docs/embedding.md, whose module is the one here. */
  const example = (heading: string, contains: string): string => {
    const [, section = ''] = readFileSync(at('../../docs/embedding.md'), 'utf8').split(`## ${heading}\n`);
    const blocks = [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, code = '']) => code);
    const found = blocks.find((code) => code.includes(contains));
    if (found === undefined) throw new Error(`no example with ${contains} below ${heading}`);
    return found.replaceAll(/https:\/\/cdn\.jsdelivr\.net\/npm\/@jetsdk\/element@[\d.]+\/dist\/page/g, cdn);
  };

  it('goes by its name under an import map, as docs/embedding.md has it', async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    page.setDefaultTimeout(40_000);
    const files: Readonly<Record<string, string>> = {
      '/models/course-cnn/model.onnx': FILES['/course-cnn.onnx'] ?? '',
      '/jets.h5': FILES['/table.h5'] ?? '',
    };
    const host = await serve(async ({ url = '' }, response) => {
      const path = files[url];
      response.writeHead(url === '/' || path !== undefined ? 200 : 404, {
        'content-type': url === '/' ? 'text/html' : 'application/octet-stream',
      });
      response.end(url === '/' ? example('A plain page', 'importmap') : path && (await readFile(path)));
    });
    const logged = page.waitForEvent('console', (message) => message.type() === 'log');
    await page.goto(host);
    const scores = await (await logged).args()[0]?.evaluate((value) => Array.from(value as Float32Array));
    expect(maxDifference(scores ?? [], await scoresOfExample())).toBeLessThan(TOLERANCE);
  });

  it('runs in the cell of docs/embedding.md as Observable runs cells: an async function with its globals', async () => {
    const { page, complaints } = await open('');
    for (const path of ['d3/dist/d3.min.js', '@observablehq/plot/dist/plot.umd.min.js'])
      await page.addScriptTag({ path: at(`../../node_modules/${path}`) });
    const cell = example('Observable', 'FileAttachment').replaceAll(
      'https://example.org/models/course-cnn/model.onnx',
      `${cdn}/course-cnn.onnx`,
    );
    await page.evaluate(
      `(async (FileAttachment, display, html) => { ${cell}; globalThis.cell = Array.from(scores); })(
        (name) => ({ url: async () => '${cdn}/' + { 'jets.h5': 'table.h5' }[name] }),
        (shown) => document.body.append(shown),
        (text) => document.createRange().createContextualFragment(text.join('')),
      )`,
    );
    const scores = (await page.evaluate('globalThis.cell')) as number[];
    expect(maxDifference(scores, await scoresOfExample())).toBeLessThan(TOLERANCE);
    await page.locator('svg [aria-label=rect] rect').first().waitFor();
    await page.getByText('Drop a file of jets here').waitFor();
    expect(complaints.filter((text) => !text.startsWith('score: '))).toEqual([]);
  });
});
