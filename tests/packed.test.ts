import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { writeNpy } from '@jetsdk/jets/npy';
import { publint } from 'publint';
import { afterAll, describe, expect, test } from 'vitest';
import { expectedScores, fixturePixels, maxDifference } from '../packages/infer/src/testing/fixtures.testing.js';
import { root } from './support/command.js';
import { execute, install, packAll, published, type Result } from './support/packedProject.js';

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
  },
);
