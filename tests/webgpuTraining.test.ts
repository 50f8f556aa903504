/** Training on WebGPU, on a graphics card in software. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, preview } from 'vite';
import { describe, expect, test } from 'vitest';
import { launch } from './support/browserPage.js';
import { chromium, softwareGpu } from './support/chromium.js';
import { root } from './support/command.js';

/** Losses of float32 networks that compute in another order. */
const TOLERANCE = 2e-5;
/** Of our layers: normalisation, pooling and dense; LRN, dropout and 11×11 convolutions; maxout. */
const NETWORKS = [
  ['course-cnn', 12],
  ['jet-images-conv', 16],
  ['jet-images-maxout', 8],
] as const;

interface Losses {
  readonly name: string;
  readonly losses: readonly number[];
}

/** Runs statements in a process of its own; the value given to `print` comes back. */
async function inNode(body: string, env: Record<string, string> = {}): Promise<unknown> {
  const program = `
    import { losses } from './webgpuTraining.mjs';
    import { engine } from '@tensorflow/tfjs-core';
    const failure = (work) => work.then(() => 'no error', (error) => ({ code: error.code, message: error.message }));
    const print = (value) => console.log(JSON.stringify(value));
    ${body}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(root, 'tests'),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    timeout: 100_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

function expectEqual(webgpu: Losses, wasm: Losses): void {
  expect([webgpu.name, wasm.name]).toEqual(['webgpu', 'wasm']);
  expect(webgpu.losses).toHaveLength(4);
  for (const [i, loss] of webgpu.losses.entries())
    expect(Math.abs(loss - wasm.losses[i])).toBeLessThan(TOLERANCE * Math.abs(wasm.losses[i]));
}

describe.skipIf(softwareGpu === undefined)(
  'training on WebGPU in Node (skipped without Chromium’s SwiftShader)',
  () => {
    test.each(NETWORKS)('%s has the losses that it has on wasm', { timeout: 120_000 }, async (network, side) => {
      const [webgpu, wasm] = (await inNode(
        `print([await losses('webgpu', '${network}', ${side}), await losses('wasm', '${network}', ${side})]);`,
        softwareGpu,
      )) as [Losses, Losses];
      expectEqual(webgpu, wasm);
    });

    test('ends with a JetError when the card is lost, and when it reports an error', { timeout: 120_000 }, async () => {
      const failures = await inNode(
        `const device = () => engine().backend.device;
       const broken = (harm) => failure(losses('webgpu', 'jet-images-maxout', 8, { onBatch: harm }));
       const refused = await broken(() => device().createBuffer({ size: 2 ** 45, usage: GPUBufferUsage.STORAGE }));
       print([refused, await broken(() => device().destroy())]);`,
        softwareGpu,
      );
      expect(failures).toEqual([
        { code: 'DEVICE_UNAVAILABLE', message: expect.stringMatching(/^webgpu: .*use smaller batches or another/s) },
        { code: 'DEVICE_UNAVAILABLE', message: expect.stringMatching(/^webgpu: .*use smaller batches or another/s) },
      ]);
    });
  },
);

test('without an adapter webgpu is a JetError that says so, and the backend before it goes on', async () => {
  const [failed, after] = (await inNode(
    `await losses('wasm', 'jet-images-maxout', 8);
     print([await failure(losses('webgpu', 'jet-images-maxout', 8)), engine().backendName]);`,
    { VK_ICD_FILENAMES: '/nowhere.json', VK_DRIVER_FILES: '/nowhere.json' },
  )) as [unknown, string];
  expect(failed).toEqual({
    code: 'DEVICE_UNAVAILABLE',
    message: expect.stringMatching(/webgpu: no adapter: no graphics card/),
  });
  expect(after).toBe('wasm');
});

describe.skipIf(chromium === undefined)('training in Chromium (skipped where it is not installed)', () => {
  test('auto takes webgpu, with the losses of wasm in Node; without it cpu, and says why', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jetsdk-train-'));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    mkdirSync(join(folder, 'src'));
    writeFileSync(
      join(folder, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./src/main.js"></script>',
    );
    writeFileSync(
      join(folder, 'src', 'main.js'),
      `import { selectBackend } from '@jetsdk/train';
       import { losses } from '${join(root, 'tests', 'webgpuTraining.mjs')}';
       Object.assign(window, { losses, selectBackend });`,
    );
    await build({ root: folder, logLevel: 'silent', build: { target: 'esnext' } });
    const server = await preview({ root: folder, logLevel: 'silent', preview: { host: '127.0.0.1', port: 0 } });
    const url = server.resolvedUrls!.local[0];
    try {
      const run = async (statement: string, ...flags: string[]): Promise<unknown> => {
        const browser = await launch(...flags);
        try {
          const page = await browser.newPage();
          await page.goto(url);
          await page.waitForFunction('window.losses !== undefined');
          return await page.evaluate(statement);
        } finally {
          await browser.close();
        }
      };
      const webgpu = (await run(`losses('auto', 'course-cnn', 12)`, '--enable-unsafe-webgpu')) as Losses;
      expectEqual(webgpu, (await inNode(`print(await losses('wasm', 'course-cnn', 12));`)) as Losses);
      expect(await run('selectBackend()', '--disable-features=WebGPU', '--disable-blink-features=WebGPU')).toEqual({
        name: 'cpu',
        threads: 1,
        reasons: [{ backend: 'webgpu', reason: expect.stringMatching(/no WebGPU|no adapter/) }],
      });
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
