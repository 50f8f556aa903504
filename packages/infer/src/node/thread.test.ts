import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { inNode } from '../../../../tests/support/chromium.js';

it('a scoring thread that dies rejects what it was asked', async () => {
  const { value, stderr } = await inNode(
    `
    import { startThread } from './dist/node/thread.js';
    const thread = startThread();
    const asked = thread.open(1, {});
    await thread.end();
    const died = await failure(asked);
    print({ died, alive: thread.alive });`,
    {},
  );
  expect(value).toMatchObject({
    died: { code: 'DEVICE_UNAVAILABLE', message: expect.stringContaining('thread stopped') },
    alive: false,
  });
  expect(stderr).toBe('');
});

it('jets in memory are shared between the calling thread and the others, a single one is not', async () => {
  const { value } = await inNode(
    `
    let threads = 0;
    process.on('worker', () => { threads++; });
    const tagger = await loadTagger('../../models/course-cnn/model.onnx', { device: 'cpu', threads: 3, batchSize: 8 });
    const many = images(Float32Array.from({ length: 900 * 8000 }, (_, i) => (i % 7) / 7), 30);
    await tagger.score(images(many.data.subarray(0, 900), 30));
    const [alone, one] = [threads, await tagger.score(many)];
    const started = threads;
    const again = await Promise.all([tagger.score(many), tagger.score(many)]);
    const same = again.every((scores) => scores.every((score, i) => score === one[i]));
    print({ alone, started, threads, same });
    await tagger.dispose();`,
    {},
  );
  expect(value).toEqual({ alone: 0, started: 2, threads: 2, same: true });
});

it('a script that forgets to dispose still ends, silently', async () => {
  const { value, stderr } = await inNode(
    `const tagger = await loadTagger(fixture('deep'), { device: 'cpu' });
     print((await tagger.score(images(new Float32Array(500 * 1024).fill(1), 32))).length);`,
    {},
  );
  expect(value).toBe(500);
  expect(stderr).toBe('');
});

it('memory stays flat over 10,000 calls, loads and disposals, and a long stream', async () => {
  const { value } = await inNode(
    `
    const model = fixture('scoreNhwc');
    const one = images(new Float32Array(144).fill(0.1));
    const many = images(new Float32Array(144 * 4000).fill(0.1));
    const rss = () => { globalThis.gc(); return process.memoryUsage().rss / 2 ** 20; };
    // what is freed goes back to the system in its own time
    const growth = async (before, most) => {
      for (let left = 100; left > 0 && rss() - before >= most; left--) await new Promise((go) => setTimeout(go, 100));
      return rss() - before;
    };
    const tagger = await loadTagger(model, { device: 'cpu', threads: 2 });
    const calls = async (count) => { for (let i = 0; i < count; i++) await tagger.score(one); };
    const loads = async (count) => {
      for (let i = 0; i < count; i++) await (await loadTagger(model, { device: 'cpu' })).dispose();
    };
    const stream = async (parts) => {
      let jets = 0;
      const source = async function* () { for (let i = 0; i < parts; i++) yield many; };
      for await (const { scores } of tagger.scoreStream(source())) jets += scores.length;
      return jets;
    };
    await calls(2000); await loads(20); await stream(100);
    let before = rss();
    await calls(10000);
    const grown = { calls: await growth(before, 5) };
    before = rss();
    await loads(100);
    grown.loads = await growth(before, 40);
    before = rss();
    const jets = await stream(100);
    grown.stream = await growth(before, 40);
    print({ ...grown, jets });
    await tagger.dispose();`,
    { NODE_OPTIONS: '--expose-gc' },
  );
  const growth = value as { calls: number; loads: number; stream: number; jets: number };
  // MiB; one leaked session is 2 MiB, one leaked image of 10,000 calls 5 MiB, the stream passes 220 MiB of images
  expect(growth.calls).toBeLessThan(5);
  expect(growth.loads).toBeLessThan(40);
  expect(growth.stream).toBeLessThan(40);
  expect(growth.jets).toBe(400_000);
});

it('require() gives the same names as import', async () => {
  const program = `
    const required = Object.keys(require('@jetsdk/infer')).filter((name) => name !== '__esModule');
    import('@jetsdk/infer').then((imported) =>
      console.log(JSON.stringify({ required: required.sort(), imported: Object.keys(imported).sort() })));`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--eval', program], {
    cwd: new URL('../..', import.meta.url),
  });
  const { required, imported } = JSON.parse(stdout) as { required: string[]; imported: string[] };
  expect(required).toEqual(imported);
  expect(required).toContain('loadTagger');
  expect(stderr).toBe('');
});
