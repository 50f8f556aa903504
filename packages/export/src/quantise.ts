import { JetError, requireMembers, sizeOf } from '@jetsdk/jets';
import {
  decodeModel,
  encodeModel,
  floatInitializer,
  floatsOf,
  type Graph,
  type Initializer,
  int,
  int8Initializer,
  int32Initializer,
  type Model,
  type Node,
  uint8Initializer,
} from '@jetsdk/onnx';
import { batchOf, examplesOf, feedsOf, type ModelInputs } from './certify/feeds.js';
import { type OpenModel, type RunnableModel, usingModels } from './certify/runnableModel.js';

export interface QuantiseOptions {
  /** a float32 ONNX file; not modified */
  readonly bytes: Uint8Array;
  /** jets like those that will be scored: they set the range of every value */
  readonly calibration: ModelInputs;
  readonly open: OpenModel;
}

interface Range {
  low: number;
  high: number;
}

/** Examples in one run. */
const BATCH = 64;

/** Where the output channel of a weight lies, for the operators that are computed in int8. */
const WEIGHT_AXIS: Readonly<Record<string, number>> = { Conv: 0, Gemm: 1, MatMul: 1 };

/**
 * Writes the inputs, weights and biases of every Conv, Gemm and MatMul as integers with QuantizeLinear and
 * DequantizeLinear around them (QDQ): activations uint8 for the whole tensor, weights int8 for each output channel,
 * biases int32. Inputs and outputs of the model stay float32.
 *
 * @throws {JetError} BAD_MODEL if there is nothing to quantise; BAD_DATASET if there is no calibration jet; NOT_FINITE if the calibration gives NaN or infinity;
 * what `decodeModel` and `open` throw
 * @see https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html
 */
export async function quantise(options: QuantiseOptions): Promise<Uint8Array> {
  requireMembers('quantise', options, ['bytes', 'calibration', 'open'], 'an object of bytes, calibration and open');
  const { bytes, calibration, open } = options;
  const model = decodeModel(bytes);
  const constants = new Map(model.graph.initializers.map((tensor) => [tensor.name, tensor]));
  const targets = model.graph.nodes.filter(
    ({ opType, inputs, attributes }) =>
      WEIGHT_AXIS[opType] !== undefined &&
      (attributes.transB?.value ?? 0) === 0 &&
      constants.get(inputs[1])?.type === 'float32' &&
      !constants.has(inputs[0]),
  );
  if (targets.length === 0)
    throw new JetError('BAD_MODEL', 'quantise: no Conv, Gemm or MatMul with float32 weights; expected at least one');
  const ranges = await calibrate(model, [...new Set(targets.map(({ inputs }) => inputs[0]))], calibration, open);
  return encodeModel({ ...model, graph: rewrite(model.graph, new Set(targets), ranges, constants) });
}

/** Smallest and largest number of each value over all calibration jets. */
async function calibrate(
  model: Model,
  names: readonly string[],
  calibration: QuantiseOptions['calibration'],
  open: OpenModel,
): Promise<ReadonlyMap<string, Range>> {
  const { graph } = model;
  const inner = names.filter((name) => !graph.inputs.some((input) => input.name === name));
  const known = new Map([...graph.values, ...graph.outputs].map((value) => [value.name, value]));
  const observed = encodeModel({
    ...model,
    graph: {
      ...graph,
      outputs: inner.map((name) => known.get(name) ?? { name, type: 'float32' }),
      values: graph.values.filter(({ name }) => !inner.includes(name)),
    },
  });
  const feeds = feedsOf(
    calibration,
    graph.inputs.map(({ name }) => name),
  );
  const count = examplesOf(feeds);
  const ranges = new Map<string, Range>(names.map((name) => [name, { low: 0, high: 0 }]));
  const widen = (name: string, values: Float32Array): void => {
    const range = ranges.get(name);
    if (range === undefined) return;
    for (const value of values) {
      if (!Number.isFinite(value))
        throw new JetError(
          'NOT_FINITE',
          `quantise: ${name} is ${value} on a calibration jet; expected finite numbers`,
          {
            name,
          },
        );
      if (value < range.low) range.low = value;
      if (value > range.high) range.high = value;
    }
  };
  const measure = async (model?: RunnableModel): Promise<void> => {
    for (let start = 0; start < count; start += BATCH) {
      const part = batchOf(feeds, start, Math.min(count, start + BATCH));
      for (const [name, { data }] of Object.entries(part)) widen(name, data);
      for (const [name, { data }] of Object.entries((await model?.run(part)) ?? {})) widen(name, data);
    }
  };
  await (inner.length === 0 ? measure() : usingModels(open, [observed], measure));
  return ranges;
}

function rewrite(
  graph: Graph,
  targets: ReadonlySet<Node>,
  ranges: ReadonlyMap<string, Range>,
  constants: ReadonlyMap<string, Initializer>,
): Graph {
  const added: Initializer[] = [];
  const nodes: Node[] = [];
  const dequantised = new Map<string, string>();
  const keep = (tensor: Initializer): string => {
    added.push(tensor);
    return tensor.name;
  };
  const step = (opType: string, inputs: string[], output: string, axis?: number): string => {
    nodes.push({
      name: output,
      opType,
      inputs,
      outputs: [output],
      attributes: axis === undefined ? {} : { axis: int(axis) },
    });
    return output;
  };
  const scaleOf = new Map<string, number>();

  const activation = (name: string): string => {
    const before = dequantised.get(name);
    if (before !== undefined) return before;
    const { low, high } = ranges.get(name) ?? { low: 0, high: 0 };
    const scale = Math.fround(high > low ? (high - low) / 255 : 1);
    const zero = Math.round(-low / scale);
    scaleOf.set(name, scale);
    const parameters = [
      keep(floatInitializer(`${name}/scale`, [], Float32Array.of(scale))),
      keep(uint8Initializer(`${name}/zero`, [], Uint8Array.of(Math.min(255, zero)))),
    ];
    const quantised = step('QuantizeLinear', [name, ...parameters], `${name}/QuantizeLinear`);
    const made = step('DequantizeLinear', [quantised, ...parameters], `${name}/DequantizeLinear`);
    dequantised.set(name, made);
    return made;
  };

  const weight = (tensor: Initializer, axis: number): { name: string; scales: Float32Array } => {
    const channels = tensor.dims[axis];
    const below = sizeOf(tensor.dims.slice(axis + 1));
    const values = floatsOf(tensor);
    const largest = new Float32Array(channels);
    const channelOf = (i: number): number => Math.floor(i / below) % channels;
    values.forEach((value, i) => {
      largest[channelOf(i)] = Math.max(largest[channelOf(i)], Math.abs(value));
    });
    const scales = largest.map((one) => (one > 0 ? one / 127 : 1));
    const name = `${tensor.name}/DequantizeLinear`;
    if (!dequantised.has(tensor.name)) {
      const bits = Int8Array.from(values, (value, i) => Math.round(value / scales[channelOf(i)]));
      step(
        'DequantizeLinear',
        [
          keep(int8Initializer(`${tensor.name}/int8`, tensor.dims, bits)),
          keep(floatInitializer(`${tensor.name}/scale`, [channels], scales)),
          keep(int8Initializer(`${tensor.name}/zero`, [channels], new Int8Array(channels))),
        ],
        name,
        axis,
      );
      dequantised.set(tensor.name, name);
    }
    return { name, scales };
  };

  /** int32 in units of activation × weight, so that it adds to the integer sums. */
  const bias = (tensor: Initializer, owner: Node, scales: Float32Array): string => {
    const units = scales.map((one) => one * (scaleOf.get(owner.inputs[0]) ?? 1));
    const bits = Int32Array.from(floatsOf(tensor), (value, i) =>
      Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(value / units[i]))),
    );
    const name = `${owner.name}/bias`;
    return step(
      'DequantizeLinear',
      [
        keep(int32Initializer(`${name}/int32`, tensor.dims, bits)),
        keep(floatInitializer(`${name}/scale`, [units.length], units)),
      ],
      `${name}/DequantizeLinear`,
      0,
    );
  };

  for (const node of graph.nodes) {
    const tensor = constants.get(node.inputs[1]);
    if (!targets.has(node) || tensor === undefined) {
      nodes.push(node);
      continue;
    }
    const x = activation(node.inputs[0]);
    const { name, scales } = weight(tensor, tensor.dims.length === 2 ? 1 : WEIGHT_AXIS[node.opType]);
    const shift = constants.get(node.inputs[2]);
    const fits = shift?.type === 'float32' && shift.dims.join() === String(scales.length);
    const rest = fits ? [bias(shift, node, scales)] : node.inputs.slice(2);
    nodes.push({ ...node, inputs: [x, name, ...rest] });
  }
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  return {
    ...graph,
    nodes,
    initializers: [...graph.initializers, ...added].filter(({ name }) => read.has(name)),
  };
}
