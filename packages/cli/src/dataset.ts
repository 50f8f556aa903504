/** @file Jets of a file as images in memory, ready for training or pictures. */
import {
  imager,
  JetError,
  type JetImages,
  type JetSource,
  type Jets,
  jetImages,
  makeImages,
  normaliseImages,
  type Recipe,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { progress } from './terminal.js';

/** Jets read at a time. */
const CHUNK = 1024;

/** Images with their labels. */
export interface LabelledImages {
  readonly images: JetImages;
  /** (n,) 0 = background, 1 = signal */
  readonly labels: Uint8Array;
  /** index = label, where the file tells them */
  readonly classes?: readonly string[];
}

/**
 * Reads a whole file as images.
 *
 * @param recipe makes images of constituents and normalises images; without one, images stay as they are
 * @throws {JetError} BAD_DATASET if the file has no labels, or constituents and no recipe is given
 */
export async function readLabelledImages(
  path: string,
  recipe: Recipe | undefined,
  label: string,
): Promise<LabelledImages> {
  const source = await openJets(path);
  try {
    const labels = await source.labels();
    if (labels === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${path}: it has ${source.count} jets and no labels; a network learns from labelled jets`,
        {
          path,
          jets: source.count,
        },
      );
    const images = await readImages(source, recipe, label);
    return { images, labels, ...(source.classes && { classes: source.classes }) };
  } finally {
    source.close();
  }
}

/** All jets of an open source as images, with progress. */
export async function readImages(source: JetSource, recipe: Recipe | undefined, label: string): Promise<JetImages> {
  if (source.kind === 'constituents' && recipe === undefined)
    throw new JetError(
      'BAD_DATASET',
      `${source.name}: it holds constituents; say with --recipe how they become images`,
    );
  const maker = source.kind === 'constituents' && recipe !== undefined ? imager(recipe) : undefined;
  const shape = maker?.shape ?? imageShape(source);
  const size = shape[0] * shape[1] * shape[2];
  const pixels = new Float32Array(source.count * size);
  const bar = progress(label, source.count, 'jets');
  try {
    for (let start = 0; start < source.count; start += CHUNK) {
      const stop = Math.min(source.count, start + CHUNK);
      const part = await source.read(start, stop);
      if (part.kind === 'constituents') maker!.fill(part, pixels, start * size);
      else pixels.set((recipe === undefined ? part : normaliseImages(recipe, part)).data, start * size);
      bar.update(stop);
    }
  } finally {
    bar.stop();
  }
  return jetImages(pixels, shape);
}

/** Jets in memory as images. */
export function toImages(jets: Jets | JetImages, recipe: Recipe | undefined): JetImages {
  if (jets.kind === 'images') return recipe === undefined ? jets : normaliseImages(recipe, jets);
  if (recipe === undefined) throw new JetError('BAD_DATASET', 'constituents; say with --recipe how they become images');
  return makeImages(recipe, jets);
}

function imageShape({ jetShape, name }: JetSource): readonly [number, number, number] {
  const [height, width, channels] = jetShape;
  if (height === undefined || width === undefined || channels === undefined)
    throw new JetError(
      'SHAPE_MISMATCH',
      `${name}: jets of shape ${jetShape.join('×')}; expected height×width×channels`,
    );
  return [height, width, channels];
}
