import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { slicedBlob } from './slicedBlob.js';

const MB = 2 ** 20;
const BYTES = Uint8Array.from({ length: 11 * MB + 7 }, (_, i) => (i * 31) >> 7);

afterEach(() => vi.unstubAllGlobals());

/** A blob in a worker, as far as it is used; slices that are on their way arrive, or fail, when the worker is free. */
function inWorker(arrives = true) {
  /** megabytes that the worker waited for */
  const waited: [from: number, to: number][] = [];
  class Slice extends Blob {
    readonly from: number;
    readonly to: number;
    constructor(from: number, to: number) {
      super([]);
      this.from = from;
      this.to = to;
    }
    override async arrayBuffer(): Promise<ArrayBuffer> {
      if (!arrives) throw new Error('gone');
      return BYTES.slice(this.from, this.to).buffer;
    }
  }
  class Whole extends Blob {
    override get size(): number {
      return BYTES.length;
    }
    override slice(from = 0, to = BYTES.length): Blob {
      return new Slice(from, to);
    }
  }
  vi.stubGlobal(
    'FileReaderSync',
    class {
      readAsArrayBuffer({ from, to }: Slice): ArrayBuffer {
        waited.push([from / MB, Math.round(to / MB)]);
        return BYTES.slice(from, to).buffer;
      }
    },
  );
  const file = slicedBlob(new Whole(), 'x.bin');
  const read = (position: number, length: number): Uint8Array => {
    const into = new Uint8Array(length);
    return into.subarray(0, file.read(into, 0, length, position));
  };
  return { waited, read };
}

/** Reads all in pieces, free for a moment after each. */
async function readOn(read: (position: number, length: number) => Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < BYTES.length; at += 300_001) {
    parts.push(read(at, 300_001));
    await turn();
  }
  return Buffer.concat(parts);
}

describe('slicedBlob', () => {
  it('waits for the first slice alone, where reading goes on: the others are read while it does something else', async () => {
    const { waited, read } = inWorker();
    expect(Buffer.compare(await readOn(read), BYTES)).toBe(0);
    expect(waited).toEqual([[0, 2]]);
  });

  it('waits for slices that have not come or cannot', async () => {
    const failing = inWorker(false);
    expect(Buffer.compare(await readOn(failing.read), BYTES)).toBe(0);
    const all = [0, 2, 4, 6, 8, 10].map((from) => [from, Math.min(from + 2, 11)]);
    expect(failing.waited).toEqual(all);
    const busy = inWorker();
    for (let at = 0; at < BYTES.length; at += MB) busy.read(at, MB);
    expect(busy.waited).toEqual(all);
  });

  it('reads nothing ahead of what jumps', async () => {
    const { waited, read } = inWorker();
    for (const at of [7, 3, 9]) {
      expect(read(at * MB, 10)).toEqual(BYTES.subarray(at * MB, at * MB + 10));
      await turn();
    }
    expect(waited).toEqual([
      [7, 8],
      [3, 4],
      [9, 10],
    ]);
  });
});
