import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
// the built package: worker threads run built files
import { loadTagger, type Tagger } from '@jetsdk/infer';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fixtureImages } from '../testing/fixtures.testing.js';
import { gated, imageRequest, modelWithRecipe, serve } from './server.testing.js';
import { clientOf, shares } from './shares.js';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await loadTagger(modelWithRecipe(), { device: 'cpu', threads: 1 });
});
afterAll(() => tagger.dispose());

describe('shares', () => {
  it('leave as much to whoever comes next as the largest holder has, and come back whole', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 40 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (wanted) => {
        const all = shares(100);
        const held = new Map<string, number>();
        for (const [number, amount] of wanted) {
          const client = String(number);
          if (all.take(client, amount)) held.set(client, (held.get(client) ?? 0) + amount);
          const sum = [...held.values()].reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThanOrEqual(100);
          expect(all.has('new', 100 - sum)).toBe(true);
        }
        for (const [client, amount] of held) all.give(client, amount);
        expect(all.has('new', 100)).toBe(true);
      }),
    );
  });

  it('one client gets half, two a third each, a newcomer a quarter', () => {
    const all = shares(1200);
    const fill = (client: string): number => {
      let got = 0;
      while (all.take(client, 1)) got++;
      return got;
    };
    expect(fill('a')).toBe(600);
    expect(fill('b')).toBe(300);
    all.give('a', 200);
    expect(fill('b')).toBe(100);
    expect([fill('a'), fill('b'), fill('c')]).toEqual([0, 0, 200]);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::7', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('%s counts as %s', (address, client) => expect(clientOf(address)).toBe(client));
});

const body = imageRequest(fixtureImages(1));

/** A request that comes from an address of this machine. */
function askFrom(localAddress: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/infer`, { method: 'POST', localAddress, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

// other systems have one address of their own unless told otherwise
describe.skipIf(process.platform !== 'linux')('a client that asks for all (addresses of Linux)', () => {
  it('leaves places in the queue to others, who are answered before its last', async () => {
    const { tagger: slow, open, calls } = gated(tagger);
    const server = await serve([slow], { maxQueue: 20, maxBatch: 1, maxDelayMs: 0 });
    const [model] = server.models;
    const order: string[] = [];
    const statuses: (number | undefined)[] = [];
    const greedy: Promise<unknown>[] = [];
    for (let i = 0; i < 30; i++)
      greedy.push(
        askFrom('127.0.0.2', model).then((status) => {
          statuses.push(status);
          if (status === 200) order.push('greedy');
        }),
      );
    // two are at work, ten wait
    await expect.poll(() => statuses.length, { interval: 2, timeout: 20_000 }).toBe(18);
    expect(statuses.every((status) => status === 503)).toBe(true);
    expect(calls()).toBe(2);
    const modest = askFrom('127.0.0.3', model).then((status) => {
      order.push('modest');
      return status;
    });
    const waiting = async (): Promise<string> => (await fetch(new URL('/metrics', server.url))).text();
    await expect.poll(waiting, { interval: 5, timeout: 20_000 }).toContain('jetsdk_queue_length{model="fixture"} 11');
    open();
    expect(await modest).toBe(200);
    await Promise.all(greedy);
    expect(order.length).toBe(13);
    expect(order.indexOf('modest')).toBeLessThan(6);
  });

  it('has half of the connections, and others find some', async () => {
    const server = await serve([tagger]);
    const { port } = new URL(server.url);
    const open = new Set<Socket>();
    let closed = 0;
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
    });
    const connectOne = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.2' });
        open.add(socket);
        socket.on('connect', resolve);
        socket.on('error', () => resolve());
        socket.on('close', () => {
          closed++;
          open.delete(socket);
        });
      });
    for (let i = 0; i < 1100; i += 50) await Promise.all(Array.from({ length: 50 }, connectOne));
    await expect.poll(() => closed, { interval: 5, timeout: 20_000 }).toBe(1100 - 1024);
    expect(await askFrom('127.0.0.3', server.models[0])).toBe(200);
  });
});
