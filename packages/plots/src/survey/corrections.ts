/** @file What a regressor takes out of jets and leaves in them, and what it goes by, taken as the jets pass by. */
import { imageRecipes, type JetImages, type Jets, makeImages, type Recipe } from '@jetsdk/jets';
import type { JetImage } from '../pictures/jetImage.js';
import { type Averages, averages } from './averages.js';
import { type Correlation, correlation } from './correlation.js';

/** An image that the regressor reads. */
export interface CorrectedInput {
  readonly name: string;
  readonly recipe: Recipe;
  readonly average: Averages;
  /** with the sum of the pixels that it gives */
  readonly withKept: Correlation;
  /** with the sum of the pixels that it takes out of the measured image */
  readonly withTaken: Correlation;
}

/** What the regressor takes something out of. */
export interface Measured {
  /** of the input */
  readonly name: string;
  /** by the pixels of the output: that of the input itself, or the sums over its finer pixels */
  readonly average: Averages;
}

export interface Corrections {
  readonly inputs: readonly CorrectedInput[];
  /** of what it gives */
  readonly corrected: Averages;
  /** the input of which it takes something out: the first that has its output's shape, or else the first of whose pixels some make one of the output */
  readonly measured: Measured | undefined;
  /** @param corrected what the regressor gives of the jets, (n, height, width, channels) in the unit of the images */
  add(jets: Jets, corrected: JetImages): void;
  /** Mean of what it gives minus mean of what was measured, of one channel. */
  change(channel: number): JetImage | undefined;
}

/** @param recipe of the images that the regressor reads */
export function corrections(recipe: Recipe): Corrections {
  const inputs = [...imageRecipes(recipe)].map(
    ([name, own]): CorrectedInput => ({
      name,
      recipe: own,
      average: averages(1),
      withKept: correlation(),
      withTaken: correlation(),
    }),
  );
  const corrected = averages(1);
  let measured: (Measured & { readonly at: number }) | undefined;
  return {
    inputs,
    corrected,
    get measured() {
      return measured;
    },
    add(jets, given) {
      const labels = new Uint8Array(jets.shape[0]);
      corrected.add(given, labels);
      const images = inputs.map((input) => makeImages(input.recipe, jets));
      measured ??= measuredAmong(inputs, images, given.shape);
      const before = measured && images[measured.at];
      if (measured && before && measured.average !== inputs[measured.at].average)
        measured.average.add(summedOver(before, given.shape), labels);
      const kept = sums(given);
      const taken = before && sums(before).map((sum, jet) => sum - kept[jet]);
      inputs.forEach(({ average, withKept, withTaken }, i) => {
        average.add(images[i], labels);
        withKept.add(images[i], kept);
        if (taken !== undefined) withTaken.add(images[i], taken);
      });
    },
    change(channel) {
      const [before, after] = [measured?.average.image(0, channel), corrected.image(0, channel)];
      return (
        before &&
        after && {
          shape: after.shape,
          pixels: Float64Array.from(after.pixels, (value, pixel) => value - before.pixels[pixel]),
        }
      );
    },
  };
}

type Shape = JetImages['shape'];

function measuredAmong(inputs: readonly CorrectedInput[], images: readonly JetImages[], given: Shape) {
  const [, height, width, channels] = given;
  const same = images.findIndex(({ shape }) => shape.every((length, axis) => length === given[axis]));
  const finer = images.findIndex(
    ({ shape }) => shape[1] % height === 0 && shape[2] % width === 0 && shape[3] === channels,
  );
  const at = same < 0 ? finer : same;
  return at < 0 ? undefined : { at, name: inputs[at].name, average: same < 0 ? averages(1) : inputs[at].average };
}

/** The momenta of some pixels, added up, for each pixel of a coarser image of the same window. */
function summedOver(
  { shape: [count, height, width, channels], data, ...rest }: JetImages,
  [, rows, columns]: Shape,
): JetImages {
  const summed = new Float32Array(count * rows * columns * channels);
  for (let i = 0; i < data.length; i++) {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const [column, line] = [pixel % width, Math.floor(pixel / width)];
    const [jet, row] = [Math.floor(line / height), Math.floor(((line % height) * rows) / height)];
    summed[((jet * rows + row) * columns + Math.floor((column * columns) / width)) * channels + channel] += data[i];
  }
  return { ...rest, shape: [count, rows, columns, channels], data: summed };
}

/** Of all pixels of each image. */
function sums({ shape: [count], data }: JetImages): Float32Array {
  const size = data.length / count;
  return Float32Array.from({ length: count }, (_, jet) =>
    data.subarray(jet * size, (jet + 1) * size).reduce((sum, value) => sum + value, 0),
  );
}
