import { copyFile, rename, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jets } from '../../jets.js';
import type { PackedJets } from '../../source/packed.js';
import { rangeSource } from '../../source/range.js';
import type { JetSource } from '../../source/source.js';
import { openJets } from '../files.js';
import { fixture, fixtureBytes, temporaryFolder } from '../fixtures.testing.js';
import { writeJets } from '../writeJets.js';
import { readPackedJets } from './readPackedJets.js';

const packedJetsOf = (source: JetSource): PackedJets | undefined => source.share?.();

const inFolder = temporaryFolder();

/** 100 jets of 3 constituents with charges; more than one chunk holds. */
async function writeCharged(path: string, broken = false): Promise<void> {
  const { data } = jets(
    Float32Array.from({ length: 100_000 * 12 }, (_, i) => (i % 4 === 0 ? 2 : Math.sin(i))),
    3,
  );
  if (broken) data[12 * 70_000 + 5] = Number.NaN;
  const charge = Int8Array.from({ length: data.length / 4 }, (_, i) => (i % 3) - 1);
  await writeJets(path, { kind: 'constituents', shape: [100_000, 3, 4], data, charge });
}

describe('readPackedJets', () => {
  it.each(['table-zlib.h5', 'table-shuffled.h5'])('gives any slice of %s as the source does', async (name) => {
    const source = await openJets(fixture(name));
    const packed = packedJetsOf(source)!;
    for (let start = 0; start <= source.count; start++)
      for (let stop = start + 1; stop <= source.count; stop++)
        expect(readPackedJets(packed, start, stop)).toEqual(await source.read(start, stop));
    source.close();
  });

  it('uses memory that has room for the jets, whatever was in it', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    const packed = packedJetsOf(source)!;
    const size = source.jetShape.reduce((a, b) => a * b, 1);
    const memory = new Float32Array(4 * size).fill(Number.NaN);
    const three = readPackedJets(packed, 2, 5, memory)!;
    expect(three.data.buffer).toBe(memory.buffer);
    expect(three).toEqual(await source.read(2, 5));
    expect(readPackedJets(packed, 2, 7, memory)).toEqual(await source.read(2, 7));
    source.close();
  });

  it('gives charges and slices across chunks, from plain data that has crossed to a thread', async () => {
    await writeCharged(inFolder('charged.h5'));
    const source = await openJets(inFolder('charged.h5'));
    const packed = structuredClone(packedJetsOf(source)!);
    expect(packed.block).toBeLessThan(source.count / 2);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 99_000 }), fc.integer({ min: 1, max: 1000 }), async (start, jets) => {
        const read = readPackedJets(packed, start, start + jets);
        expect(read).toMatchObject({ charge: expect.any(Int8Array) });
        expect(read).toEqual(await source.read(start, start + jets));
      }),
      { numRuns: 20 },
    );
    source.close();
  });

  it('gives nothing once the file has been replaced, while the source still reads what it opened', async () => {
    const path = inFolder('replaced.h5');
    await copyFile(fixture('table-zlib.h5'), path);
    const source = await openJets(path);
    const packed = packedJetsOf(source)!;
    const before = await source.read(0, 2);
    expect(readPackedJets(packed, 0, 2)).toEqual(before);
    await copyFile(fixture('table-shuffled.h5'), inFolder('other.h5'));
    await rename(inFolder('other.h5'), path);
    expect(readPackedJets(packed, 0, 2)).toBeUndefined();
    await rename(path, inFolder('away.h5'));
    expect(readPackedJets(packed, 0, 2)).toBeUndefined();
    expect(await source.read(0, 2)).toEqual(before);
    source.close();
  });

  it('gives nothing once the file has been changed, which the source refuses', async () => {
    const path = inFolder('changed.h5');
    await copyFile(fixture('table-zlib.h5'), path);
    const source = await openJets(path);
    const packed = packedJetsOf(source)!;
    expect(readPackedJets(packed, 0, 2)).toEqual(await source.read(0, 2));
    await utimes(path, 1, 1);
    expect(readPackedJets(packed, 0, 2)).toBeUndefined();
    await expect(source.read(0, 2)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('the file was changed while it was read'),
    });
    source.close();
  });

  it('gives numbers that are not finite as they are; the source names the jet', async () => {
    await writeCharged(inFolder('nan.h5'), true);
    const source = await openJets(inFolder('nan.h5'));
    const packed = packedJetsOf(source)!;
    const { data } = readPackedJets(packed, 69_990, 70_010)!;
    expect(Math.floor(data.findIndex((value) => !Number.isFinite(value)) / (data.length / 20))).toBe(10);
    expect(readPackedJets(packed, 70_001, 70_010)).toEqual(await source.read(70_001, 70_010));
    await expect(source.read(69_990, 70_010)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining('jet 70000'),
    });
    source.close();
  });

  it('leaves broken chunks to the source', async () => {
    const path = inFolder('broken.h5');
    const bytes = fixtureBytes('table-zlib.h5');
    await writeFile(path, bytes);
    const whole = await openJets(path);
    const { chunks } = packedJetsOf(whole)!.parts[0].rows;
    whole.close();
    await writeFile(path, bytes.fill(0x55, chunks[0] + 10, chunks[0] + 40));
    const source = await openJets(path);
    expect(readPackedJets(packedJetsOf(source)!, 0, source.count)).toBeUndefined();
    await expect(source.read(0, source.count)).rejects.toMatchObject({ code: 'BAD_FILE' });
    source.close();
  });
});

describe('rangeSource', () => {
  it('gives the jets of its range, however they are read', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    const labels = (await source.labels())!;
    const middle = rangeSource(source, 2, 9);
    const inner = rangeSource(middle, 1, 5);
    expect(inner.count).toBe(4);
    expect(await inner.read(1, 4)).toEqual(await source.read(4, 7));
    expect(readPackedJets(packedJetsOf(inner)!, 1, 4)).toEqual(await source.read(4, 7));
    expect(await inner.labels()).toEqual(labels.slice(3, 7));
    inner.close();
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('gives the jets of a range of any source', async () => {
    const source = await openJets(fixture('table-blosc.h5'));
    const part = rangeSource(source, 2, 9);
    expect(await part.read(1, 4)).toEqual(await source.read(3, 6));
    expect(packedJetsOf(part)).toBeUndefined();
    source.close();
  });
});

describe('share', () => {
  it.each(['table-blosc.h5', 'table-lzf.h5', 'images-labels.h5', 'images-bigendian-gzip.h5', 'constituents.h5'])(
    'knows nothing of %s, which only the library reads, or reads in part',
    async (name) => {
      const source = await openJets(fixture(name));
      expect(packedJetsOf(source)).toBeUndefined();
      source.close();
    },
  );

  it('knows nothing of a copy, which may have other rows', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    expect(packedJetsOf(source)).toBeDefined();
    expect(packedJetsOf({ ...source, count: 1 })).toBeUndefined();
    source.close();
  });

  it('refuses a source that has been closed', async () => {
    const source = await openJets(fixture('table-zlib.h5'));
    source.close();
    expect(() => packedJetsOf(source)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
  });
});
