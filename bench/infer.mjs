// Scores a second, beside a bare ONNX Runtime loop and beside two Python ways from file to scores.
//
//   node bench/infer.mjs [--only files|memory|chromium] [--network course-cnn|tutorial-cnn] [--rounds 16]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { exportModel } from '@jetsdk/export';
import { loadTagger } from '@jetsdk/infer';
import { namedRecipe, random, recipeHash, SDK_VERSION } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { artifactsOf, buildNetwork, selectBackend, zoo } from '@jetsdk/train';
import * as ort from 'onnxruntime-node';

const { only, network, rounds } = parseArgs({
  options: { only: { type: 'string' }, network: { type: 'string' }, rounds: { type: 'string', default: '16' } },
}).values;
const threads = availableParallelism();
await selectBackend();

/** A network of the zoo with fresh weights: speed does not depend on their values. */
async function modelFile(name, recipe, inputShape = zoo[name].inputShape) {
  const { outputs } = zoo[name];
  const card = {
    format: 'jetsdk-card/1',
    name,
    version: '0',
    task: 'bench',
    classes: ['QCD', 'top'],
    signalClass: 'top',
    input: { kind: 'images', name: 'image', shape: inputShape, layout: 'NHWC' },
    output: outputs === 1 ? { name: 'score', kind: 'score' } : { name: 'probabilities', kind: 'probabilities' },
    ...(recipe === undefined ? {} : { recipe, recipeHash: recipeHash(recipe) }),
    sdkVersion: SDK_VERSION,
    licence: 'MIT',
  };
  return exportModel(await artifactsOf(await buildNetwork(zoo[name], { inputShape, seed: 1 })), { card }).bytes;
}

/**
 * Rounds of all contenders in turn, so that a busy machine is as unfair to all; the best round counts.
 * Jets a second, and jets a second of processor time, which tells more where other programs run.
 */
async function race(contenders, jets, { rounds = 6, ms = 200 } = {}) {
  const best = new Map([...contenders.keys()].map((name) => [name, { wall: 0, processor: 0 }]));
  for (const run of contenders.values()) await run();
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of contenders) {
      let done = 0;
      const start = performance.now();
      const used = process.cpuUsage();
      for (; performance.now() - start < ms; done += jets) await run();
      const { user, system } = process.cpuUsage(used);
      const { wall, processor } = best.get(name);
      best.set(name, {
        wall: Math.max(wall, (done / (performance.now() - start)) * 1000),
        processor: Math.max(processor, (done / (user + system)) * 1e6),
      });
    }
  return best;
}

async function imagesInMemory(name) {
  const model = await modelFile(name);
  const { inputShape, outputs } = zoo[name];
  const output = outputs === 1 ? 'score' : 'probabilities';
  const size = inputShape.reduce((product, length) => product * length, 1);
  const { uniform } = random(1);
  const pixels = Float32Array.from({ length: 4096 * size }, () => (uniform() < 0.06 ? uniform() : 0));
  const tagger = await loadTagger(model, { device: 'cpu' });
  const sessions = new Map();
  for (const level of ['extended', 'all'])
    for (const intra of new Set([1, threads]))
      sessions.set(
        `${level}, ${intra} thread${intra > 1 ? 's' : ''}`,
        await ort.InferenceSession.create(model, {
          graphOptimizationLevel: level,
          intraOpNumThreads: intra,
          logSeverityLevel: 4,
          extra: { session: { intra_op: { allow_spinning: '0' } } },
        }),
      );
  console.log(
    `\n${name}, images in memory to scores, ${threads} threads; the bare loop runs 64 jets at a time, or fewer`,
  );
  for (const batch of [1, 256, 4096]) {
    const data = pixels.subarray(0, batch * size);
    const loops = new Map();
    for (const [settings, session] of sessions)
      loops.set(settings, async () => {
        const step = Math.min(batch, 64);
        for (let at = 0; at < batch; at += step) {
          const image = new ort.Tensor('float32', data.subarray(at * size, (at + step) * size), [step, ...inputShape]);
          await session.run({ image }, [output]);
        }
      });
    // first among themselves, so that then both sides have as many tries
    const rates = [...(await race(loops, batch))];
    const [settings] = rates.reduce((a, b) => (b[1].wall > a[1].wall ? b : a));
    const score = () => tagger.score({ kind: 'images', shape: [batch, ...inputShape], data });
    const { ours, bare } = Object.fromEntries(
      await race(
        new Map([
          ['ours', score],
          ['bare', loops.get(settings)],
        ]),
        batch,
        { rounds: 12 },
      ),
    );
    for (const [what, unit] of [
      ['wall', 'jets/s            '],
      ['processor', 'jets/processor-s  '],
    ])
      console.log(
        `batch ${String(batch).padEnd(5)} ours ${String(Math.round(ours[what])).padStart(7)} ${unit} bare ${String(Math.round(bare[what])).padStart(7)}   ratio ${(ours[what] / bare[what]).toFixed(2)}   (${settings})`,
      );
  }
  await tagger.dispose();
  for (const session of sessions.values()) await session.release();
}

/** What Python does, by the name of its way in peers/infer.py. */
const PYTHON = { 'pandas, NumPy loop, onnxruntime': 'loop', 'h5py, bincount, onnxruntime': 'bincount' };

/** A Python process that scores the file whenever it is asked to, or undefined where it lacks what it needs. */
async function startPython(file, model, way) {
  const script = new URL('peers/infer.py', import.meta.url).pathname;
  const python = spawn('python3', [script, file, model, way], { stdio: ['pipe', 'pipe', 'ignore'] });
  python.on('error', () => {});
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  if ((await lines.next()).done) return undefined;
  return {
    async score() {
      python.stdin.write('\n');
      const [jets, seconds, processor] = (await lines.next()).value.split(' ').map(Number);
      return { wall: jets / seconds, processor: jets / processor };
    },
    stop: () => python.stdin.end(),
  };
}

async function fileToScores(name) {
  const file = new URL('../../shared/data/generated/train.h5', import.meta.url).pathname;
  console.log(`\n${name} on 40×40 pixels, HDF5 file of constituents to scores, recipe iml-40`);
  if (!existsSync(file)) return console.log(`skipped: ${file} is not here`);
  const model = await modelFile(name, namedRecipe('iml-40'), [40, 40, 1]);
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-bench-'));
  writeFileSync(join(folder, 'model.onnx'), model);
  const peers = new Map();
  for (const [who, way] of Object.entries(PYTHON)) {
    const python = await startPython(file, join(folder, 'model.onnx'), way);
    if (python === undefined) console.log(`${who} skipped: Python lacks what it needs`);
    else peers.set(who, python);
  }
  const contenders = new Map();
  const taggers = [];
  for (const count of new Set([1, Math.ceil(threads / 2), threads])) {
    const tagger = await loadTagger(model, { device: 'cpu', threads: count });
    taggers.push(tagger);
    const score = async () => {
      const start = performance.now();
      const used = process.cpuUsage();
      const jets = await openJets(file);
      const { length } = await tagger.score(jets);
      jets.close();
      const { user, system } = process.cpuUsage(used);
      return { wall: (length / (performance.now() - start)) * 1000, processor: (length / (user + system)) * 1e6 };
    };
    await score();
    contenders.set(`ours, ${count} thread${count > 1 ? 's' : ''}`, score);
  }
  for (const [who, python] of peers) contenders.set(who, python.score);
  const best = new Map([...contenders.keys()].map((one) => [one, { wall: 0, processor: 0 }]));
  for (let round = 0; round < Number(rounds); round++)
    for (const [one, score] of contenders) {
      const { wall, processor } = await score();
      const known = best.get(one);
      best.set(one, { wall: Math.max(wall, known.wall), processor: Math.max(processor, known.processor) });
    }
  for (const [one, { wall, processor }] of best) {
    const ratios = [...peers.keys()]
      .filter(() => !peers.has(one))
      .map((who) => {
        const peer = best.get(who);
        return `${(wall / peer.wall).toFixed(1)} (processor ${(processor / peer.processor).toFixed(1)}) × ${who}`;
      });
    console.log(
      `${one.padEnd(33)} ${String(Math.round(wall)).padStart(6)} jets/s ${String(Math.round(processor)).padStart(6)} jets/processor-s   ${ratios.join('; ')}`,
    );
  }
  for (const python of peers.values()) python.stop();
  for (const tagger of taggers) await tagger.dispose();
  rmSync(folder, { recursive: true });
}

const networks = network === undefined ? ['course-cnn', 'tutorial-cnn'] : [network];
if (only !== 'memory' && only !== 'chromium') for (const name of networks) await fileToScores(name);
if (only !== 'files' && only !== 'chromium') for (const name of networks) await imagesInMemory(name);
if (only === undefined || only === 'chromium') await import('./inferChromium.mjs');
