// Whether the server grows: requests without end, memory after a full collection every few thousand.
// node --expose-gc bench/soak.mjs [requests, 100000 by default]
import { Agent, request } from 'node:http';
import { loadTagger } from '@jetsdk/infer';
import { serveModels } from '@jetsdk/infer/server';

const REQUESTS = Number(process.argv[2] ?? 100_000);
const STEP = Math.max(1, Math.floor(REQUESTS / 10));
const CLIENTS = 50;

const tagger = await loadTagger(new URL('../models/course-cnn/model.onnx', import.meta.url), { device: 'cpu' });
const server = await serveModels([tagger], { port: 0 });
const [{ name, shape }] = tagger.info.inputs;
const data = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i % 17 === 0 ? i % 23 : 0));
const body = JSON.stringify({ inputs: [{ name, datatype: 'FP32', shape: [1, ...shape], data }] });
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

function ask() {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.models[0]}/infer`, { method: 'POST', agent }, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

console.log('requests  heap MB  outside of it MB  resident MB');
for (let done = 0; done < REQUESTS; ) {
  const until = Math.min(REQUESTS, done + STEP);
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (done < until) {
        done++;
        await ask();
      }
    }),
  );
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  console.log([done, heapUsed, external, rss].map((n, i) => (i === 0 ? n : (n / 2 ** 20).toFixed(1))).join('  '));
}
agent.destroy();
await server.close();
await tagger.dispose();
