/** @file The jets that are being looked at: opened, gone through once, and shown one by one. */
import {
  concatSources,
  imager,
  JetError,
  type JetSource,
  jetKinematics,
  makeImages,
  memorySource,
  namedRecipe,
  pixelateOf,
  rangeSource,
  sha256Hex,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import type { JetImage } from '@jetsdk/plots';
import { averages, inGev, singleImage } from '@jetsdk/plots/survey';
import { breath } from './breath.js';
import { cutsOf, SLIDER_STEPS } from './cutSteps.js';
import { fileName, linkProblem } from './links.js';
import type { Task } from './rpc.js';
import { fetchFile } from './runtimeFiles.js';
import { twoClasses } from './twoClasses.js';

/** What is known of a file without reading its jets. */
export interface DataInfo {
  readonly name: string;
  readonly kind: 'constituents' | 'images';
  readonly count: number;
  /** jets of the file, where only some of them are looked at */
  readonly of: number | undefined;
  readonly jetShape: readonly number[];
  /** whether constituents come with their electric charge, and with the collision each is from */
  readonly charges: boolean;
  readonly vertices: boolean;
  /** names of background and signal, where they are known */
  readonly classes: readonly string[] | undefined;
  /** (count,) 0 = background, 1 = signal */
  readonly labels: Uint8Array | undefined;
}

/** What going through all jets tells. */
export interface Survey {
  /** mean of the jets of each class (of all jets where there are no labels), first channel */
  readonly averages: readonly AverageImage[];
  readonly halfWidth: number | undefined;
  /** GeV; constituents only */
  readonly mass: Float64Array | undefined;
}

export interface AverageImage extends JetImage {
  /** undefined: all jets */
  readonly label: 0 | 1 | undefined;
  readonly jets: number;
}

/** Mean images of one class at each step of a cut. */
export interface AveragesByCut {
  /** undefined: all jets */
  readonly label: 0 | 1 | undefined;
  readonly shape: readonly [height: number, width: number];
  /** the cut goes from 0 to 1 in so many */
  readonly steps: number;
  /** (steps + 1,) jets that pass */
  readonly jets: Float64Array;
  /** (steps + 1, height, width) */
  readonly means: Float32Array;
}

/** A file of the visitor, a file of the site, or the address of any other, of which at most so many jets are looked at. */
export type JetsFrom =
  | { readonly file: File }
  | { readonly site: string }
  | { readonly address: string; readonly most: number };

interface OpenedJets {
  readonly source: JetSource;
  /** jets of the file, where the source has only some of them */
  readonly of?: number;
  /** where it is here as a whole */
  readonly file?: File;
}

const SLICE = 256;

const jsroot = () => import('jsroot/io');

async function openFrom(from: JetsFrom, task: Task): Promise<OpenedJets> {
  if ('file' in from) return { source: await openJets(from.file, { jsroot }), file: from.file };
  if ('site' in from) {
    const file = await fetchFile(from.site, task);
    return { source: await openJets(file), file };
  }
  try {
    const whole = await openJets(from.address, { jsroot });
    try {
      const source = await sample(whole, fileName(from.address), from.most, task);
      return whole.count > source.count ? { source, of: whole.count } : { source };
    } finally {
      whole.close();
    }
  } catch (error) {
    throw linkProblem(from.address, error);
  }
}

/**
 * Fetches jets of a file on a server. Of many it takes half from the beginning and half from the end, since classes often lie one
 * after the other.
 */
async function sample(whole: JetSource, name: string, most: number, task: Task): Promise<JetSource> {
  const first = Math.ceil(most / 2);
  const some =
    whole.count <= most
      ? whole
      : await concatSources([
          rangeSource(whole, 0, first),
          rangeSource(whole, whole.count - most + first, whole.count),
        ]);
  const rest = breath(task.signal);
  const parts = [];
  for (let start = 0; start < some.count; start += SLICE) {
    const end = Math.min(start + SLICE, some.count);
    parts.push({ jets: await some.read(start, end), start, end });
    task.progress({ done: end, total: some.count });
    await rest();
  }
  const labels = await some.labels();
  const { classes } = whole;
  return concatSources(
    parts.map(({ jets, start, end }) =>
      memorySource(jets, { name, ...(classes && { classes }), ...(labels && { labels: labels.slice(start, end) }) }),
    ),
  );
}

/** A hash needs the whole file in memory. */
const MAX_HASHED = 2 ** 30;

async function hashOf(file: File | undefined): Promise<string | undefined> {
  if (file === undefined || file.size > MAX_HASHED) return undefined;
  const bytes = await file.arrayBuffer();
  // pages that are not served securely have no WebCrypto
  if (globalThis.crypto?.subtle === undefined) return sha256Hex(new Uint8Array(bytes));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function jetFile() {
  let opened:
    | { readonly source: JetSource; readonly labels: Uint8Array | undefined; readonly file: File | undefined }
    | undefined;
  let hash: Promise<string | undefined> | undefined;

  const current = (): NonNullable<typeof opened> => {
    if (opened === undefined) throw new JetError('BAD_ARGUMENT', 'dashboard: no jets are open; open a file first');
    return opened;
  };
  /** Labels, and what else comes with the constituents. */
  const looked = async (source: JetSource, task: Task) => {
    const rest = breath(task.signal);
    try {
      const labels = await source.labels((progress) => {
        task.progress(progress);
        return rest();
      });
      const one = source.count > 0 && source.kind === 'constituents' ? await source.read(0, 1) : undefined;
      const jet = one?.kind === 'constituents' ? one : undefined;
      return { labels, charges: jet?.charge !== undefined, vertices: jet?.vertex !== undefined };
    } catch (error) {
      source.close();
      throw error;
    }
  };

  return {
    source: (): JetSource => current().source,

    async open(from: JetsFrom, task: Task): Promise<DataInfo> {
      const { source, of, file } = await openFrom(from, task);
      const { labels: found, charges, vertices } = await looked(source, task);
      const { name, kind, count, jetShape } = source;
      const { labels, classes } = twoClasses({ labels: found, classes: source.classes });
      if (count === 0)
        throw new JetError('BAD_DATASET', `${name}: 0 jets; expected at least 1; choose another file`, { jets: 0 });
      opened?.source.close();
      opened = { source, labels, file };
      hash = undefined;
      return { name, kind, count, of, jetShape, charges, vertices, classes, labels };
    },

    /** SHA-256 of the file, hexadecimal; undefined where it is on a server, or too large to be told in a moment. */
    sha256(): Promise<string | undefined> {
      hash ??= hashOf(current().file);
      return hash;
    },

    /** @param input the named recipe that makes images of constituents */
    async survey({ recipe }: { readonly recipe: string }, task: Task): Promise<Survey> {
      const { source, labels } = current();
      const mass = source.kind === 'constituents' ? new Float64Array(source.count) : undefined;
      const averages = await average(source, labels, recipe, task, (part, start) => {
        if (part.kind === 'constituents') mass?.set(jetKinematics(part).mass, start);
      });
      return {
        averages,
        halfWidth: source.kind === 'constituents' ? pixelateOf(namedRecipe(recipe)).halfWidth : undefined,
        mass,
      };
    },

    /**
     * Mean images of what passes at each step of a cut.
     *
     * @param input.scores (count,) in [0, 1]
     */
    averagesByCut(
      { recipe, scores }: { readonly recipe: string; readonly scores: Float32Array },
      task: Task,
    ): Promise<readonly AveragesByCut[]> {
      const { source, labels } = current();
      return averageByCut(source, labels, recipe, task, scores);
    },

    /** Images of single jets in GeV (of constituents) or as they are in the file, first channel. */
    async images({ jets, recipe }: { readonly jets: readonly number[]; readonly recipe: string }): Promise<JetImage[]> {
      const { source } = current();
      const pictures: JetImage[] = [];
      for (const jet of jets) {
        const one = await source.read(jet, jet + 1);
        pictures.push(singleImage(one.kind === 'images' ? one : makeImages(inGev(namedRecipe(recipe)), one)));
      }
      return pictures;
    },
  };
}

/** Mean images of each class. */
async function average(
  source: JetSource,
  labels: Uint8Array | undefined,
  recipe: string,
  task: Task,
  see: (part: Awaited<ReturnType<JetSource['read']>>, start: number) => void,
): Promise<AverageImage[]> {
  const classes = labels === undefined ? ([undefined] as const) : ([0, 1] as const);
  const means = averages(classes.length);
  for await (const { part, images, start, end } of imagesOf(source, recipe, task)) {
    see(part, start);
    means.add(images, labels?.subarray(start, end) ?? new Uint8Array(end - start));
  }
  return classes.flatMap((label, i) => {
    const image = means.image(i);
    return image === undefined ? [] : [{ label, jets: means.counts[i], ...image }];
  });
}

/** Goes through all jets, in slices, and lets messages in. */
async function* imagesOf(source: JetSource, recipe: string, task: Task) {
  const toImages = inGev(namedRecipe(recipe));
  const rest = breath(task.signal);
  for (let start = 0; start < source.count; start += SLICE) {
    const end = Math.min(start + SLICE, source.count);
    const part = await source.read(start, end);
    yield { part, images: part.kind === 'images' ? part : makeImages(toImages, part), start, end };
    task.progress({ done: end, total: source.count });
    await rest();
  }
}

/** Numbers that are held for the steps of a cut; large images have fewer steps. */
const STEP_NUMBERS = 8e6;

async function averageByCut(
  source: JetSource,
  labels: Uint8Array | undefined,
  recipe: string,
  task: Task,
  scores: Float32Array,
): Promise<AveragesByCut[]> {
  const classes = labels === undefined ? ([undefined] as const) : ([0, 1] as const);
  const [height, width] = source.kind === 'images' ? source.jetShape : imager(inGev(namedRecipe(recipe))).shape;
  const size = height * width;
  const steps = Math.max(10, Math.min(SLIDER_STEPS, Math.floor(STEP_NUMBERS / (size * classes.length))));
  const last = cutsOf(scores, steps);
  const sums = classes.map(() => new Float64Array((steps + 1) * size));
  const jets = classes.map(() => new Float64Array(steps + 1));
  for await (const { images, start } of imagesOf(source, recipe, task)) {
    const [count, , , channels] = images.shape;
    for (let i = 0; i < count; i++) {
      const label = labels?.[start + i] ?? 0;
      const step = last[start + i];
      jets[label][step]++;
      const sum = sums[label];
      for (let pixel = step * size, at = i * size * channels; pixel < (step + 1) * size; pixel++, at += channels)
        if (images.data[at] !== 0) sum[pixel] += images.data[at];
    }
  }
  return classes.map((label, i) => {
    const means = new Float32Array(sums[i].length);
    for (let step = steps; step >= 0; step--) {
      if (step < steps) jets[i][step] += jets[i][step + 1];
      const count = Math.max(1, jets[i][step]);
      for (let pixel = step * size; pixel < (step + 1) * size; pixel++) {
        if (step < steps) sums[i][pixel] += sums[i][pixel + size];
        means[pixel] = sums[i][pixel] / count;
      }
    }
    return { label, shape: [height, width], steps, jets: jets[i], means };
  });
}
