import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../io/fixtures.testing.js';
import { type JetImages, type Jets, jetImages, jets } from '../jets.js';
import { anonymousSource } from './anonymous.js';
import { columnOf } from './column.js';
import { concatSources } from './concat.js';
import { memorySource } from './memory.js';
import { rangeSource } from './range.js';
import type { JetSource } from './source.js';
import { takeSource } from './take.js';
import { whereSource } from './where.js';

/** All that is known of a jet, told from its number alone. */
const label = (jet: number): number => jet % 2;
const group = (jet: number): number => jet % 3;
const id = (jet: number): string => `jet ${jet}`;
const CLASSES = ['QCD', 'top'];

function numbered(first: number, count: number): JetSource {
  const each = <T>(of: (jet: number) => T): T[] => Array.from({ length: count }, (_, i) => of(first + i));
  const all = jets(
    Float32Array.from({ length: count * 8 }, (_, i) => first + Math.floor(i / 8)),
    2,
  );
  return memorySource(
    { ...all, charge: Int8Array.from({ length: count * 2 }, (_, i) => (first + Math.floor(i / 2)) % 5) },
    { labels: Uint8Array.from(each(label)), ids: each(id), classes: CLASSES, columns: { group: each(group) } },
  );
}

/** A source made of others, and the numbers of its jets. */
type Made = { readonly source: JetSource; readonly jets: readonly number[] };
type Make = () => Promise<Made>;

const memory = fc.tuple(fc.nat({ max: 100 }), fc.integer({ min: 1, max: 9 })).map(
  ([first, count]): Make =>
    async () => ({
      source: numbered(first, count),
      jets: Array.from({ length: count }, (_, i) => first + i),
    }),
);

const { tree } = fc.letrec<{ tree: Make }>((tie) => {
  const range = fc.tuple(tie('tree'), fc.nat(), fc.nat()).map(
    ([make, a, b]): Make =>
      async () => {
        const { source, jets } = await make();
        const [start, stop] = [a % (jets.length + 1), b % (jets.length + 1)].sort((x, y) => x - y);
        return { source: rangeSource(source, start, stop), jets: jets.slice(start, stop) };
      },
  );
  const take = fc.tuple(tie('tree'), fc.array(fc.nat(), { maxLength: 12 }), fc.constantFrom(0, 32, 64, 1000)).map(
    ([make, wanted, blockBytes]): Make =>
      async () => {
        const { source, jets } = await make();
        const indices = Uint32Array.from(jets.length === 0 ? [] : wanted, (one) => one % jets.length);
        return { source: takeSource(source, indices, { blockBytes }), jets: Array.from(indices, (i) => jets[i]) };
      },
  );
  const where = fc.tuple(tie('tree'), fc.nat({ max: 2 })).map(
    ([make, equals]): Make =>
      async () => {
        const { source, jets } = await make();
        const picked = jets.filter((jet) => group(jet) === equals);
        return picked.length === 0
          ? { source, jets }
          : { source: await whereSource(source, { column: 'group', equals }), jets: picked };
      },
  );
  const concat = fc.array(tie('tree'), { minLength: 1, maxLength: 3 }).map(
    (makes): Make =>
      async () => {
        const made = await Promise.all(makes.map((make) => make()));
        return {
          source: await concatSources(made.map(({ source }) => source)),
          jets: made.flatMap(({ jets }) => jets),
        };
      },
  );
  return { tree: fc.oneof({ maxDepth: 4, depthSize: 'medium' }, memory, range, take, where, concat) };
});

const slice = fc.tuple(fc.nat(), fc.nat());

describe('sources made of others', () => {
  it('keep labels, ids, classes, charges, columns and the count with the jets', async () => {
    await fc.assert(
      fc.asyncProperty(tree, slice, async (make, [a, b]) => {
        const { source, jets: expected } = await make();
        expect(source).toMatchObject({
          count: expected.length,
          kind: 'constituents',
          jetShape: [2, 4],
          classes: CLASSES,
        });
        expect([...((await source.labels()) ?? [])]).toEqual(expected.map(label));
        expect(await source.ids?.()).toEqual(expected.map(id));
        expect([...(await columnOf(source, 'group'))]).toEqual(expected.map(group));
        const [start, stop] = [a % (expected.length + 1), b % (expected.length + 1)].sort((x, y) => x - y);
        const part = await source.read(start, stop);
        const wanted = expected.slice(start, stop);
        expect(part.shape).toEqual([wanted.length, 2, 4]);
        expect([...part.data]).toEqual(wanted.flatMap((jet) => new Array(8).fill(jet)));
        expect(part.kind === 'constituents' && [...(part.charge ?? [Number.NaN])]).toEqual(
          wanted.flatMap((jet) => [jet % 5, jet % 5]),
        );
      }),
    );
  });

  it('give arrays of the caller: what is written into them, or moved away, is never read again', async () => {
    const spoil = ({ data, ...rest }: Jets | JetImages): void => {
      data.fill(-1);
      const charge = 'charge' in rest ? rest.charge : undefined;
      charge?.fill(-1);
      structuredClone(null, {
        transfer: [data.buffer as ArrayBuffer, ...(charge ? [charge.buffer as ArrayBuffer] : [])],
      });
    };
    await fc.assert(
      fc.asyncProperty(tree, async (make) => {
        const { source, jets: expected } = await make();
        const half = Math.ceil(source.count / 2);
        for (const [start, stop] of [
          [0, source.count],
          [0, half],
        ])
          spoil(await source.read(start, stop));
        (await source.labels())?.fill(7);
        const again = await source.read(0, source.count);
        expect([...again.data]).toEqual(expected.flatMap((jet) => new Array(8).fill(jet)));
        expect([...((await source.labels()) ?? [])]).toEqual(expected.map(label));
      }),
    );
  });

  it('refuse jets that they do not have', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (make) => {
        const { source } = await make();
        for (const [start, stop] of [
          [0, source.count + 1],
          [-1, 0],
          [0.5, 1],
          [1, 0],
        ])
          expect((await errorOf(() => source.read(start, stop))).code).toBe('OUT_OF_RANGE');
        expect((await errorOf(() => columnOf(source, 'mass'))).code).toBe('BAD_DATASET');
      }),
    );
  });

  it('close what they are made of', async () => {
    let closed = 0;
    const one = { ...numbered(0, 4), close: () => closed++ };
    const all = await concatSources(
      [rangeSource(one, 0, 2), takeSource(one, Uint32Array.of(1)), anonymousSource(one, ['a', 'b', 'c', 'd'])].slice(
        0,
        2,
      ),
    );
    (await whereSource(all, { column: 'group', equals: 1 })).close();
    expect(closed).toBe(2);
  });
});

describe('rangeSource and takeSource', () => {
  it('refuse what the source does not have', async () => {
    expect((await errorOf(async () => rangeSource(numbered(0, 5), 3, 6))).code).toBe('OUT_OF_RANGE');
    expect((await errorOf(async () => takeSource(numbered(0, 5), Uint32Array.of(5)))).code).toBe('OUT_OF_RANGE');
  });

  it('read the source once for each block, whatever the order', async () => {
    const source = numbered(0, 64);
    let read = 0;
    const counted: JetSource = {
      ...source,
      read: (start, stop) => {
        read += stop - start;
        return source.read(start, stop);
      },
    };
    const backwards = takeSource(
      counted,
      Uint32Array.from({ length: 64 }, (_, i) => 63 - i),
      { blockBytes: 16 * 32 },
    );
    for (let jet = 0; jet < 64; jet++) expect((await backwards.read(jet, jet + 1)).data[0]).toBe(63 - jet);
    expect(read).toBe(64);
  });
});

describe('whereSource', () => {
  it('says which values there are, and that a source without columns has none', async () => {
    expect(await errorOf(() => whereSource(numbered(0, 9), { column: 'group', equals: 7 }))).toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining('is 7 for 0 of 9 jets; it has 0, 1, 2'),
    });
    const bare = anonymousSource(numbered(0, 2), ['a', 'b']);
    expect((await errorOf(() => whereSource(bare, { column: 'group', equals: 0 }))).message).toContain(
      'no column "group"',
    );
  });

  it('refuses a column that is not as long as the jets', async () => {
    const short: JetSource = { ...numbered(0, 9), column: async () => new Float64Array(8) };
    expect((await errorOf(() => whereSource(short, { column: 'group', equals: 0 }))).code).toBe('SHAPE_MISMATCH');
  });
});

describe('concatSources', () => {
  const images = jetImages(new Float32Array(8), [2, 2, 1]);

  it('refuses jets of different shape, classes that differ, and no source at all', async () => {
    const one = numbered(0, 2);
    expect((await errorOf(() => concatSources([one, memorySource(images)]))).code).toBe('SHAPE_MISMATCH');
    expect((await errorOf(() => concatSources([one, { ...one, classes: ['top', 'QCD'] }]))).code).toBe('BAD_DATASET');
    expect((await errorOf(() => concatSources([]))).code).toBe('BAD_ARGUMENT');
  });

  it('refuses charges and labels that only some of the files have', async () => {
    const labelled = memorySource(images, { labels: Uint8Array.of(0, 1), name: 'a.h5' });
    const bare = memorySource(images, { name: 'b.h5' });
    const both = await concatSources([labelled, bare]);
    expect((await errorOf(() => both.labels())).message).toBe(
      'b.h5: no labels, a.h5 has them; expected them in all files or in none',
    );
    const plain = memorySource(jets(new Float32Array(16), 2));
    expect((await errorOf(() => concatSources([numbered(0, 2), plain]))).message).toContain('no charges');
    const bareTwice = await concatSources([bare, bare]);
    expect(await bareTwice.labels()).toBeUndefined();
  });
});

describe('memorySource', () => {
  it('refuses labels, ids and columns that are not as many as the jets', async () => {
    const images = jetImages(new Float32Array(8), [2, 2, 1]);
    for (const wrong of [{ labels: Uint8Array.of(1) }, { ids: ['a'] }, { columns: { mass: [1, 2, 3] } }])
      expect((await errorOf(async () => memorySource(images, wrong))).code).toBe('SHAPE_MISMATCH');
  });
});
