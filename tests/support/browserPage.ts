/** @file A page that has the package, bundled by Vite without any configuration of ours, in headless Chromium. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { build } from 'vite';
import { chromium } from './chromium.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The bundled page, served twice: isolated from other origins (threads) and not. */
export interface Site {
  readonly isolated: string;
  readonly plain: string;
  /** `METHOD path status` of the requests for models */
  readonly log: string[];
  close(): Promise<void>;
}

export async function makeSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'jetsdk-page-'));
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'), 'dir');
  await mkdir(join(folder, 'src'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./src/main.js"></script>',
  );
  await writeFile(
    join(folder, 'src', 'main.js'),
    `import * as infer from '@jetsdk/infer';
     import * as jets from '@jetsdk/jets';
     window.infer = infer;
     window.jets = jets;
     window.images = (data, side = 12) =>
       ({ kind: 'images', shape: [data.length / side / side, side, side, 1], data: Float32Array.from(data) });
     window.failure = (work) => work.then(() => 'no error', (error) => ({ code: error.code, message: error.message }));`,
  );
  await build({ root: folder, logLevel: 'silent', build: { target: 'esnext', minify: false } });

  const log: string[] = [];
  const fixtures = fileURLToPath(new URL('../../packages/infer/fixtures/', import.meta.url));
  const answer = async (request: IncomingMessage, response: ServerResponse, isolated: boolean): Promise<void> => {
    const { pathname } = new URL(request.url!, 'http://page');
    const model = /^\/(?:models\/)?(\w+)(?:\/model)?\.onnx$/.exec(pathname)?.[1];
    const etag = '"1"';
    const send = (status: number, type: string, body?: Uint8Array | string): void => {
      if (model !== undefined) log.push(`${request.method} ${pathname} ${status}`);
      const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
      response.writeHead(status, { 'content-type': type, ...(isolated ? isolation : {}), ...(model ? { etag } : {}) });
      response.end(body);
    };
    try {
      if (model === undefined) {
        const page = join(folder, 'dist', pathname === '/' ? 'index.html' : pathname);
        const file = pathname.endsWith('.data') ? join(fixtures, pathname) : page;
        send(200, TYPES[extname(file)] ?? 'application/octet-stream', await readFile(file));
      } else if (model === 'stalled') {
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': 5000, etag });
        response.write(new Uint8Array(1000));
      } else if (request.headers['if-none-match'] === etag) send(304, 'application/octet-stream');
      else send(200, 'application/octet-stream', await readFile(join(fixtures, `${model}.onnx`)));
    } catch {
      send(404, 'text/html', '<!doctype html><title>Not found</title>');
    }
  };
  const servers = [true, false].map((isolated) => createServer((q, s) => void answer(q, s, isolated)));
  const urls: string[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    urls.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }
  return {
    isolated: urls[0],
    plain: urls[1],
    log,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await rm(folder, { recursive: true });
    },
  };
}

export function launch(...flags: string[]): Promise<Browser> {
  const quiet = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'];
  return playwright.launch({ executablePath: chromium!, args: [...quiet, ...flags] });
}

/** A page with the package loaded; what it writes to the console is collected. */
export async function openPage(browser: Browser, url: string): Promise<{ page: Page; console: string[] }> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`pageerror: ${String(error)}`));
  await page.goto(url);
  await page.waitForFunction('window.failure !== undefined');
  return { page, console: said };
}
