import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { loadTagger } from '@jetsdk/infer';
import { type JetImages, type Jets, random } from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { expect, onTestFinished, test } from 'vitest';
import { jetsdk, root, temporaryFolder } from './support/command.js';

/** Another build of ONNX Runtime, and batches put together otherwise. */
const TOLERANCE = 1e-5;

/** Folders of Triton and of Python's packages. */
interface Triton {
  readonly folder: string;
  readonly site: string;
  readonly python: string;
}

// the Python backend of this Triton answers with empty tensors under NumPy 2
const FIND = `
import importlib.util, json, os, sys
folder = os.path.join(os.path.dirname(importlib.util.find_spec('pytriton').origin), 'tritonserver')
import numpy, onnxruntime
assert int(numpy.__version__.split('.')[0]) < 2
print(json.dumps({'folder': folder, 'site': os.path.dirname(os.path.dirname(numpy.__file__)), 'python': '%d.%d' % sys.version_info[:2]}))`;

function findTriton(): Triton | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', FIND], { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as Triton) : undefined;
}

const triton = findTriton();
const reason = triton === undefined ? ' (needs pip install nvidia-pytriton onnxruntime "numpy<2")' : '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts Triton on a model repository; it is ended after the test. */
async function startTriton({ folder, site, python }: Triton, repository: string): Promise<string> {
  const backends = temporaryFolder();
  cpSync(join(folder, 'backends', 'python'), join(backends, 'python'), { recursive: true });
  const stub = 'triton_python_backend_stub';
  copyFileSync(join(folder, 'python_backend_stubs', python, stub), join(backends, 'python', stub));
  mkdirSync(join(backends, 'onnxruntime'));
  copyFileSync(join(root, 'tests', 'triton', 'model.py'), join(backends, 'onnxruntime', 'model.py'));
  const port = await freePort();
  const server = spawn(
    join(folder, 'bin', 'tritonserver'),
    [
      ...[`--model-repository=${repository}`, `--backend-directory=${backends}`],
      ...['--http-address=127.0.0.1', `--http-port=${port}`, '--allow-grpc=false', '--allow-metrics=false'],
    ],
    {
      env: { ...process.env, JETSDK_SITE_PACKAGES: site, LD_LIBRARY_PATH: join(site, 'nvidia_pytriton.libs') },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  onTestFinished(() => end(server));
  let log = '';
  server.stderr.on('data', (text: Buffer) => {
    log += text.toString();
  });
  const url = `http://127.0.0.1:${port}/v2`;
  for (const start = Date.now(); ; ) {
    if (server.exitCode !== null || Date.now() - start > 60_000) throw new Error(`Triton did not start: ${log}`);
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (ready?.ok) return url;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
}

/** Jets for a model: real ones with charges of any kind, or pixels where it has no recipe. */
async function jetsFor(shape: readonly number[], hasRecipe: boolean): Promise<Jets | JetImages> {
  if (hasRecipe || shape.length === 2) {
    const source = await openJets(join(root, 'data/test.h5'));
    const jets = (await source.read(0, 300)) as Jets;
    source.close();
    return { ...jets, charge: Int8Array.from({ length: jets.shape[0] * jets.shape[1] }, (_, i) => (i % 3) - 1) };
  }
  const [height, width, channels] = shape as [number, number, number];
  const stream = random(1);
  const data = Float32Array.from({ length: 300 * height * width * channels }, () => Math.max(0, stream.normal()));
  return { kind: 'images', shape: [300, height, width, channels], data };
}

test.skipIf(triton === undefined)(
  `NVIDIA Triton serves every reference model as exported, and loadTagger gets the scores of the file${reason}`,
  { timeout: 180_000 },
  async () => {
    const repository = temporaryFolder();
    const names = Object.keys(JSON.parse(readFileSync(join(root, 'models/models.json'), 'utf8')));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const { status, stderr } = jetsdk(['export', join(root, 'models', name, 'model.onnx'), '--triton', repository]);
      expect(status, stderr).toBe(0);
    }
    const url = await startTriton(triton!, repository);
    for (const name of names) {
      await using served = await loadTagger(`${url}/models/${name}`);
      await using local = await loadTagger(join(root, 'models', name, 'model.onnx'), { device: 'cpu' });
      expect(served.info).toMatchObject({ name, device: 'remote', sha256: local.info.sha256, card: local.info.card });
      expect(served.info.runtime).toMatch(/^triton \d/);
      const jets = await jetsFor(local.info.inputs[0].shape as number[], local.info.recipe !== undefined);
      const [theirs, ours] = await Promise.all([served.score(jets), local.score(jets)]);
      expect(theirs.length).toBe(300);
      expect(Math.max(...theirs.map((score, i) => Math.abs(score - ours[i]))), name).toBeLessThan(TOLERANCE);
    }
  },
);
