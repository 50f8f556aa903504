/** @file One pass over the jets of a file, which takes everything that the pictures show. */
import {
  countClasses,
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  makeImages,
  normaliseImages,
  pixelateOf,
  type Recipe,
  sizeOf,
  sliceJets,
} from '@jetsdk/jets';
import { type Averages, averages } from './averages.js';
import { type Corrections, corrections } from './corrections.js';
import { type Correlation, correlation } from './correlation.js';
import { type Kinematics, kinematics } from './kinematics.js';
import { type MassSteps, massSteps } from './masses.js';
import { inGev, type Prefix, prefixes } from './steps.js';

/** A jet that is shown by itself. */
export interface Example {
  /** number in the file, from 0 */
  readonly jet: number;
  readonly label: number;
  readonly jets: Jets;
}

/** The image of a jet that is shown by itself. */
export interface ExampleImage {
  /** number in the file, from 0 */
  readonly jet: number;
  readonly label: number;
  /** of one jet, before any normalisation */
  readonly image: JetImages;
}

export interface Survey {
  readonly name: string;
  readonly count: number;
  /** only classes that have jets; index = label */
  readonly classes: readonly string[];
  /** (classes,) jets */
  readonly counts: readonly number[];
  /** images before any normalisation */
  readonly averages: Averages;
  readonly images: readonly ExampleImage[];
  /** where the file holds constituents */
  readonly steps?: {
    readonly kinematics: Kinematics;
    readonly masses: MassSteps;
    readonly averages: readonly (Prefix & { readonly of: Averages })[];
    readonly examples: readonly Example[];
  };
  readonly correlation?: Correlation;
  /** where a regressor was asked */
  readonly corrections?: Corrections;
}

export interface SurveyOptions {
  /** how constituents become images; images in the file are taken as they are */
  readonly recipe: Recipe;
  readonly classes: readonly string[];
  /** jets to show by themselves, by their number in the file; default: the first `perClass` of each class */
  readonly examples?: readonly number[];
  /** default 1 */
  readonly perClass?: number;
  /** constituents whose four-vectors are shown, from 0; default 0, 10, 30 and 70 */
  readonly constituents?: readonly number[];
  /** number in the file of the source's first jet; default 0 */
  readonly firstJet?: number;
  /** correlate the pixels with what a network answers */
  readonly network?: {
    /** @returns (n,) one score per jet */
    score(jets: Jets | JetImages): Promise<Float32Array>;
    /** makes the images that the correlation is taken with; undefined: those of the file */
    readonly recipe: Recipe | undefined;
  };
  /** see what a network takes out of the jets */
  readonly regressor?: {
    /** @returns (n, height, width, channels) in the unit of the images that it reads */
    correct(jets: Jets): Promise<JetImages>;
    /** makes the images that it reads */
    readonly recipe: Recipe;
  };
  onProgress?(progress: { readonly done: number; readonly total: number }): void;
}

/** Numbers in the images of one chunk, at most. */
const CHUNK_PIXELS = 4e6;
const CHUNK_JETS = 1024;

/**
 * Goes through all jets once, in bounded memory.
 *
 * @throws {JetError} BAD_DATASET without jets, for constituents whose network has no recipe, or for images and a regressor; OUT_OF_RANGE for an
 *   example that is not there; BAD_ARGUMENT for a recipe without `pixelate`; what reading and scoring throw
 */
export async function survey(source: JetSource, options: SurveyOptions): Promise<Survey> {
  const { firstJet = 0 } = options;
  if (source.count === 0) throw new JetError('BAD_DATASET', `${source.name}: 0 jets; expected at least 1`, { jets: 0 });
  const { labels, classes, counts } = await classesOf(source, options.classes);
  const exampleJets = examplesOf(source, options, labels, classes);
  const constituents = source.kind === 'constituents';
  const { pixels } = pixelateOf(options.recipe);
  const size = constituents ? pixels ** 2 : sizeOf(source.jetShape);
  const chunk = Math.min(CHUNK_JETS, Math.max(16, Math.floor(CHUNK_PIXELS / size)));
  const whole = averages(classes.length);
  const examples: Example[] = [];
  const images: ExampleImage[] = [];
  const unnormalised = inGev(options.recipe);
  const steps = constituents
    ? {
        kinematics: kinematics(classes, options.constituents),
        masses: massSteps(options.recipe, classes),
        averages: prefixes(options.recipe).map((prefix) => ({ ...prefix, of: averages(classes.length) })),
        examples,
      }
    : undefined;
  const correlated = options.network && correlation();
  const { regressor } = options;
  const corrected = regressor && corrections(regressor.recipe);
  for (let start = 0; start < source.count; start += chunk) {
    const stop = Math.min(source.count, start + chunk);
    const part = await source.read(start, stop);
    const own = labels.subarray(start, stop);
    for (const jet of exampleJets)
      if (jet >= start && jet < stop) {
        const one = sliceJets(part, jet - start, jet - start + 1);
        const image = one.kind === 'images' ? one : makeImages(unnormalised, one);
        images.push({ jet: firstJet + jet, label: labels[jet], image: { ...image, data: image.data.slice() } });
      }
    if (part.kind === 'images') whole.add(part, own);
    else if (steps !== undefined) {
      steps.kinematics.add(part, own);
      steps.masses.add(part, own);
      for (const { recipe, of } of steps.averages) of.add(makeImages(recipe, part), own);
      for (const jet of exampleJets)
        if (jet >= start && jet < stop) {
          const one = sliceJets(part, jet - start, jet - start + 1);
          examples.push({
            jet: firstJet + jet,
            label: labels[jet],
            jets: { ...one, data: one.data.slice() },
          });
        }
    }
    if (options.network !== undefined && correlated !== undefined) {
      const seen = imagesOf(part, options.network.recipe, source.name);
      correlated.add(seen, await options.network.score(part));
    }
    if (regressor !== undefined && corrected !== undefined) {
      if (part.kind === 'images')
        throw new JetError(
          'BAD_DATASET',
          `${source.name}: it holds images; expected constituents, of which the regressor makes its images by the recipe ${regressor.recipe.name}`,
        );
      corrected.add(part, await regressor.correct(part));
    }
    options.onProgress?.({ done: stop, total: source.count });
  }
  const order = (a: { readonly jet: number }, b: { readonly jet: number }): number =>
    exampleJets.indexOf(a.jet - firstJet) - exampleJets.indexOf(b.jet - firstJet);
  examples.sort(order);
  images.sort(order);
  return {
    name: source.name,
    count: source.count,
    classes,
    counts,
    images,
    averages: steps === undefined ? whole : pixelated(steps.averages),
    ...(steps !== undefined && { steps }),
    ...(correlated !== undefined && { correlation: correlated }),
    ...(corrected !== undefined && { corrections: corrected }),
  };
}

/** What a network sees of the jets. */
function imagesOf(part: Jets | JetImages, recipe: Recipe | undefined, name: string): JetImages {
  if (part.kind === 'images') return recipe === undefined ? part : normaliseImages(recipe, part);
  if (recipe === undefined)
    throw new JetError('BAD_DATASET', `${name}: it holds constituents; expected a recipe that makes images of them`);
  return makeImages(recipe, part);
}

/** Averages of the last images before any normalisation. */
function pixelated(all: readonly (Prefix & { readonly of: Averages })[]): Averages {
  return all.findLast(({ recipe }) => recipe.steps.at(-1)!.step === 'pixelate')!.of;
}

/** Labels without gaps: only the classes that have jets, or one class where the file has no labels. */
async function classesOf(source: JetSource, names: readonly string[]) {
  const given = await source.labels();
  if (given === undefined) return { labels: new Uint8Array(source.count), classes: ['jets'], counts: [source.count] };
  const counts = new Array<number>(countClasses(given)).fill(0);
  for (const label of given) counts[label]++;
  const present = [...counts.keys()].filter((label) => counts[label] > 0);
  return {
    labels: given.map((label) => present.indexOf(label)),
    classes: present.map((label) => names[label] ?? `class ${label}`),
    counts: present.map((label) => counts[label]),
  };
}

/** Numbers of the jets to show, from the start of the source. */
function examplesOf(
  { name, count }: JetSource,
  { examples, firstJet = 0, perClass = 1 }: SurveyOptions,
  labels: Uint8Array,
  classes: readonly string[],
): readonly number[] {
  if (examples === undefined)
    return classes.flatMap((_, label) => {
      const first: number[] = [];
      for (let jet = 0; jet < labels.length && first.length < perClass; jet++)
        if (labels[jet] === label) first.push(jet);
      return first;
    });
  for (const jet of examples)
    if (jet < firstJet || jet >= firstJet + count)
      throw new JetError(
        'OUT_OF_RANGE',
        `${name}: jet ${jet}; expected one from ${firstJet} to ${firstJet + count - 1}`,
        { jet, first: firstJet, count },
      );
  return [...new Set(examples)].map((jet) => jet - firstJet);
}
