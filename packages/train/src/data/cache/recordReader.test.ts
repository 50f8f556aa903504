import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '@jetsdk/jets';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RecordFile, recordReader } from './recordReader.js';
import { encodeRecords } from './records.js';

/** Jets of `size` numbers in a file, behind eight other bytes. */
function recordFile(dense: Float32Array, size: number): RecordFile {
  const jets = dense.length / size;
  const lengths = new Uint32Array(jets);
  const records = encodeRecords(dense, size, lengths);
  const starts = new Float64Array(jets + 1).fill(8);
  for (const [jet, length] of lengths.entries()) starts[jet + 1] = starts[jet] + length;
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-records-'));
  const path = join(folder, 'jets.bin');
  writeFileSync(path, Buffer.concat([Buffer.from('JETINPT1'), records]));
  const fd = openSync(path, 'r+');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  return { path, fd, starts, shape: [jets, size], size };
}

/** Jets of which some are empty, some sparse and some full. */
function mixedJets(jets: number, size: number): Float32Array {
  const rng = random(3);
  const shares = [0, 0.02, 0.5, 1];
  return Float32Array.from({ length: jets * size }, (_, i) =>
    rng.uniform() < shares[Math.floor(i / size) % shares.length] ? rng.normal() : 0,
  );
}

describe('recordReader', () => {
  // a batch is more than what is brought together, and the last jet alone is, too
  test.each([
    [700, 2000, 900],
    [5, 300_000, 6],
  ])('gives the same of %i jets of %i numbers in any order, however much of the file is kept', (jets, size, count) => {
    const dense = mixedJets(jets, size);
    const file = recordFile(dense, size);
    const end = file.starts[jets];
    const rng = random(4);
    const shuffled = Uint32Array.from({ length: count }, () => rng.integer(jets));
    const inOrder = Uint32Array.from({ length: jets }, (_, jet) => jet);
    for (const most of [0, 9, Math.floor(end / 2) + 1, end - 1, end, 2 * end]) {
      const read = recordReader(file, most);
      expect(Buffer.compare(Buffer.from(read(inOrder).buffer), Buffer.from(dense.buffer))).toBe(0);
      const memory = new Float32Array(count * size).fill(7);
      const given = read(shuffled, memory);
      expect(given.buffer).toBe(memory.buffer);
      for (const [i, jet] of shuffled.entries()) {
        const [own, expected] = [
          given.subarray(i * size, (i + 1) * size),
          dense.subarray(jet * size, (jet + 1) * size),
        ];
        if (own.some((value, k) => !Object.is(value, expected[k]))) expect(own).toEqual(expected);
      }
    }
    expect(recordReader(file)(new Uint32Array(0))).toEqual(new Float32Array(0));
  });

  test('a file that was cut is an error, whether its end was to be kept or not', () => {
    const file = recordFile(mixedJets(40, 100), 100);
    const [keeping, last] = [recordReader(file), Uint32Array.of(39)];
    const reading = recordReader(file, 0);
    ftruncateSync(file.fd, file.starts[39] + 1);
    expect(() => reading(last)).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
    expect(() => recordReader(file)).toThrow('the cache was changed while it was read');
    // what is kept is there as it was
    expect(keeping(last)).toEqual(mixedJets(40, 100).subarray(3900));
  });

  test('a record that cannot be one is an error', () => {
    const file = recordFile(mixedJets(4, 100), 100);
    const other = { ...file, size: 3, shape: [4, 3] };
    for (const most of [0, 1000])
      expect(() => recordReader(other, most)(Uint32Array.of(1))).toThrow(expect.objectContaining({ code: 'BAD_FILE' }));
  });
});
