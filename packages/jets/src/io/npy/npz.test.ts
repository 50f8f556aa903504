import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isJetError, JetError } from '../../errors.js';
import { sliceSource } from '../../source/sliceSource.js';
import type { JetSource } from '../../source/source.js';
import { fixtureBytes, printedArrays } from '../fixtures.testing.js';
import { type NpyArray, readNpy } from './npy.js';
import { readNpz, writeNpz } from './npz.js';
import { npzReader } from './npzReader.js';

const types = printedArrays().filter(({ name }) => name !== 'ttv' && name !== 'truthE');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isJetError(error)) return error.code;
    throw error;
  }
  return 'no error';
}

const printed = ({ dtype, data }: NpyArray): (number | string | boolean)[] =>
  Array.from<number | bigint | string, number | string | boolean>(
    data as ArrayLike<number | bigint | string>,
    (value) => (dtype === 'bool' ? value === 1 : typeof value === 'bigint' ? String(value) : value),
  );

describe('readNpz', () => {
  it.each(['types.npz', 'types-deflated.npz'])('reads every type as NumPy prints it, %s', (name) => {
    const arrays = readNpz(fixtureBytes(name));
    const read = [...arrays].map(([name, array]) => ({ name, shape: array.shape, data: printed(array) }));
    expect(read).toEqual(types);
  });

  it('gives back what writeNpz wrote, and the same arrays always give the same bytes', () => {
    const arrays = readNpz(fixtureBytes('constituents.npz'));
    const written = writeNpz(arrays);
    expect(readNpz(written)).toEqual(arrays);
    expect(writeNpz(arrays)).toEqual(written);
    expect(readNpz(writeNpz(new Map()))).toEqual(new Map());
  });

  it('refuses every truncation', () => {
    const file = fixtureBytes('images.npz');
    for (let length = 0; length < file.length; length++)
      expect(codeOf(() => readNpz(file.subarray(0, length)))).toBe('BAD_FILE');
  });

  it('answers corrupt bytes with arrays or a JetError', () => {
    const file = fixtureBytes('images.npz');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 })), { minLength: 1 }),
        (edits) => {
          const broken = file.slice();
          for (const [at, byte] of edits) broken[at] = byte;
          codeOf(() => readNpz(broken));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds any change in the data of a member', () => {
    const content = fixtureBytes('labels.npy');
    const file = zipSync({ 'labels.npy': content }, { level: 0 });
    const at = file.length - 22 - (46 + 'labels.npy'.length) - 1;
    file[at] ^= 1;
    expect(() => readNpz(file)).toThrow(/checksum \d+; expected \d+/);
  });

  it('stops at archives that grow beyond the limit or beyond what they announce', () => {
    const zeros = new Uint8Array(2 ** 22);
    const bomb = zipSync({ 'a.npy': zeros }, { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 14);
    expect(codeOf(() => readNpz(bomb, { maxBytes: 2 ** 20 }))).toBe('LIMIT_EXCEEDED');
    const liar = bomb.slice();
    const view = new DataView(liar.buffer);
    const directory = view.getUint32(liar.length - 22 + 16, true);
    view.setUint32(directory + 24, 1000, true);
    expect(() => readNpz(liar)).toThrow('more than the announced 1000 bytes');
    const many = zipSync(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.npy`, new Uint8Array(0)])));
    expect(codeOf(() => readNpz(many))).toBe('LIMIT_EXCEEDED');
  });

  it('refuses members that are not arrays', () => {
    expect(codeOf(() => readNpz(zipSync({ 'readme.txt': new Uint8Array(3) })))).toBe('UNSUPPORTED');
  });
});

describe('jets of an archive', () => {
  const npzSource = (arrays: ReadonlyMap<string, NpyArray>, name: string, dataset?: string): JetSource =>
    sliceSource(npzReader(arrays, name, dataset), () => {});

  const labels: NpyArray = { dtype: 'uint8', shape: [2], data: Uint8Array.of(0, 1) };
  const images: NpyArray = { dtype: 'uint16', shape: [2, 1, 2], data: Uint16Array.of(1, 2, 3, 4) };

  it('gives images with their labels as float32, channels last', async () => {
    const source = npzSource(
      new Map<string, NpyArray>([
        ['images', images],
        ['labels', labels],
      ]),
      'two.npz',
    );
    expect(source).toMatchObject({ kind: 'images', count: 2, jetShape: [1, 2, 1] });
    expect((await source.read(1, 2)).data).toEqual(Float32Array.of(3, 4));
    expect(await source.labels()).toEqual(labels.data);
  });

  it('gives constituents with labels, charges and ids', async () => {
    const source = npzSource(readNpz(fixtureBytes('constituents.npz')), 'jets.npz');
    const jets = await source.read(2, 5);
    expect(jets.data).toEqual((readNpy(fixtureBytes('constituents.npy')).data as Float32Array).slice(2 * 32, 5 * 32));
    expect(jets).toMatchObject({ charge: readNpy(fixtureBytes('charge.npy')).data.slice(2 * 8, 5 * 8) });
    expect(await source.labels()).toEqual(readNpy(fixtureBytes('labels.npy')).data);
    expect((await source.ids?.())?.[11]).toBe('jet-11');
  });

  it('refuses labels of another length, and archives with no jets or two sets of them', () => {
    const wrong: NpyArray = { dtype: 'uint8', shape: [3], data: new Uint8Array(3) };
    const refuse = (entries: [string, NpyArray][]) => () => npzSource(new Map(entries), 'x.npz');
    expect(
      codeOf(
        refuse([
          ['images', images],
          ['labels', wrong],
        ]),
      ),
    ).toBe('SHAPE_MISMATCH');
    expect(codeOf(refuse([['labels', labels]]))).toBe('BAD_DATASET');
    expect(
      codeOf(
        refuse([
          ['a', images],
          ['b', images],
        ]),
      ),
    ).toBe('BAD_DATASET');
    expect(
      refuse([
        ['a', images],
        ['b', images],
      ]),
    ).toThrow(JetError);
    const two = new Map<string, NpyArray>([
      ['a', images],
      ['b', images],
    ]);
    expect(npzSource(two, 'x.npz', 'b').count).toBe(2);
    expect(codeOf(() => npzSource(two, 'x.npz', 'c'))).toBe('BAD_DATASET');
  });
});
