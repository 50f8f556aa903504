import { readFileSync } from 'node:fs';
import { isJetError } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { failure, fixture } from '../../infer/src/testing/fixtures.testing.js';
import { withExternalData } from './externalData.js';
import { field, fields, joined } from './lightWire.js';

/** A model of one tensor that lies in a file. */
function oneTensor(entries: Readonly<Record<string, string>>): Uint8Array {
  const tensor = joined([
    field(1, 2),
    field(2, 1),
    field(8, 'w'),
    ...Object.entries(entries).map((entry) => field(13, joined([field(1, entry[0]), field(2, entry[1])]))),
    field(14, 1),
  ]);
  return field(7, field(5, tensor));
}

const eight = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

describe('external data', () => {
  it.each([
    [{ location: 'w.bin' }, [...eight]],
    [{ location: 'w.bin', offset: '2' }, [3, 4, 5, 6, 7, 8]],
    [{ location: 'a/w.bin', offset: '2', length: '4', checksum: 'ab' }, [3, 4, 5, 6]],
    [{ location: 'w.bin', offset: '8', length: '0' }, []],
  ])('%o comes inside', async (entries, numbers) => {
    const seen: string[] = [];
    const beside = async (location: string): Promise<Uint8Array> => {
      seen.push(location);
      return eight;
    };
    const { bytes, files } = await withExternalData({ name: 'm', bytes: oneTensor(entries), beside });
    const tensor = joined([field(1, 2), field(2, 1), field(8, 'w'), field(9, Uint8Array.from(numbers))]);
    expect(bytes).toEqual(field(7, field(5, tensor)));
    expect(seen).toEqual([entries.location]);
    expect(files).toHaveLength(2);
  });

  it('leaves a model without it as it is', async () => {
    const model = fixture('scoreNhwc');
    const whole = await withExternalData({ name: 'm', bytes: model });
    expect(whole.bytes).toBe(model);
    expect(whole.files).toEqual([model]);
  });

  it('comes inside also for nodes and for graphs inside nodes', async () => {
    const inner = joined([...fields(oneTensor({ location: 'w.bin' }))].map(({ content }) => content!));
    const node = field(1, joined([field(5, field(6, inner)), field(4, 'If')]));
    const { bytes } = await withExternalData({ name: 'm', bytes: field(7, node), beside: async () => eight });
    expect(Buffer.from(bytes).includes(Buffer.from(eight))).toBe(true);
    expect(Buffer.from(bytes).includes('w.bin')).toBe(false);
  });

  it('is read once for each file', async () => {
    const data = readFileSync(new URL('../../infer/fixtures/external.data', import.meta.url));
    let reads = 0;
    const beside = async (): Promise<Uint8Array> => {
      reads++;
      return data;
    };
    const { bytes } = await withExternalData({ name: 'm', bytes: fixture('external'), beside });
    expect(reads).toBe(1);
    expect(bytes.length).toBeGreaterThan(data.length);
  });

  it('whatever byte of the model is another, it is read or a JetError', async () => {
    const model = fixture('external');
    const data = readFileSync(new URL('../../infer/fixtures/external.data', import.meta.url));
    const codes = new Map<string, number>();
    for (let at = 0; at < model.length; at++)
      for (const change of [1, 0x80, 0xff]) {
        const bytes = model.slice();
        bytes[at] ^= change;
        const code = await withExternalData({ name: 'm', bytes, beside: async () => data }).then(
          () => 'read',
          (error: unknown) => (isJetError(error) ? error.code : String(error)),
        );
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    expect([...codes.keys()].sort()).toEqual(['BAD_MODEL', 'read']);
  });

  it.each([
    ['/etc/passwd', 'which is elsewhere'],
    ['../w.bin', 'which is elsewhere'],
    ['a/../../w.bin', 'which is elsewhere'],
    ['..\\w.bin', 'which is elsewhere'],
    ['C:w.bin', 'which is elsewhere'],
    ['http://host/w.bin', 'which is elsewhere'],
    ['', 'a file without a name'],
  ])('at %s is not read', async (location, problem) => {
    let reads = 0;
    const beside = async (): Promise<Uint8Array> => {
      reads++;
      return eight;
    };
    const error = await failure(withExternalData({ name: 'm', bytes: oneTensor({ location }), beside }));
    expect(error).toEqual({ code: 'BAD_MODEL', message: expect.stringContaining(problem) });
    expect(reads).toBe(0);
  });

  it.each([
    [{ offset: '9' }, 'bytes 9 to 8 of w.bin, which has 8'],
    [{ offset: '4', length: '5' }, 'bytes 4 to 9 of w.bin, which has 8'],
    [{ offset: '-1' }, 'bytes -1 to 8'],
    [{ offset: 'x' }, 'bytes NaN to'],
    [{ length: '-3' }, 'bytes 0 to -3'],
  ])('with %o in a file of 8 bytes is an error with both numbers', async (entries, message) => {
    const bytes = oneTensor({ location: 'w.bin', ...entries });
    expect(await failure(withExternalData({ name: 'm', bytes, beside: async () => eight }))).toEqual({
      code: 'BAD_MODEL',
      message: expect.stringContaining(message),
    });
  });
});
