import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedScores, fixturePixels, maxDifference } from '../packages/infer/src/testing/fixtures.testing.js';
import { root } from './support/command.js';
import { execute, install, packAll } from './support/packedProject.js';

const folder = mkdtempSync(join(tmpdir(), 'jetsdk-packed-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const project = join(folder, 'project');
const packed = await packAll(folder, ['packages/jets', 'packages/onnx', 'packages/infer']);
const unreachable = await install(project, folder, packed, {}, true);

describe.skipIf(unreachable !== undefined)(
  `an install that runs the scripts of its packages${unreachable === undefined ? '' : ` (skipped: npm's registry does not answer, ${unreachable})`}`,
  () => {
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
      copyFileSync(join(root, 'packages/infer/fixtures/scoreNhwc.onnx'), join(project, 'scoreNhwc.onnx'));
      writeFileSync(join(project, 'ask.mjs'), ask);
    });

    async function answers(): Promise<{
      device: string;
      passedOver: readonly { device: string; reason: string }[];
      scores: number[];
      runtime: string;
      cpu: string;
    }> {
      const { status, stdout, stderr } = await execute(project, process.execPath, 'ask.mjs');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout);
    }

    test('scores, with the native library or without', async () => {
      const { device, scores } = await answers();
      expect(device).toMatch(/^(cpu|wasm|webgpu|cuda|coreml|dml)$/);
      expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(1e-5);
    });

    test('scores in WebAssembly and says how to add the native library where npm left it out', async () => {
      rmSync(join(project, 'node_modules/onnxruntime-node'), { recursive: true, force: true });
      const { device, passedOver, scores, runtime, cpu } = await answers();
      const command = 'npm install onnxruntime-node@1.30.0 --ignore-scripts';
      expect(device).toBe('wasm');
      expect(passedOver).toEqual([{ device: 'cpu', reason: expect.stringContaining(command) }]);
      expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(1e-5);
      expect(runtime).toMatch(/^onnxruntime-web \d.* wasm$/);
      expect(cpu).toMatch(/^DEVICE_UNAVAILABLE device cpu: onnxruntime-node is not installed/);
      expect(cpu).toContain(command);
    });
  },
);
