// ROC, AUC and rejections of ten million float32 scores, beside scikit-learn's roc_curve + roc_auc_score.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aucOf, backgroundRejectionOf, cutCounts, rocOf } from '@jetsdk/eval';
import { random } from '@jetsdk/jets';

const JETS = 10_000_000;
const ROUNDS = 3;
const EFFICIENCIES = [0.3, 0.5, 0.7];

/** Scores of a good tagger: the sigmoid of two normals three standard deviations apart, AUC about 0.983. */
function makeJets(folder) {
  const { normal } = random(1);
  const labels = new Uint8Array(JETS);
  const scores = new Float32Array(JETS);
  for (let i = 0; i < JETS; i++) {
    labels[i] = i % 2;
    scores[i] = 1 / (1 + Math.exp(1.5 - 3 * labels[i] - normal()));
  }
  writeFileSync(join(folder, 'labels.u8'), labels);
  writeFileSync(join(folder, 'scores.f32'), scores);
}

function evaluateOnce(labels, scores) {
  const start = performance.now();
  const cuts = cutCounts(labels, scores);
  const curve = rocOf(cuts);
  const auc = aucOf(cuts);
  const rejections = EFFICIENCIES.map((e) => backgroundRejectionOf(cuts, { signalEfficiency: e }).rejection);
  return { seconds: (performance.now() - start) / 1000, auc, rejections, points: curve.threshold.length };
}

/** In a process of its own, so that its peak memory is that of the metrics. */
function measure(folder) {
  const labels = new Uint8Array(readFileSync(join(folder, 'labels.u8')).buffer);
  const scores = new Float32Array(readFileSync(join(folder, 'scores.f32')).buffer);
  const before = process.memoryUsage.rss();
  const first = evaluateOnce(labels, scores);
  const bytesPerJet = (process.resourceUsage().maxRSS * 1024 - before) / JETS;
  const seconds = [first, ...Array.from({ length: ROUNDS - 1 }, () => evaluateOnce(labels, scores))].map(
    (round) => round.seconds,
  );
  console.log(JSON.stringify({ ...first, seconds: Math.min(...seconds), first: seconds[0], bytesPerJet }));
}

function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
  try {
    makeJets(folder);
    const child = spawnSync(process.execPath, [import.meta.filename, folder], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    const ours = JSON.parse(child.stdout);
    console.log(
      `ours           ${ours.seconds.toFixed(2)} s (best of ${ROUNDS}; the first ${ours.first.toFixed(2)} s) for ${JETS} jets: ` +
        `ROC of ${ours.points} points, AUC, 1/ε_B at ${EFFICIENCIES.join(', ')}`,
    );
    console.log(
      `memory         ${ours.bytesPerJet.toFixed(1)} bytes a jet over the input, at the peak of the first run`,
    );
    const script = new URL('peers/eval.py', import.meta.url).pathname;
    const run = spawnSync('python3', [script, folder, ...EFFICIENCIES.map(String)], { encoding: 'utf8' });
    if (run.status !== 0) {
      console.log('scikit-learn   skipped: python3 with scikit-learn is not here');
      return;
    }
    const peer = JSON.parse(run.stdout);
    const apart = [ours.auc / peer.auc - 1, ...ours.rejections.map((r, i) => r / peer.rejections[i] - 1)].map(Math.abs);
    console.log(
      `scikit-learn   ${peer.seconds.toFixed(2)} s (best of 3), ${peer.bytesPerJet.toFixed(1)} bytes a jet over the input`,
    );
    console.log(`ratio          ${(peer.seconds / ours.seconds).toFixed(1)}`);
    console.log(`difference     ${Math.max(...apart).toExponential(1)} at most, relative, in AUC and rejections`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv.length > 2) measure(process.argv[2]);
else compare();
