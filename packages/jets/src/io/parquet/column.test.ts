import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { openJets } from '../files.js';
import { shared } from '../fixtures.testing.js';
import { type ParquetLibrary, parquetColumn } from './column.js';

const HEADER = 8;

/** Ones and zeros as Parquet packs them, behind the length of the packed bytes. */
function packed(bits: readonly number[]): Uint8Array {
  const groups = Math.ceil(bits.length / 8);
  const head: number[] = [];
  for (let rest = groups * 2 + 1; ; rest >>= 7) {
    head.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest < 128) break;
  }
  const bytes = new Uint8Array(4 + head.length + groups);
  new DataView(bytes.buffer).setUint32(0, head.length + groups, true);
  bytes.set(head, 4);
  for (const [i, bit] of bits.entries()) bytes[4 + head.length + (i >> 3)] |= bit << (i & 7);
  return bytes;
}

/** A page of a list column: levels, then numbers; its header here is two lengths. */
function pageOf(places: readonly { readonly begins: boolean; readonly value?: number }[]): Uint8Array {
  const repetition = packed(places.map(({ begins }) => (begins ? 0 : 1)));
  const definition = packed(places.map(({ value }) => (value === undefined ? 0 : 1)));
  const values = new Float32Array(places.flatMap(({ value }) => (value === undefined ? [] : [value])));
  const page = new Uint8Array(HEADER + repetition.length + definition.length + values.byteLength);
  const view = new DataView(page.buffer);
  view.setUint32(0, page.length - HEADER, true);
  view.setUint32(4, places.length, true);
  page.set(repetition, HEADER);
  page.set(definition, HEADER + repetition.length);
  page.set(new Uint8Array(values.buffer), HEADER + repetition.length + definition.length);
  return page;
}

const library: ParquetLibrary = {
  parquetHeader(reader) {
    const [bytes, count] = [reader.view.getUint32(0, true), reader.view.getUint32(4, true)];
    reader.offset += HEADER;
    return {
      type: 'DATA_PAGE',
      compressed_page_size: bytes,
      uncompressed_page_size: bytes,
      data_page_header: {
        num_values: count,
        encoding: 'PLAIN',
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    };
  },
  readOffsetIndex: () => ({ page_locations: [] }),
  deltaBinaryUnpack: () => {},
  compressors: {},
};

function fileOf(bytes: Uint8Array): BinaryFile {
  const readOnly = (): never => {
    throw new Error('read only');
  };
  return {
    name: 'pages',
    size: bytes.length,
    read(into, offset, length, position) {
      into.set(bytes.subarray(position, position + length), offset);
      return length;
    },
    write: readOnly,
    truncate: readOnly,
    close() {},
  };
}

const row = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 5 });

describe('parquetColumn', () => {
  it('gives any rows of pages that are cut anywhere, also inside of rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 }),
        async (groups, cuts, ranges) => {
          const pages: Uint8Array[] = [];
          const chunks = groups.map((rows) => {
            const places = rows.flatMap((values) =>
              values.length === 0 ? [{ begins: true }] : values.map((value, i) => ({ begins: i === 0, value })),
            );
            const at = pages.reduce((sum, { length }) => sum + length, 0);
            let size = 0;
            for (let from = 0, i = 0; from < places.length; i++) {
              const page = pageOf(places.slice(from, from + cuts[i % cuts.length]));
              pages.push(page);
              size += page.length;
              from += cuts[i % cuts.length];
            }
            return {
              rows: rows.length,
              meta: {
                type: 'FLOAT' as const,
                encodings: [],
                path_in_schema: [],
                codec: 'UNCOMPRESSED' as const,
                num_values: BigInt(places.length),
                total_uncompressed_size: BigInt(size),
                total_compressed_size: BigInt(size),
                data_page_offset: BigInt(at),
              },
            };
          });
          const file = fileOf(new Uint8Array(pages.flatMap((page) => [...page])));
          const form = { type: 'float32' as const, maxDefinition: 1, maxRepetition: 1 as const };
          const column = parquetColumn(file, 'column', 'float32[]', { form, emptyDefinition: 0, chunks }, library);
          const all = groups.flat();
          for (const [a, b] of ranges) {
            const [start, stop] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
            const { values, offsets } = await column.read(start, stop);
            const rows = Array.from({ length: stop - start }, (_, i) => [
              ...values.subarray(offsets[i], offsets[i + 1]),
            ]);
            expect(rows).toEqual(all.slice(start, stop).map((one) => [...new Float32Array(one)]));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

const REAL = shared('third-party/JetClassII_example.parquet');

describe.skipIf(!existsSync(REAL))(
  `the example of JetClass-II${existsSync(REAL) ? '' : ' (skipped: ../shared is not here)'}`,
  () => {
    it('has 100 jets of 4,529 constituents, as pyarrow reads it', async () => {
      const source = await openJets(REAL);
      expect(source).toMatchObject({ count: 100, jetShape: [128, 4], classes: ['QCD', 'X'] });
      const jets = await source.read(0, 100);
      if (jets.kind !== 'constituents') throw new Error('images');
      const { data, charge = new Int8Array() } = jets;
      const energies = Array.from({ length: 12_800 }, (_, i) => data[4 * i]);
      expect(energies.filter((energy) => energy > 0)).toHaveLength(4529);
      // Its first constituent is the leading one; an antielectron, as its charge says.
      expect([...data.subarray(0, 4)]).toEqual(
        [208.81874084472656, -202.0544891357422, 28.983366012573242, -44.03649139404297].map(Math.fround),
      );
      expect([...charge.subarray(0, 3)]).toEqual([1, -1, 1]);
      const labels = (await source.labels()) ?? new Uint8Array();
      expect(labels.filter((label) => label === 0)).toHaveLength(21);
      expect(labels[0]).toBe(1);
      source.close();
      const one = await openJets(REAL, {
        layout: { extends: 'JetClassII', signal: 'label_X_YY_see', others: 'leave-out' },
      });
      expect(one.count).toBe(22);
      one.close();
    });
  },
);
