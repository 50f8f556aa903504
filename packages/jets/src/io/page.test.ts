import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openNodeFile } from './bytes/nodeFile.js';
import { describeFile, openJets, readLabels } from './files.js';
import { errorOf, fixture, readWhole } from './fixtures.testing.js';
import { formatOf } from './formats.js';
import { host } from './nodeHost.js';
import { openFrom } from './tables/tables.testing.js';

vi.mock('#host', () => vi.importActual('./browserHost.js'));
afterEach(() => vi.unstubAllGlobals());

/** Times that the reader was asked for bytes. */
let asked = 0;

/** A file in a worker, as far as it is used. */
async function workerFile(name: string): Promise<File> {
  asked = 0;
  const bytes = new Uint8Array(await readFile(fixture(name)));
  const parts = new WeakMap<Blob, Uint8Array>();
  vi.stubGlobal(
    'FileReaderSync',
    class {
      readAsArrayBuffer(part: Blob): ArrayBuffer | undefined {
        asked++;
        return parts.get(part)?.slice().buffer;
      }
    },
  );
  class WorkerFile extends File {
    override slice(from = 0, to = bytes.length): Blob {
      const part = bytes.slice(from, to);
      const blob = new Blob([part]);
      parts.set(blob, part);
      return blob;
    }
  }
  return new WorkerFile([bytes], name);
}

const { jsroot } = host;

/** What Node reads of a file. */
const inNode = async (name: string, options = {}): Promise<Float32Array> => {
  const file = openNodeFile(fixture(name));
  return readWhole(await openFrom(file, formatOf(file), { jsroot, ...options }));
};

describe('openJets in a page', () => {
  it.each(['jetclass2.parquet', 'higgs.root', 'table-zlib.h5', 'images-labels.h5', 'images.npz', 'images.npy'])(
    'reads %s in a worker as in Node',
    async (name) => {
      expect(await readWhole(await openJets(await workerFile(name), { jsroot }))).toEqual(await inNode(name));
    },
  );

  it('asks for pieces that lie together at once, since each question takes its time', async () => {
    await readWhole(await openJets(await workerFile('table-zlib.h5')));
    expect(asked).toBe(1);
  });

  it('takes the options that it takes in Node', async () => {
    const name = 'images-nobackground.h5';
    const file = await workerFile(name);
    const one = await openJets(file, { dataset: 'A' });
    expect(await readWhole(one)).toEqual(await inNode(name, { dataset: 'A' }));
    const classes = ['B', 'A'];
    const both = await openJets(file, { classes });
    expect(both.classes).toEqual(classes);
    expect(await readWhole(both)).toEqual(await inNode(name, { classes }));
    expect((await readLabels(file, { classes })).length).toBe(both.count);
    expect((await describeFile(file, { classes })).jets).toMatchObject({ classes, count: both.count });
  });

  it('refuses options that the format does not have, and unknown ones', async () => {
    for (const options of [{ layout: 'JetClass' }, { dataset: 'images' }, { datasets: 'images' }])
      expect((await errorOf(async () => openJets(await workerFile('images.npy'), options))).code).toBe('BAD_ARGUMENT');
  });

  it('says what to do with a ROOT file where there is no JSROOT', async () => {
    const file = await workerFile('higgs.root');
    expect(await errorOf(() => openJets(file))).toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(/option jsroot.*or convert it with jetsdk data convert/),
    });
  });

  it('fetches the ranges that are read of what an address names', async () => {
    await workerFile('images.npy');
    const bytes = await readFile(fixture('images.npy'));
    const ranges: string[] = [];
    vi.stubGlobal('fetch', async (address: string) =>
      address === 'images.npy'
        ? new Response('x', { status: 206, headers: { 'content-range': `bytes 0-0/${bytes.length}` } })
        : new Response(null, { status: 404 }),
    );
    vi.stubGlobal(
      'XMLHttpRequest',
      class {
        status = 206;
        response: ArrayBuffer | undefined;
        open = (): void => undefined;
        getResponseHeader = (): null => null;
        send = (): void => undefined;
        setRequestHeader(name: string, value: string): void {
          ranges.push(`${name} ${value}`);
          const [start, end] = value.match(/\d+/g)!.map(Number);
          this.response = new Uint8Array(bytes.subarray(start, end + 1)).buffer;
        }
      },
    );
    expect(await readWhole(await openJets('images.npy'))).toEqual(await inNode('images.npy'));
    expect(ranges).toEqual([`range bytes=0-${bytes.length - 1}`]);
    expect(await errorOf(() => openJets('nothing.npy'))).toMatchObject({
      code: 'REMOTE',
      message: expect.stringContaining('the server answered 404'),
    });
  });

  it('reads files whole outside of workers, up to a limit', async () => {
    const bytes = await readFile(fixture('table-zlib.h5'));
    expect(await readWhole(await openJets(new File([bytes], 'table.h5')))).toEqual(await inNode('table-zlib.h5'));
    vi.stubGlobal('fetch', async () => new Response(bytes));
    expect(await readWhole(await openJets('table.h5'))).toEqual(await inNode('table-zlib.h5'));
    class Large extends File {
      override get size(): number {
        return 2 ** 40;
      }
    }
    expect(await errorOf(() => openJets(new Large(['x'], 'large.h5')))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/^large\.h5: 1099511627776 bytes.*open it in a worker$/),
    });
  });

  it('refuses empty files', async () => {
    await workerFile('images.npy');
    expect((await errorOf(() => openJets(new File([], 'x.npy')))).message).toContain('the file is empty');
  });
});
