import { type CardParity, JetError, type Jets, makeImages, type Recipe, random, sliceJets } from '@jetsdk/jets';
import { decodeModel } from '@jetsdk/onnx';
import { type OpenModel, ranOn, usingModels } from './runnableModel.js';

export interface CertifyLoweredOptions {
  /** what `lowerRecipe` made */
  readonly bytes: Uint8Array;
  /** the image model it was made from */
  readonly imageModel: Uint8Array;
  readonly recipe: Recipe;
  readonly jets: Jets;
  readonly open: OpenModel;
  /** largest |difference| allowed */
  readonly tolerance?: number;
}

/** A certificate, and how many jets it leaves out because they sit on a bin edge within float32 rounding. */
export interface LoweredParity extends CardParity {
  readonly onEdge: number;
}

/** Relative size of the changes to four-vectors that tell the jets on a bin edge: some float32 roundings. */
const NUDGE = 2e-6;

/** Random changes tried on every jet. */
const ROUNDS = 4;

const BATCH = 256;

/**
 * Compares a self-contained model with the recipe and the image model it was made from.
 *
 * A jet counts as sitting on a bin edge, and is left out, where changes of its four-vectors by 2e-6 move the score of
 * recipe and image model themselves by more than half the tolerance.
 *
 * @throws {JetError} PARITY_FAILED with the largest difference and the tolerance; BAD_DATASET if there is no jet; what
 * `decodeModel`, `makeImages` and `open` throw
 */
export async function certifyLowered({
  bytes,
  imageModel,
  recipe,
  jets,
  open,
  tolerance = 1e-5,
}: CertifyLoweredOptions): Promise<LoweredParity> {
  const [image, constituents] = [imageModel, bytes].map((file) => portsOf(file));
  const [count] = jets.shape;
  if (count === 0) throw new JetError('BAD_DATASET', 'certifyLowered: 0 jets; expected at least one', { jets: 0 });
  const stream = random(0);
  const nudged = (part: Jets): Jets => ({
    ...part,
    data: part.data.map((component) => component * (1 + NUDGE * (2 * stream.uniform() - 1))),
  });
  return usingModels(open, [imageModel, bytes], async (imageRun, model) => {
    const { runtime } = model;
    const scoresOf = async (part: Jets): Promise<Float32Array> => {
      const { shape, data } = makeImages(recipe, part);
      return (await imageRun.run({ [image.input]: { shape, data } }))[image.output].data;
    };
    let onEdge = 0;
    let worst = { difference: 0, jet: 0 };
    for (let start = 0; start < count; start += BATCH) {
      const part = sliceJets(jets, start, Math.min(count, start + BATCH));
      const expected = await scoresOf(part);
      const moved: Float32Array[] = [];
      for (let round = 0; round < ROUNDS; round++) moved.push(await scoresOf(nudged(part)));
      const { shape, data } = part;
      const got = (await model.run({ [constituents.input]: { shape, data } }))[constituents.output].data;
      if (got.length !== expected.length)
        throw new JetError('SHAPE_MISMATCH', `${runtime}: ${got.length} numbers; expected ${expected.length}`, {
          got: got.length,
          expected: expected.length,
        });
      const width = expected.length / shape[0];
      for (let jet = 0; jet < shape[0]; jet++) {
        const [from, to] = [jet * width, (jet + 1) * width];
        if (moved.some((scores) => largestDifference(scores, expected, from, to) > tolerance / 2)) onEdge++;
        else {
          const difference = largestDifference(got, expected, from, to);
          if (difference > worst.difference) worst = { difference, jet: start + jet };
        }
      }
    }
    if (worst.difference > tolerance)
      throw new JetError(
        'PARITY_FAILED',
        `${runtime}: jet ${worst.jet} differs by ${worst.difference} from recipe ${recipe.name} and image model; expected at most ${tolerance}`,
        { runtime, jet: worst.jet, maxAbsDifference: worst.difference, tolerance, onEdge },
      );
    return { ...ranOn(model), jets: count - onEdge, maxAbsDifference: worst.difference, tolerance, onEdge };
  });
}

function portsOf(file: Uint8Array): { input: string; output: string } {
  const { inputs, outputs } = decodeModel(file).graph;
  if (inputs.length !== 1 || outputs.length !== 1)
    throw new JetError(
      'BAD_MODEL',
      `certifyLowered: ${inputs.length} inputs, ${outputs.length} outputs; expected one each`,
      {
        inputs: inputs.length,
        outputs: outputs.length,
      },
    );
  return { input: inputs[0].name, output: outputs[0].name };
}

/** Over numbers [from, to); infinite where one side is NaN. */
function largestDifference(a: Float32Array, b: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let i = from; i < to; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs(a[i] - b[i]);
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}
