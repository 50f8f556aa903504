import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportModel } from '@jetsdk/export';
import { loadLayersModel, selectBackend } from '@jetsdk/train';
import { mutateJson } from '../mutate.mjs';

const here = mkdtempSync(join(tmpdir(), 'jetsdk-fuzz-'));
process.on('exit', () => rmSync(here, { recursive: true, force: true }));

await selectBackend('cpu');

const dense = { name: 'score', trainable: true, units: 1, activation: 'sigmoid', use_bias: true };
const layers = [
  {
    class_name: 'Conv2D',
    config: {
      name: 'conv',
      trainable: true,
      batch_input_shape: [null, 4, 4, 1],
      dtype: 'float32',
      filters: 2,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'valid',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      activation: 'relu',
      use_bias: true,
    },
  },
  { class_name: 'Flatten', config: { name: 'flatten', trainable: true } },
  { class_name: 'Dropout', config: { name: 'dropout', trainable: true, rate: 0.5 } },
  { class_name: 'Dense', config: dense },
];
const shapes = { 'conv/kernel': [3, 3, 1, 2], 'conv/bias': [2], 'score/kernel': [8, 1], 'score/bias': [1] };
const numbers = Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
writeFileSync(
  join(here, 'weights.bin'),
  new Uint8Array(Float32Array.from({ length: numbers }, (_, i) => i / 29).buffer),
);

export default {
  seeds: () => [
    {
      format: 'layers-model',
      generatedBy: 'TensorFlow.js tfjs-layers v4.22.0',
      modelTopology: {
        class_name: 'Sequential',
        config: { name: 'sequential', layers },
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' })),
        },
      ],
    },
  ],
  mutate: mutateJson,
  async read(text) {
    const path = join(here, 'model.json');
    writeFileSync(path, text);
    exportModel(await loadLayersModel(path));
  },
};
