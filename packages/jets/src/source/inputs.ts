/** @file Jets as what a network takes, ready for training, scoring or pictures. */

import { counted } from '../counted.js';
import { JetError } from '../errors.js';
import { type JetImages, type Jets, jetImages, jets } from '../jets.js';
import { MEMORY_REMEDY, memoryFor } from '../memoryBudget.js';
import { jetKinematics } from '../observables.js';
import type { Progress } from '../progress.js';
import { makeImages } from '../recipe/imager.js';
import { normaliseImages } from '../recipe/normaliser.js';
import type { Recipe } from '../recipe/recipe.js';
import { sizeOf } from '../tensor.js';
import { turn } from '../turn.js';
import { requireSource } from './checks.js';
import type { JetSource } from './source.js';

/** Jets read at a time, fewer where their inputs are large. */
const CHUNK = 1024;
const CHUNK_BYTES = 2 ** 26;

/** What a network takes of a jet: an image by a recipe, or the four-vectors of its leading constituents. */
export type InputForm = Recipe | { readonly constituents: number };

/**
 * The form that fits a network.
 *
 * @param inputShape of one jet: [height, width, channels] or [constituents, 4]
 * @returns undefined for images that are taken as they are
 */
export function inputForm(inputShape: readonly number[], recipe: Recipe | undefined): InputForm | undefined {
  return inputShape.length === 2 ? { constituents: inputShape[0] } : recipe;
}

/**
 * Jets in memory as the inputs of a network.
 *
 * @param form undefined: images stay as they are
 * @param name of the jets, for messages
 * @throws {JetError} BAD_DATASET for constituents without a recipe, or images where constituents are needed
 */
export function toInputs(given: Jets | JetImages, form: InputForm | undefined, name = 'jets'): JetImages | Jets {
  if (form !== undefined && 'constituents' in form) return leading(given, form.constituents, name);
  if (given.kind === 'images') return form === undefined ? given : normaliseImages(form, given);
  if (form === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${name}: got constituents and no recipe; expected one that makes them images; name it with the option recipe`,
    );
  return makeImages(form, given);
}

export interface ReadInputsOptions {
  /** jets read so far */
  onProgress?(progress: Progress): void;
  /** sees the jets as they are in the file, from jet `start` on */
  onPart?(part: Jets | JetImages, start: number): void;
  /** largest size of the result accepted; default 4 GiB */
  readonly maxBytes?: number;
}

/**
 * The inputs of a network that a source gives, as a source: they are made when they are read. Closing it closes the
 * whole.
 *
 * @param form undefined: images stay as they are
 * @throws {JetError} as `toInputs`
 */
export async function inputSource(source: JetSource, form: InputForm | undefined): Promise<JetSource> {
  requireSource('inputSource', source);
  const { name, count, classes, ids, column } = source;
  const { kind, shape } = toInputs(await source.read(0, 0), form, name);
  return {
    name,
    kind,
    count,
    jetShape: shape.slice(1),
    ...(classes && { classes }),
    read: async (start, stop) => toInputs(await source.read(start, stop), form, name),
    labels: () => source.labels(),
    ...(ids && { ids: async () => source.ids?.() }),
    ...(column && { column: (wanted) => column.call(source, wanted) }),
    close: () => source.close(),
  };
}

/**
 * All jets of a source as the inputs of a network.
 *
 * @param form undefined: images stay as they are
 * @throws {JetError} as `toInputs` and the source's `read`; LIMIT_EXCEEDED above `maxBytes`
 */
export async function readInputs(
  source: JetSource,
  form: InputForm | undefined,
  { onProgress, onPart, maxBytes = memoryFor('inputs') }: ReadInputsOptions = {},
): Promise<JetImages | Jets> {
  const { name, count } = source;
  const { kind, jetShape } = await inputSource(source, form);
  const size = sizeOf(jetShape);
  if (count * size * 4 > maxBytes)
    throw new JetError(
      'LIMIT_EXCEEDED',
      `${name}: ${counted(count, 'input')} of ${jetShape.join('×')} take ${count * size * 4} bytes; expected at most ${maxBytes}; take fewer jets, or smaller images, ${MEMORY_REMEDY}`,
      { bytes: count * size * 4, limit: maxBytes },
    );
  const data = new Float32Array(count * size);
  const step = Math.max(1, Math.min(CHUNK, Math.floor(CHUNK_BYTES / (4 * size))));
  for (let start = 0; start < count; start += step) {
    const stop = Math.min(count, start + step);
    const part = await source.read(start, stop);
    onPart?.(part, start);
    data.set(toInputs(part, form, name).data, start * size);
    onProgress?.({ done: stop, total: count });
    await turn();
  }
  const [a, b, c] = jetShape;
  return kind === 'constituents' ? jets(data, a) : jetImages(data, [a, b, c]);
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

export interface LabelledInputsOptions extends Pick<ReadInputsOptions, 'onProgress'> {
  /** give the pT of the jets as well; default false */
  readonly pt?: boolean;
}

/**
 * All jets of a source as the inputs of a network, with their labels.
 *
 * @param form undefined: images stay as they are
 * @throws {JetError} BAD_DATASET if there are no labels, constituents and no recipe, or images where the pT is asked for
 */
export async function readLabelledInputs(
  source: JetSource,
  form: InputForm | undefined,
  { pt, onProgress }: LabelledInputsOptions = {},
): Promise<LabelledInputs> {
  requireSource('readLabelledInputs', source);
  const { name, count, classes } = source;
  const labels = await source.labels();
  if (labels === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${name}: got ${counted(count, 'jet')} without labels; expected labelled jets to learn from`,
      { name, jets: count },
    );
  const momenta = pt ? new Float64Array(count) : undefined;
  const inputs = await readInputs(source, form, {
    ...(onProgress && { onProgress }),
    ...(momenta && { onPart: (part, start) => momenta.set(transverseMomenta(part, name), start) }),
  });
  return { inputs, labels, ...(momenta && { pt: momenta }), ...(classes && { classes }) };
}

function transverseMomenta(part: Jets | JetImages, name: string): Float64Array {
  if (part.kind === 'images')
    throw new JetError(
      'BAD_DATASET',
      `${name}: got images; expected constituents, which tell the pT of a jet; train without flat pT (--no-flat-pt)`,
      { name },
    );
  return jetKinematics(part).pt;
}

/** The first constituents of every jet, padded with zeros where there are fewer. */
function leading(given: Jets | JetImages, count: number, name: string): Jets {
  if (given.kind === 'images')
    throw new JetError(
      'BAD_DATASET',
      `${name}: got images; expected jets of constituents, of which this network takes ${count}`,
      { name },
    );
  const [all, slots] = given.shape;
  const data = new Float32Array(all * count * 4);
  const kept = Math.min(slots, count) * 4;
  for (let jet = 0; jet < all; jet++)
    data.set(given.data.subarray(jet * slots * 4, jet * slots * 4 + kept), jet * count * 4);
  return jets(data, count);
}
