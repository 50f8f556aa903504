import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { fetchFile } from '../src/work/runtimeFiles.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('a download that stands still ends with what arrived, and one that goes on slowly does not', async () => {
  let goOn = (): void => undefined;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 3000 }).write(new Uint8Array(1000));
    goOn = () => response.write(new Uint8Array(1000));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const seen: number[] = [];
  const task = { signal: new AbortController().signal, progress: ({ done }: { done: number }) => void seen.push(done) };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const outcome = fetchFile(`http://127.0.0.1:${(server.address() as AddressInfo).port}/file`, task).catch(
    (error: unknown) => error,
  );
  await vi.waitUntil(() => seen.length === 1);
  await vi.advanceTimersByTimeAsync(15_000);
  goOn();
  await vi.waitUntil(() => seen.length === 2);
  await vi.advanceTimersByTimeAsync(15_000);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await outcome).toMatchObject({
    code: 'REMOTE',
    message: expect.stringContaining('nothing more arrived for 20 s after 2000 bytes'),
  });
  server.closeAllConnections();
  server.close();
});
