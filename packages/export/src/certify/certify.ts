import { type CardParity, JetError, requireMembers } from '@jetsdk/jets';
import { decodeModel } from '@jetsdk/onnx';
import { batchOf, examplesOf, feedsOf, type ModelInputs } from './feeds.js';
import { type OpenModel, ranOn, usingModels } from './runnableModel.js';

export interface CertifyOptions {
  /** the ONNX file */
  readonly bytes: Uint8Array;
  readonly inputs: ModelInputs;
  /** outputs of the trained network, (examples × outputs); by name where there are several */
  readonly reference: Float32Array | Readonly<Record<string, Float32Array>>;
  readonly open: OpenModel;
  /** largest |difference| allowed, in units of the scale of the output; default 1e-5 */
  readonly tolerance?: number;
  /** the outputs are parts of one thing in one unit, such as the layers of a shower, and have one scale; default false */
  readonly oneScale?: boolean;
}

/** Examples in one run: bounds the memory of a runtime. */
const BATCH = 256;

/**
 * Reads an exported file back, runs it, and compares its outputs with those of the trained network.
 *
 * Differences are in units of the scale of the output: the root mean square of what the trained network gives, or 1 where
 * that is larger, of each output by itself or with `oneScale` of all of them; a number above the scale is its own. float32 holds 7 digits, of a score as of an energy in GeV. NaN and infinities must be the same on both
 * sides, and some number of each output finite.
 *
 * @returns the certificate, for the model card
 * @throws {JetError} PARITY_FAILED with the largest difference and the tolerance; SHAPE_MISMATCH if inputs, reference
 * and model do not fit; BAD_DATASET if there is no example; NOT_FINITE if an output has no finite number; what `decodeModel` and `open` throw
 */
export async function certify(options: CertifyOptions): Promise<CardParity> {
  requireMembers(
    'certify',
    options,
    ['bytes', 'inputs', 'reference', 'open'],
    'an object of bytes, inputs, reference and open',
  );
  const { bytes, inputs, reference, open, tolerance = 1e-5, oneScale = false } = options;
  const { graph } = decodeModel(bytes);
  const given = feedsOf(
    inputs,
    graph.inputs.map(({ name }) => name),
  );
  const examples = examplesOf(given);
  const expected = namedReference(
    reference,
    graph.outputs.map(({ name }) => name),
  );
  for (const [name, all] of Object.entries(expected))
    if (!all.some(Number.isFinite))
      throw new JetError(
        'NOT_FINITE',
        `certify: output ${name} of the trained network is NaN or infinite for all ${examples} examples; expected numbers to compare; its weights are damaged, or its training diverged`,
        { output: name, examples },
      );
  const together = oneScale ? scaleOf(Object.values(expected)) : undefined;
  const scales = new Map(Object.entries(expected).map(([name, all]) => [name, together ?? scaleOf([all])]));
  return usingModels(open, [bytes], async (model) => {
    const { runtime } = model;
    let worst = { inScale: 0, difference: 0, scale: 1, output: '', index: 0, got: 0, expected: 0 };
    for (let start = 0; start < examples; start += BATCH) {
      const stop = Math.min(examples, start + BATCH);
      const outputs = await model.run(batchOf(given, start, stop));
      for (const [name, all] of Object.entries(expected)) {
        const width = all.length / examples;
        const scale = scales.get(name) ?? 1;
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
          const inScale = difference / Math.max(scale, Number.isFinite(all[index]) ? Math.abs(all[index]) : 0);
          if (inScale > worst.inScale)
            worst = {
              inScale,
              difference,
              scale,
              output: name,
              index,
              got: got[i],
              expected: all[index],
            };
        }
      }
    }
    const { inScale, difference, scale, output, index } = worst;
    if (!(inScale <= tolerance))
      throw new JetError(
        'PARITY_FAILED',
        `${runtime}: output ${output}[${index}] is ${worst.got}, the trained network gives ${worst.expected}; expected a difference of at most ${tolerance}${scale === 1 ? '' : ` of the output's scale ${scale}`}, got ${inScale}`,
        { runtime, maxAbsDifference: difference, scale, tolerance, output, index },
      );
    return {
      ...ranOn(model),
      jets: examples,
      maxAbsDifference: difference,
      ...(scale !== 1 && { scale }),
      tolerance,
    };
  });
}

/** Root mean square of the finite numbers, at least 1. */
function scaleOf(outputs: readonly Float32Array[]): number {
  let sum = 0;
  let count = 0;
  for (const numbers of outputs)
    for (const number of numbers)
      if (Number.isFinite(number)) {
        sum += number * number;
        count++;
      }
  return Math.max(1, Math.sqrt(sum / Math.max(1, count)));
}

/** |a − b|; 0 for equal non-finite values, infinity where only one is finite. */
function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  return Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) : Number.POSITIVE_INFINITY;
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
