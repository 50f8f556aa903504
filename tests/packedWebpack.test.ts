import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNpy } from '@jetsdk/jets/npy';
import { preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedScores, fixturePixels, maxDifference } from '../packages/infer/src/testing/fixtures.testing.js';
import { launch } from './support/browserPage.js';
import { chromium } from './support/chromium.js';
import { root } from './support/command.js';
import { execute, install, packAll } from './support/packedProject.js';

/** What packedWebpack.mjs says of the build. */
interface Built {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly modules: readonly string[];
}

/** What page.js and work.js of the build answer. */
interface Answers {
  readonly inPage: { readonly scores: number[]; readonly threads: number };
  readonly images: { readonly kind: string; readonly count: number; readonly scores: number[] };
  readonly constituents: { readonly kind: string; readonly count: number };
}

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-webpack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const project = join(folder, 'project');
const packed = await packAll(folder, ['packages/jets', 'packages/onnx', 'packages/infer']);
const unreachable = await install(project, folder, packed, { webpack: '^5.112.2' });

describe.skipIf(unreachable !== undefined)(
  `the packages in a page that webpack builds${unreachable === undefined ? '' : ` (skipped: npm's registry does not answer, ${unreachable})`}`,
  () => {
    let built: Built;
    beforeAll(async () => {
      copyFileSync(join(import.meta.dirname, 'packedWebpack.mjs'), join(project, 'build.mjs'));
      const { status, stdout, stderr } = await execute(project, process.execPath, 'build.mjs');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      built = JSON.parse(stdout);
    }, 180_000);

    test('need no configuration, and get their browser builds without any part of Node', () => {
      const { errors, warnings, modules } = built;
      expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
      expect(modules).toEqual(
        expect.arrayContaining(['@jetsdk/infer/dist/browser.js', '@jetsdk/jets/dist/io/files.js']),
      );
      const polyfills = /^(onnxruntime-node|hono|@hono|buffer|process|[\w-]+-browserify|browserify-[\w-]+)\//;
      const ofNode = (name: string): boolean =>
        name.startsWith('node:') || builtinModules.includes(name) || polyfills.test(name);
      expect(modules.filter((name) => ofNode(name) || name === '@jetsdk/infer/dist/index.js')).toEqual([]);
    });

    test.skipIf(chromium === undefined)(
      'score in Chromium with threads, in the page and in a worker that reads files (skipped where it is not installed)',
      async () => {
        const wanted = expectedScores('scoreNhwc');
        const pixels = fixturePixels(5 * 144);
        copyFileSync(join(root, 'packages/infer/fixtures/scoreNhwc.onnx'), join(project, 'dist', 'scoreNhwc.onnx'));
        copyFileSync(join(root, 'packages/infer/fixtures/hostile/short.onnx'), join(project, 'dist', 'short.onnx'));
        copyFileSync(join(root, 'data/test.h5'), join(project, 'test.h5'));
        const images = writeNpy({ dtype: 'float32', shape: [5, 12, 12, 1], data: pixels });
        writeFileSync(join(project, 'images.npy'), images);
        const server = await preview({
          root: project,
          logLevel: 'silent',
          preview: {
            host: '127.0.0.1',
            port: 0,
            headers: {
              'Cross-Origin-Opener-Policy': 'same-origin',
              'Cross-Origin-Embedder-Policy': 'require-corp',
            },
          },
        });
        const browser = await launch();
        try {
          const page = await browser.newPage();
          const said: string[] = [];
          page.on('console', (message) => said.push(message.text()));
          page.on('pageerror', (error) => said.push(String(error)));
          await page.goto(server.resolvedUrls!.local[0]);
          await page.waitForFunction('globalThis.page !== undefined');
          await page.evaluate(`document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))`);
          const ofFile = async (name: string): Promise<unknown> => {
            await page.locator('input').setInputFiles(join(project, name));
            return page.evaluate(`page.scoreFile(document.querySelector('input').files[0])`);
          };
          const data = `Float32Array.from(${JSON.stringify([...pixels])})`;
          const answers = {
            inPage: await page.evaluate(`page.score({ kind: 'images', shape: [5, 12, 12, 1], data: ${data} })`),
            images: await ofFile('images.npy'),
            constituents: await ofFile('test.h5'),
          } as Answers;
          expect(said).toEqual([]);
          expect(maxDifference(answers.inPage.scores, wanted)).toBeLessThan(1e-5);
          expect(answers.inPage.threads).toBe(await page.evaluate('navigator.hardwareConcurrency'));
          expect(maxDifference(answers.images.scores, wanted)).toBeLessThan(1e-5);
          expect(answers.images).toMatchObject({ kind: 'images', count: 5 });
          expect(answers.constituents).toMatchObject({ kind: 'constituents', count: 4000 });
        } finally {
          await browser.close();
          await server.close();
        }
      },
    );
  },
);
