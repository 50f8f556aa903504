// Feeds every reader with damaged files: npm run fuzz -- TARGET… --cases N --seed S
// A case ends well if it is read or refused with a JetError; exit 1 if one does not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const targets = readdirSync(join(import.meta.dirname, 'targets')).map((file) => file.replace(/\.mjs$/, ''));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    keep: { type: 'string', default: join(import.meta.dirname, 'found') },
    help: { type: 'boolean', short: 'h' },
  },
});
const unknown = positionals.filter((name) => !targets.includes(name));
const cases = Number(values.cases);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
if (values.help || unknown.length > 0 || !(cases >= 1) || !(jobs >= 1) || !Number.isInteger(seed)) {
  console.error(`npm run fuzz -- [TARGET…] [--cases N] [--seed S] [--case I] [--jobs N] [--keep FOLDER]
targets: ${targets.join(', ')}${unknown.length > 0 ? `; got ${unknown.join(', ')}` : ''}
--case runs that one alone; inputs that fail are written to --keep`);
  process.exit(values.help ? 0 : 2);
}

/** Longest time of one case, in seconds, on a machine that has other things to do. */
const HANG = 30;
/** Largest memory of the whole process. */
const MOST_BYTES = 2 * 2 ** 30;
const PORTION = 250;
/** Begun first, so that the others fill the time beside it. */
const SLOWEST = 'tagger';

const wanted = positionals.length > 0 ? positionals : targets;
let failed = 0;
if (wanted.length === 1) failed = await fuzz(wanted[0]);
else {
  const left = wanted.toSorted((a, b) => Number(b === SLOWEST) - Number(a === SLOWEST));
  await Promise.all(Array.from({ length: Math.min(jobs, left.length) }, untilNoneIsLeft));

  /** Each target has a process of its own, whose memory is watched. */
  async function untilNoneIsLeft() {
    for (let target = left.shift(); target !== undefined; target = left.shift()) {
      const options = ['--cases', values.cases, '--seed', values.seed, '--keep', values.keep];
      const child = spawn(process.execPath, [import.meta.filename, target, ...options], {
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      const [status] = await once(child, 'exit');
      if (status !== 0) failed++;
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0;

async function fuzz(target) {
  const started = performance.now();
  const first = values.case === undefined ? 0 : Number(values.case);
  const end = values.case === undefined ? cases : first + 1;
  const total = { read: 0, refused: 0 };
  const failures = [];
  let next = first;
  let most = 0;
  while (next < end) next = await untilWorkerEnds();
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${target}: ${end - first} cases with seed ${seed}, ${total.read} read, ${total.refused} refused, ${failures.length} failed; ` +
      `${seconds.toFixed(0)} s, at most ${(most / 2 ** 20).toFixed(0)} MB`,
  );
  for (const { number, what, input } of failures.slice(0, 5)) {
    console.log(`  case ${number}: ${String(what).slice(0, 600).replaceAll('\n', '\n    ')}`);
    console.log(`  again: npm run fuzz -- ${target} --seed ${seed} --case ${number}`);
    if (input === undefined) continue;
    mkdirSync(values.keep, { recursive: true });
    writeFileSync(join(values.keep, `${target}-${seed}-${number}`), input);
  }
  return failures.length;

  /** Cases from `next` on in one worker, until all are done or one takes it down. */
  function untilWorkerEnds() {
    const shared = new SharedArrayBuffer(16);
    const state = new Float64Array(shared);
    // what libraries print of damaged files is of no use here
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
      workerData: { target, seed, shared },
      stdout: true,
      stderr: true,
    });
    return new Promise((resolve) => {
      let at = next;
      const give = () => worker.postMessage({ from: at, to: Math.min(end, at + PORTION) });
      const finish = (from) => {
        clearInterval(watch);
        void worker.terminate().then(() => resolve(from));
      };
      const lose = (what) => {
        failures.push({ number: state[0], what });
        finish(state[0] + 1);
      };
      const watch = setInterval(() => {
        const memory = process.memoryUsage.rss();
        most = Math.max(most, memory);
        // read once: the thread may end the case between two looks
        const since = state[1];
        if (since > 0 && process.hrtime()[0] - since > HANG) lose(`no answer in ${HANG} s`);
        else if (memory > MOST_BYTES) lose(`${(memory / 2 ** 20).toFixed(0)} MB`);
      }, 200);
      worker.on('message', (message) => {
        if (message !== 'ready') {
          total.read += message.counts.read;
          total.refused += message.counts.refused;
          failures.push(...message.failures);
          at = Math.min(end, at + PORTION);
        }
        if (at < end) give();
        else finish(end);
      });
      worker.on('error', (error) => {
        if (state[1] === 0) throw error;
        lose(`the thread died: ${error instanceof Error ? error.message : error}`);
      });
    });
  }
}
