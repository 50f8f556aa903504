import { readFile } from 'node:fs/promises';
import * as node from '@jetsdk/infer';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, makeSite, openPage, type Site } from '../../../../tests/support/browserPage.js';
import { chromium } from '../../../../tests/support/chromium.js';
import { expectedScores, fixturePixels, maxDifference } from '../testing/fixtures.testing.js';

const TOLERANCE = 1e-5;
/** A page that hangs is a failure, not a wait. */
const HANG_MS = 40_000;

describe.skipIf(chromium === undefined)('the package in Chromium (skipped where it is not installed)', () => {
  let site: Site;
  let browser: Browser;
  const pixels = JSON.stringify([...fixturePixels(5 * 144)]);
  beforeAll(async () => {
    site = await makeSite();
    browser = await launch('--enable-unsafe-webgpu');
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Runs statements in a fresh page; what they return comes back. */
  async function inPage(
    body: string,
    url = site.isolated,
    where = browser,
  ): Promise<{ value: unknown; console: string[] }> {
    const { page, console } = await openPage(where, url);
    page.setDefaultTimeout(HANG_MS);
    try {
      const work = page.evaluate(
        `(async () => { const five = images(${pixels}); const { loadTagger } = infer; ${body} })()`,
      );
      let timer: NodeJS.Timeout | undefined;
      const hang = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error('the page hangs')), HANG_MS);
      });
      const value = await Promise.race([work, hang]).finally(() => clearTimeout(timer));
      return { value, console };
    } finally {
      await page.close();
    }
  }

  it('has the same names as in Node', async () => {
    const { value } = await inPage('return Object.keys(infer).sort();');
    expect(value).toEqual(Object.keys(node).sort());
  });

  it('generates on WebAssembly the showers that it generates in Node', async () => {
    const bytes = await readFile(new URL('../../../../models/calo-flow/model.onnx', import.meta.url));
    const request = { seed: 3, energy: { low: 1, high: 100 } };
    const { value, console } = await inPage(`
      const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (one) => one.charCodeAt(0));
      const generator = await infer.loadGenerator(bytes, { device: 'wasm', batchSize: 5 });
      const { outputs, conditions } = await generator.generate(16, ${JSON.stringify(request)});
      await generator.dispose();
      return { cells: Object.values(outputs).map(({ data }) => [...data]), energy: [...conditions.energy], info: generator.info };`);
    const { cells, energy, info } = value as { cells: number[][]; energy: number[]; info: node.GeneratorInfo };
    await using generator = await node.loadGenerator(bytes, { device: 'wasm', batchSize: 5 });
    const here = await generator.generate(16, request);
    expect(info).toMatchObject({ name: 'calo-flow', device: 'wasm', sha256: generator.info.sha256 });
    expect(energy).toEqual([...here.conditions['energy']]);
    Object.values(here.outputs).forEach(({ data }, layer) => {
      const scale = Math.sqrt(data.reduce((sum, cell) => sum + cell * cell, 0) / data.length);
      expect(maxDifference(cells[layer], data) / scale).toBeLessThan(1e-6);
    });
    expect(console).toEqual([]);
  });

  it('generates with turns for the page in between, in which it can be stopped', async () => {
    const bytes = await readFile(new URL('../../../../models/calo-flow/model.onnx', import.meta.url));
    const { value } = await inPage(`
      const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (one) => one.charCodeAt(0));
      const generator = await infer.loadGenerator(bytes, { device: 'wasm' });
      const stopper = new AbortController();
      setTimeout(() => stopper.abort(), 0);
      let made = 0;
      const onProgress = ({ done }) => { made = done; };
      const ended = await generator.generate(4000, { seed: 1, energy: 50, signal: stopper.signal, onProgress })
        .then(() => 'whole', ({ code }) => code);
      await generator.dispose();
      return { ended, made };`);
    expect(value).toEqual({ ended: 'CANCELLED', made: expect.any(Number) });
    expect((value as { made: number }).made).toBeLessThan(4000);
  });

  it('scores on WebAssembly with threads, calls overlapping, silently', async () => {
    const { value, console } = await inPage(`
      const [a, b, c] = await Promise.all([
        loadTagger('/scoreNhwc.onnx', { device: 'wasm' }),
        loadTagger('softmaxNchw', { device: 'wasm' }),
        loadTagger(new URL('/fixedBatch.onnx', location.href), { device: 'wasm' })]);
      const scores = await Promise.all([a.score(five), b.score(five), c.score(five), a.score(five)]);
      const bad = images(five.data); bad.data[150] = Infinity;
      const notFinite = await failure(a.score(bad));
      const none = await a.score(images([]));
      const model = await infer.openModel(new Uint8Array(await (await fetch('/scoreNhwc.onnx')).arrayBuffer()));
      const raw = await model.run({ images: { shape: five.shape, data: five.data } });
      await model.close();
      await Promise.all([a.dispose(), b.dispose(), c.dispose()]);
      return { scores: scores.map((s) => [...s]), notFinite, none: none.length, raw: [...raw.y.data], info: a.info,
        processors: navigator.hardwareConcurrency };`);
    const { scores, notFinite, none, raw, info, processors } = value as {
      scores: number[][];
      notFinite: unknown;
      none: number;
      raw: number[];
      info: Record<string, unknown>;
      processors: number;
    };
    ['scoreNhwc', 'softmaxNchw', 'fixedBatch', 'scoreNhwc'].forEach((name, i) => {
      expect(maxDifference(scores[i], expectedScores(name))).toBeLessThan(TOLERANCE);
    });
    expect(maxDifference(raw, expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
    expect(notFinite).toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining('[0, 6, 0] of jet 1 is Infinity'),
    });
    expect(none).toBe(0);
    expect(info).toMatchObject({ device: 'wasm', threads: processors });
    expect(info['runtime']).toMatch(/^onnxruntime-web 1\./);
    expect(console).toEqual([]);
  });

  it('has one thread in a page that is not isolated, and says how to get more', async () => {
    const { value } = await inPage(
      `const tagger = await loadTagger('/scoreNhwc.onnx', { device: 'wasm' });
       return { threads: tagger.info.threads, scores: [...await tagger.score(five)],
         more: await failure(loadTagger('/scoreNhwc.onnx', { device: 'wasm', threads: 2 })) };`,
      site.plain,
    );
    const { threads, scores, more } = value as { threads: number; scores: number[]; more: unknown };
    expect(threads).toBe(1);
    expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
    expect(more).toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('Cross-Origin-Opener-Policy'),
    });
  });

  it('scores on WebGPU, loads and calls overlapping, finds NaN there too, and tells of a lost device', async () => {
    const { value } = await inPage(`
      let device;
      const { requestDevice } = GPUAdapter.prototype;
      GPUAdapter.prototype.requestDevice = async function (...options) {
        return (device = await requestDevice.apply(this, options));
      };
      const [a, b] = await Promise.all([
        loadTagger('/scoreNhwc.onnx', { device: 'webgpu' }), loadTagger('/wide.onnx', { device: 'webgpu' })]);
      const scores = await Promise.all([a.score(five), b.score(five), a.score(five)]);
      const bad = images(five.data); bad.data[150] = NaN;
      const notFinite = await failure(a.score(bad));
      const none = await a.score(images([]));
      const after = await a.score(five);
      const wasm = await loadTagger('/scoreNhwc.onnx', { device: 'wasm' });
      const half = await failure(loadTagger('/half.onnx', { device: 'webgpu' }));
      const info = a.info;
      const last = await wasm.score(five);
      device.destroy();
      const lost = await failure(a.score(five));
      const reload = await failure(loadTagger('/wide.onnx', { device: 'webgpu' }));
      await Promise.all([a.dispose(), b.dispose(), wasm.dispose()]);
      return { scores: [...scores, after, last].map((s) => [...s]), notFinite, none: none.length, info, half, lost, reload };`);
    const { scores, notFinite, none, info, ...failures } = value as {
      scores: number[][];
      notFinite: unknown;
      none: number;
      info: Record<string, unknown>;
    };
    ['scoreNhwc', 'wide', 'scoreNhwc', 'scoreNhwc', 'scoreNhwc'].forEach((name, i) => {
      expect(maxDifference(scores[i], expectedScores(name))).toBeLessThan(TOLERANCE);
    });
    expect(notFinite).toMatchObject({ code: 'NOT_FINITE' });
    expect(none).toBe(0);
    expect(info).toMatchObject({ device: 'webgpu', selfTest: { reference: 'wasm', jets: 48 } });
    expect(failures).toMatchObject({
      half: { code: expect.stringMatching(/DEVICE_UNAVAILABLE|PARITY_FAILED/) },
      lost: { code: 'DEVICE_UNAVAILABLE', message: expect.stringContaining('lost') },
      reload: { code: 'DEVICE_UNAVAILABLE' },
    });
  });

  it('asked for WebGPU without an adapter or WebNN that does not start says so, and auto goes on with WebAssembly', async () => {
    const without = await launch('--enable-features=WebMachineLearningNeuralNetwork');
    try {
      const { value } = await inPage(
        `const named = await failure(loadTagger('/scoreNhwc.onnx', { device: 'webgpu' }));
         const tagger = await loadTagger('/scoreNhwc.onnx');
         return { named, info: tagger.info, webnn: await failure(loadTagger('/scoreNhwc.onnx', { device: 'webnn' })),
           cpu: await failure(loadTagger('/scoreNhwc.onnx', { device: 'cpu' })) };`,
        site.isolated,
        without,
      );
      expect(value).toMatchObject({
        named: { code: 'DEVICE_UNAVAILABLE', message: expect.stringContaining('adapter') },
        info: { device: 'wasm', passedOver: [{ device: 'webgpu', reason: expect.stringContaining('adapter') }] },
        // elsewhere it may start
        ...(process.platform === 'linux' && {
          webnn: {
            code: 'DEVICE_UNAVAILABLE',
            message: expect.stringContaining('expected it to start; use wasm'),
          },
        }),
        cpu: { code: 'BAD_ARGUMENT', message: expect.stringContaining('auto, wasm, webgpu, webnn') },
      });
    } finally {
      await without.close();
    }
  });

  it('fetches weights that lie in a file beside the model; of a dropped file alone it says what is missing', async () => {
    const { value } = await inPage(`
      const device = 'wasm';
      const tagger = await loadTagger('/external.onnx', { device });
      const file = new File([await (await fetch('/external.onnx')).blob()], 'alone.onnx');
      return { scores: [...await tagger.score(five)], alone: await failure(loadTagger(file, { device })),
        whole: (await infer.readModel('/external.onnx')).length };`);
    const { scores, alone, whole } = value as { scores: number[]; alone: unknown; whole: number };
    expect(maxDifference(scores, expectedScores('external'))).toBeLessThan(TOLERANCE);
    expect(alone).toMatchObject({ code: 'BAD_MODEL', message: expect.stringContaining('external.data') });
    expect(whole).toBe((await node.readModel('packages/infer/fixtures/external.onnx')).length);
  });

  it('keeps models, and asks the server whether they have changed', async () => {
    site.log.length = 0;
    const { value } = await inPage(`
      const seen = [];
      for (let i = 0; i < 2; i++) {
        const tagger = await loadTagger('/colour.onnx', { device: 'wasm', cache: 'test', onProgress: (p) => seen.push(p.done) });
        await tagger.dispose();
      }
      return seen.length;`);
    expect(site.log).toEqual(['GET /colour.onnx 200', 'GET /colour.onnx 304']);
    expect(value).toBeGreaterThan(0);
  });

  it('answers a page, a missing model, another hash and damaged bytes with a JetError', async () => {
    const { value } = await inPage(`
      const bytes = new Uint8Array(await (await fetch('/scoreNhwc.onnx')).arrayBuffer());
      const device = 'wasm';
      return { page: await failure(loadTagger('/', { device })), missing: await failure(loadTagger('nosuch', { device })),
        hash: await failure(loadTagger('/scoreNhwc.onnx', { device, sha256: '00' })),
        cut: await failure(loadTagger(bytes.slice(0, 3000), { device })),
        broken: await failure(loadTagger(bytes.map((b, i) => (b === 77 ? 78 : b)), { device })),
        stalled: await failure(loadTagger('/stalled.onnx', { device, timeoutMs: 300 })),
        webnn: await failure(loadTagger('/scoreNhwc.onnx', { device: 'webnn' })),
        reduced: await failure(loadTagger('/half.onnx', { device, precision: 'float32' })),
        dropped: (await loadTagger(new File([bytes], 'dropped.onnx'), { device })).info.name };`);
    expect(value).toMatchObject({
      page: { code: 'REMOTE', message: expect.stringContaining('text/html') },
      missing: { code: 'REMOTE', message: expect.stringContaining('404') },
      hash: { code: 'BAD_FILE' },
      cut: { code: 'BAD_MODEL' },
      broken: { code: 'BAD_MODEL' },
      stalled: { code: 'REMOTE', message: expect.stringContaining('nothing arrived for 0.3 s') },
      webnn: { code: 'DEVICE_UNAVAILABLE', message: expect.stringContaining('no WebNN (navigator.ml)') },
      reduced: { code: 'BAD_MODEL', message: expect.stringContaining('expected float32') },
      dropped: 'dropped.onnx',
    });
  });
});
