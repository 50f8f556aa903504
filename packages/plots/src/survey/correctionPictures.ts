/** @file The pictures of what a regressor does to jets. */
import { pixelateOf } from '@jetsdk/jets';
import { jetImage, jetImageGrid } from '../pictures/jetImage.js';
import type { BookPicture } from '../report/pictureBook.js';
import type { CorrectedInput, Corrections } from './corrections.js';
import { quantityAfter } from './steps.js';
import { mean } from './strips.js';

/** @param name of the regressor @param halfWidth of the images that it gives */
export function correctionPictures(seen: Corrections, name: string, halfWidth: number): BookPicture[] {
  return [
    ...changePictures(seen, name, halfWidth),
    ...seen.inputs
      .filter(({ average }) => average !== seen.measured?.average)
      .flatMap((input) =>
        channelsOf(input).flatMap(({ channel, suffix, quantity, window }): BookPicture[] => {
          const image = input.average.image(0, channel);
          return image === undefined
            ? []
            : [
                {
                  name: `average-${input.name}${suffix}`,
                  caption: `Mean image ${input.name} of all jets. Logarithmic colour scale; empty pixels are left blank.`,
                  draw: (options) =>
                    jetImage(image, { ...options, halfWidth: window, quantity: mean(quantity), width: 520 }),
                },
              ];
        }),
      ),
    ...seen.inputs.flatMap((input) => correlationPictures(input, name)),
  ];
}

/** The measured image beside the corrected one, and their difference. */
function changePictures(seen: Corrections, name: string, halfWidth: number): BookPicture[] {
  return Array.from({ length: seen.corrected.channels }, (_, channel): BookPicture[] => {
    const suffix = seen.corrected.channels === 1 ? '' : `-${channel + 1}`;
    const [before, after] = [seen.measured?.average.image(0, channel), seen.corrected.image(0, channel)];
    const images = [
      ...(before === undefined ? [] : [{ ...before, title: `${seen.measured?.name}, measured` }]),
      ...(after === undefined ? [] : [{ ...after, title: 'corrected' }]),
    ];
    const change = seen.change(channel);
    return [
      {
        name: `corrected${suffix}`,
        wide: images.length > 1,
        caption: `Mean image of all jets, measured and as ${name} gives it. Logarithmic colour scale; empty pixels are left blank.`,
        draw: (options) =>
          jetImageGrid(images, { ...options, halfWidth, quantity: 'Mean p_{T} (GeV)', width: 460 * images.length }),
      },
      ...(change === undefined
        ? []
        : [
            {
              name: `taken${suffix}`,
              caption: `Corrected minus measured: blue where ${name} takes momentum away, red where it adds some; on a linear scale.`,
              draw: (options) =>
                jetImage(change, {
                  ...options,
                  halfWidth,
                  quantity: 'Δ Mean p_{T} (GeV)',
                  scale: 'diverging',
                  width: 520,
                }),
            } satisfies BookPicture,
          ]),
    ];
  }).flat();
}

/** Correlation of each pixel of an input with what is kept and with what is taken away, on one scale. */
function correlationPictures(input: CorrectedInput, name: string): BookPicture[] {
  const of = [
    { correlation: input.withKept, title: 'with the p_{T} that is kept' },
    { correlation: input.withTaken, title: 'with the p_{T} that is taken away' },
  ];
  return channelsOf(input).flatMap(({ channel, suffix, window }): BookPicture[] => {
    const images = of.flatMap(({ correlation, title }) => {
      const image = correlation.image(channel);
      return image === undefined ? [] : [{ ...image, title }];
    });
    return images.length === 0
      ? []
      : [
          {
            name: `correlation-${input.name}${suffix}`,
            wide: images.length > 1,
            caption: `Correlation of each pixel of the image ${input.name} with the p_{T} that ${name} keeps or takes away in the whole image: red where more goes with more, blue where it goes with less. Pixels that are the same in all jets are left blank.`,
            draw: (options) =>
              jetImageGrid(images, {
                ...options,
                halfWidth: window,
                quantity: 'Correlation',
                scale: 'diverging',
                width: 460 * images.length,
              }),
          },
        ];
  });
}

function channelsOf({ recipe }: CorrectedInput) {
  const pixelate = pixelateOf(recipe);
  const { channels, halfWidth: window } = pixelate;
  return channels.map((kind, channel) => ({
    channel,
    suffix: channels.length === 1 ? '' : `-${kind}`,
    quantity: quantityAfter(recipe.steps.at(-1)!, pixelate, channel),
    window,
  }));
}
