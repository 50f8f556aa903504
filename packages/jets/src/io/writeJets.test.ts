import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isJetError } from '../errors.js';
import { jetImages } from '../jets.js';
import { random } from '../random.js';
import { memorySource } from '../source/memory.js';
import type { JetSource } from '../source/source.js';
import { describeFile, openJets } from './files.js';
import { fixture, readWhole, temporaryFolder } from './fixtures.testing.js';
import { writeJets } from './writeJets.js';

const temporary = temporaryFolder();

describe('writeJets', () => {
  it('writes what openHdf5 gives back: constituents, labels, charges and ids', async () => {
    const original = await openJets(fixture('constituents.npz'));
    await writeJets(temporary('copy.h5'), original);
    const copy = await openJets(temporary('copy.h5'));
    expect(copy).toMatchObject({ kind: 'constituents', count: 12, jetShape: [8, 4] });
    expect(await copy.read(0, 12)).toEqual(await original.read(0, 12));
    expect(await copy.labels()).toEqual(await original.labels());
    expect(await copy.ids?.()).toEqual(await original.ids?.());
    copy.close();
    expect(
      (await describeFile(temporary('copy.h5'))).arrays.map(({ name, dtype, compression }) => [
        name,
        dtype,
        compression,
      ]),
    ).toEqual([
      ['/charge', 'int8', ['deflate']],
      ['/constituents', 'float32', ['deflate']],
      ['/ids', 'string', ['deflate']],
      ['/labels', 'uint8', ['deflate']],
    ]);
  });

  it('writes images in several blocks', async () => {
    const numbers = random(7);
    const all = jetImages(
      Float32Array.from({ length: 300 * 128 * 128 }, () => (numbers.uint32() & 15 ? 0 : numbers.uniform())),
      [128, 128, 1],
    );
    const labels = Uint8Array.from({ length: 300 }, () => numbers.integer(2));
    await writeJets(temporary('images.h5'), all, { labels, ids: Array.from(labels, (_, i) => `jet ${i} é`) });
    const copy = await openJets(temporary('images.h5'));
    expect(await copy.labels()).toEqual(labels);
    expect((await copy.ids?.())?.[299]).toBe('jet 299 é');
    const data = await readWhole(copy);
    expect(data.findIndex((pixel, i) => pixel !== all.data[i])).toBe(-1);
    expect(data).toHaveLength(all.data.length);
  });

  it('writes no jets at all', async () => {
    await writeJets(temporary('none.h5'), jetImages(new Float32Array(0), [2, 2, 1]), { labels: new Uint8Array(0) });
    const none = await openJets(temporary('none.h5'));
    expect(none).toMatchObject({ kind: 'images', count: 0, jetShape: [2, 2, 1] });
    expect(await none.labels()).toEqual(new Uint8Array(0));
    expect(await readWhole(none)).toEqual(new Float32Array(0));
  });

  it('leaves nothing behind when the lengths differ or the source fails', async () => {
    const folder = temporary('.');
    const before = await readdir(folder);
    const two = jetImages(new Float32Array(8), [2, 2, 1]);
    const codes: string[] = [];
    const failing: JetSource = { ...memorySource(two), read: () => Promise.reject(new RangeError('no')) };
    for (const run of [
      () => writeJets(temporary('x.h5'), two, { labels: new Uint8Array(3) }),
      () => writeJets(temporary('x.h5'), two, { ids: ['one'] }),
      () => writeJets(temporary('x.h5'), two, { ids: ['one', 'a\0b'] }),
      () => writeJets(temporary('x.h5'), failing),
      () => writeJets(temporary('no/x.h5'), two),
    ])
      await run().catch((error: unknown) => codes.push(isJetError(error) ? error.code : String(error)));
    expect(codes).toEqual(['SHAPE_MISMATCH', 'SHAPE_MISMATCH', 'OUT_OF_RANGE', 'RangeError: no', 'FILE_NOT_FOUND']);
    expect(await readdir(folder)).toEqual(before);
  });
});
