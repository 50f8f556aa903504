import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// the built package: worker threads run built files
import { loadTagger, openModel, readModel, type Tagger } from '@jetsdk/infer';
import { type JetImages, jets, makeImages, memorySource, type Recipe, recipeHash, sliceJets } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someJets } from '../server/server.testing.js';
import {
  expectedScores,
  failure,
  fixture,
  fixtureCard,
  fixtureImages,
  fixturePixels,
  maxDifference,
  withCard,
} from '../testing/fixtures.testing.js';
import { runModel } from '../testing/runModel.testing.js';

/** The fixtures' expectations are rounded to 7 digits; runtimes differ by up to 2.3e-6. */
const TOLERANCE = 1e-5;
/** Half precision has 11 bits. */
const HALF_TOLERANCE = 1e-3;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
    { step: 'normalise', by: 'sum' },
  ],
};

describe('models of every kind give the scores of the reference evaluator', () => {
  it.each([
    ['scoreNhwc', [12, 12, 1], {}],
    ['softmaxNchw', [12, 12, 1], {}],
    ['fixedBatch', [12, 12, 1], {}],
    ['colour', [8, 8, 3], {}],
    ['deep', [32, 32, 1], {}],
    ['opset11', [12, 12, 1], {}],
    ['opset21', [12, 12, 1], {}],
  ] as const)('%s', async (name, shape, options) => {
    await using tagger = await loadTagger(fixture(name), { device: 'cpu', ...options });
    const scores = await tagger.score(fixtureImages(5, shape));
    expect(maxDifference(scores, expectedScores(name))).toBeLessThan(TOLERANCE);
  });

  it.each(['cpu', 'wasm'] as const)('external, with its weights in a file beside it, on %s', async (device) => {
    const path = fileURLToPath(new URL('../../fixtures/external.onnx', import.meta.url));
    await using tagger = await loadTagger(path, { device });
    const scores = await tagger.score(fixtureImages(5));
    expect(maxDifference(scores, expectedScores('external'))).toBeLessThan(TOLERANCE);
    const both = createHash('sha256')
      .update(readFileSync(path))
      .update(readFileSync(path.replace(/onnx$/, 'data')));
    expect(tagger.info.sha256).toBe(both.digest('hex'));
    await using whole = await loadTagger(await readModel(path), { device });
    expect(await whole.score(fixtureImages(5))).toEqual(scores);
  });

  it('with the precision that the caller expects, or not at all', async () => {
    await using half = await loadTagger(fixture('half'), { device: 'cpu', precision: 'float16' });
    expect(half.info.precision).toBe('float16');
    await using whole = await loadTagger(fixture('scoreNhwc'), { device: 'cpu' });
    expect(whole.info.precision).toBe('float32');
    expect(await failure(loadTagger(fixture('half'), { device: 'cpu', precision: 'float32' }))).toEqual({
      code: 'BAD_MODEL',
      message: expect.stringContaining('its weights are float16; expected float32'),
    });
    expect(await failure(loadTagger(fixture('scoreNhwc'), { device: 'cpu', precision: 'int8' }))).toMatchObject({
      code: 'BAD_MODEL',
    });
    expect(
      await failure(loadTagger(fixture('half'), { device: 'cpu', precision: 'double' as 'float32' })),
    ).toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('half, within half precision', async () => {
    await using tagger = await loadTagger(fixture('half'), { device: 'cpu' });
    expect(maxDifference(await tagger.score(fixtureImages(5)), expectedScores('half'))).toBeLessThan(HALF_TOLERANCE);
  });

  it('logits, said by the caller', async () => {
    await using tagger = await loadTagger(fixture('logits'), { device: 'cpu', outputKind: 'logit' });
    const scores = await tagger.score(fixtureImages(5));
    expect(maxDifference(scores, expectedScores('logits').map(sigmoid))).toBeLessThan(TOLERANCE);
  });

  it('twoViews, inputs by name', async () => {
    await using tagger = await loadTagger(fixture('twoViews'), { device: 'cpu', signalColumn: 2 });
    const view = fixtureImages(5, [10, 8, 1]);
    const scores = await tagger.score({ kind: 'inputs', inputs: { view_y: view, view_x: view } });
    expect(maxDifference(scores, expectedScores('twoViews'))).toBeLessThan(TOLERANCE);
    expect(await failure(tagger.score(view))).toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(await failure(tagger.score({ kind: 'inputs', inputs: { view_x: view } }))).toMatchObject({
      message: expect.stringContaining('expected view_x, view_y'),
    });
    const fewer = { ...fixtureImages(4, [10, 8, 1]) };
    expect(await failure(tagger.score({ kind: 'inputs', inputs: { view_x: view, view_y: fewer } }))).toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('4 jets in input view_y, 5 in input view_x'),
    });
  });

  it('inputs by name in the shape that the graph declares', async () => {
    await using views = await loadTagger(fixture('twoViews'), { device: 'cpu', signalColumn: 2 });
    const view = { shape: [5, 1, 10, 8], data: fixturePixels(5 * 80) };
    const scores = await views.score({ kind: 'inputs', inputs: { view_x: view, view_y: view } });
    expect(maxDifference(scores, expectedScores('twoViews'))).toBeLessThan(TOLERANCE);
    await using flat = await loadTagger(fixture('flat'), { device: 'cpu' });
    const features = { shape: [5, 144], data: fixturePixels(5 * 144) };
    const wanted = expectedScores('flat');
    expect(maxDifference(await flat.score({ kind: 'inputs', inputs: { features } }), wanted)).toBeLessThan(TOLERANCE);
    expect(maxDifference(await flat.score(fixtureImages(5)), wanted)).toBeLessThan(TOLERANCE);
    const short = { shape: [5, 143], data: new Float32Array(5 * 143) };
    expect(await failure(flat.score({ kind: 'inputs', inputs: { features: short } }))).toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('(143) for model model; expected (144)'),
    });
  });

  it('images of any size, once the layout is told', async () => {
    expect(await failure(loadTagger(fixture('openSizes'), { device: 'cpu' }))).toMatchObject({ code: 'BAD_ARGUMENT' });
    await using tagger = await loadTagger(fixture('openSizes'), { device: 'cpu', layout: 'NCHW' });
    expect(maxDifference(await tagger.score(fixtureImages(5)), expectedScores('openSizes'))).toBeLessThan(TOLERANCE);
    expect(await tagger.score(fixtureImages(3, [20, 16, 1]))).toHaveLength(3);
  });

  it('constituents, cut off or padded to what the graph takes', async () => {
    const card = fixtureCard({ input: { kind: 'constituents', name: 'constituents', shape: [6, 4], layout: 'NMC' } });
    await using tagger = await loadTagger(withCard(fixture('constituents'), card), { device: 'cpu' });
    const six = jets(
      fixturePixels(5 * 24).map((value, i) => (i % 4 === 0 ? value + 2 : value)),
      6,
    );
    const wanted = await tagger.score(six);
    expect(maxDifference(wanted, expectedScores('constituents'))).toBeLessThan(TOLERANCE);
    const eight = Float32Array.from({ length: 5 * 32 }, (_, i) => (i % 4 === 0 ? 14 : 7));
    for (let jet = 0; jet < 5; jet++) eight.set(six.data.subarray(jet * 24, jet * 24 + 24), jet * 32);
    expect(await tagger.score(jets(eight, 8))).toEqual(wanted);
    const zeros = jets(new Float32Array(24), 6);
    expect(await tagger.score(jets(new Float32Array(4), 1))).toEqual(await tagger.score(zeros));
    expect(await failure(tagger.score(fixtureImages(1)))).toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('openModel gives every output, and says what it ran on', async () => {
    const image = fixtureImages(5);
    const model = await openModel(fixture('scoreNhwc'));
    expect(model).toMatchObject({
      runtime: expect.stringMatching(/^onnxruntime-node \S+ cpu$/),
      optimisation: 'merged-pooling',
    });
    const outputs = await model.run({ images: { shape: image.shape, data: image.data } });
    await model.close();
    expect(Object.keys(outputs)).toEqual(['y']);
    expect(outputs['y'].shape).toEqual([5, 1]);
    expect(maxDifference(outputs['y'].data, expectedScores('scoreNhwc'))).toBeLessThan(TOLERANCE);
  });
});

describe('the recipe of the card', () => {
  const model = withCard(fixture('scoreNhwc'), fixtureCard({ recipe, recipeHash: recipeHash(recipe) }));
  const all = someJets(300);
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await loadTagger(model, { device: 'cpu' });
  });
  afterAll(() => tagger.dispose());

  it('is applied to constituents', async () => {
    const images = makeImages(recipe, all);
    const bare = await runModel(model, { images: { shape: images.shape, data: images.data } });
    expect(await tagger.score(all)).toEqual(bare['y'].data);
  });

  it('normalises images as it does constituents', async () => {
    const raw = makeImages({ ...recipe, steps: recipe.steps.slice(0, 2) }, all);
    const before = raw.data.slice();
    expect(await tagger.score(raw)).toEqual(await tagger.score(all));
    expect(raw.data).toEqual(before);
  });

  it('is what info tells', () => {
    expect(tagger.info).toMatchObject({ name: 'fixture', device: 'cpu', recipe: { name: 'fixture-12' } });
    expect(tagger.info.runtime).toMatch(/^onnxruntime-node 1\.\d+\.\d+$/);
    expect(tagger.info.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('any number of jets', () => {
  const shape = [32, 32, 1] as const;
  const images = fixtureImages(700, shape);
  let tagger: Tagger;
  let wanted: Float32Array;
  beforeAll(async () => {
    tagger = await loadTagger(fixture('deep'), { device: 'cpu', threads: 2 });
    wanted = (await runModel(fixture('deep'), { x: { shape: [700, 1, 32, 32], data: images.data } }))['y'].data;
  });
  afterAll(() => tagger.dispose());

  it.each([0, 1, 2, 63, 64, 65, 129, 700])('%i jets', async (count) => {
    const scores = await tagger.score(sliceJets(images, 0, count));
    expect(scores.length).toBe(count);
    expect(maxDifference(scores, wanted.subarray(0, count))).toBeLessThan(TOLERANCE);
  });

  it('scores of a jet do not depend on its company, bit for bit', async () => {
    const all = await tagger.score(images);
    for (const jet of [0, 64, 699]) expect((await tagger.score(sliceJets(images, jet, jet + 1)))[0]).toBe(all[jet]);
  });

  it('a source, and arrays that come one after the other', async () => {
    const all = await tagger.score(images);
    expect(await tagger.score(memorySource(images))).toEqual(all);
    async function* parts(): AsyncGenerator<JetImages> {
      for (const [start, stop] of [
        [0, 10],
        [10, 10],
        [10, 500],
        [500, 700],
      ] as const)
        yield sliceJets(images, start, stop);
    }
    expect(await tagger.score(parts())).toEqual(all);
  });

  it('overlapping calls do not disturb each other', async () => {
    const all = await tagger.score(images);
    const calls = Array.from({ length: 40 }, async (_, i) => {
      const start = (i * 37) % 600;
      const stop = start + 1 + ((i * 13) % 100);
      expect(await tagger.score(sliceJets(images, start, stop))).toEqual(all.slice(start, stop));
    });
    await Promise.all(calls);
  });

  it('arrays of the caller are not modified or taken away', async () => {
    const mine = fixtureImages(200, shape);
    await tagger.score(mine);
    expect(mine.data).toEqual(fixtureImages(200, shape).data);
  });

  it('a stream gives the same scores in order', async () => {
    const all = await tagger.score(images);
    let next = 0;
    for await (const { start, scores } of tagger.scoreStream(memorySource(images))) {
      expect(start).toBe(next);
      expect(scores).toEqual(all.slice(start, start + scores.length));
      next += scores.length;
    }
    expect(next).toBe(700);
  });

  it('progress rises to the number of jets', async () => {
    const seen: number[] = [];
    await tagger.score(images, { onProgress: ({ done, total }) => seen.push(total === 700 ? done : Number.NaN) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(700);
  });

  it('the event loop stays free', async () => {
    const many = fixtureImages(3000, shape);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const before = performance.now();
    await tagger.score(many);
    const whole = performance.now() - before;
    clearInterval(timer);
    expect(longest).toBeLessThan(whole / 3);
  });

  it('cancelling stops soon, and the tagger goes on', async () => {
    const controller = new AbortController();
    const many = fixtureImages(5000, shape);
    let done = 0;
    const work = tagger.score(many, {
      signal: controller.signal,
      onProgress: (progress) => {
        done = progress.done;
        controller.abort();
      },
    });
    expect(await failure(work)).toMatchObject({ code: 'CANCELLED' });
    expect(done).toBeLessThan(2500);
    expect(await failure(tagger.score(many, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'CANCELLED' });
    expect(await tagger.score(sliceJets(images, 0, 1))).toHaveLength(1);
  });
});
