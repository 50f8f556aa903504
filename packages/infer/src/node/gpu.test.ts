import { describe, expect, it } from 'vitest';
import { inNode, softwareGpu } from '../../../../tests/support/chromium.js';
import { expectedScores, fixturePixels, maxDifference } from '../testing/fixtures.testing.js';

const TOLERANCE = 1e-5;

describe.skipIf(softwareGpu === undefined)(
  'WebGPU in Node, on the software graphics card of Chromium (skipped where Chromium is not installed)',
  () => {
    it('gives the scores of the reference, with overlapping calls, two models and none of the known hazards', async () => {
      const pixels = [...fixturePixels(5 * 144)];
      const { value, stderr } = await inNode(
        `
        const five = images(Float32Array.from(${JSON.stringify(pixels)}));
        const tagger = await loadTagger(fixture('scoreNhwc'), { device: 'webgpu' });
        const other = await loadTagger(fixture('wide'), { device: 'webgpu' });
        const [first, wide, second] = await Promise.all([tagger.score(five), other.score(five), tagger.score(five)]);
        const none = await tagger.score(images(new Float32Array(0)));
        const bad = images(five.data.slice());
        bad.data[150] = NaN;
        const notFinite = await failure(tagger.score(bad));
        const after = await tagger.score(five);
        print({ first: [...first], wide: [...wide], second: [...second], none: none.length, notFinite,
          after: [...after], info: tagger.info });
        await Promise.all([tagger.dispose(), other.dispose()]);`,
        softwareGpu!,
      );
      const got = value as Record<'first' | 'wide' | 'second' | 'after', number[]> & {
        none: number;
        notFinite: { code: string };
        info: Record<string, unknown>;
      };
      expect(stderr).toBe('');
      for (const key of ['first', 'second', 'after'] as const)
        expect(maxDifference(got[key], expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
      expect(maxDifference(got.wide, expectedScores('wide'))).toBeLessThan(TOLERANCE);
      expect(got.none).toBe(0);
      expect(got.notFinite.code).toBe('NOT_FINITE');
      expect(got.info).toMatchObject({ device: 'webgpu', wholeOnDevice: true, selfTest: { reference: 'cpu' } });
    });

    it('auto takes the card or says how much slower it is; a batch too large for a card is an error after which it goes on', async () => {
      const { value } = await inNode(
        `
        const usual = await loadTagger(fixture('wide'), { device: 'auto' });
        const { device, passedOver, selfTest } = usual.info;
        await usual.dispose();
        const tagger = await loadTagger(fixture('wide'), { device: 'webgpu', batchSize: 65536 });
        const huge = await failure(tagger.score(images(new Float32Array(65536 * 144))));
        const after = await tagger.score(images(new Float32Array(144)));
        print({ device, passedOver, selfTest, huge, after: [...after] });
        await tagger.dispose();`,
        softwareGpu!,
      );
      const { huge, after, ...auto } = value as {
        huge: { code: string; message: string };
        after: number[];
        device: string;
        passedOver: { device: string; reason: string }[];
        selfTest?: { reference: string };
      };
      expect(huge).toEqual({ code: 'DEVICE_UNAVAILABLE', message: expect.stringContaining('smaller batchSize') });
      expect(after).toEqual([0.5]);
      // which of both is faster here depends on what else runs; chooseDevice.test.ts has a clock of its own
      const outcome =
        auto.device === 'webgpu'
          ? `taken, as ${auto.selfTest?.reference}`
          : auto.passedOver.find(({ device }) => device === 'webgpu')?.reason;
      expect(outcome).toMatch(/^taken, as cpu$|slower than cpu on this model, (far fewer|\d+) against \d+ jets\/s/);
    });
  },
);

describe.skipIf(process.platform !== 'linux')('devices that are not here (on Linux)', () => {
  it('WebGPU without a driver is DEVICE_UNAVAILABLE and tells what to install', async () => {
    const { value, stderr } = await inNode(
      `print(await failure(loadTagger(fixture('scoreNhwc'), { device: 'webgpu' })));`,
      { VK_ICD_FILENAMES: '/nowhere.json', XDG_DATA_DIRS: '' },
    );
    expect(value).toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    expect(stderr).not.toContain('Unhandled');
  });
});

it('devices of other machines are unavailable, unknown ones a wrong argument', async () => {
  const { value, stderr } = await inNode(
    `const model = fixture('scoreNhwc');
     print([await failure(loadTagger(model, { device: process.platform === 'win32' ? 'coreml' : 'dml' })),
            await failure(loadTagger(model, { device: 'webnn' }))]);`,
    {},
  );
  expect(value).toMatchObject([{ code: 'DEVICE_UNAVAILABLE' }, { code: 'BAD_ARGUMENT' }]);
  expect(stderr).toBe('');
});

it('the wasm build runs in Node too and gives the scores of the CPU', async () => {
  const pixels = [...fixturePixels(5 * 144)];
  const { value, stderr } = await inNode(
    `const tagger = await loadTagger(fixture('scoreNhwc'), { device: 'wasm' });
     const scores = await tagger.score(images(Float32Array.from(${JSON.stringify(pixels)})));
     print({ scores: [...scores], device: tagger.info.device });
     await tagger.dispose();`,
    {},
  );
  const { scores, device } = value as { scores: number[]; device: string };
  expect(device).toBe('wasm');
  expect(maxDifference(scores, expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
  expect(stderr).toBe('');
});

it('a batch that memory does not hold is an error that says so, after which the tagger goes on', async () => {
  const { value, stderr } = await inNode(
    `const tagger = await loadTagger('../../models/landscape-cnn/model.onnx', { device: 'wasm', batchSize: 20000 });
     const huge = await failure(tagger.score(images(new Float32Array(20000 * 1600), 40)));
     print({ huge, after: (await tagger.score(images(new Float32Array(1600).fill(20), 40))).length });
     await tagger.dispose();`,
    {},
  );
  expect(value).toMatchObject({
    huge: { code: 'DEVICE_UNAVAILABLE', message: expect.stringMatching(/out of memory.*use a smaller batchSize/) },
    after: 1,
  });
  expect(stderr).toBe('');
});

it('listDevices tries each device and gives a reason for each that does not work', async () => {
  const { value, stderr } = await inNode('print(await listDevices());', {});
  const reports = value as { device: string; available: boolean; reason?: string; jetsPerSecond?: number }[];
  expect(reports.map(({ device }) => device)).toEqual(['cpu', 'cuda', 'tensorrt', 'dml', 'coreml', 'webgpu', 'wasm']);
  expect(reports.at(-1)).toMatchObject({ available: true, jetsPerSecond: expect.any(Number) });
  expect(reports[0]).toMatchObject({ available: true, jetsPerSecond: expect.any(Number) });
  expect(reports[0].jetsPerSecond).toBeGreaterThan(100);
  for (const { available, reason } of reports) if (!available) expect(reason).toMatch(/\w{3}/);
  expect(stderr).toBe('');
});
