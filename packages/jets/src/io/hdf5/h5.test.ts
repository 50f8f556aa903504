import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JetError } from '../../errors.js';
import type { BinaryFile } from '../bytes/binaryFile.js';
import { openNodeFile } from '../bytes/nodeFile.js';
import { fixture, fixtureBytes } from '../fixtures.testing.js';
import type { Inflate } from '../host.js';
import type { H5Dataset } from './dataset.js';
import { openH5 } from './h5.js';
import { loadLibrary } from './library.js';
import { plainUnpacker, unshuffle } from './plainUnpacker.js';
import { createH5 } from './write.js';

const inflate: Inflate = (bytes) => inflateSync(bytes);
/** Leaves every chunk to the library. */
const library = (): never => {
  throw new RangeError('not decompressed natively');
};
const noPlugins = { loadPlugin: () => Promise.reject(new RangeError('no plugin is needed here')) };

/** The bytes of all rows of a dataset, and how many chunks the decoder was given. */
async function read(name: string, path: string, decoder?: Inflate, start = 0, stop?: number) {
  let chunks = 0;
  const counting: Inflate = (bytes, size) => {
    chunks++;
    return decoder!(bytes, size);
  };
  const file = await openH5(
    openNodeFile(fixture(name)),
    noPlugins,
    undefined,
    decoder && ((packed) => plainUnpacker(packed, counting)),
  );
  const dataset = file.datasets.find((one) => one.path === path) as H5Dataset;
  const rows: number[] = [];
  await file.readRows(dataset, start, stop ?? dataset.shape[0], ({ buffer, byteOffset, byteLength }) => {
    rows.push(...new Uint8Array(buffer, byteOffset, byteLength));
  });
  file.close();
  return { rows, chunks };
}

describe('readRows', () => {
  it.each([
    ['table-zlib.h5', '/table/table', 1],
    ['constituents.h5', '/constituents', 3],
    ['images-pieces.h5', '/y', 12],
  ])('decompresses %s natively and gives what the library gives', async (name, path, expected) => {
    const native = await read(name, path, inflate);
    expect(native.chunks).toBe(expected);
    const rows = (await read(name, path, library)).rows;
    expect(native.rows).toEqual(rows);
    expect((await read(name, path)).rows, 'in WebAssembly').toEqual(rows);
  });

  it.each([
    ['pieces of rows', 'images-pieces.h5', '/images'],
    ['big-endian numbers', 'images-bigendian-gzip.h5', '/images'],
    ['the newest form of the format', 'images-latest.h5', '/images'],
    ['a chunk that was never written', 'images-gap.h5', '/images'],
    ['no compression', 'images-labels.h5', '/images'],
  ])('leaves %s to the library', async (_, name, path) => {
    const { rows, chunks } = await read(name, path, inflate);
    expect(chunks).toBe(0);
    expect(rows).toEqual((await read(name, path, library)).rows);
  });

  it('goes on with the library at the chunk that cannot be decompressed natively', async () => {
    const whole = (await read('constituents.h5', '/constituents', library)).rows;
    for (const good of [0, 1, 2]) {
      let calls = 0;
      const failing: Inflate = (bytes) => {
        if (calls++ < good) return inflateSync(bytes);
        throw new RangeError('native decompression fails');
      };
      expect(await read('constituents.h5', '/constituents', failing)).toEqual({ rows: whole, chunks: good + 1 });
      expect((await read('constituents.h5', '/constituents', () => new Uint8Array(3))).rows).toEqual(whole);
    }
  });

  it('gives any slice', async () => {
    const whole = (await read('constituents.h5', '/constituents', library)).rows;
    const rowBytes = whole.length / 12;
    for (let start = 0; start <= 12; start++)
      for (let stop = start; stop <= 12; stop++)
        expect((await read('constituents.h5', '/constituents', inflate, start, stop)).rows).toEqual(
          whole.slice(start * rowBytes, stop * rowBytes),
        );
  });
});

describe('the library', () => {
  const openStreams = async (): Promise<number> => {
    const { FS } = await loadLibrary();
    return (FS as typeof FS & { streams: unknown[] }).streams.filter((stream) => stream).length;
  };

  it('keeps nothing open after files that cannot be opened, listed or read', async () => {
    const inMemory = (bytes: Uint8Array): BinaryFile => ({
      name: 'broken.h5',
      size: bytes.length,
      read(into, offset, length, position) {
        const part = bytes.subarray(position, position + length);
        into.set(part, offset);
        return part.length;
      },
      write: () => 0,
      truncate() {},
      close() {},
    });
    const whole = fixtureBytes('table-zlib.h5');
    const before = await openStreams();
    let failures = 0;
    for (let at = 0; at < whole.length; at += 40) {
      const broken = whole.slice();
      broken.fill(0x77, at, at + 40);
      try {
        const file = await openH5(inMemory(broken), noPlugins);
        try {
          for (const dataset of file.datasets) await file.readRows(dataset, 0, dataset.shape[0], () => {});
        } finally {
          file.close();
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'JetError' });
        failures++;
      }
    }
    expect(failures).toBeGreaterThan(30);
    expect(await openStreams()).toBe(before);
  });

  it('passes on what a file throws, and works after that', async () => {
    const full = new JetError('BAD_FILE', 'full.h5: no space left');
    const disk: BinaryFile = {
      name: 'full.h5',
      size: 0,
      read: () => 0,
      write() {
        throw full;
      },
      truncate() {},
      close() {},
    };
    await expect(
      createH5(disk).then((file) => {
        try {
          const x = { name: 'x', type: 'uint8' as const, rowShape: [], chunkRows: 1 };
          file.append(x, 1, Uint8Array.of(1));
        } finally {
          file.close();
        }
      }),
    ).rejects.toBe(full);
    expect((await read('constituents.h5', '/labels')).rows).toHaveLength(12);
  });
});

describe('unshuffle', () => {
  it('undoes a shuffle of elements of any size, whatever the memory held and however many begin with zeros', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 13 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 20 }),
        fc.infiniteStream(fc.nat({ max: 255 })),
        (size, count, zeros, bytes) => {
          const plain = Uint8Array.from({ length: size * count }, (_, i) =>
            i < size * zeros ? 0 : (bytes.next().value ?? 0),
          );
          const shuffled = new Uint8Array(plain.length);
          for (let i = 0; i < count; i++)
            for (let byte = 0; byte < size; byte++) shuffled[byte * count + i] = plain[i * size + byte];
          const out = new Uint8Array(plain.length).fill(7);
          unshuffle(shuffled, size, out);
          expect(out).toEqual(plain);
        },
      ),
    );
  });
});

describe('images in tiles', () => {
  const rowBytes = 30 * 30 * 8;

  /** @param step rows of one read */
  async function readTiles(start: number, stop: number, step: number): Promise<{ rows: Buffer; bytesRead: number }> {
    const opened = openNodeFile(fixture('images-tiles.h5'));
    let bytesRead = 0;
    const counting: BinaryFile = {
      ...opened,
      read(into, offset, length, position) {
        bytesRead += length;
        return opened.read(into, offset, length, position);
      },
    };
    const file = await openH5(counting, noPlugins);
    const rows = Buffer.alloc((stop - start) * rowBytes);
    for (let first = start; first < stop; first += step)
      await file.readRows(file.datasets[0], first, Math.min(stop, first + step), (part, at) =>
        rows.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), (at - start) * rowBytes),
      );
    file.close();
    return { rows, bytesRead };
  }

  it('are unpacked once, however few rows are read at a time, and are the same', async () => {
    const whole = await readTiles(0, 500, 500);
    const parts = await readTiles(0, 500, 16);
    expect(parts.rows.equals(whole.rows)).toBe(true);
    expect(parts.rows.some((byte) => byte !== 0)).toBe(true);
    expect(parts.bytesRead).toBeLessThan(1.1 * whole.bytesRead);
  });

  it('give any rows of them', async () => {
    const { rows } = await readTiles(0, 500, 500);
    await fc.assert(
      fc.asyncProperty(fc.nat(500), fc.nat(500), async (a, b) => {
        const [start, stop] = [Math.min(a, b), Math.max(a, b)];
        const some = await readTiles(start, stop, 1 + ((a * 31 + b) % 300));
        expect(some.rows.equals(rows.subarray(start * rowBytes, stop * rowBytes))).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
