// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import { memorySource, type Recipe } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someJets } from '../server/server.testing.js';
import { failure, fixture, fixtureCard, fixtureImages, withCard } from '../testing/fixtures.testing.js';

const smallRecipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
  ],
};

const constituentsInput = { kind: 'constituents', name: 'constituents', shape: [6, 4], layout: 'NMC' } as const;

describe('bad input', () => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await loadTagger(withCard(fixture('scoreNhwc'), fixtureCard()), { device: 'cpu' });
  });
  afterAll(() => tagger.dispose());

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%f is found in the first jet that has it',
    async (bad) => {
      for (const count of [20, 20_000]) {
        const images = fixtureImages(count);
        images.data[144 * 17 + 12 * 3 + 5] = bad;
        images.data[images.data.length - 1] = bad;
        expect(await failure(tagger.score(images))).toEqual({
          code: 'NOT_FINITE',
          message: expect.stringContaining(`pixel [3, 5, 0] of jet 17 is ${bad}`),
        });
      }
      const late = fixtureImages(20_000);
      late.data[144 * 19_001] = bad;
      expect((await failure(tagger.score(late))).message).toContain('[0, 0, 0] of jet 19001');
    },
  );

  it.each(['scoreNhwc', 'constituents'])('what is no particle, for the model %s', async (name) => {
    const model =
      name === 'scoreNhwc'
        ? withCard(fixture(name), fixtureCard({ recipe: smallRecipe }))
        : withCard(fixture(name), fixtureCard({ input: constituentsInput }));
    await using taking = await loadTagger(model, { device: 'cpu', threads: 2 });
    const all = someJets(2000);
    all.data.fill(-999, 1234 * 28 + 5 * 4, 1235 * 28);
    for (const x of [all, memorySource(all)])
      expect(await failure(taking.score(x))).toEqual({
        code: 'BAD_DATASET',
        message: expect.stringMatching(
          /^score: constituent 5 of jet 1234 is \(-999, .*read the file with --padding -999/,
        ),
      });
    all.data.fill(Number.NaN, 1234 * 28 + 5 * 4, 1235 * 28);
    expect(await failure(taking.score(all))).toEqual({
      code: 'NOT_FINITE',
      message: expect.stringMatching(/component \[5, 0\] of jet 1234 is NaN; .*--padding nan/),
    });
  });

  it('a jet for which the model gives no number is told with what is odd about its pixels', async () => {
    await using logarithms = await loadTagger('landscape-fine', { device: 'cpu', threads: 2 });
    const side = 160;
    const images = fixtureImages(40, [side, side, 1]);
    images.data[33 * side * side + 7] = -2 * side * side;
    const { code, message } = await failure(logarithms.score(images));
    expect(code).toBe('NOT_FINITE');
    expect(message).toBe(
      'score: the model gives NaN for jet 33, whose input is finite; expected a number; the model is broken, overflows or takes no such jet: pixels down to -51200; expected sums of momenta, as recipe landscape-160 makes them in training; give pixels before any scaling',
    );
  });

  it('another shape is named with the one expected', async () => {
    expect(await failure(tagger.score(fixtureImages(2, [30, 30, 1])))).toEqual({
      code: 'SHAPE_MISMATCH',
      message: expect.stringMatching(/\(30, 30, 1\) for model fixture; expected \(12, 12, 1\)/),
    });
    expect(await failure(tagger.score({ ...fixtureImages(2), shape: [3, 12, 12, 1] }))).toEqual({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining('288 numbers in an array of shape (3, 12, 12, 1); expected 432'),
    });
  });

  it('constituents without a recipe', async () => {
    expect(await failure(tagger.score(someJets(3)))).toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('a graph that ONNX Runtime refuses', async () => {
    const broken = fixture('scoreNhwc');
    // the name of an operator
    const at = Buffer.from(broken).indexOf('MaxPool');
    broken.set(new TextEncoder().encode('NoxPool'), at);
    expect(await failure(loadTagger(broken, { device: 'cpu' }))).toMatchObject({
      code: 'BAD_MODEL',
      message: expect.stringContaining('NoxPool'),
    });
  });

  it('a graph with a number of jets inside: one that is looped, and one that does not run', async () => {
    const one = fixture('fixedInside');
    // of the sizes in its Reshape, 4 and 144
    const at = Buffer.from(one).indexOf(Buffer.from(BigInt64Array.of(4n, 144n).buffer));
    one[at] = 1;
    expect(await failure(loadTagger(one, { device: 'cpu' }))).toEqual({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/does not run on \d+ jets .*reshaped.*load it with batchSize 1$/),
    });
    await using tagger = await loadTagger(one, { device: 'cpu', batchSize: 1 });
    expect(await tagger.score(fixtureImages(5))).toHaveLength(5);
    expect(await failure(loadTagger(fixture('fixedInside'), { device: 'cpu', batchSize: 1 }))).toEqual({
      code: 'BAD_MODEL',
      message: expect.stringMatching(/does not run on 1 jet .*export it with an open first axis$/),
    });
  });

  it.each([{ batchSize: 0 }, { batchSize: 1.5 }, { threads: -1 }, { threads: 1e6 }])('option %o', async (options) => {
    expect(await failure(loadTagger(fixture('deep'), { device: 'cpu', ...options }))).toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });

  it('a batch size that the graph does not have', async () => {
    expect((await failure(loadTagger(fixture('fixedBatch'), { device: 'cpu', batchSize: 8 }))).message).toContain(
      "batchSize 8, but the graph's batch is fixed; expected 1",
    );
  });

  it('another SHA-256 than expected', async () => {
    expect(await failure(loadTagger(fixture('deep'), { device: 'cpu', sha256: 'ab' }))).toMatchObject({
      code: 'BAD_FILE',
    });
  });

  it('a source that fails', async () => {
    const source = { ...memorySource(fixtureImages(9000)), read: () => Promise.reject(new Error('disk gone')) };
    await expect(tagger.score(source)).rejects.toThrow('disk gone');
  });

  it('a tagger that has been disposed of', async () => {
    const gone = await loadTagger(fixture('deep'), { device: 'cpu' });
    const last = gone.score(fixtureImages(300, [32, 32, 1]));
    last.catch(() => undefined);
    await gone.dispose();
    await gone.dispose();
    expect(await failure(gone.score(fixtureImages(1, [32, 32, 1])))).toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});
