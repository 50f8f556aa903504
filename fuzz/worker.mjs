// Runs the cases of one target that it is told to; the shared numbers say which one, and since when.
import { parentPort, workerData } from 'node:worker_threads';
import { isJetError, random } from '@jetsdk/jets';

const { target: name, seed, shared } = workerData;
const state = new Float64Array(shared);
const target = (await import(`./targets/${name}.mjs`)).default;
const seeds = await target.seeds();

/** Messages longer than this are of no use to anybody. */
const MOST_CHARACTERS = 4000;

/** Every case has a stream of its own, so that one can be made again alone. */
function input(number) {
  const stream = random((Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0);
  return target.mutate(stream, seeds[stream.integer(seeds.length)], seeds[stream.integer(seeds.length)]);
}

parentPort.on('message', async ({ from, to }) => {
  const counts = { read: 0, refused: 0 };
  const failures = [];
  for (let number = from; number < to; number++) {
    state[0] = number;
    state[1] = 0;
    const given = input(number);
    state[1] = process.hrtime()[0];
    try {
      await target.read(given);
      counts.read++;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!isJetError(error))
        failures.push({ number, what: error instanceof Error ? (error.stack ?? message) : message });
      else if (message.length > MOST_CHARACTERS)
        failures.push({ number, what: `a message of ${message.length} characters` });
      else counts.refused++;
    }
    if ({}.polluted !== undefined) {
      failures.push({ number, what: 'Object.prototype was changed' });
      delete Object.prototype.polluted;
    }
    state[1] = 0;
  }
  parentPort.postMessage({ counts, failures: failures.map((one) => ({ ...one, input: input(one.number) })) });
});
parentPort.postMessage('ready');
