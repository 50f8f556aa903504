/** @file The pictures of a file of jets as a book: what stands where, and what is said of it. */
import { pixelateOf, type Recipe, SDK_VERSION } from '@jetsdk/jets';
import { totalOf } from '../counts/binned.js';
import { formatCount, formatJets } from '../parts/formatNumber.js';
import { type FilterBank, filters } from '../pictures/filters.js';
import { binnedHistogram, type HistogramPanel, histogramRow } from '../pictures/histogram.js';
import { type JetImage, jetImage, jetImageGrid } from '../pictures/jetImage.js';
import { pixelCorrelation } from '../pictures/pixelCorrelation.js';
import { recipeStrip } from '../pictures/recipeStrip.js';
import type { BookPicture, BookSection, PictureBook } from '../report/pictureBook.js';
import { correctionPictures } from './correctionPictures.js';
import type { ConstituentQuantities, Quantity } from './kinematics.js';
import { singleImage } from './singleImage.js';
import { quantityAfter } from './steps.js';
import { averageStrip, changeTable, exampleStrip, exampleTable, mean, percent } from './strips.js';
import type { Survey } from './survey.js';

export interface BookRequest {
  readonly title: string;
  readonly survey: Survey;
  readonly recipe: Recipe;
  readonly network?: {
    readonly name: string;
    /** made the images of the correlation; undefined: images of the file */
    readonly recipe: Recipe | undefined;
    /** or why there are none */
    readonly filters: FilterBank | string;
    /** of a regressor: half the side of the images that it gives */
    readonly halfWidth?: number;
  };
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly command: string;
}

/** Filters in one picture, at most, and their pixels. */
const FILTERS = 64;
const FILTER_PIXELS = 2 ** 14;

export function jetPictures({ title, survey, recipe, network, facts, command }: BookRequest): PictureBook {
  const { steps, classes, counts } = survey;
  const shares = classes.map((name, label) => jetsOf(counts[label], name));
  return {
    title,
    summary: `${shares.join(' and ')}.${steps === undefined ? ' The file holds images: what needs constituents is left out.' : ''}`,
    sections: [
      ...(steps === undefined
        ? []
        : [kinematicSection(steps.kinematics.jets), constituentSection(survey, steps.kinematics.constituents)]),
      imageSection(survey, recipe),
      ...(survey.images.length === 0 ? [] : [singleSection(survey, recipe)]),
      ...(steps === undefined ? [] : [stepSection(survey, steps, recipe), massSection(survey, steps, recipe)]),
      ...(network === undefined ? [] : [networkSection(survey, network)]),
    ],
    facts: [...facts, { label: 'Jet SDK', value: SDK_VERSION }],
    command,
  };
}

function kinematicSection(quantities: readonly Quantity[]): BookSection {
  return {
    id: 'kinematics',
    heading: 'The jets',
    text: 'Each class is normalised to its own number of jets, in bins that all classes share.',
    pictures: quantities.map(({ name, label, unit, values }) => {
      const binned = values.binned();
      return {
        name,
        caption: `${label}${label.startsWith('Jet') ? ', of the summed constituents' : ''}.`,
        draw: (options) => binnedHistogram(binned, { ...options, label, unit }),
      };
    }),
  };
}

const ordinal = (index: number): string => {
  const place = index + 1;
  const ending = place % 100 > 10 && place % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][place % 10] ?? 'th');
  return `${place}${ending}`;
};

/** 1 top jet, 2,000 QCD jets, 30 jets. */
function jetsOf(count: number, name: string): string {
  return name === 'jets' ? formatJets(count) : `${formatCount(count)} ${name} ${count === 1 ? 'jet' : 'jets'}`;
}

/** How much of a class the panels leave out, at most. */
function beyond(panels: readonly HistogramPanel[]): string {
  const shares = panels.flatMap(({ binned }) =>
    binned.classes.map((one) => (one.below + one.above) / Math.max(1, totalOf(one))),
  );
  const most = Math.max(...shares);
  return most === 0 ? '' : ` Of each class at most ${percent(most)} lies beyond an axis.`;
}

function constituentSection({ classes, counts }: Survey, constituents: readonly ConstituentQuantities[]): BookSection {
  const absent: string[] = [];
  const pictures = constituents.flatMap(({ index, quantities }): BookPicture[] => {
    const having = quantities[0].values.counts;
    if (having.every((count) => count === 0)) {
      absent.push(`No jet has a constituent ${index}, the ${ordinal(index)}.`);
      return [];
    }
    const panels = quantities.map(({ label, unit, values }) => ({ label, unit, binned: values.binned(40) }));
    const missing = classes.flatMap((name, label) => {
      const without = counts[label] - having[label];
      return without === 0 ? [] : [`${jetsOf(without, name)} (${percent(without / counts[label])})`];
    });
    return [
      {
        name: `constituent-${index}`,
        wide: true,
        caption: `Constituent ${index}, the ${ordinal(index)} of the list. ${missing.length === 0 ? 'Every jet has one.' : `${missing.join(' and ')} have none and are not drawn.`}${beyond(panels)}`,
        draw: (options) => histogramRow(panels, { ...options, heading: `Constituent ${index}` }),
      },
    ];
  });
  return {
    id: 'constituents',
    heading: 'Constituents',
    text: `Four-vectors of single constituents in the order of the file, counted from 0. Each class is normalised to its jets that have one, and each panel has a vertical scale of its own. ${absent.join(' ')}`.trim(),
    pictures,
  };
}

function imageSection({ averages, classes, counts, steps }: Survey, recipe: Recipe): BookSection {
  const pixelate = pixelateOf(recipe);
  const channels = Array.from({ length: averages.channels }, (_, i) => ({
    quantity: steps === undefined ? 'Pixel value' : quantityAfter(pixelate, pixelate, i),
    suffix: averages.channels === 1 ? '' : `-${steps === undefined ? i + 1 : pixelate.channels[i]}`,
  }));
  const halfWidth = steps === undefined ? {} : { halfWidth: pixelate.halfWidth };
  return {
    id: 'images',
    heading: 'Average images',
    ...(steps !== undefined && { text: `By the recipe ${recipe.name}, before any normalisation.` }),
    pictures: channels.flatMap(({ quantity, suffix }, channel): BookPicture[] => {
      const images = classes.flatMap((name, label) => {
        const image = averages.image(label, channel);
        return image === undefined ? [] : [{ ...image, title: `${name}, ${formatJets(counts[label])}` }];
      });
      const [background, signal] = images;
      return [
        {
          name: `average-images${suffix}`,
          wide: images.length > 1,
          caption: 'Mean image of each class. Logarithmic colour scale; empty pixels are left blank.',
          draw: (options) =>
            jetImageGrid(images, {
              ...options,
              ...halfWidth,
              quantity: mean(quantity),
              width: images.length === 1 ? 520 : 940,
            }),
        },
        ...(background === undefined || signal === undefined
          ? []
          : [
              differencePicture(`difference${suffix}`, classes, background, signal, 'diverging-log', {
                ...halfWidth,
                quantity: `Δ ${mean(quantity)}`,
              }),
              differencePicture(`difference-linear${suffix}`, classes, background, signal, 'diverging', {
                ...halfWidth,
                quantity: `Δ ${mean(quantity)}`,
              }),
            ]),
      ];
    }),
  };
}

/** Large images of the jets that are shown by themselves. */
function singleSection({ images, classes, steps }: Survey, recipe: Recipe): BookSection {
  const pixelate = steps && pixelateOf(recipe);
  const channels = images[0].image.shape[3];
  return {
    id: 'jets',
    heading: 'Single jets',
    ...(pixelate && { text: `By the recipe ${recipe.name}, before any normalisation.` }),
    pictures: images.flatMap(({ jet, label, image }) =>
      Array.from({ length: channels }, (_, channel): BookPicture => {
        const suffix = channels === 1 ? '' : `-${pixelate?.channels[channel] ?? channel + 1}`;
        return {
          name: `jet-${jet}${suffix}`,
          caption: `Jet ${jet} of the file, ${classes[label]}. Logarithmic colour scale; empty pixels are left blank.`,
          draw: (options) =>
            jetImage(
              { ...singleImage(image, 0, channel), title: `Jet ${jet}, ${classes[label]}` },
              {
                ...options,
                width: 520,
                quantity: pixelate === undefined ? 'Pixel value' : quantityAfter(pixelate, pixelate, channel),
                ...(pixelate && { halfWidth: pixelate.halfWidth }),
              },
            ),
        };
      }),
    ),
  };
}

function differencePicture(
  name: string,
  [background, signal]: readonly string[],
  of: JetImage,
  minuend: JetImage,
  scale: 'diverging' | 'diverging-log',
  shared: { readonly halfWidth?: number; readonly quantity: string },
): BookPicture {
  const image: JetImage = {
    shape: of.shape,
    pixels: Float64Array.from(minuend.pixels, (value, i) => value - of.pixels[i]),
    title: `${signal} − ${background}`,
  };
  return {
    name,
    caption: `${signal} minus ${background}: red where there is more, blue where there is less, ${scale === 'diverging' ? 'on a linear scale' : 'logarithmic on both sides of zero'}.`,
    draw: (options) => jetImage(image, { ...options, ...shared, scale }),
  };
}

function stepSection(survey: Survey, steps: NonNullable<Survey['steps']>, recipe: Recipe): BookSection {
  const average = averageStrip(survey, steps);
  return {
    id: 'steps',
    heading: 'The recipe step by step',
    text: `Single jets first: before pixelate each disc is a constituent, its area in proportion to p_{T}. The jet mass stands above each picture, of the pixels once there are pixels; after a normalisation they are no longer in GeV and have no mass.`,
    pictures: [
      ...steps.examples.map((example): BookPicture => {
        const strip = exampleStrip(recipe, example);
        const name = survey.classes[example.label];
        return {
          name: `steps-jet-${example.jet}`,
          wide: true,
          caption: `Jet ${example.jet} of the file, ${name}.`,
          draw: (options) => recipeStrip(strip, options),
        };
      }),
      {
        name: 'steps-average',
        wide: true,
        caption:
          'Mean image of each class after each step: as listed over the whole of η and φ, then in the window of the recipe.',
        draw: (options) => recipeStrip(average, options),
      },
    ],
    tables: steps.examples.length === 0 ? [] : [exampleTable(recipe, steps.examples, survey.classes)],
  };
}

function massSection(survey: Survey, steps: NonNullable<Survey['steps']>, recipe: Recipe): BookSection {
  const { masses } = steps;
  return {
    id: 'mass',
    heading: 'What the steps do to the jet mass',
    text: 'Plain rotation turns the (η, φ) plane and changes the mass. Lorentz-style rotation turns the momenta about the jet axis and keeps it. Pixels move constituents to their middle and lose what lies outside the window.',
    pictures: masses.distributions.map((tally, label) => {
      const binned = tally.binned();
      const name = survey.classes[label];
      return {
        name: `mass-steps-${name.replace(/\W+/g, '-')}`,
        caption: `Mass of ${name === 'jets' ? name : `${name} jets`} before and after the steps on constituents, for each kind of rotation, and of the pixels by the recipe's own.`,
        draw: (options) => binnedHistogram(binned, { ...options, label: 'Jet mass', unit: 'GeV', heading: name }),
      };
    }),
    tables: [
      {
        ...changeTable(recipe, survey.classes, steps),
        note: 'Each step against the mass just before it. Normalising takes the pixels out of GeV: there is no mass to compare. Jets below 1 MeV are left out.',
      },
    ],
  };
}

function networkSection(
  { correlation, corrections }: Survey,
  { name, recipe, filters: bank, halfWidth: given = 0 }: NonNullable<BookRequest['network']>,
): BookSection {
  const pictures =
    corrections === undefined ? scorePictures(correlation, name, recipe) : correctionPictures(corrections, name, given);
  const said = pictures.length === 0 ? [`${name} gives every jet the same score: nothing correlates with it.`] : [];
  if (typeof bank === 'string') said.push(`No filters are drawn: ${bank}.`);
  else pictures.push(...filterPictures(bank));
  return {
    id: 'network',
    heading: 'What the network looks at',
    ...(said.length > 0 && { text: said.join(' ') }),
    pictures,
  };
}

/** Correlation of each pixel with the score. @param recipe made the images; undefined: those of the file */
function scorePictures(correlation: Survey['correlation'], name: string, recipe: Recipe | undefined): BookPicture[] {
  const channels = recipe === undefined ? ['pt'] : pixelateOf(recipe).channels;
  const halfWidth = recipe === undefined ? {} : { halfWidth: pixelateOf(recipe).halfWidth };
  return channels.flatMap((channel, i): BookPicture[] => {
    const image = correlation?.image(i);
    return image === undefined
      ? []
      : [
          {
            name: `correlation${channels.length === 1 ? '' : `-${channel}`}`,
            caption: `Correlation of each pixel${channels.length === 1 ? '' : ` (${channel})`} with the score of ${name}: red pixels speak for signal, blue ones against. Pixels that are the same in all jets are left blank.`,
            draw: (options) => pixelCorrelation(image, { ...options, ...halfWidth }),
          },
        ];
  });
}

function filterPictures(bank: FilterBank): BookPicture[] {
  const [height, width, channels, count] = bank.shape;
  const shown = Math.min(count, FILTERS, Math.max(1, Math.floor(FILTER_PIXELS / (height * width))));
  const kept: FilterBank =
    shown === count
      ? bank
      : {
          shape: [height, width, channels, shown],
          weights: Float32Array.from(
            { length: height * width * channels * shown },
            (_, i) => bank.weights[Math.floor(i / shown) * count + (i % shown)],
          ),
        };
  return Array.from({ length: channels }, (_, channel) => ({
    name: `filters${channels === 1 ? '' : `-${channel + 1}`}`,
    caption: `${shown === count ? `The ${count}` : `The first ${shown} of ${count}`} filters of the first layer${channels === 1 ? '' : `, channel ${channel + 1}`}, as the images lie: η to the right, φ upwards.`,
    ...(shown > 16 && { wide: true }),
    draw: (options) =>
      filters(kept, channel, { ...options, ...(shown > 16 ? { columns: 16, width: 1072 } : { width: 520 }) }),
  }));
}
