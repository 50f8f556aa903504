import { open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@jetsdk/jets/npy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromium, fittingNames, modelFile, PATIENT, useSite, visit } from './site.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../packages/jets/fixtures/${name}`, import.meta.url));
const sample = fileURLToPath(new URL('../../../data/test.h5', import.meta.url));

const site = useSite();
let server: Server;
let elsewhere: string;
let sent = 0;

/** A server of files, by ranges; `/closed/…` does not let other sites read them. */
async function fileServer(files: ReadonlyMap<string, string>): Promise<Server> {
  const serving = createServer(async ({ method, url, headers }, response) => {
    const { pathname } = new URL(url!, 'http://files');
    const path = files.get(basename(pathname));
    const allowed = pathname.startsWith('/closed/') ? {} : { 'access-control-allow-origin': '*' };
    if (path === undefined) {
      response.writeHead(404, allowed).end();
      return;
    }
    const { size } = await stat(path);
    if (method === 'HEAD') {
      response.writeHead(200, { ...allowed, 'content-length': size }).end();
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = Math.min(size, Number(last ?? size - 1) + 1);
    const bytes = new Uint8Array(end - start);
    const file = await open(path);
    await file.read(bytes, 0, bytes.length, start);
    await file.close();
    sent += bytes.length;
    const range = first === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${size}` };
    response.writeHead(first === undefined ? 200 : 206, { ...allowed, ...range, 'content-length': bytes.length });
    response.end(bytes);
  });
  await new Promise<void>((resolve) => serving.listen(0, '127.0.0.1', resolve));
  return serving;
}

/** A file of a gigabyte: a million jets of 64 constituents at rest, of which the disk holds next to nothing. */
async function gigabyte(path: string): Promise<void> {
  const shape = '(1000000, 64, 4), }';
  const header = Buffer.from(writeNpy({ dtype: 'float32', shape: [0, 64, 4], data: new Float32Array(0) }))
    .toString('latin1')
    .replace(/\(0, 64, 4\), \} {6}/, shape);
  await writeFile(path, Buffer.from(header, 'latin1'));
  await truncate(path, header.length + 1e6 * 1024);
}

describe.skipIf(chromium === undefined)('jets and models by link (skipped without Chromium)', () => {
  beforeAll(async () => {
    await gigabyte(join(site().scratch, 'gigabyte.npy'));
    const names = ['jetclass2.parquet', 'higgs.root', 'table-zlib.h5'];
    server = await fileServer(
      new Map([
        ['test.h5', sample],
        ['gigabyte.npy', join(site().scratch, 'gigabyte.npy')],
        ['model.onnx', modelFile(fittingNames[0])],
        ...names.map((name): [string, string] => [name, fixture(name)]),
      ]),
    );
    elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, 120_000);
  beforeEach(() => {
    sent = 0;
  });
  afterAll(async () => {
    server?.close();
  });

  it('scores jets of another server with a model of it, of many jets the first and the last', async () => {
    const links = `?model=${elsewhere}/${fittingNames[0]}/model.onnx&data=${elsewhere}/test.h5&jets=300`;
    const { page, complaints } = await visit(site().browser, `${site().url}${links}`);
    await page.getByText(/^300 jets at [\d,]+ jets\/s/).waitFor(PATIENT);
    await page
      .getByRole('listitem')
      .filter({ hasText: /^300 of 4,000 jets$/ })
      .waitFor();
    await page.getByText(`From ${elsewhere}/test.h5: the first jets and the last ones.`).waitFor();
    await page.getByRole('checkbox', { name: `${fittingNames[0]}/model.onnx` }).waitFor();
    await page.locator('.jet-plot-roc').waitFor(PATIENT);
    expect(complaints).toEqual([]);
    // the link stays in the address, beside the cut, and whoever opens it sees the same
    await page.getByRole('slider').fill('0.25');
    await page.waitForURL((url) => url.searchParams.get('data') === `${elsewhere}/test.h5` && url.hash === '#cut=0.25');
    await page.reload();
    await page.getByText(/^300 jets at [\d,]+ jets\/s/).waitFor(PATIENT);
    expect(await page.getByRole('slider').inputValue()).toBe('0.25');
    // and goes when the visitor opens something else
    await page.locator('input[type=file]').first().setInputFiles(fixture('images.npy'));
    await page.getByRole('heading', { name: 'images.npy' }).waitFor();
    await page.waitForURL((url) => !url.searchParams.has('data'));
  });

  it('fetches of a file of a gigabyte what it shows', async () => {
    const { page, complaints } = await visit(site().browser, `${site().url}?data=${elsewhere}/gigabyte.npy`);
    await page
      .getByRole('listitem')
      .filter({ hasText: /^2,000 of 1,000,000 jets$/ })
      .waitFor(PATIENT);
    await page.getByText('1 of 2,000', { exact: true }).waitFor(PATIENT);
    expect(sent).toBeGreaterThan(2000 * 1024);
    expect(sent).toBeLessThan(8e6);
    expect(complaints).toEqual([]);
  });

  it.each(['jetclass2.parquet', 'higgs.root', 'table-zlib.h5'])('reads %s of another server', async (name) => {
    const { page, complaints } = await visit(site().browser, `${site().url}?data=${elsewhere}/${name}`);
    await page.getByRole('heading', { name }).waitFor(PATIENT);
    await page.getByText(/^1 of \d+$/).waitFor(PATIENT);
    expect(complaints).toEqual([]);
  });

  it('reads a ROOT file that is dropped', async () => {
    const { page, complaints } = await visit(site().browser, site().url);
    await page.locator('input[type=file]').first().setInputFiles(fixture('higgs.root'));
    await page.getByRole('heading', { name: 'higgs.root' }).waitFor(PATIENT);
    await page.getByText(/^1 of \d+$/).waitFor(PATIENT);
    expect(complaints).toEqual([]);
  });

  it.each<[string, string]>([
    ['closed/test.h5', 'does not let other sites read it; expected Access-Control-Allow-Origin'],
    ['nothing.h5', 'the server answered 404'],
  ])('says what to do about %s', async (path, message) => {
    const { page } = await visit(site().browser, `${site().url}?data=${elsewhere}/${path}`);
    expect(await page.getByRole('alert').innerText()).toContain(message);
    await page.getByRole('button', { name: 'Try the sample' }).waitFor();
  });

  it('opens no address that is not encrypted', async () => {
    const { page } = await visit(site().browser, `${site().url}?data=http://elsewhere.example/jets.h5`);
    expect(await page.getByRole('alert').innerText()).toContain('expected an address that begins with https://');
  });

  it('the sample of the site itself is a link, too', async () => {
    const { page, complaints } = await visit(site().browser, `${site().bareUrl}?data=sample.npz`);
    await page.getByRole('heading', { name: 'sample.npz' }).waitFor(PATIENT);
    expect(await readFile(join(site().folder, 'sample.npz'))).toBeDefined();
    expect(complaints).toEqual([]);
  });
});
