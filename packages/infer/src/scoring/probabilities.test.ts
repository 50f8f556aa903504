// the built package: worker threads run built files
import { loadTagger } from '@jetsdk/infer';
import { memorySource } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { serve } from '../server/server.testing.js';
import {
  expected,
  failure,
  fixture,
  fixtureCard,
  fixtureImages,
  maxDifference,
  withCard,
} from '../testing/fixtures.testing.js';

const TOLERANCE = 1e-5;

describe('probabilities', () => {
  it.each(['cpu', 'wasm'] as const)('are all columns of the model, on %s', async (device) => {
    await using tagger = await loadTagger(fixture('softmaxNchw'), { device });
    const { shape, data } = await tagger.probabilities(fixtureImages(5));
    expect(shape).toEqual([5, 2]);
    expect(maxDifference(data, expected['softmaxNchw'].flat())).toBeLessThan(TOLERANCE);
  });

  it.each([
    ['signal last', ['QCD', 'top'], 'top', 1],
    ['signal first', ['top', 'QCD'], 'top', 0],
  ] as const)('of a model of one score are two, in the order of the card: %s', async (_, classes, signalClass, at) => {
    const model = withCard(fixture('scoreNhwc'), fixtureCard({ classes, signalClass }));
    await using tagger = await loadTagger(model, { device: 'cpu', threads: 2 });
    const images = fixtureImages(700);
    const scores = await tagger.score(images);
    for (const x of [images, memorySource(images)]) {
      const { shape, data } = await tagger.probabilities(x);
      expect(shape).toEqual([700, 2]);
      expect(data.filter((_, i) => i % 2 === at)).toEqual(scores);
      expect(data.filter((_, i) => i % 2 !== at)).toEqual(scores.map((score) => 1 - score));
    }
  });

  it('of a model of logits are their softmax, and their column of the signal is the score', async () => {
    const options = { device: 'cpu', threads: 2, signalColumn: 1 } as const;
    const images = fixtureImages(3);
    await using tagger = await loadTagger(fixture('softmaxNchw'), { ...options, outputKind: 'logits' });
    await using bare = await loadTagger(fixture('softmaxNchw'), { ...options, outputKind: 'probabilities' });
    const { data } = await tagger.probabilities(images);
    const logits = (await bare.probabilities(images)).data;
    for (let jet = 0; jet < 3; jet++) {
      const [a, b] = logits.subarray(2 * jet, 2 * jet + 2);
      expect(data[2 * jet]).toBeCloseTo(Math.exp(a) / (Math.exp(a) + Math.exp(b)), 6);
      expect(data[2 * jet] + data[2 * jet + 1]).toBeCloseTo(1, 6);
    }
    expect(data.filter((_, i) => i % 2 === 1)).toEqual(await tagger.score(images));
  });

  it('are what a server gives of the same model, batched or alone', async () => {
    await using tagger = await loadTagger(fixture('softmaxNchw'), { device: 'cpu', threads: 1 });
    const server = await serve([tagger]);
    await using remote = await loadTagger(server.models[0]);
    const images = fixtureImages(300);
    const [all, again, scores] = await Promise.all([
      remote.probabilities(images),
      remote.probabilities(fixtureImages(5)),
      remote.score(images),
    ]);
    expect(all).toEqual(await tagger.probabilities(images));
    expect(again).toEqual(await tagger.probabilities(fixtureImages(5)));
    expect(scores).toEqual(await tagger.score(images));
  });

  it('of no jets are none', async () => {
    await using tagger = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 1 });
    expect(await tagger.probabilities(fixtureImages(0))).toEqual({ shape: [0, 2], data: new Float32Array(0) });
    expect(await failure(tagger.probabilities(null as never))).toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});
