import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { decompressBrotli } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { fixture } from '../fixtures.testing.js';
import { unbrotli } from './unbrotli.js';
import { wholeStream } from './wholeStream.js';
import { checkXz } from './xz.js';
import { checkZstd } from './zstd.js';

/** Packed by the reference implementations, beside what they packed. */
const packed = JSON.parse(readFileSync(fixture('packed.json'), 'utf8')) as {
  readonly content: string;
  readonly zstd: Readonly<Record<string, string>>;
  readonly xz: Readonly<Record<string, string>>;
};
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const content = bytesOf(packed.content);
const { h64Raw } = await xxhash();

/** The content with one bit flipped. */
function flipped(at: number): Uint8Array {
  const other = content.slice();
  other[at] ^= 1;
  return other;
}

describe('checkZstd', () => {
  it.each(Object.entries(packed.zstd))('takes %s with what it holds, and finds where it ends', (name, text) => {
    const bytes = bytesOf(text);
    checkZstd(bytes, content, h64Raw);
    for (const length of [0, 3, 8, bytes.length - 1])
      expect(() => checkZstd(bytes.subarray(0, length), content, h64Raw)).toThrow();
    expect(() => checkZstd(Uint8Array.of(...bytes, 0), content, h64Raw)).toThrow();
    // what has neither size nor sum says nothing of its content
    if (name !== 'plain without size') expect(() => checkZstd(bytes, content.subarray(1), h64Raw)).toThrow();
  });

  it('refuses other content where a frame has a sum', () => {
    for (const name of ['summed', 'summed without size', 'two frames']) {
      const bytes = bytesOf(packed.zstd[name]);
      for (const at of [0, content.length - 1])
        expect(() => checkZstd(bytes, flipped(at), h64Raw), name).toThrow('the check sum is wrong');
    }
  });
});

describe('checkXz', () => {
  it.each(Object.entries(packed.xz))('takes %s with what it holds, and finds where it ends', (_, text) => {
    const bytes = bytesOf(text);
    checkXz(bytes, content);
    for (const length of [0, 12, bytes.length - 4]) expect(() => checkXz(bytes.subarray(0, length), content)).toThrow();
    expect(() => checkXz(Uint8Array.of(...bytes, 0, 0, 0, 0), content)).toThrow();
    expect(() => checkXz(bytes, content.subarray(1))).toThrow();
  });

  it('refuses other content, and changes of header, index and foot', () => {
    for (const name of ['crc32', 'crc64'])
      for (const at of [0, content.length - 1])
        expect(() => checkXz(bytesOf(packed.xz[name]), flipped(at)), name).toThrow('the check sum is wrong');
    const bytes = bytesOf(packed.xz['crc64']);
    for (const at of [7, 9, bytes.length - 5, bytes.length - 14, bytes.length - 20]) {
      const damaged = bytes.slice();
      damaged[at] ^= 1;
      expect(() => checkXz(damaged, content), `byte ${at}`).toThrow();
    }
  });
});

describe('the Brotli of pages', () => {
  const strict = wholeStream(decompressBrotli);

  it('gives what was packed, however it was', () => {
    for (const quality of [0, 5, 11]) {
      const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
      for (const part of [content, content.subarray(0, 1), new Uint8Array(70_000), randomBytes(5000)]) {
        const bytes = new Uint8Array(brotliCompressSync(part, { params }));
        expect(strict(bytes, part.length)).toEqual(Uint8Array.from(part));
      }
    }
  });

  it('refuses streams that are cut off or go on behind', () => {
    const bytes = new Uint8Array(brotliCompressSync(content));
    for (const cut of [1, 2, 8]) expect(() => strict(bytes.subarray(0, -cut), content.length)).toThrow();
    for (const more of [[0], [3], [255, 255], [0, 0, 0, 0]])
      expect(() => strict(Uint8Array.of(...bytes, ...more), content.length)).toThrow('a stream that ends before');
  });
});

describe('unbrotli', () => {
  const bytes = new Uint8Array(brotliCompressSync(content));

  it('gives what was packed', () => {
    expect(new Uint8Array(unbrotli(bytes, content.length))).toEqual(content);
  });

  it('refuses streams that are cut off, go on behind, or hold more', () => {
    expect(() => unbrotli(bytes.subarray(0, -1), content.length)).toThrow();
    expect(() => unbrotli(Uint8Array.of(...bytes, 3), content.length)).toThrow('expected');
    expect(() => unbrotli(bytes, content.length - 1)).toThrow();
  });
});
