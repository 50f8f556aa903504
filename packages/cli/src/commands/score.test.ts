import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from '@jetsdk/jets/npy';
import { expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const jetsdk = join(root, 'packages/cli/bin/jetsdk.js');
const model = join(root, 'models/course-cnn/model.onnx');
const jets = join(root, 'data/val.h5');

it('score --all-outputs writes the probabilities of all classes, and the signal’s are the scores', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-score-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = (...args: readonly string[]): string =>
    execFileSync(process.execPath, [jetsdk, 'score', model, ...args]).toString();
  run(jets, jets, '-o', join(folder, 'all.npy'), '--all-outputs');
  run(jets, jets, '-o', join(folder, 'scores.npy'));
  const all = readNpy(readFileSync(join(folder, 'all.npy')));
  const scores = readNpy(readFileSync(join(folder, 'scores.npy')));
  expect(all.dtype).toBe('float32');
  expect(all.shape).toEqual([...scores.shape, 2]);
  expect(Array.from(all.data as Float32Array).filter((_, i) => i % 2 === 1)).toEqual(
    Array.from(scores.data as Float32Array),
  );
});

it('score --all-outputs with --shard is refused', () => {
  const { status, stderr } = spawnSync(process.execPath, [
    jetsdk,
    'score',
    model,
    jets,
    '-o',
    'x.npy',
    '--all-outputs',
    '--shard',
    '0/2',
  ]);
  expect(status).toBe(2);
  expect(stderr.toString()).toContain('--all-outputs and --shard');
});
