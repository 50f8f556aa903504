import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unzlib } from './zlib.js';

const content = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 4);
const packed = new Uint8Array(deflateSync(content));

describe('unzlib', () => {
  it('gives what zlib packed, at every level, into room that is larger', () => {
    for (let level = 0; level <= 9; level++)
      expect(unzlib(new Uint8Array(deflateSync(content, { level })), new Uint8Array(6000))).toEqual(content);
  });

  it('gives no other content where a bit is flipped', () => {
    for (let at = 0; at < packed.length; at++) {
      const damaged = packed.slice();
      damaged[at] ^= 1 << (at % 8);
      // the last bits before the sum only fill up a byte
      if (at === packed.length - 5) expect(unzlib(damaged, new Uint8Array(content.length))).toEqual(content);
      else expect(() => unzlib(damaged, new Uint8Array(content.length)), `byte ${at}`).toThrow();
    }
  });

  it('refuses what is longer than its room, cut off, or with a dictionary', () => {
    expect(() => unzlib(packed, new Uint8Array(4999))).toThrow();
    for (const length of [0, 1, 5, 6, packed.length - 1])
      expect(() => unzlib(packed.subarray(0, length), new Uint8Array(5000))).toThrow();
    const withDictionary = new Uint8Array(deflateSync(content, { dictionary: content.subarray(0, 100) }));
    expect(() => unzlib(withDictionary, new Uint8Array(5000))).toThrow('no zlib stream');
  });
});
