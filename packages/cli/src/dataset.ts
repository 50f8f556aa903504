/** @file Jets of a file as images in memory, ready for training or pictures. */
import {
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  jetImages,
  jetKinematics,
  jets,
  makeImages,
  normaliseImages,
  type Recipe,
  type Where,
  whereSource,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { type Layout, layoutOf } from './options.js';
import { rowsOf } from './rowsOf.js';
import { progress } from './terminal.js';

/** Jets read at a time. */
const CHUNK = 1024;

/** What a network takes of a jet: an image by a recipe, or the four-vectors of so many leading constituents. */
export type InputForm = Recipe | { readonly constituents: number };

/** The form that fits a network. @param inputShape of one jet: [height, width, channels] or [constituents, 4] */
export function inputForm(inputShape: readonly number[], recipe: Recipe | undefined): InputForm | undefined {
  return inputShape.length === 2 ? { constituents: inputShape[0] } : recipe;
}

/** What a network takes, with the labels. */
export interface LabelledInputs {
  readonly inputs: JetImages | Jets;
  /** (n,) 0 = background, 1 = signal */
  readonly labels: Uint8Array;
  /** (n,) transverse momentum of the jets in GeV, where it was asked for */
  readonly pt?: Float64Array;
  /** index = label, where the file tells them */
  readonly classes?: readonly string[];
}

/** Which jets of a file, and what of them. */
export interface Selection {
  /** first jet and the one after the last */
  readonly rows?: readonly [start: number, stop: number | undefined];
  readonly where?: Where;
  /** gives the pT of the jets as well */
  readonly pt?: true;
  /** of a ROOT or Parquet file */
  readonly layout?: Layout;
}

/**
 * Reads jets of a file as the inputs of a network.
 *
 * @param form without one, images stay as they are
 * @throws {JetError} BAD_DATASET if the file has no labels, or constituents and no recipe is given, or images where the
 *   pT is asked for
 */
export async function readLabelledInputs(
  path: string,
  form: InputForm | undefined,
  label: string,
  { rows, where, pt, layout }: Selection = {},
): Promise<LabelledInputs> {
  const file = await openJets(path, layoutOf(layout));
  try {
    const part = rowsOf(file, rows);
    const source = where === undefined ? part : await whereSource(part, where);
    const labels = await source.labels();
    if (labels === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${path}: it has ${source.count} jets and no labels; a network learns from labelled jets`,
        { path, jets: source.count },
      );
    const momenta = pt && new Float64Array(source.count);
    const inputs = await readInputs(
      source,
      form,
      label,
      momenta && ((part, start) => momenta.set(transverseMomenta(part, path), start)),
    );
    return {
      inputs,
      labels,
      ...(momenta && { pt: momenta }),
      ...(source.classes && { classes: source.classes }),
    };
  } finally {
    file.close();
  }
}

function transverseMomenta(part: Jets | JetImages, path: string): Float64Array {
  if (part.kind === 'images')
    throw new JetError('BAD_DATASET', `${path}: it holds images; the pT of a jet is known from its constituents`, {
      path,
    });
  return jetKinematics(part).pt;
}

/**
 * All jets of an open source as the inputs of a network, with progress.
 *
 * @param onPart sees the jets as they are in the file, from jet `start` on
 */
export async function readInputs(
  source: JetSource,
  form: InputForm | undefined,
  label: string,
  onPart?: (part: Jets | JetImages, start: number) => void,
): Promise<JetImages | Jets> {
  let data = new Float32Array(0);
  let shape: readonly number[] = [];
  const bar = progress(label, source.count, 'jets');
  try {
    for (let start = 0; start < source.count; start += CHUNK) {
      const stop = Math.min(source.count, start + CHUNK);
      const read = await source.read(start, stop);
      onPart?.(read, start);
      const part = toInputs(read, form, source.name);
      const size = part.data.length / (stop - start);
      if (start === 0) data = new Float32Array(source.count * size);
      data.set(part.data, start * size);
      shape = part.shape.slice(1);
      bar.update(stop);
    }
  } finally {
    bar.stop();
  }
  const [first = 1, second = 1, third] = shape;
  return third === undefined ? jets(data, first) : jetImages(data, [first, second, third]);
}

/**
 * Jets in memory as the inputs of a network.
 *
 * @throws {JetError} BAD_DATASET for constituents without a recipe, or images where constituents are needed
 */
export function toInputs(given: Jets | JetImages, form: InputForm | undefined, name = 'jets'): JetImages | Jets {
  if (form !== undefined && 'constituents' in form) return leading(given, form.constituents, name);
  if (given.kind === 'images') return form === undefined ? given : normaliseImages(form, given);
  if (form === undefined)
    throw new JetError('BAD_DATASET', `${name}: it holds constituents; say with --recipe how they become images`);
  return makeImages(form, given);
}

/** The first constituents of every jet, padded with zeros where there are fewer. */
function leading(given: Jets | JetImages, count: number, name: string): Jets {
  if (given.kind === 'images')
    throw new JetError('BAD_DATASET', `${name}: it holds images; this network takes ${count} constituents of a jet`);
  const [all, slots] = given.shape;
  const data = new Float32Array(all * count * 4);
  const kept = Math.min(slots, count) * 4;
  for (let jet = 0; jet < all; jet++)
    data.set(given.data.subarray(jet * slots * 4, jet * slots * 4 + kept), jet * count * 4);
  return jets(data, count);
}
