// Time and file size of the export of every network of the zoo, and of a model of ten million parameters with the
// memory it takes (the limits are 5 seconds and three times the weights).
//
//   node bench/export.mjs [--json]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exportModel } from '@jetsdk/export';
import { decodeModel } from '@jetsdk/onnx';

const SECONDS = 5;
const TIMES_WEIGHTS = 3;
const ROUNDS = 7;

const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, large: { type: 'boolean' } } });

function layer(name, kind, config, inputShape) {
  return {
    class_name: kind,
    config: { name, trainable: true, ...(inputShape && { batch_input_shape: [null, ...inputShape] }), ...config },
  };
}

/** Artifacts of a convolutional network of a little more than ten million parameters, without TensorFlow.js. */
function largeArtifacts() {
  const conv = { kernel_size: [3, 3], strides: [1, 1], padding: 'same', dilation_rate: [1, 1], use_bias: true };
  const weights = [];
  const weight = (name, shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    weights.push({ name, shape, data: Float32Array.from({ length }, (_, i) => Math.sin(i) / Math.sqrt(length)) });
  };
  const layers = [];
  let channels = 1;
  [64, 128, 256, 512].forEach((filters, i) => {
    const config = { filters, activation: 'relu', data_format: 'channels_last', ...conv };
    layers.push(layer(`conv${i}`, 'Conv2D', config, i === 0 ? [40, 40, 1] : undefined));
    layers.push(layer(`pool${i}`, 'MaxPooling2D', { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }));
    weight(`conv${i}/kernel`, [3, 3, channels, filters]);
    weight(`conv${i}/bias`, [filters]);
    channels = filters;
  });
  layers.push(layer('flat', 'Flatten', {}));
  layers.push(layer('hidden', 'Dense', { units: 4200, activation: 'relu', use_bias: true }));
  layers.push(layer('score', 'Dense', { units: 1, activation: 'sigmoid', use_bias: true }));
  weight('hidden/kernel', [2 * 2 * 512, 4200]);
  weight('hidden/bias', [4200]);
  weight('score/kernel', [4200, 1]);
  weight('score/bias', [1]);
  return { topology: { class_name: 'Sequential', config: { name: 'large', layers } }, weights };
}

const numbers = ({ weights }) => weights.reduce((sum, { data }) => sum + data.length, 0);

if (options.large) {
  const artifacts = largeArtifacts();
  const before = process.resourceUsage().maxRSS;
  const start = performance.now();
  const { bytes } = exportModel(artifacts);
  const seconds = (performance.now() - start) / 1000;
  const added = (process.resourceUsage().maxRSS - before) * 1024;
  decodeModel(bytes);
  console.log(
    JSON.stringify({
      network: 'ten million',
      parameters: numbers(artifacts),
      milliseconds: 1000 * seconds,
      bytes: bytes.length,
      timesWeights: added / (4 * numbers(artifacts)),
    }),
  );
  process.exit(0);
}

const { artifactsOf, buildNetwork, selectBackend, zoo } = await import('@jetsdk/train');
await selectBackend();
const rows = [];
for (const [network, value] of Object.entries(zoo)) {
  const model = await buildNetwork(value, { seed: 1 });
  const artifacts = await artifactsOf(model);
  model.dispose();
  const times = [];
  let made;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    made = exportModel(artifacts);
    times.push(performance.now() - start);
  }
  rows.push({
    network,
    parameters: numbers(artifacts),
    milliseconds: times.sort((a, b) => a - b)[ROUNDS >> 1],
    bytes: made.bytes.length,
    nodes: made.graph.nodes.length,
    transposes: made.graph.nodes.filter(({ opType }) => opType === 'Transpose').length,
  });
}
const large = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--large'], { encoding: 'utf8' });
if (large.status !== 0) throw new Error(large.stderr);
rows.push(JSON.parse(large.stdout));

if (options.json) console.log(JSON.stringify(rows));
else
  for (const { network, parameters, milliseconds, bytes, nodes, transposes, timesWeights } of rows)
    console.log(
      [
        network.padEnd(22),
        `${parameters.toLocaleString('en')} parameters`.padStart(24),
        `${milliseconds.toFixed(1)} ms`.padStart(12),
        `${(bytes / 1e6).toFixed(2)} MB`.padStart(10),
        nodes === undefined
          ? `  peak memory added: ${timesWeights.toFixed(2)} × the weights`
          : `  ${nodes} nodes, ${transposes} of them Transpose`,
      ].join(''),
    );
const { milliseconds, timesWeights } = rows[rows.length - 1];
if (milliseconds > 1000 * SECONDS || timesWeights > TIMES_WEIGHTS) {
  console.error(`expected at most ${SECONDS} s and ${TIMES_WEIGHTS} × the weights`);
  process.exitCode = 1;
}
