import { request } from 'node:http';
import { connect } from 'node:net';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fixtureImages } from '../testing/fixtures.testing.js';
import { imageRequest, modelWithRecipe, post, serve } from './server.testing.js';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(modelWithRecipe(), { device: 'cpu', threads: 1 });
});
afterAll(() => tagger.dispose());

/** The status of an answer, with headers that `fetch` does not let go. */
function ask(url: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('a server on this machine alone', () => {
  it.each([
    ['evil.example', 421],
    ['localhost.evil.example:80', 421],
    ['a@localhost', 400],
    ['localhost', 200],
    ['LOCALHOST:1234', 200],
    ['127.0.0.1:80', 200],
    ['[::1]:80', 200],
  ])('answers Host %s with %i', async (host, status) => {
    const server = await serve([tagger]);
    expect(await ask(server.url, { host })).toBe(status);
  });

  it('answers no page of another site', async () => {
    const server = await serve([tagger]);
    const { host } = new URL(server.url);
    const infer = `${server.models[0]}/infer`;
    const body = imageRequest(fixtureImages(1));
    for (const origin of ['http://evil.example', 'null', `https://${host}`])
      expect(await ask(infer, { host, origin, 'content-type': 'text/plain' }, 'POST', body)).toBe(403);
    expect(await ask(infer, { host, origin: `http://${host}` }, 'POST', body)).toBe(200);
    expect(await ask(infer, { host }, 'POST', body)).toBe(200);
  });
});

it.each([
  ['POST', '/v2', 'GET, HEAD'],
  ['DELETE', '/v2/models/fixture', 'GET, HEAD'],
  ['PUT', '/v2/models/fixture/versions/3/config', 'GET, HEAD'],
  ['POST', '/metrics', 'GET, HEAD'],
  ['GET', '/v2/models/fixture/infer', 'POST'],
])('%s %s is 405 with what is allowed', async (method, path, allow) => {
  const server = await serve([tagger]);
  const answer = await fetch(new URL(path, server.url), { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  expect((await fetch(`${server.url}/nothing`, { method })).status).toBe(404);
});

it('clients that announce large bodies and send little keep nobody out', async () => {
  const server = await serve([tagger]);
  const { port, hostname, pathname } = new URL(`${server.models[0]}/infer`);
  for (let i = 0; i < 12; i++) {
    const socket = connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    // the server says that it waits for the body
    const asked = new Promise((resolve) => socket.once('data', resolve));
    socket.write(
      `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: ${2 ** 26}\r\n\r\n`,
    );
    await asked;
    socket.write('{');
  }
  expect((await post(server.models[0], imageRequest(fixtureImages(1)))).status).toBe(200);
});

it('a client that stops in the middle of its body is dropped', async () => {
  const server = await serve([tagger]);
  const { port, hostname, pathname } = new URL(`${server.models[0]}/infer`);
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('data', (data) => resolve(data.toString()));
    socket.on('close', () => resolve('closed'));
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{`);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 408/);
}, 15_000);
