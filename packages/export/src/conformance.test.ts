import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tensor } from '@jetsdk/jets';
import { jets, namedRecipe, random } from '@jetsdk/jets';
import * as tf from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import type { Feeds } from './certify/feeds.js';
import { expectClose, randomInput } from './compare.testing.js';
import { type ExportedModel, exportModel, lowerRecipe, quantise } from './index.js';
import { CASES } from './layers/cases.testing.js';
import { openOrt, runOrt } from './ort.testing.js';
import { artifactsOf, randomiseWeights } from './tfjs.testing.js';

/** The same graph in another build of ONNX Runtime: other kernels, other order of sums. */
const RUNTIME_TOLERANCE = 1e-5;

const runWeb = async (model: Uint8Array, inputs: Feeds): Promise<Feeds> => {
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 3 });
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape }]) => [name, new OrtTensor('float32', data, shape)]),
  );
  const outputs: Record<string, Tensor> = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds)))
    outputs[name] = { shape: [...tensor.dims], data: Float32Array.from(tensor.data as Float32Array) };
  await session.release();
  return outputs;
};

interface Sample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

function exported(model: tf.LayersModel, seed: number): ExportedModel {
  const stream = random(seed);
  randomiseWeights(model, () => stream.normal());
  const made = exportModel(artifactsOf(model));
  model.dispose();
  return made;
}

/** Some models of every layer kind. */
function layerSamples(runs: number): Sample[] {
  return Object.entries(CASES).flatMap(([kind, cases]) =>
    fc.sample(cases, { numRuns: runs, seed: 4 }).map(({ inputs, layer, indices }, i) => {
      const sources = inputs.map((shape) => tf.input({ shape: [...shape] }));
      const made = layer().apply(sources.length === 1 ? sources[0] : sources) as tf.SymbolicTensor;
      const { bytes, inputs: ports } = exported(tf.model({ inputs: sources, outputs: made }), i);
      const stream = random(i);
      const feeds = Object.fromEntries(ports.map(({ name, shape }) => [name, randomInput(shape, stream, indices)]));
      return { name: `${kind}_${i}`, bytes, feeds };
    }),
  );
}

/** An image model as it is, with float16 weights, in int8, and self-contained. */
async function variantSamples(): Promise<Sample[]> {
  const model = tf.sequential();
  model.add(tf.layers.conv2d({ inputShape: [40, 40, 1], filters: 4, kernelSize: 5, strides: 2, activation: 'relu' }));
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  const stream = random(2);
  randomiseWeights(model, () => 0.3 * stream.normal());
  const artifacts = artifactsOf(model);
  const { bytes } = exportModel(artifacts);
  const image = randomInput([40, 40, 1], stream);
  const { shape, data } = jets(
    Float32Array.from({ length: 5 * 12 * 4 }, () => 10 * stream.normal()),
    12,
  );
  return [
    { name: 'float32', bytes, feeds: { image } },
    { name: 'float16', bytes: exportModel(artifacts, { precision: 'float16' }).bytes, feeds: { image } },
    { name: 'int8', bytes: await quantise({ bytes, calibration: { image }, open: openOrt }), feeds: { image } },
    {
      name: 'constituents',
      bytes: lowerRecipe(namedRecipe('iml-40'), bytes),
      feeds: { constituents: { shape, data } },
    },
  ];
}

describe('ONNX Runtime Web', () => {
  it('computes every layer kind and every variant as ONNX Runtime in Node', async () => {
    for (const { name, bytes, feeds } of [...layerSamples(1), ...(await variantSamples())]) {
      const [web, node] = [await runWeb(bytes, feeds), await runOrt(bytes, feeds)];
      for (const output of Object.keys(node)) expectClose(web[output], node[output], name, RUNTIME_TOLERANCE);
    }
  });
});

const python = spawnSync('python3', ['-c', 'import onnx']).status === 0;

describe.skipIf(!python)(`Python's onnx${python ? '' : ' (skipped: python3 cannot import onnx)'}`, () => {
  it('checks every layer kind and every variant in full', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jetsdk-export-'));
    try {
      const files = [...layerSamples(2), ...(await variantSamples())].map(({ name, bytes }) => {
        const path = join(folder, `${name}.onnx`);
        writeFileSync(path, bytes);
        return path;
      });
      const script = fileURLToPath(new URL('../scripts/checkModels.py', import.meta.url));
      const { status, stdout, stderr } = spawnSync('python3', [script, ...files], { encoding: 'utf8' });
      expect(stdout + stderr).toBe('');
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
