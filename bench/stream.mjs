// Memory of a scoring job at two sizes 100 times apart, and on the way through the larger one: jets made on the fly,
// scores written to a .npy file as they come.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTagger } from '@jetsdk/infer';
import { writeScores } from '@jetsdk/infer/shards';

const SIZES = [250_000, 25_000_000];
/** Jets after which the memory is looked at. */
const MARKS = [100_000, 250_000, 500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000, 25_000_000];
/** The heap of JavaScript has found its size by then. */
const SETTLED = 4_000_000;
const MIB = 2 ** 20;
const SIDE = 12;

/** Sparse images that depend on nothing but their number. */
function madeUpImages(count) {
  const size = SIDE * SIDE;
  return {
    name: 'made up',
    kind: 'images',
    count,
    jetShape: [SIDE, SIDE, 1],
    async read(start, stop) {
      const data = new Float32Array((stop - start) * size);
      for (let jet = start, at = 0; jet < stop; jet++, at += size)
        for (let k = 1; k <= 8; k++) data[at + ((Math.imul(jet, 2654435761) >>> k) % size)] = 1 / k;
      return { kind: 'images', shape: [stop - start, SIDE, SIDE, 1], data };
    },
    labels: async () => undefined,
    close() {},
  };
}

/** Passes batches on and notes the resident memory at the marks. */
async function* watched(batches, samples) {
  let done = 0;
  for await (const batch of batches) {
    done += batch.scores.length;
    yield batch;
    if (done >= MARKS[samples.length]) samples.push({ done, rss: process.memoryUsage.rss() / MIB });
  }
}

async function job(jets) {
  const model = new URL('../packages/infer/fixtures/scoreNhwc.onnx', import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
  try {
    const tagger = await loadTagger(model, { device: 'cpu' });
    const start = performance.now();
    const samples = [];
    await writeScores(join(folder, 'scores.npy'), jets, watched(tagger.scoreStream(madeUpImages(jets)), samples));
    const seconds = (performance.now() - start) / 1000;
    await tagger.dispose();
    const { size } = statSync(join(folder, 'scores.npy'));
    // kibibytes, the largest that the process had
    const peak = process.resourceUsage().maxRSS / 1024;
    console.log(JSON.stringify({ jets, rate: Math.round(jets / seconds), peak, fileMiB: size / MIB, samples }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[2] !== undefined) await job(Number(process.argv[2]));
else {
  const runs = SIZES.map((jets) => {
    const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, String(jets)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) process.exit(1);
    const run = JSON.parse(stdout);
    console.log(
      `${String(jets).padStart(9)} jets   peak RSS ${run.peak.toFixed(0).padStart(4)} MiB   scores ${run.fileMiB.toFixed(1).padStart(5)} MiB   images ${((jets * SIDE * SIDE * 4) / MIB).toFixed(0).padStart(5)} MiB   ${run.rate} jets/s`,
    );
    return run;
  });
  console.log(`100 times the jets, ${(runs[1].peak / runs[0].peak).toFixed(2)} times the peak`);
  const { samples } = runs[1];
  for (const { done, rss } of samples)
    console.log(`after ${String(done).padStart(9)} jets   RSS ${rss.toFixed(0).padStart(4)} MiB`);
  const settled = samples.find(({ done }) => done >= SETTLED);
  console.log(
    `from ${settled.done} to ${samples.at(-1).done} jets, ${(samples.at(-1).rss / settled.rss).toFixed(2)} times the memory`,
  );
}
