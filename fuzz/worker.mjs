// Runs the cases of one target that it is told to; the shared numbers say which one, and since when.
import { parentPort, workerData } from 'node:worker_threads';
import { isJetError } from '@jetsdk/jets';
import { caseOf } from './cases.mjs';

const { target: name, seed, shared } = workerData;
const state = new Float64Array(shared);
const { load, read } = await caseOf(name, seed);

/** Messages longer than this are of no use to anybody. */
const MOST_CHARACTERS = 4000;

parentPort.on('message', async ({ from, to }) => {
  const counts = { read: 0, refused: 0 };
  const failures = [];
  for (let number = from; number < to; number++) {
    state[0] = number;
    state[1] = 0;
    const given = load(number);
    state[1] = process.hrtime()[0];
    try {
      await read(given);
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
  parentPort.postMessage({ counts, failures: failures.map((one) => ({ ...one, input: load(one.number) })) });
});
parentPort.postMessage('ready');
