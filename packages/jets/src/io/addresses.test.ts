import { once } from 'node:events';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJets } from './files.js';
import { errorOf, fixture, readWhole } from './fixtures.testing.js';
import { writeNpy } from './npy/npy.js';

/** Serves files in a thread of its own, since whoever reads waits; how: `ranges`, `whole`, `changing`, `cut`, `shy`. */
const SERVER = `
const { parentPort } = require('node:worker_threads');
const { createServer } = require('node:http');
const { openSync, readSync, fstatSync, closeSync } = require('node:fs');
let sent = 0;
let requests = 0;
let closed = 0;
const server = createServer((request, response) => {
  requests++;
  const url = new URL(request.url, 'http://server');
  const shy = url.pathname.startsWith('/shy');
  if (shy && closed < 3) { closed++; request.destroy(); return; }
  closed = 0;
  const how = url.pathname === '/shy' ? 'whole' : url.pathname.slice(1);
  let fd;
  try { fd = openSync(url.searchParams.get('file'), 'r'); } catch { response.writeHead(404).end(); return; }
  const { size } = fstatSync(fd);
  const range = how === 'whole' ? undefined : /^bytes=(\\d+)-(\\d+)$/.exec(request.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  const end = range ? Math.min(size, Number(range[2]) + 1) : size;
  let body = Buffer.alloc(request.method === 'HEAD' ? 0 : end - start);
  readSync(fd, body, 0, body.length, start);
  closeSync(fd);
  if (how === 'cut' && start > 0) body = body.subarray(1);
  sent += body.length;
  response.writeHead(range ? 206 : 200, {
    'content-length': request.method === 'HEAD' ? size : body.length,
    etag: how === 'changing' ? String(requests) : 'same',
    ...(range && { 'content-range': 'bytes ' + start + '-' + (end - 1) + '/' + size }),
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
parentPort.on('message', () => { parentPort.postMessage({ sent, requests }); sent = 0; requests = 0; });
`;

let server: Worker;
let port: number;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-addresses-'));
  server = new Worker(SERVER, { eval: true, execArgv: [] });
  [port] = (await once(server, 'message')) as [number];
});
afterAll(async () => {
  await server.terminate();
  await rm(folder, { recursive: true });
});

const address = (file: string, how = 'ranges'): string =>
  `http://127.0.0.1:${port}/${how}?file=${encodeURIComponent(file)}`;

/** What the server has sent since it was asked last. */
async function traffic(): Promise<{ sent: number; requests: number }> {
  server.postMessage('');
  const [counted] = (await once(server, 'message')) as [{ sent: number; requests: number }];
  return counted;
}

describe('jets at an address', () => {
  it.each(['table-zlib.h5', 'images-tiles.h5', 'jetclass2.parquet', 'higgs.root', 'images.npz', 'images.npy'])(
    'of %s are those of the file, by ranges and whole, as text and as URL',
    async (name) => {
      const wanted = await readWhole(await openJets(fixture(name)));
      expect(await readWhole(await openJets(address(fixture(name))))).toEqual(wanted);
      expect(await readWhole(await openJets(new URL(address(fixture(name), 'whole'))))).toEqual(wanted);
    },
  );

  it.each(['shy', 'shy-ranges'])('are read though the server closes three connections (%s)', async (how) => {
    const path = fixture('images.npy');
    expect(await readWhole(await openJets(address(path, how)))).toEqual(await readWhole(await openJets(path)));
  });

  it('are sampled of a file of a gigabyte with a few megabytes', async () => {
    const path = join(folder, 'large.npy');
    const one = writeNpy({ dtype: 'float32', shape: [1, 625, 4], data: new Float32Array(2500).fill(1) });
    const header = Buffer.from(one.subarray(0, one.length - 10_000)).toString('latin1');
    const shape = '(100000, 625, 4), }';
    const text = header.replace(
      /\(1, 625, 4\), \}( *)/,
      (_, blanks: string) => shape + blanks.slice(shape.length - 14),
    );
    expect(text).toHaveLength(header.length);
    await writeFile(path, Buffer.from(text, 'latin1'));
    await truncate(path, header.length + 1e9);
    await traffic();
    const source = await openJets(address(path));
    expect(source.count).toBe(100_000);
    for (const start of [0, 50_000, 99_990]) await source.read(start, start + 10);
    source.close();
    const { sent, requests } = await traffic();
    expect(sent).toBeLessThan(3e6);
    expect(requests).toBeLessThan(8);
  });

  it('are of an HDF5 file fetched in parts', async () => {
    const file = new URL('../../../../data/train.h5', import.meta.url).pathname;
    const local = await openJets(file);
    const wanted = await local.read(3000, 3010);
    local.close();
    await traffic();
    const source = await openJets(address(file));
    expect(await source.read(3000, 3010)).toEqual(wanted);
    source.close();
    expect((await traffic()).sent).toBeLessThan(2e6);
  });

  it.each([
    ['a server that has no such file', 'REMOTE', () => openJets(address(join(folder, 'none.h5')))],
    [
      'an answer that is cut short',
      'REMOTE',
      async () =>
        readWhole(await openJets(address(new URL('../../../../data/train.h5', import.meta.url).pathname, 'cut'))),
    ],
    ['a file that changes meanwhile', 'BAD_FILE', () => openJets(address(fixture('table-zlib.h5'), 'changing'))],
    ['no server', 'REMOTE', () => openJets('http://127.0.0.1:9/none.h5')],
  ])('are refused of %s', async (_, code, open) => {
    expect(await errorOf(open)).toMatchObject({ code });
  });
});
