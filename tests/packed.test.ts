import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { evaluate } from '@jetsdk/eval';
import { writeNpy } from '@jetsdk/jets/npy';
import { publint } from 'publint';
import { createServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedScores, fixturePixels, maxDifference } from '../packages/infer/src/testing/fixtures.testing.js';
import { launch } from './support/browserPage.js';
import { chromium } from './support/chromium.js';
import { root } from './support/command.js';
import { execute, install, packAll, published, type Result } from './support/packedProject.js';

/** What bundleSizes.mjs says of a page. */
interface Page {
  readonly warnings: readonly string[];
  readonly packages: readonly string[];
  readonly files: readonly { name: string; isEntry: boolean; bytes: number; gzip: number }[];
}

/** kB and kB after gzip of a page's own JavaScript, and of what it fetches with the first model. */
const RUNTIME: Readonly<Record<string, readonly [number, number]>> = {
  'onnxFile.js': [85, 27],
  'card.js': [28, 12],
  'http.js': [26, 10],
  'keys.js': [1, 1],
  'loadGenerator.js': [14, 6],
  'loadRemote.js': [16, 7],
  'remoteGenerator.js': [3, 2],
  'ort.wasm.bundle.min.js': [80, 26],
  'ort.webgpu.bundle.min.js': [130, 42],
  'ort-wasm-simd-threaded.mjs': [28, 11],
  'ort-wasm-simd-threaded.asyncify.mjs': [60, 22],
  'trialWorker.js': [90, 31],
};
const LIMITS: Readonly<Record<'infer' | 'eval' | 'plots' | 'all', typeof RUNTIME>> = {
  infer: { infer: [80, 32], ...RUNTIME },
  eval: { eval: [92, 36] },
  plots: { plots: [340, 118] },
  all: { all: [500, 178], ...RUNTIME },
};
const NODE_ONLY = /^(linkedom|onnxruntime-node|hono|@hono\/.*|@tensorflow\/.*)$/;

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-packed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const project = join(folder, 'project');
const packed = await packAll(folder, published());
const unreachable = await install(project, folder, packed);
/** All but the sample and the models, which are data. */
const code = packed.filter(({ tarball }) =>
  createPackageFromTarballData(tarball)
    .listFiles()
    .some((file) => file.endsWith('.js')),
);
const modules = code.flatMap((entry) => entry.modules);

const node = (...args: string[]) => execute(project, process.execPath, ...args);
const inProject = (file: string, text: string | Uint8Array): void => writeFileSync(join(project, file), text);

test.each(packed)('$name is clean by publint', async ({ tarball: { buffer, byteOffset, byteLength } }) => {
  const pack = { tarball: buffer.slice(byteOffset, byteOffset + byteLength) };
  expect((await publint({ strict: true, pack })).messages).toEqual([]);
});

describe.each(code)('$name as npm publishes it', ({ tarball }) => {
  const contents = createPackageFromTarballData(tarball);

  test('has right types for modules and bundlers', async () => {
    const result = await checkPackage(contents);
    expect(result.types).not.toBe(false);
    const problems = result.types === false ? [] : result.problems;
    // Resolutions that know no `exports`, and `require` as it was before Node 20.19, are not offered.
    const offered = problems.filter(
      (problem) => !('resolutionKind' in problem) || !['node10', 'node16-cjs'].includes(problem.resolutionKind),
    );
    expect(offered).toEqual([]);
  });

  test('holds the sources that its maps name, and no tests', () => {
    const files = contents.listFiles();
    const maps = files.filter((file) => file.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(0);
    const lost = maps.flatMap((file) => {
      const { sources, sourceRoot } = JSON.parse(contents.readFile(file)) as { sources: string[]; sourceRoot?: string };
      return sources
        .map((source) => posix.join(posix.dirname(file), sourceRoot ?? '', source))
        .filter((source) => !contents.fileExists(source));
    });
    expect(lost).toEqual([]);
    expect(files.filter((file) => /\.(test|testing)\.|tsbuildinfo|fixtures/.test(file))).toEqual([]);
  });
});

describe.skipIf(unreachable !== undefined)(
  `the packages in an empty project${unreachable === undefined ? '' : ` (skipped: npm's registry does not answer, ${unreachable})`}`,
  () => {
    const wanted = expectedScores('scoreNhwc');
    const pixels = fixturePixels(5 * 144);

    /** Puts data, a model and scripts beside the packages. */
    function prepare(): void {
      copyFileSync(join(root, 'data/test.h5'), join(project, 'test.h5'));
      copyFileSync(join(root, 'packages/infer/fixtures/scoreNhwc.onnx'), join(project, 'scoreNhwc.onnx'));
      copyFileSync(join(root, 'packages/infer/fixtures/hostile/short.onnx'), join(project, 'short.onnx'));
      copyFileSync(join(import.meta.dirname, 'packedLine.mjs'), join(project, 'line.mjs'));
      inProject('images.npy', writeNpy({ dtype: 'float32', shape: [5, 12, 12, 1], data: pixels }));
      inProject(
        'line.cjs',
        `const { loadTagger } = require('@jetsdk/infer');
         const { evaluate } = require('@jetsdk/eval');
         loadTagger('scoreNhwc.onnx', { device: 'cpu' }).then(async (tagger) => {
           const x = { kind: 'images', shape: [5, 12, 12, 1], data: Float32Array.from(${JSON.stringify([...pixels])}) };
           const scores = await tagger.score(x);
           await tagger.dispose();
           console.log(JSON.stringify([[...scores], evaluate([0, 1, 0, 1, 1], scores).jets]));
         });`,
      );
    }

    function expectLine({ status, stdout, stderr }: Result, version: string): void {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { five, aucStdErr, ...line } = JSON.parse(stdout) as { five: number[]; aucStdErr: number };
      expect(maxDifference(five, wanted)).toBeLessThan(1e-5);
      expect(aucStdErr).toBeGreaterThan(0);
      expect(line).toEqual({
        node: expect.stringMatching(`^${version}\\b`),
        empty: [],
        images: [200, 30, 30, 1],
        backend: 'wasm',
        parityJets: 200,
        scores: 200,
        jets: 200,
        runtime: expect.stringMatching(/^onnxruntime-node \d/),
      });
      expect(readFileSync(join(project, 'report.html'), 'utf8')).toContain('<svg');
    }

    function expectRequired({ status, stdout, stderr }: Result): void {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [scores, jets] = JSON.parse(stdout) as [number[], number];
      expect(maxDifference(scores, wanted)).toBeLessThan(1e-5);
      expect(jets).toBe(5);
    }

    test('every module loads, and the line from jets to a report runs silently', async () => {
      prepare();
      expectLine(await node('line.mjs', ...modules), process.versions.node);
    });

    const others = process.env['JETSDK_NODES']?.split(',') ?? [];
    test.skipIf(others.length === 0)(
      'the same under other versions of Node (skipped without JETSDK_NODES=22,24; npm downloads them)',
      { timeout: 600_000 },
      async () => {
        prepare();
        for (const version of others) {
          const { stdout } = await execute(project, 'npx', '-y', `node@${version}`, '--print', 'process.execPath');
          const program = stdout.trim();
          expectLine(await execute(project, program, 'line.mjs', ...modules), version);
          expectRequired(await execute(project, program, 'line.cjs'));
        }
      },
    );

    test('CommonJS may require what scores and what evaluates', async () => {
      prepare();
      expectRequired(await node('line.cjs'));
    });

    test('the types hold for node16 and bundler resolution, in Node and in a page', async () => {
      const inPages =
        /^@jetsdk\/(jets(\/(json|npy|npz|files))?|onnx|export|infer|eval(\/(challenge|regression|generation))?|plots)$/;
      const program = (names: readonly string[]): string =>
        [
          ...names.map((name, i) => `import * as m${i} from '${name}';`),
          `import { loadTagger, type Tagger } from '@jetsdk/infer';`,
          `export const all: readonly object[] = [${names.map((_, i) => `m${i}`).join()}];`,
          `export const score = async (model: string, data: Float32Array): Promise<Float32Array> => {`,
          `  const tagger: Tagger = await loadTagger(model);`,
          `  return tagger.score({ kind: 'images', shape: [1, 12, 12, 1], data });`,
          `};`,
          `export const wrong: number = loadTagger;`,
        ].join('\n');
      inProject('node.mts', program(modules));
      inProject('node.cts', program(modules));
      inProject('page.mts', program(modules.filter((name) => inPages.test(name))));
      const common = { noEmit: true, strict: true, skipLibCheck: false, target: 'es2022' };
      const inNode = { ...common, lib: ['es2023', 'dom'], types: ['node'] };
      const projects = {
        node16: { compilerOptions: { ...inNode, module: 'node16' }, files: ['node.mts'] },
        nodenext: { compilerOptions: { ...inNode, module: 'nodenext' }, files: ['node.cts'] },
        page: {
          compilerOptions: {
            ...common,
            lib: ['es2023', 'dom', 'dom.iterable'],
            types: [],
            module: 'esnext',
            moduleResolution: 'bundler',
          },
          files: ['page.mts'],
        },
      };
      for (const [name, config] of Object.entries(projects)) {
        inProject(`${name}.json`, JSON.stringify(config));
        const { stdout } = await node(join(root, 'node_modules/typescript/bin/tsc'), '-p', `${name}.json`);
        // Declarations of others (TensorFlow.js, WebGPU) have errors of their own.
        const errors = stdout.split('\n').filter((line) => /^(node_modules\/@jetsdk\/|node\.|page\.)/.test(line));
        expect([name, errors]).toEqual([name, [expect.stringMatching(/^(node|page)\.[mc]ts\(.*TS2322: .*'number'/)]]);
      }
    });

    test('the command works through npx', async () => {
      prepare();
      const npx = (...args: string[]) => execute(project, 'npx', '--no', '--loglevel=error', 'jetsdk', ...args);
      const help = await npx('--help');
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toMatch(/Usage: jetsdk/);
      const info = await npx('data', 'info', 'test.h5');
      expect(info).toMatchObject({ status: 0, stderr: '' });
      expect(info.stdout).toMatch(/4,000 jets as constituents \(200 × 4\): 2,023 background \(0\), 1,977 signal \(1\)/);
    });

    test('doctor finds the processor and the training backend', async () => {
      const { status, stdout, stderr } = await node('node_modules/jetsdk/bin/jetsdk.js', 'doctor', '--json');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const { devices, backends } = JSON.parse(stdout);
      expect(devices).toContainEqual(expect.objectContaining({ device: 'cpu', available: true }));
      expect(backends).toContainEqual(expect.objectContaining({ backend: 'wasm', available: true }));
    });

    test('the demo runs, and models go by their names, from the packages alone', { timeout: 600_000 }, async () => {
      const jetsdk = (...args: string[]) => node('node_modules/jetsdk/bin/jetsdk.js', ...args);
      const demo = await jetsdk('demo', '-o', 'made');
      expect(demo).toMatchObject({ status: 0 });
      expect(readFileSync(join(project, 'made/report.html'), 'utf8')).toContain('<svg');
      const [, score, evaluation] = [...demo.stdout.matchAll(/^ {2}npx jetsdk (.*)$/gm)].map(([, args]) => args ?? '');
      expect(await jetsdk(...(score ?? '').split(' '))).toMatchObject({ status: 0 });
      expect(await jetsdk(...(evaluation ?? '').split(' '))).toMatchObject({ status: 0 });

      const listed = await jetsdk('models', '--json');
      expect(listed).toMatchObject({ status: 0, stderr: '' });
      const names = (JSON.parse(listed.stdout) as { name: string }[]).map(({ name }) => name);
      expect(names).toEqual(
        readdirSync(join(root, 'models')).filter((name) => existsSync(join(root, 'models', name, 'README.md'))),
      );
      expect(await jetsdk('score', 'course-cnn', 'test.h5', '-o', 'named.npy')).toMatchObject({ status: 0 });

      inProject(
        'named.mjs',
        `import { loadTagger } from '@jetsdk/infer';
         const tagger = await loadTagger('course-cnn', { device: 'cpu' });
         console.log(tagger.info.card.name);
         await tagger.dispose();`,
      );
      expect(await node('named.mjs')).toEqual({ status: 0, stdout: 'course-cnn\n', stderr: '' });
    });

    test.skipIf(chromium === undefined).each([
      ['without threads', {}],
      ['with threads', { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }],
    ])('the development server of Vite needs no configuration, %s (skipped without Chromium)', async (_, headers) => {
      prepare();
      inProject(
        'index.html',
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
      );
      inProject('main.js', `import * as infer from '@jetsdk/infer'; globalThis.infer = infer;`);
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
        const { status, stdout, stderr } = await node(script, pages, join(project, 'node_modules'));
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
        const sizes = Object.entries(built).flatMap(([page, { files }]) =>
          files.map(({ name, isEntry, bytes, gzip }) => ({ page, name: isEntry ? page : name, bytes, gzip })),
        );
        const over = sizes.filter(({ page, name, bytes, gzip }) => {
          const [most, mostGzip] = LIMITS[page as keyof typeof LIMITS][name] ?? [0, 0];
          return bytes > most * 1000 || gzip > mostGzip * 1000;
        });
        expect(over).toEqual([]);
        const page = readFileSync(join(root, 'docs/bundle-sizes.md'), 'utf8');
        for (const { name, isEntry } of built.infer.files) expect(page).toContain(isEntry ? '@jetsdk/infer' : name);
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

describe.skipIf(unreachable !== undefined)('an install that runs the scripts of its packages', () => {
  const place = join(folder, 'scripts');
  const ask = `
    import { loadTagger, openModel } from '@jetsdk/infer';
    import { readFileSync } from 'node:fs';
    const pixels = Float32Array.from(${JSON.stringify([...fixturePixels(5 * 144)])});
    const images = { kind: 'images', shape: [5, 12, 12, 1], data: pixels };
    const tagger = await loadTagger('scoreNhwc.onnx');
    const scores = [...(await tagger.score(images))];
    const { device, passedOver } = tagger.info;
    await tagger.dispose();
    const opened = await openModel(new Uint8Array(readFileSync('scoreNhwc.onnx')));
    await opened.close();
    const cpu = await loadTagger('scoreNhwc.onnx', { device: 'cpu' }).then(
      (one) => one.dispose().then(() => 'works'),
      ({ code, message }) => code + ' ' + message,
    );
    console.log(JSON.stringify({ device, passedOver, scores, runtime: opened.runtime, cpu }));`;

  beforeAll(async () => {
    const needed = packed.filter(({ name }) => ['@jetsdk/jets', '@jetsdk/onnx', '@jetsdk/infer'].includes(name));
    expect(await install(place, folder, needed, {}, true)).toBeUndefined();
    copyFileSync(join(root, 'packages/infer/fixtures/scoreNhwc.onnx'), join(place, 'scoreNhwc.onnx'));
    writeFileSync(join(place, 'ask.mjs'), ask);
  });

  async function answers(): Promise<{
    device: string;
    passedOver: readonly { device: string; reason: string }[];
    scores: number[];
    runtime: string;
    cpu: string;
  }> {
    const { status, stdout, stderr } = await execute(place, process.execPath, 'ask.mjs');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  test('scores, with the native library or without', async () => {
    const { device, scores } = await answers();
    expect(device).toMatch(/^(cpu|wasm|webgpu|cuda|coreml|dml)$/);
    expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(1e-5);
  });

  test('scores in WebAssembly and says how to add the native library where npm left it out', async () => {
    rmSync(join(place, 'node_modules/onnxruntime-node'), { recursive: true, force: true });
    const { device, passedOver, scores, runtime, cpu } = await answers();
    const command = 'npm install onnxruntime-node@1.30.0 --ignore-scripts';
    expect(device).toBe('wasm');
    expect(passedOver).toEqual([{ device: 'cpu', reason: expect.stringContaining(command) }]);
    expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(1e-5);
    expect(runtime).toMatch(/^onnxruntime-web \d.* wasm$/);
    expect(cpu).toMatch(/^DEVICE_UNAVAILABLE device cpu: onnxruntime-node is not installed/);
    expect(cpu).toContain(command);
  });
});
