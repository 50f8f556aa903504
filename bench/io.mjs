/**
 * Reads all constituents and labels of the simulated top-tagging sample, beside pandas.read_hdf in the same run.
 *
 * usage: npm run bench -- io, or node bench/io.mjs [FILE] [ROUNDS]
 *
 * Each round times ours, then pandas, one after the other; interpreter and imports are started before.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openJets } from '@jetsdk/jets/files';

const file = process.argv[2] ?? fileURLToPath(new URL('../../shared/data/generated/train.h5', import.meta.url));
const rounds = Number(process.argv[3] ?? 7);
if (!existsSync(file)) {
  console.log(`skipped: ${file} is not here`);
  process.exit(0);
}

const PEER = `
import sys, time
import pandas
print('pandas', pandas.__version__, flush=True)
for path in sys.stdin:
    start = time.perf_counter()
    frame = pandas.read_hdf(path.strip(), key='table')
    seconds = time.perf_counter() - start
    print(seconds, len(frame), float(frame['E_0'].astype('f8').sum()), int(frame['is_signal_new'].sum()), flush=True)
`;

/** A Python process that reads a file per line, or undefined where Python or pandas is not installed. */
async function startPeer() {
  const python = spawn('python3', ['-c', PEER], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  python.on('error', () => {});
  const { value, done } = await lines.next();
  if (done) return undefined;
  return {
    name: value,
    async read() {
      python.stdin.write(`${file}\n`);
      const { value: answer, done } = await lines.next();
      if (done) throw new Error('pandas could not read the file (see above)');
      const [seconds, jets, energy, signal] = answer.split(' ').map(Number);
      return { seconds, jets, energy, signal };
    },
    stop: () => python.stdin.end(),
  };
}

async function ours() {
  const start = performance.now();
  const source = await openJets(file);
  const { data } = await source.read(0, source.count);
  const labels = await source.labels();
  source.close();
  const seconds = (performance.now() - start) / 1000;
  let energy = 0;
  const width = source.jetShape[0] * 4;
  for (let i = 0; i < data.length; i += width) energy += data[i];
  return { seconds, jets: source.count, energy, signal: labels.reduce((sum, label) => sum + label, 0) };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const peer = await startPeer();
console.log(
  `node ${process.version}, ${platform()} ${arch()}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
);
console.log(peer ? peer.name : 'peer skipped: python3 with pandas is not here');
const times = { ours: [], peer: [] };
for (let round = 1; round <= rounds; round++) {
  const mine = await ours();
  times.ours.push(mine.seconds);
  if (!peer) {
    console.log(`round ${round}: ours ${mine.seconds.toFixed(3)} s`);
    continue;
  }
  const theirs = await peer.read();
  times.peer.push(theirs.seconds);
  console.log(`round ${round}: ours ${mine.seconds.toFixed(3)} s, pandas ${theirs.seconds.toFixed(3)} s`);
  if (mine.jets !== theirs.jets || mine.signal !== theirs.signal || Math.abs(mine.energy / theirs.energy - 1) > 1e-12)
    throw new Error(`the two read different jets: ${JSON.stringify({ mine, theirs })}`);
}
peer?.stop();
console.log(
  `median of ${rounds}: ours ${median(times.ours).toFixed(3)} s${
    peer
      ? `, pandas ${median(times.peer).toFixed(3)} s, ours / pandas ${(median(times.ours) / median(times.peer)).toFixed(2)}`
      : ''
  }`,
);
