// Whether the server grows: requests without end, memory after a full collection every few thousand.
// node --expose-gc bench/soak.mjs [requests, 100000 by default] [requests a second, as many as go]
import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { loadTagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';

const REQUESTS = Number(process.argv[2] ?? 100_000);
const RATE = Number(process.argv[3] ?? Number.POSITIVE_INFINITY);
const STEP = Math.max(1, Math.floor(REQUESTS / 20));
const CLIENTS = 50;

const tagger = await loadTagger(new URL('../models/course-cnn/model.onnx', import.meta.url), { device: 'cpu' });
const server = await serveModels([tagger], { port: 0 });
const [{ name, shape }] = tagger.info.inputs;
const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 17 === 0 ? i % 23 : 0));
const body = JSON.stringify({ inputs: [{ name, datatype: 'FP32', shape: [1, ...shape], data }] });
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Requests sent once more. */
let again = 0;

function ask() {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.models[0]}/infer`, { method: 'POST', agent }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
    });
    asked.on('error', (error) => {
      // a server may close a connection that was idle for long as the next request is on its way; of a stopped process both are
      if (!asked.reusedSocket || error.code !== 'ECONNRESET') return reject(error);
      again++;
      ask().then(resolve, reject);
    });
    asked.end(body);
  });
}

/** Of a straight line through the points, in units of y a million x. */
function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (term) => points.reduce((total, point) => total + term(point), 0);
  return (1e6 * sum((p) => (p[0] - x) * (p[1] - y))) / sum((p) => (p[0] - x) ** 2);
}

const start = performance.now();
const [heap, resident] = [[], []];
console.log('requests  minutes  heap MB  outside of it MB  resident MB');
for (let done = 0; done < REQUESTS; ) {
  const until = Math.min(REQUESTS, done + STEP);
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (done < until) {
        const due = start + (1000 * done++) / RATE;
        if (due > performance.now()) await setTimeout(due - performance.now());
        await ask();
      }
    }),
  );
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const [used, outside, all] = [heapUsed, external, rss].map((bytes) => bytes / 2 ** 20);
  heap.push([done, used]);
  resident.push([done, all]);
  const minutes = (performance.now() - start) / 60_000;
  console.log([done, ...[minutes, used, outside, all].map((n) => n.toFixed(1))].join('  '));
}
// the first half warms up: code is compiled, pools are filled
for (const [name, points] of Object.entries({ heap, resident }))
  console.log(
    `${name}: ${slope(points.slice(points.length / 2)).toFixed(1)} MB a million requests, second half of the run`,
  );
console.log(`${again} requests were sent once more, after a connection that had been idle was closed`);
agent.destroy();
await server.close();
await tagger.dispose();
