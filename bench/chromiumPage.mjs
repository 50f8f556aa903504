// A page with a script of its own, bundled by Vite, in headless Chromium; isolated, so that WebAssembly has threads.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const executablePath = process.env.PATH.split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/**
 * @param {string} script of the page; sets `window.ready` when it can be asked
 * @param {Uint8Array} model served as /model.onnx
 * @param {(ask: (expression: string) => Promise<unknown>, version: string) => Promise<void>} use `ask` evaluates in a fresh tab
 * @returns {Promise<boolean>} false where Chromium is not installed
 */
export async function inChromium(script, model, use) {
  if (executablePath === undefined) return false;
  const folder = await mkdtemp(join(tmpdir(), 'jetsdk-bench-'));
  const server = createServer(async ({ url }, response) => {
    const path = new URL(url, 'http://page').pathname;
    const headers = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'content-type': types[extname(path)] ?? (path === '/' ? 'text/html' : 'application/octet-stream'),
    };
    const body =
      path === '/model.onnx'
        ? model
        : await readFile(join(folder, 'dist', path === '/' ? 'index.html' : path)).catch(() => undefined);
    response.writeHead(body === undefined ? 404 : 200, headers);
    response.end(body);
  });
  let browser;
  try {
    await symlink(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'), 'dir');
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src', 'main.js'), script);
    await writeFile(join(folder, 'index.html'), '<!doctype html><script type="module" src="./src/main.js"></script>');
    await build({ root: folder, logLevel: 'silent', build: { target: 'esnext' } });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--enable-unsafe-webgpu'],
    });
    const page = `http://127.0.0.1:${server.address().port}/`;
    await use(async (expression) => {
      const tab = await browser.newPage();
      try {
        await tab.goto(page);
        await tab.waitForFunction('window.ready === true');
        return await tab.evaluate(expression);
      } finally {
        await tab.close().catch(() => undefined);
      }
    }, browser.version());
    return true;
  } finally {
    await browser?.close();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
}
