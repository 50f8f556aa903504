import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { gunzip } from './bytes/gzip.js';
import { describeFile, openJets } from './files.js';
import { errorOf, fixtureBytes, shared } from './fixtures.testing.js';
import { openAny } from './open.js';

const field = shared('field/README.md');

/** What the peer says of a column. */
interface Column {
  readonly type: string;
  readonly values: number;
  readonly sum: number;
  readonly first: readonly number[];
}

describe('gunzip', () => {
  it('gives what was packed, and refuses any change and any other size', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, flip) => {
          const packed = new Uint8Array(gzipSync(bytes));
          expect(gunzip(packed, bytes.length)).toEqual(bytes);
          expect(() => gunzip(packed, bytes.length + 1)).toThrow();
          // the operating system, time and level, bytes 4 to 9, say nothing of the content
          const place = 10 + (at % (packed.length - 10));
          packed[place] ^= flip;
          let changed: Uint8Array | undefined;
          try {
            changed = gunzip(packed, bytes.length);
          } catch {
            return;
          }
          expect(changed).toEqual(bytes);
        },
      ),
    );
  });
});

describe.skipIf(!existsSync(field))('files of other people (skipped without ../shared)', () => {
  it.each([
    ['hostile/npz-overlapping-members/overlap.npz', 'inside of another member'],
    ['hostile/parquet-gzip-checksum/one-bit.parquet', 'the check sum is wrong'],
  ])('%s is refused', async (name, message) => {
    const read = async (): Promise<void> => {
      const source = await openJets(shared(name));
      await source.read(0, source.count);
    };
    expect(await errorOf(read)).toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining(message) });
  });

  it('a bit of LZ4 data of ROOT that is wrong is found by its sum', async () => {
    const layout = { columns: { pt: 'cst_pt', eta: 'cst_eta', phi: 'cst_phi' } };
    const source = await openJets(shared('hostile/root-lz4-checksum/one-bit.root'), { layout });
    expect((await errorOf(() => source.read(0, source.count))).message).toContain('the check sum is wrong');
    source.close();
  });

  it('what macOS adds to an archive is passed over', async () => {
    const { jets } = await describeFile(shared('field/npz-finder/jets.npz'));
    expect(jets).toMatchObject({ count: 10, labels: { 0: 5, 1: 5 } });
  });

  it('booleans of pandas are labels', async () => {
    for (const name of ['fixed.h5', 'table.h5'])
      expect((await describeFile(shared(`field/pandas-bool-label/${name}`))).jets).toMatchObject({
        labels: { 0: 20, 1: 10 },
      });
  });

  it.each(['root-memory-baskets/memory.root', 'root-streamer-info/partial.root'])(
    '%s is read as ROOT reads it, and nothing is printed',
    async (name) => {
      const spies = (['log', 'warn', 'error'] as const).map((how) => vi.spyOn(console, how));
      const expected = JSON.parse(readFileSync(shared(`field/${name.split('/')[0]}/expected.json`), 'utf8')) as {
        readonly rows: number;
        readonly columns: Readonly<Record<string, Column>>;
      };
      const layout = { columns: { px: 'part_px', py: 'part_py', pz: 'part_pz' } };
      const source = await openJets(shared(`field/${name}`), { layout });
      expect(source.count).toBe(expected.rows);
      for (const [column, { type, sum, first }] of Object.entries(expected.columns)) {
        if (type !== 'number') continue;
        const values = (await source.column?.(column)) ?? new Float64Array();
        expect([...values.slice(0, first.length)]).toEqual(first);
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 3);
      }
      expect((await source.read(0, source.count)).data.some((value) => value !== 0)).toBe(true);
      source.close();
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
      vi.restoreAllMocks();
    },
  );
});

describe('a file is opened once', () => {
  it('and closed with what was made of it', async () => {
    const opened = await openAny(new File([fixtureBytes('images.npy').slice()], 'images.npy'), {});
    expect(opened).toMatchObject({ name: 'images.npy', bytes: 1568 });
    opened.close();
  });
});
