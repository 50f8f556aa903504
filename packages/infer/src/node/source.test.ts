import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, fixture } from '../testing/fixtures.testing.js';
import { readModelInNode } from './source.js';

const model = fixture('scoreNhwc');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jetsdk-source-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('files', () => {
  it('are found by path, file URL and name, or given as bytes or a File', async () => {
    const path = join(folder, 'best', 'model.onnx');
    await mkdir(join(folder, 'best'));
    await writeFile(path, model);
    const bytes = async (...args: Parameters<typeof readModelInNode>) => (await readModelInNode(...args)).bytes.length;
    expect(await bytes(path, {})).toBe(model.length);
    expect(await bytes(pathToFileURL(path), {})).toBe(model.length);
    expect(await bytes(pathToFileURL(path).href, {})).toBe(model.length);
    expect(await bytes('best', { models: folder })).toBe(model.length);
    expect(await bytes('best', { models: pathToFileURL(`${folder}/`) })).toBe(model.length);
    expect(await bytes(model.slice().buffer as ArrayBuffer, {})).toBe(model.length);
    await writeFile(join(folder, 'best', 'w.data'), 'beside');
    for (const source of [path, pathToFileURL(path)])
      expect(String(await (await readModelInNode(source, {})).beside!('w.data'))).toBe('beside');
    expect(String(await (await readModelInNode('best', { models: folder })).beside!('w.data'))).toBe('beside');
    expect(await failure((await readModelInNode(path, {})).beside!('no.data'))).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
    expect(await readModelInNode(new File([model as Uint8Array<ArrayBuffer>], 'a.onnx'), {})).toEqual({
      name: 'a.onnx',
      bytes: model,
    });
    await writeFile(join(folder, 'README.md'), 'no model');
    expect(await failure(readModelInNode('worst', { models: folder }))).toEqual({
      code: 'FILE_NOT_FOUND',
      message: expect.stringMatching(/expected one of best; did you mean best\?; a path/),
    });
    expect(await failure(readModelInNode(join(folder, 'no.onnx'), {}))).toMatchObject({ code: 'FILE_NOT_FOUND' });
    expect(await failure(readModelInNode(`${folder}/.`, {}))).toEqual({
      code: 'BAD_FILE',
      message: `${folder}/.: it is a folder; expected an ONNX model; name a file in it`,
    });
    expect(await failure(readModelInNode(join(folder, 'best'), {}))).toEqual({
      code: 'BAD_FILE',
      message: `${join(folder, 'best')}: it is a folder; expected an ONNX model; name a file in it, such as ${path}`,
    });
  });

  it.skipIf(process.platform === 'win32')('are regular: a device has no end (skipped on Windows)', async () => {
    expect(await failure(readModelInNode('/dev/zero', {}))).toEqual({
      code: 'BAD_FILE',
      message: '/dev/zero: not a regular file (a pipe or a device); copy it to a file first',
    });
  });
});

describe.skipIf(process.platform === 'win32')(
  'what lies beside a model (skipped on Windows, which has no such links)',
  () => {
    it.each([
      ['a device behind a link', 'link out of', (path: string) => symlink('/dev/zero', path)],
      ['a file outside of the folder, behind a link', 'link out of', (path: string) => symlink('../outside.bin', path)],
      ['a folder', 'no regular file', (path: string) => mkdir(path)],
      [
        'a pipe',
        'no regular file',
        async (path: string) => {
          if (spawnSync('mkfifo', [path]).status !== 0) throw new Error('no mkfifo here');
        },
      ],
    ])('%s is not read', async (_, problem, make) => {
      const path = join(folder, 'best', 'model.onnx');
      await mkdir(join(folder, 'best'));
      await writeFile(path, model);
      await writeFile(join(folder, 'outside.bin'), 'secret');
      await make(join(folder, 'best', 'w.bin'));
      const { beside } = await readModelInNode(path, {});
      expect(await failure(beside!('w.bin'))).toEqual({ code: 'BAD_FILE', message: expect.stringContaining(problem) });
    });

    it('a link to a file of the folder is read', async () => {
      const path = join(folder, 'model.onnx');
      await writeFile(path, model);
      await writeFile(join(folder, 'real.bin'), 'weights');
      await symlink('real.bin', join(folder, 'w.bin'));
      expect(String(await (await readModelInNode(path, {})).beside!('w.bin'))).toBe('weights');
    });
  },
);

describe('servers', () => {
  let server: Server;
  let base: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are asked again, and a copy is used as long as they say that it has not changed', async () => {
    let body: Uint8Array = model;
    const statuses: number[] = [];
    answer = (request, response) => {
      const etag = `"${createHash('sha1').update(body).digest('hex')}"`;
      const status = request.headers['if-none-match'] === etag ? 304 : 200;
      statuses.push(status);
      response.writeHead(status, { etag, 'content-type': 'application/octet-stream' });
      response.end(status === 200 ? body : undefined);
    };
    const cache = join(folder, 'deep', 'cache');
    const progress: number[] = [];
    const read = async (name = 'm.onnx') =>
      (await readModelInNode(`${base}/${name}`, { cache, onProgress: ({ done }) => progress.push(done) })).bytes;
    expect(Buffer.compare(await read(), model)).toBe(0);
    expect(progress.at(-1)).toBe(model.length);
    expect(Buffer.compare(await read(), model)).toBe(0);
    body = fixture('constituents');
    expect(Buffer.compare(await read(), body)).toBe(0);
    expect(statuses).toEqual([200, 304, 200]);
    // a damaged copy is not used
    const [kept] = (await readdir(cache)).filter((name) => name.endsWith('.onnx'));
    await writeFile(join(cache, kept!), 'damaged');
    expect(Buffer.compare(await read(), body)).toBe(0);
    expect(statuses.at(-1)).toBe(200);
    expect((await readdir(cache)).length).toBe(2);
  });

  it.each([
    ['a page', 200, 'text/html; charset=utf-8', '<html>sign in</html>', /answered with a page \(text\/html/],
    ['an error', 503, 'text/plain', 'later', /answered 503/],
    ['a missing file', 404, 'application/json', '{}', /answered 404/],
  ])('that answer with %s are named as REMOTE', async (_, status, type, body, message) => {
    answer = (__, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    };
    const error = await failure(readModelInNode(`${base}/m.onnx`, { cache: folder }));
    expect(error.code).toBe('REMOTE');
    expect(error.message).toMatch(message);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that break off, or are not there, are REMOTE', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': model.length });
      response.write(model.subarray(0, 1000));
      setTimeout(() => response.destroy(), 20);
    };
    expect(await failure(readModelInNode(`${base}/m.onnx`, { cache: folder }))).toMatchObject({ code: 'REMOTE' });
    expect(await readdir(folder)).toEqual([]);
    expect(await failure(readModelInNode('http://127.0.0.1:1/m.onnx', { cache: false }))).toEqual({
      code: 'REMOTE',
      message: expect.stringContaining('no connection'),
    });
  });

  it.each([
    ['does not answer', 0],
    ['stops sending mid-way', 1000],
  ])('one that %s is REMOTE after the time it has, and nothing is kept', async (_, sent) => {
    answer = (__, response) => {
      if (sent === 0) return;
      response.writeHead(200, { 'content-length': model.length, etag: '"1"' });
      response.write(model.subarray(0, sent));
    };
    const start = performance.now();
    expect(await failure(readModelInNode(`${base}/m.onnx`, { cache: folder, timeoutMs: 150 }))).toEqual({
      code: 'REMOTE',
      message: expect.stringContaining('m.onnx: nothing arrived for 0.15 s'),
    });
    expect(performance.now() - start).toBeGreaterThan(140);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(await readdir(folder)).toEqual([]);
  });

  it('one that sends slowly is waited for as long as something arrives', async () => {
    answer = async (_, response) => {
      response.writeHead(200);
      for (let part = 0; part < 8; part++) {
        response.write(model.subarray((part * model.length) / 8, ((part + 1) * model.length) / 8));
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      response.end();
    };
    const { bytes } = await readModelInNode(`${base}/m.onnx`, { cache: false, timeoutMs: 1000 });
    expect(Buffer.compare(bytes, model)).toBe(0);
  });

  it('are left when the caller cancels', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      response.write(model.subarray(0, 1000));
    };
    const controller = new AbortController();
    const work = readModelInNode(`${base}/m.onnx`, {
      cache: folder,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(await failure(work)).toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(folder)).toEqual([]);
  });
});
