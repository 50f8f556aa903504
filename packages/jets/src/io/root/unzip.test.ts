import { expect, it } from 'vitest';
import { JetError } from '../../errors.js';
import { unzipWith } from './unzip.js';

it('LZMA in several chunks, of which JSROOT reads the first alone, is refused before it is decompressed', async () => {
  const packed = 200;
  const block = new Uint8Array(9 + packed);
  block.set([0x58, 0x5a, 0, packed, 0, 0, 0x10, 0x27, 0]);
  // one chunk of 100 bytes behind the heads of stream and block, and then another one
  block.set([0xe0, 0x13, 0x87, 0, 99, 0x5d], 9 + 24);
  const next = 9 + 24 + 6 + 100;
  const unzip = unzipWith(
    async () => new DataView(new ArrayBuffer(10_000)),
    undefined,
    () => 0n,
  );
  const run = (): Promise<DataView> =>
    unzip(new DataView(block.buffer), 10_000, 'a.root: basket 0', (what) => new JetError('BAD_FILE', what));
  block[next] = 0x80;
  await expect(run()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(/^a\.root: basket 0: 200 bytes packed with LZMA in several chunks/),
  });
  block[next] = 0;
  await expect(run()).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('no .xz stream') });
});
