/** @file A TensorFlow.js layers model that was made elsewhere, as a certified ONNX file without a card. */
import { calibrationImages, certify, exportModel } from '@jetsdk/export';
import { runModel } from '@jetsdk/infer';
import {
  type CardParity,
  JetError,
  type JetImages,
  type Jets,
  normaliseImages,
  random,
  type Tensor,
} from '@jetsdk/jets';
import { loadLayersModel, predict } from '@jetsdk/train';
import { CALIBRATION_JETS } from './exporting.js';

/**
 * Exports a layers model and compares the file, in ONNX Runtime, with the model in TensorFlow.js.
 *
 * @param path its `model.json`
 * @param given images or constituents to compare on; made-up inputs where there are none, which suit a network that
 *   takes numbers of about 1
 * @throws {JetError} UNSUPPORTED for several inputs or outputs, and as `exportModel`; PARITY_FAILED
 */
export async function exportForeignModel(
  path: string,
  given: JetImages | Jets | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly parity: CardParity }> {
  const artifacts = await loadLayersModel(path);
  const { bytes, inputs, outputs } = exportModel(artifacts);
  const [input] = inputs;
  const [output] = outputs;
  if (input === undefined || inputs.length > 1 || output?.shape.length !== 1 || outputs.length > 1)
    throw new JetError(
      'UNSUPPORTED',
      `${path}: inputs ${inputs.map(({ name }) => name).join(', ')}, outputs ${outputs.map(({ name, shape }) => `${name} (${shape.join(', ')})`).join(', ')}; expected one input and one output of numbers; use exportModel and certify of @jetsdk/export`,
    );
  const examples: Tensor = given ?? madeUp(input.shape);
  const parity = await certify({
    bytes,
    inputs: { [input.name]: examples },
    reference: await predict(artifacts, examples),
    run: runModel,
    runtime: 'onnxruntime-node cpu',
  });
  return { bytes, parity };
}

/** Sparse images with pixels up to 1, as most networks take them, or normal numbers. */
function madeUp(shape: readonly number[]): Tensor {
  const [height, width, channels] = shape;
  if (height !== undefined && width !== undefined && channels !== undefined && shape.length === 3)
    return normaliseImages(
      { format: 'jetsdk-recipe/1', name: 'up to 1', steps: [{ step: 'normalise', by: 'max' }] },
      calibrationImages({ shape: [height, width, channels], count: CALIBRATION_JETS }),
    );
  const { normal } = random(1);
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape: [CALIBRATION_JETS, ...shape], data: Float32Array.from({ length: CALIBRATION_JETS * size }, normal) };
}
