import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jetsdk, temporaryFolder } from '../../../../tests/support/command.js';

/** A TensorFlow.js model that takes images of any size, in a folder of its own. */
function openModel(): string {
  const folder = temporaryFolder();
  const layers = [
    { class_name: 'InputLayer', config: { batch_input_shape: [null, null, null, 1], dtype: 'float32', name: 'image' } },
    {
      class_name: 'Conv2D',
      config: { name: 'c', filters: 2, kernel_size: [3, 3], padding: 'same', activation: 'relu', use_bias: true },
    },
    { class_name: 'GlobalAveragePooling2D', config: { name: 'g' } },
    { class_name: 'Dense', config: { name: 'd', units: 1, activation: 'sigmoid', use_bias: true } },
  ];
  const weights = [
    { name: 'c/kernel', shape: [3, 3, 1, 2] },
    { name: 'c/bias', shape: [2] },
    { name: 'd/kernel', shape: [2, 1] },
    { name: 'd/bias', shape: [1] },
  ].map((weight) => ({ ...weight, dtype: 'float32' }));
  const config = { name: 'sequential', layers };
  const modelTopology = { keras_version: '2.11.0', model_config: { class_name: 'Sequential', config } };
  const model = { format: 'layers-model', modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights }] };
  writeFileSync(join(folder, 'model.json'), JSON.stringify(model));
  writeFileSync(
    join(folder, 'weights.bin'),
    Float32Array.from({ length: 23 }, (_, i) => Math.sin(i)),
  );
  return folder;
}

describe('jetsdk export of a model that leaves lengths open', () => {
  it('asks for --input-shape, and exports with it', () => {
    const folder = openModel();
    const asked = jetsdk(['export', 'model.json', '-o', 'out.onnx'], folder);
    expect(asked.stderr).toContain(
      'image: shape (?, ?, 1) leaves a length open; expected a shape; give it with --input-shape',
    );
    expect(asked.status).toBe(2);
    expect(readdirSync(folder)).not.toContain('out.onnx');
    const made = jetsdk(['export', 'model.json', '-o', 'out.onnx', '--input-shape', '12,10,1'], folder);
    expect(made.stdout).toMatch(/against TensorFlow.js on 1000 inputs: max \|Δ\| = \d/);
    expect(made.status).toBe(0);
    expect(jetsdk(['inspect', 'out.onnx'], folder).stdout).toContain('(n, 12, 10, 1)');
  });

  it.each([
    ['another number of channels', '12,10,3', /input shape \(12, 10, 3\) for \(\?, \?, 1\).*SHAPE_MISMATCH/],
    ['no lengths', '12,x', /option --input-shape: got x; expected a whole number/],
  ])('refuses %s', (_, shape, message) => {
    const { status, stderr } = jetsdk(['export', 'model.json', '-o', 'out.onnx', '--input-shape', shape], openModel());
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
