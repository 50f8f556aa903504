/** Jets whose constituents know their vertex: flat arrays of codes, layouts of others, and what carries them on. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isJetError } from '../../errors.js';
import type { Jets } from '../../jets.js';
import { makeImages } from '../../recipe/imager.js';
import { namedRecipe } from '../../recipe/named.js';
import { imageRecipes } from '../../recipe/recipe.js';
import { concatSources } from '../../source/concat.js';
import { memorySource } from '../../source/memory.js';
import type { JetSource } from '../../source/source.js';
import { takeJets, takeSource } from '../../source/take.js';
import { describeFile, openJets } from '../files.js';
import { fixture, temporaryFolder } from '../fixtures.testing.js';
import { writeJets } from '../writeJets.js';

interface Sparse {
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
  readonly pt: readonly number[];
}

const EXPECTED = JSON.parse(readFileSync(fixture('pile-up.json'), 'utf8')) as {
  readonly counts: readonly number[];
  readonly images: Readonly<Record<string, Sparse>>;
};

const recipes = new Map([...imageRecipes(namedRecipe('pumml')), ['truth', namedRecipe('pumml-truth')] as const]);
const temporary = temporaryFolder();

const whole = async (source: JetSource): Promise<Jets> => (await source.read(0, source.count)) as Jets;

describe('files of flat arrays with offsets', () => {
  it('give the images that NumPy makes of their bins: the same pixels, and momenta to float32', async () => {
    const source = await openJets(fixture('pile-up.h5'));
    const jets = await whole(source);
    expect(jets.shape).toEqual([4, 400, 4]);
    for (const [name, recipe] of recipes) {
      const { shape, data } = makeImages(recipe, jets);
      const { shape: expected, pixels, pt } = EXPECTED.images[name]!;
      expect(shape).toEqual([...expected, 1]);
      const filled = [...data.keys()].filter((i) => data[i] !== 0);
      expect(filled).toEqual(pixels);
      for (const [i, pixel] of filled.entries()) expect(Math.abs(data[pixel]! / pt[i]! - 1)).toBeLessThan(1e-6);
    }
    source.close();
  });

  it('give the columns of their jets, and any slice alone', async () => {
    const source = await openJets(fixture('pile-up.h5'));
    expect([...((await source.column?.('npu')) ?? [])]).toEqual([3, 0, 20, 7]);
    const jets = await whole(source);
    const last = (await source.read(2, 4)) as Jets;
    expect(last.data).toEqual(jets.data.subarray(2 * 1600));
    expect(last.vertex).toEqual(jets.vertex?.subarray(2 * 400));
    expect((await describeFile(fixture('pile-up.h5'))).jets).toMatchObject({ count: 4, charge: true, vertex: true });
    source.close();
  });
});

describe('vertices', () => {
  it('go with their jets through takes, concatenations, copies in HDF5 and other layouts', async () => {
    const source = await openJets(fixture('pile-up.h5'));
    const jets = await whole(source);
    const order = [3, 0, 2, 2];
    const rows = (numbers: Int8Array | undefined): number[] =>
      order.flatMap((jet) => [...numbers!.subarray(jet * 400, (jet + 1) * 400)]);
    for (const taken of [
      (await takeJets(source, order)) as Jets,
      await whole(takeSource(source, Uint32Array.from(order))),
    ]) {
      expect([...taken.vertex!]).toEqual(rows(jets.vertex));
      expect([...taken.charge!]).toEqual(rows(jets.charge));
    }
    const twice = await whole(await concatSources([memorySource(jets), memorySource(jets)]));
    expect(twice.vertex).toEqual(Int8Array.of(...jets.vertex!, ...jets.vertex!));
    await writeJets(temporary('copy.h5'), source);
    const copy = await openJets(temporary('copy.h5'));
    expect(await whole(copy)).toEqual(jets);
    expect(copy.share?.()).toBeUndefined();
    copy.close();
    source.close();
  });

  it('are read from a column of numbers, or from a flag of the leading vertex', async () => {
    const columns = { pt: 'pt', eta: 'eta_rel', phi: 'phi_rel', charge: 'charge' };
    const open = (more: object) =>
      openJets(fixture('pile-up.h5'), { layout: { constituents: 20, columns: { ...columns, ...more } } });
    const flagged = await whole(await open({ leading: 'leading' }));
    const numbered = await whole(await open({ vertex: 'leading' }));
    expect([...numbered.vertex!].slice(0, 7)).toEqual([...flagged.vertex!].slice(0, 7).map((vertex) => 1 - vertex));
    expect((await whole(await open({}))).vertex).toBeUndefined();
    await expect(open({ vertex: 'leading', leading: 'leading' })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('one of vertex and leading'),
    });
    await expect(open({ vertex: 'pt' }).then(whole)).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringMatching(/vertex .* in pt; expected a whole number/),
    });
  });

  it('must be there in all of the sources that are joined, or in none', async () => {
    const jets = await whole(await openJets(fixture('pile-up.h5')));
    const { vertex: _, ...bare } = jets;
    await expect(concatSources([memorySource(jets), memorySource(bare)])).rejects.toMatchObject({
      code: 'BAD_DATASET',
      message: expect.stringContaining('no vertices'),
    });
  });
});

it('offsets that fall or lead too far are refused by number', async () => {
  const { File, ready } = await import('h5wasm/node');
  await ready;
  for (const [row, wrong] of [
    [1, 4000],
    [3, 1],
  ] as const) {
    const path = temporary(`offset-${row}.h5`);
    const file = new File(path, 'w');
    const constituents = file.create_group('constituents');
    const offset = Uint32Array.of(0, 7, 7, 19, 22);
    offset[row] = wrong;
    constituents.create_dataset({ name: 'offset', data: offset });
    for (const name of ['pt_code', 'eta_bin', 'phi_bin', 'flags'])
      constituents.create_dataset({ name, data: new Uint8Array(22).fill(100) });
    file.close();
    const source = await openJets(path);
    const error = await source.read(0, 4).catch((cause: unknown) => cause);
    expect(isJetError(error) && [error.code, error.message]).toEqual([
      'BAD_FILE',
      expect.stringMatching(new RegExp(`offset ${row} is ${wrong}; expected whole numbers that do not fall`)),
    ]);
    source.close();
  }
});

const pumml = fileURLToPath(new URL('../../../../../../shared/data/generated/pumml/test.h5', import.meta.url));

it.skipIf(!existsSync(pumml))(
  'the sample of pile-up has its known means (skipped without ../shared/data)',
  async () => {
    const source = await openJets(pumml);
    expect(source.count).toBe(5000);
    const sums = new Map<string, number>();
    for (let start = 0; start < source.count; start += 1000) {
      const jets = (await source.read(start, start + 1000)) as Jets;
      for (const [name, recipe] of recipes)
        sums.set(
          name,
          makeImages(recipe, jets).data.reduce((a, b) => a + b, sums.get(name) ?? 0),
        );
    }
    const mean = (name: string): number => sums.get(name)! / 5000;
    expect(mean('leading')).toBeCloseTo(140.55, 2);
    expect(mean('pileup')).toBeCloseTo(51.09, 2);
    expect(mean('truth')).toBeCloseTo(83.3, 2);
    expect(mean('neutral')).toBeCloseTo(83.3 + 42.89, 1);
    source.close();
  },
);
