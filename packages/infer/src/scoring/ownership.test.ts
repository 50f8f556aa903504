// the built package: worker threads run built files
import { loadTagger, type NamedInputs, type Scorable, type Tagger } from '@jetsdk/infer';
import { type JetImages, type JetSource, type Jets, memorySource, type Recipe, sliceJets } from '@jetsdk/jets';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someJets } from '../server/server.testing.js';
import { fixture, fixtureImages } from '../testing/fixtures.testing.js';

const recipe: Recipe = {
  format: 'jetsdk-recipe/1',
  name: 'fixture-12',
  steps: [
    { step: 'centre', on: 'centroid' },
    { step: 'pixelate', pixels: 12, halfWidth: 1, channels: ['pt'] },
  ],
};

const MOST = 600;
/** Pixels of the fixtures are below 1. */
const QUIET = { onWarning: () => undefined };

function withCharge(jets: number): Jets {
  const made = someJets(jets);
  return { ...made, charge: Int8Array.from({ length: made.data.length / 4 }, (_, i) => (i % 3) - 1) };
}

/** A source that hands out what it holds, without a copy. */
function viewSource(all: Jets | JetImages): JetSource {
  return { ...memorySource(all), read: async (start, stop) => sliceJets(all, start, stop) };
}

/** A source that keeps what it has read and hands it out again. */
function keepingSource(all: Jets | JetImages): JetSource {
  const inner = memorySource(all);
  const kept = new Map<number, Promise<Jets | JetImages>>();
  return {
    ...inner,
    read(start, stop) {
      const read = kept.get(start) ?? inner.read(start, stop);
      kept.set(start, read);
      return read;
    },
  };
}

async function* oneByOne<T>(arrays: readonly T[]): AsyncGenerator<T> {
  yield* arrays;
}

const named = ({ shape, data }: JetImages): NamedInputs => ({ kind: 'inputs', inputs: { images: { shape, data } } });

/** Bytes of an array in one text, which is compared much faster. */
const textOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

const arraysOf = (jets: Jets | JetImages): readonly (Float32Array | Int8Array)[] =>
  'charge' in jets && jets.charge !== undefined ? [jets.data, jets.charge] : [jets.data];

describe('what is scored stays the caller’s', () => {
  let tagger: Tagger;
  beforeAll(async () => {
    tagger = await loadTagger(fixture('scoreNhwc'), { device: 'cpu', threads: 2, batchSize: 16, recipe });
  });
  afterAll(() => tagger.dispose());

  it('jets with charges in memory are scored twice alike', async () => {
    const all = withCharge(800);
    const source = memorySource(all);
    const first = await tagger.score(source);
    expect(all.charge).toHaveLength(800 * 7);
    expect(await tagger.score(source)).toEqual(first);
  });

  it('no array of any form of jets is moved away or written to', async () => {
    const forms: ((jets: Jets | JetImages) => () => Scorable)[] = [
      (jets) => () => jets,
      (jets) => () => sliceJets(jets, 0, jets.shape[0]),
      (jets) => () => ({ ...jets, owned: true }),
      (jets) => {
        const source = memorySource(jets);
        return () => source;
      },
      (jets) => {
        const source = viewSource(jets);
        return () => source;
      },
      (jets) => {
        const source = keepingSource(jets);
        return () => source;
      },
      (jets) => () => oneByOne([jets, jets]),
      (jets) => () => (jets.kind === 'images' ? named(jets) : jets),
    ];
    const jets = fc.oneof(
      fc.integer({ min: 1, max: MOST }).map((count) => withCharge(count)),
      fc.integer({ min: 1, max: MOST }).map((count) => someJets(count)),
      fc.integer({ min: 1, max: MOST }).map((count) => fixtureImages(count)),
    );
    await fc.assert(
      fc.asyncProperty(jets, fc.constantFrom(...forms), async (all, form) => {
        const arrays = arraysOf(all);
        const before = arrays.map(textOf);
        const again = form(all);
        const first = await tagger.score(again(), QUIET);
        expect(await tagger.score(again(), QUIET)).toEqual(first);
        expect(arrays.map(textOf)).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });
});
