import { readFileSync } from 'node:fs';
import { isJetError } from '@jetsdk/jets';
import { describe, expect, it } from 'vitest';
import { failure, fixture } from '../../infer/src/testing/fixtures.testing.js';
import { withExternalData } from './externalData.js';
import { MessageWriter } from './wire/writer.js';

const entry = (key: string, value: string): MessageWriter => new MessageWriter().string(1, key).string(2, value);

/** A tensor `w` of 2 numbers, without them. */
const header = (): MessageWriter => new MessageWriter().int64(1, 2).int64(2, 1).string(8, 'w');

/** The same, with its numbers in a file. */
function outside(entries: Readonly<Record<string, string>>): MessageWriter {
  const tensor = header();
  for (const [key, value] of Object.entries(entries)) tensor.message(13, entry(key, value));
  return tensor.int64(14, 1);
}

const graphOf = (tensor: MessageWriter): MessageWriter => new MessageWriter().message(5, tensor);
const fileOf = (graph: MessageWriter): Uint8Array => new MessageWriter().message(7, graph).finish();

/** A model of one tensor that lies in a file. */
const oneTensor = (entries: Readonly<Record<string, string>>): Uint8Array => fileOf(graphOf(outside(entries)));

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
    expect(bytes).toEqual(fileOf(graphOf(header().bytes(9, Uint8Array.from(numbers)))));
    expect(seen).toEqual([entries.location]);
    expect(files).toHaveLength(2);
  });

  it.each(['1e2', '0.5', '0x10', ' 4', '-1', '', 'x', '9223372036854775808'])(
    'at byte "%s" is refused: a place is a whole number in digits',
    async (offset) => {
      const file = {
        name: 'm',
        bytes: oneTensor({ location: 'w.bin', offset, length: '4' }),
        beside: async () => eight,
      };
      const error = await withExternalData(file).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'BAD_MODEL', message: expect.stringContaining(`with offset "${offset}"`) });
    },
  );

  it('leaves a model without it as it is', async () => {
    const model = fixture('scoreNhwc');
    const whole = await withExternalData({ name: 'm', bytes: model });
    expect(whole.bytes).toBe(model);
    expect(whole.files).toEqual([model]);
  });

  it('comes inside also for nodes and for graphs inside nodes', async () => {
    const inner = graphOf(outside({ location: 'w.bin' }));
    const node = new MessageWriter().message(5, new MessageWriter().message(6, inner)).string(4, 'If');
    const file = fileOf(new MessageWriter().message(1, node));
    const { bytes } = await withExternalData({ name: 'm', bytes: file, beside: async () => eight });
    expect(Buffer.from(bytes).includes(Buffer.from(eight))).toBe(true);
    expect(Buffer.from(bytes).includes('w.bin')).toBe(false);
  });

  it('that is named again and again is refused before it is joined; shared weights are not', async () => {
    const data = new Uint8Array(2 ** 20);
    const of = (count: number) => {
      const graph = new MessageWriter();
      for (let i = 0; i < count; i++) graph.message(5, outside({ location: 'w.bin' }));
      return withExternalData({ name: 'm', bytes: fileOf(graph), beside: async () => data });
    };
    expect((await of(2)).bytes.length).toBeGreaterThan(2 ** 21);
    for (const count of [300, 5000])
      expect(await failure(of(count))).toEqual({
        code: 'LIMIT_EXCEEDED',
        message: expect.stringContaining(count === 300 ? 'more than once' : 'bytes with its external data'),
      });
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
  ])('with %o in a file of 8 bytes is an error with both numbers', async (entries, message) => {
    const bytes = oneTensor({ location: 'w.bin', ...entries });
    expect(await failure(withExternalData({ name: 'm', bytes, beside: async () => eight }))).toEqual({
      code: 'BAD_MODEL',
      message: expect.stringContaining(message),
    });
  });
});
