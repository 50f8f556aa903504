import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNpy } from '@jetsdk/jets/npy';
import { decodeModel, encodeModel, floatInitializer } from '@jetsdk/onnx';
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

it('what ONNX Runtime warns of in a model is told in a line, and shown by it with --verbose, once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jetsdk-score-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { graph, ...others } = decodeModel(readFileSync(model));
  const initializers = [...graph.initializers, floatInitializer('unused', [5], new Float32Array(5))];
  writeFileSync(join(folder, 'odd.onnx'), encodeModel({ ...others, graph: { ...graph, initializers } }));
  const said = (name: string, ...args: readonly string[]): string => {
    const scored = ['score', name, jets, '-o', join(folder, 's.npy'), '--threads', '2', ...args];
    const { status, stderr } = spawnSync(process.execPath, [jetsdk, ...scored], { encoding: 'utf8' });
    expect(status).toBe(0);
    return stderr;
  };
  const line = 'odd.onnx: its graph has 1 initialiser that no node uses; jetsdk score --verbose shows';
  const warnings = (stderr: string): number => stderr.split("Removing initializer 'unused'").length - 1;
  const odd = join(folder, 'odd.onnx');
  expect(said(odd).split(line)).toHaveLength(2);
  expect(warnings(said(odd))).toBe(0);
  expect(warnings(said(odd, '--verbose'))).toBe(1);
  expect(said(model)).not.toContain('its graph has');
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
