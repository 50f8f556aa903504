import { type CardParity, JetError, type JetImages, type Jets } from '@jetsdk/jets';
import { decodeModel } from './onnx/decode.js';
import { size } from './onnx/tensor.js';

/** Float32 numbers of a shape, batch axis first. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Runs an ONNX model once; the caller brings the runtime. */
export type RunModel = (
  model: Uint8Array,
  inputs: Readonly<Record<string, TensorData>>,
) => Promise<Readonly<Record<string, TensorData>>>;

export interface CertifyOptions {
  /** the ONNX file */
  readonly bytes: Uint8Array;
  /** jets or images for a model with one input; else tensors by input name */
  readonly inputs: Jets | JetImages | Readonly<Record<string, TensorData>>;
  /** outputs of the trained network, (examples × outputs); by name where there are several */
  readonly reference: Float32Array | Readonly<Record<string, Float32Array>>;
  readonly run: RunModel;
  /** what `run` is, e.g. `onnxruntime-node 1.30.0 cpu` */
  readonly runtime: string;
  /** largest |difference| allowed */
  readonly tolerance?: number;
}

/** Examples in one run: bounds the memory of a runtime. */
const BATCH = 256;

/**
 * Reads an exported file back, runs it, and compares its outputs with those of the trained network.
 *
 * NaN and infinities must be the same on both sides.
 *
 * @returns the certificate, for the model card
 * @throws {JetError} PARITY_FAILED with the largest difference and the tolerance; SHAPE_MISMATCH if inputs, reference
 * and model do not fit; BAD_DATASET if there is no example; what `decodeModel` throws
 */
export async function certify({
  bytes,
  inputs,
  reference,
  run,
  runtime,
  tolerance = 1e-5,
}: CertifyOptions): Promise<CardParity> {
  const { graph } = decodeModel(bytes);
  const given = namedInputs(
    inputs,
    graph.inputs.map(({ name }) => name),
  );
  const examples = exampleCount(given);
  const expected = namedReference(
    reference,
    graph.outputs.map(({ name }) => name),
  );
  let worst = { difference: 0, output: '', index: 0, got: 0, expected: 0 };
  for (let start = 0; start < examples; start += BATCH) {
    const stop = Math.min(examples, start + BATCH);
    const outputs = await run(bytes, slice(given, start, stop));
    for (const [name, all] of Object.entries(expected)) {
      const width = all.length / examples;
      const got = outputs[name]?.data;
      if (!Number.isInteger(width) || got?.length !== width * (stop - start))
        throw new JetError(
          'SHAPE_MISMATCH',
          `${runtime}: output ${name} has ${got?.length ?? 0} numbers for ${stop - start} examples; the reference has ${all.length} for ${examples}`,
          { output: name, got: got?.length, reference: all.length, examples },
        );
      for (let i = 0; i < got.length; i++) {
        const index = start * width + i;
        const difference = distance(got[i], all[index]);
        if (difference > worst.difference)
          worst = { difference, output: name, index, got: got[i], expected: all[index] };
      }
    }
  }
  if (worst.difference > tolerance)
    throw new JetError(
      'PARITY_FAILED',
      `${runtime}: output ${worst.output}[${worst.index}] is ${worst.got}, the trained network gives ${worst.expected}; expected a difference of at most ${tolerance}, got ${worst.difference}`,
      { runtime, maxAbsDifference: worst.difference, tolerance, ...worst },
    );
  return { runtime, jets: examples, maxAbsDifference: worst.difference, tolerance };
}

/** |a − b|; 0 for equal non-finite values, infinity where only one is finite. */
function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
}

function isJets(inputs: CertifyOptions['inputs']): inputs is Jets | JetImages {
  return 'kind' in inputs && (inputs.kind === 'images' || inputs.kind === 'constituents');
}

function namedInputs(inputs: CertifyOptions['inputs'], names: readonly string[]): Readonly<Record<string, TensorData>> {
  if (isJets(inputs)) {
    if (names.length !== 1)
      throw new JetError(
        'BAD_ARGUMENT',
        `certify: jets for a model with inputs ${names.join(', ')}; expected tensors by name`,
        {
          names,
        },
      );
    return { [names[0]]: { shape: inputs.shape, data: inputs.data } };
  }
  for (const name of names)
    if (!Object.hasOwn(inputs, name))
      throw new JetError('BAD_ARGUMENT', `certify: no input ${name}; got ${Object.keys(inputs).join(', ')}`, { name });
  return inputs;
}

function namedReference(
  reference: CertifyOptions['reference'],
  names: readonly string[],
): Readonly<Record<string, Float32Array>> {
  if (reference instanceof Float32Array) {
    if (names.length !== 1)
      throw new JetError(
        'BAD_ARGUMENT',
        `certify: one reference for outputs ${names.join(', ')}; expected one by name`,
        {
          names,
        },
      );
    return { [names[0]]: reference };
  }
  for (const name of names)
    if (!Object.hasOwn(reference, name))
      throw new JetError('BAD_ARGUMENT', `certify: no reference for output ${name}`, { name });
  return reference;
}

function exampleCount(inputs: Readonly<Record<string, TensorData>>): number {
  let count: number | undefined;
  for (const [name, { shape, data }] of Object.entries(inputs)) {
    if (size(shape) !== data.length || (count !== undefined && shape[0] !== count))
      throw new JetError('SHAPE_MISMATCH', `certify: input ${name} has ${data.length} numbers for shape [${shape}]`, {
        name,
        shape,
        length: data.length,
      });
    count = shape[0];
  }
  if (count === undefined || count === 0)
    throw new JetError('BAD_DATASET', 'certify: 0 examples; expected at least one', { examples: 0 });
  return count;
}

function slice(
  inputs: Readonly<Record<string, TensorData>>,
  start: number,
  stop: number,
): Readonly<Record<string, TensorData>> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, data }]) => {
      const width = data.length / shape[0];
      return [name, { shape: [stop - start, ...shape.slice(1)], data: data.subarray(start * width, stop * width) }];
    }),
  );
}
