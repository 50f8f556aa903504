import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { evaluate } from '@jetsdk/eval';
import { createServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedScores, fixturePixels, maxDifference } from '../packages/infer/src/testing/fixtures.testing.js';
import { launch } from './support/browserPage.js';
import { chromium } from './support/chromium.js';
import { root } from './support/command.js';
import { execute, install, packAll } from './support/packedProject.js';

/** What bundleSizes.mjs says of a page. */
interface Page {
  readonly warnings: readonly string[];
  readonly packages: readonly string[];
  readonly files: readonly { name: string; isFirst: boolean; bytes: number; gzip: number }[];
}

/** What belongs to ONNX Runtime, and the worker that has it inside. */
const RUNTIME = /^(ort[.-]|trialWorker)/;
/** kB, and kB after gzip, of what a page loads before it runs, of all that our packages fetch later, and of ONNX Runtime. */
const LIMITS: Readonly<
  Record<'infer' | 'eval' | 'plots' | 'all', Readonly<Record<string, readonly [number, number]>>>
> = {
  infer: { first: [58, 24], later: [170, 66], runtime: [370, 125] },
  eval: { first: [53, 20] },
  plots: { first: [340, 118] },
  all: { first: [445, 158], later: [170, 66], runtime: [370, 125] },
};
const NODE_ONLY = /^(linkedom|onnxruntime-node|hono|@hono\/.*|@tensorflow\/.*)$/;

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-packed-page-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const project = join(folder, 'project');
const packed = await packAll(
  folder,
  ['jets', 'onnx', 'infer', 'eval', 'plots'].map((name) => `packages/${name}`),
);
const unreachable = await install(project, folder, packed);

describe.skipIf(unreachable !== undefined)(
  `the packages in a page of Vite${unreachable === undefined ? '' : ` (skipped: npm's registry does not answer, ${unreachable})`}`,
  () => {
    const wanted = expectedScores('scoreNhwc');
    const pixels = fixturePixels(5 * 144);

    test.skipIf(chromium === undefined).each([
      ['without threads', {}],
      ['with threads', { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }],
    ])('the development server of Vite needs no configuration, %s (skipped without Chromium)', async (_, headers) => {
      for (const model of ['scoreNhwc.onnx', 'hostile/short.onnx'])
        copyFileSync(join(root, 'packages/infer/fixtures', model), join(project, basename(model)));
      writeFileSync(
        join(project, 'index.html'),
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
      );
      writeFileSync(join(project, 'main.js'), `import * as infer from '@jetsdk/infer'; globalThis.infer = infer;`);
      const server = await createServer({
        root: project,
        configFile: false,
        logLevel: 'silent',
        server: { host: '127.0.0.1', port: 0, headers },
      });
      const browser = await launch();
      try {
        await server.listen();
        const page = await browser.newPage();
        await page.goto(server.resolvedUrls?.local[0] ?? '');
        await page.waitForFunction('globalThis.infer !== undefined');
        const { scores, threads, processors } = (await page.evaluate(`(async () => {
          const tried = await infer.loadTagger(new URL('/short.onnx', location.href), { device: 'wasm' });
          await tried.dispose();
          const tagger = await infer.loadTagger(new URL('/scoreNhwc.onnx', location.href), { device: 'wasm' });
          const data = Float32Array.from(${JSON.stringify([...pixels])});
          const scores = await tagger.score({ kind: 'images', shape: [5, 12, 12, 1], data });
          return { scores: [...scores], threads: tagger.info.threads, processors: navigator.hardwareConcurrency };
        })()`)) as { scores: number[]; threads: number; processors: number };
        expect(maxDifference(scores, wanted)).toBeLessThan(1e-5);
        expect(threads).toBe('Cross-Origin-Opener-Policy' in headers ? processors : 1);
      } finally {
        await browser.close();
        await server.close();
      }
    });

    describe('bundled by Vite', () => {
      const pages = join(folder, 'pages');
      let built: Record<keyof typeof LIMITS, Page>;
      beforeAll(async () => {
        const script = join(import.meta.dirname, 'bundleSizes.mjs');
        const { status, stdout, stderr } = await execute(
          project,
          process.execPath,
          script,
          pages,
          join(project, 'node_modules'),
        );
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        built = JSON.parse(stdout);
      });

      test('needs no configuration, and nothing of Node gets in', () => {
        for (const [name, { warnings, packages }] of Object.entries(built)) {
          // Vite's remark on its own speed comes on a busy machine.
          expect([name, ...warnings.filter((warning) => !warning.includes('PLUGIN_TIMINGS'))]).toEqual([name]);
          expect(packages.filter((used) => NODE_ONLY.test(used))).toEqual([]);
        }
        expect(built.all.packages).toEqual(expect.arrayContaining(['@jetsdk/infer', 'onnxruntime-web', 'd3-array']));
      });

      test('stays within the sizes set, which docs/bundle-sizes.md gives in kB', () => {
        const partOf = ({ name, isFirst }: Page['files'][number]): string =>
          isFirst ? 'first' : RUNTIME.test(name) ? 'runtime' : 'later';
        const over = Object.entries(built).flatMap(([page, { files }]) =>
          [...new Set(files.map(partOf))].flatMap((part) => {
            const these = files.filter((file) => partOf(file) === part);
            const kB = (size: 'bytes' | 'gzip'): number => these.reduce((sum, file) => sum + file[size], 0) / 1000;
            const [most, mostGzip] = LIMITS[page as keyof typeof LIMITS][part] ?? [0, 0];
            return kB('bytes') > most || kB('gzip') > mostGzip ? [[page, part, kB('bytes'), kB('gzip')]] : [];
          }),
        );
        expect(over).toEqual([]);
        const page = readFileSync(join(root, 'docs/bundle-sizes.md'), 'utf8');
        for (const { name, isFirst } of built.infer.files) expect(page).toContain(isFirst ? '@jetsdk/infer' : name);
      });

      test.skipIf(chromium === undefined)(
        'scores, evaluates and draws in Chromium (skipped where it is not installed)',
        async () => {
          const dist = join(pages, 'all', 'dist');
          copyFileSync(join(root, 'packages/infer/fixtures/scoreNhwc.onnx'), join(dist, 'scoreNhwc.onnx'));
          const server = await preview({
            root: join(pages, 'all'),
            logLevel: 'silent',
            preview: { host: '127.0.0.1', port: 0 },
          });
          const browser = await launch();
          try {
            const page = await browser.newPage();
            const said: string[] = [];
            page.on('console', (message) => said.push(message.text()));
            page.on('pageerror', (error) => said.push(String(error)));
            await page.goto(server.resolvedUrls!.local[0]);
            await page.waitForFunction('globalThis.sdk !== undefined');
            const { scores, auc, svg } = (await page.evaluate(`(async () => {
              const { loadTagger } = sdk.infer;
              const tagger = await loadTagger(new URL('/scoreNhwc.onnx', location.href), { device: 'wasm' });
              const data = Float32Array.from(${JSON.stringify([...pixels])});
              const scores = await tagger.score({ kind: 'images', shape: [5, 12, 12, 1], data });
              await tagger.dispose();
              const labels = [0, 0, 1, 0, 1];
              const curve = { name: 'fixture', ...sdk.eval.roc(labels, scores) };
              return { scores: [...scores], auc: sdk.eval.evaluate(labels, scores).auc, svg: sdk.plots.rocCurve([curve]) };
            })()`)) as { scores: number[]; auc: number; svg: string };
            expect(maxDifference(scores, wanted)).toBeLessThan(1e-5);
            expect(auc).toBe(evaluate([0, 0, 1, 0, 1], wanted).auc);
            expect(svg).toMatch(/^<svg/);
            expect(said).toEqual([]);
          } finally {
            await browser.close();
            await server.close();
          }
        },
      );
    });
  },
);
