import { Agent, request } from 'node:http';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';
import { JetError, sliceJets } from '@jetsdk/jets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureImages } from '../testing/fixtures.testing.js';
import { errorOf, gated, imageRequest, modelWithRecipe, post, scoresOf, serve } from './server.testing.js';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(modelWithRecipe(), { device: 'cpu', threads: 2 });
});
afterAll(() => tagger.dispose());

const images = fixtureImages(5);

describe('many clients', () => {
  it('get their own scores, from fewer runs than requests', async () => {
    const all = fixtureImages(120);
    const wanted = await tagger.score(all);
    const { tagger: slow, open, calls } = gated(tagger);
    const server = await serve([slow], { maxBatch: 32, maxDelayMs: 20 });
    const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', server.url))).text();
    const ask = async (i: number): Promise<void> => {
      const mine = sliceJets(all, 3 * i, 3 * i + 3);
      expect(await scoresOf(await post(server.models[0], imageRequest(mine)))).toEqual(wanted.slice(3 * i, 3 * i + 3));
    };
    const asked: Promise<void>[] = [];
    for (let i = 0; i < 2; i++) {
      asked.push(ask(i));
      await expect.poll(calls, { interval: 2 }).toBe(i + 1);
    }
    for (let i = 2; i < 40; i++) asked.push(ask(i));
    await expect.poll(metrics, { interval: 5, timeout: 20_000 }).toContain('jetsdk_queue_length{model="fixture"} 38');
    open();
    await Promise.all(asked);
    const text = await metrics();
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(value('jetsdk_requests_total\\{model="fixture",status="200"\\}')).toBe(40);
    expect(value('jetsdk_request_failures_total\\{model="fixture"\\}')).toBe(0);
    expect(value('jetsdk_queue_length\\{model="fixture"\\}')).toBe(0);
    expect(value('jetsdk_batch_jets_sum\\{model="fixture"\\}')).toBe(120);
    // two alone, and ten a batch
    expect(value('jetsdk_batch_jets_count\\{model="fixture"\\}')).toBe(6);
    expect(value('jetsdk_batch_jets_bucket\\{model="fixture",le="32"\\}')).toBe(6);
    expect(value('jetsdk_request_duration_seconds_count\\{model="fixture"\\}')).toBe(40);
    expect(value('jetsdk_request_duration_seconds_bucket\\{model="fixture",le="\\+Inf"\\}')).toBe(40);
  });

  it('of a batch that fails, only the guilty request fails', async () => {
    const picky: Tagger = {
      ...tagger,
      score: async (x) => {
        if ('data' in x && x.data.includes(77)) throw new JetError('BAD_DATASET', 'no 77');
        return tagger.score(x);
      },
    };
    const server = await serve([picky], { maxDelayMs: 50 });
    const bad = { ...images, data: images.data.map((value, i) => (i === 3 ? 77 : value)) };
    const answers = await Promise.all([images, bad, images].map((x) => post(server.models[0], imageRequest(x))));
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(await scoresOf(answers[2])).toEqual(await tagger.score(images));
  });

  it('more than the queue holds get 503 with Retry-After, and later their scores', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    // of one client half of them wait
    const server = await serve([slow], { maxQueue: 6, maxDelayMs: 0 });
    const answers: Promise<Response>[] = [];
    let refused = 0;
    const send = (): void => {
      const answer = post(server.models[0], imageRequest(images));
      answers.push(answer);
      void answer.then(({ status, headers }) => {
        if (status === 503 && headers.get('retry-after') === '1') refused++;
      });
    };
    for (let i = 0; i < 2; i++) {
      send();
      await expect.poll(calls, { interval: 2 }).toBe(i + 1);
    }
    for (let i = 0; i < 12; i++) send();
    await expect.poll(() => refused, { interval: 2 }).toBe(9);
    open();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBe(5);
    expect(await scoresOf(await post(server.models[0], imageRequest(images)))).toEqual(await tagger.score(images));
  });

  it('bodies share a budget of memory', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    const body = imageRequest(images);
    const server = await serve([slow], { maxBodyBytes: body.length, maxDelayMs: 0 });
    const held = Array.from({ length: 4 }, () => post(server.models[0], body));
    await expect.poll(calls, { interval: 2 }).toBeGreaterThanOrEqual(2);
    await expect.poll(async () => (await post(server.models[0], body)).status, { interval: 20 }).toBe(503);
    open();
    for (const answer of held) expect((await answer).status).toBe(200);
    expect((await post(server.models[0], body)).status).toBe(200);
  });

  it('who waits too long gets 504, who goes away is forgotten', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    const server = await serve([slow], { timeoutMs: 300, maxDelayMs: 0 });
    const stop = new AbortController();
    const gone = fetch(`${server.models[0]}/infer`, {
      method: 'POST',
      body: imageRequest(images),
      signal: stop.signal,
    });
    await expect.poll(calls, { interval: 2 }).toBe(1);
    stop.abort();
    await expect(gone).rejects.toThrow();
    expect((await errorOf(await post(server.models[0], imageRequest(images)))).status).toBe(504);
    open();
    // on a busy machine a request may take longer than this server lets it
    const status = async (): Promise<number> => (await post(server.models[0], imageRequest(images))).status;
    await expect.poll(status, { interval: 20, timeout: 20_000 }).toBe(200);
  });
});

describe('close', () => {
  it('answers what is under way, refuses what is new, then stops', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    const server = await serveModels([slow], { port: 0, maxDelayMs: 0 });
    const answers = Array.from({ length: 6 }, () => post(server.models[0], imageRequest(images)));
    const waiting = async (): Promise<string> => (await fetch(new URL('/metrics', server.url))).text();
    await expect.poll(waiting, { interval: 5 }).toContain('jetsdk_queue_length{model="fixture"} 4');
    expect(calls()).toBe(2);
    const closed = server.close();
    // a new connection is refused, one that was open is told to close
    const told = fetch(`${server.url}/health/live`).then(
      ({ headers }) => headers.get('connection'),
      () => 'close',
    );
    expect(await told).toBe('close');
    let done = false;
    void closed.then(() => {
      done = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(done).toBe(false);
    open();
    const wanted = await tagger.score(images);
    for (const answer of answers) expect(await scoresOf(await answer)).toEqual(wanted);
    await closed;
    await server.close();
  });

  it('breaks no connection off while clients ask without a pause', async () => {
    const server = await serveModels([tagger], { port: 0 });
    const body = imageRequest(fixtureImages(1));
    const { port, pathname } = new URL(`${server.models[0]}/infer`);
    const agent = new Agent({ keepAlive: true, maxSockets: 40 });
    const ask = (): Promise<string> =>
      new Promise((resolve) => {
        const asked = request({ port, host: '127.0.0.1', path: pathname, method: 'POST', agent }, (answer) => {
          answer.resume();
          answer.on('close', () => resolve(answer.complete ? String(answer.statusCode) : 'broken off'));
        });
        asked.on('error', ({ code = 'failed' }: NodeJS.ErrnoException) => resolve(code));
        asked.end(body);
      });
    const ends = new Map<string, number>();
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const end = await ask();
        if (end === '200') answered++;
        else ends.set(end, (ends.get(end) ?? 0) + 1);
        if (end === 'ECONNREFUSED') return;
      }
    };
    const clients = Array.from({ length: 40 }, client);
    await expect.poll(() => answered, { interval: 2, timeout: 20_000 }).toBeGreaterThan(400);
    await server.close();
    await Promise.all(clients);
    agent.destroy();
    // who asked while it closed was told so, or found nobody listening
    expect([...ends.keys()].filter((end) => end !== '503')).toEqual(['ECONNREFUSED']);
  });

  it('hangs up on what takes longer than it may', async () => {
    const { tagger: slow, calls } = gated(tagger);
    const server = await serveModels([slow], { port: 0, maxDelayMs: 0, drainMs: 50 });
    const lost = post(server.models[0], imageRequest(images)).catch((error: unknown) => error);
    await expect.poll(calls, { interval: 2 }).toBe(1);
    await server.close();
    expect(await lost).toBeInstanceOf(Error);
  });
});
