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

export interface Corrections {
  readonly inputs: readonly CorrectedInput[];
  /** of what it gives */
  readonly corrected: Averages;
  /** the input of which it takes something out: the first that has its output's shape */
  readonly measured: CorrectedInput | undefined;
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
  let measured: CorrectedInput | undefined;
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
      const sameShape = images.findIndex(({ shape }) => shape.every((length, axis) => length === given.shape[axis]));
      measured ??= inputs[sameShape];
      const kept = sums(given);
      const taken = sameShape < 0 ? undefined : sums(images[sameShape]).map((sum, jet) => sum - kept[jet]);
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

/** Of all pixels of each image. */
function sums({ shape: [count], data }: JetImages): Float32Array {
  const size = data.length / count;
  return Float32Array.from({ length: count }, (_, jet) =>
    data.subarray(jet * size, (jet + 1) * size).reduce((sum, value) => sum + value, 0),
  );
}
