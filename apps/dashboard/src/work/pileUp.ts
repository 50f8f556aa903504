/** @file Jets with pile-up, before and after a regressor has taken it out. */
import { loadRegressor } from '@jetsdk/infer';
import {
  correctedJets,
  imageRecipes,
  imager,
  JetError,
  type JetImages,
  type JetSource,
  jetImages,
  type Recipe,
} from '@jetsdk/jets';
import { openJets } from '@jetsdk/jets/files';
import { breath } from './breath.js';
import type { Task } from './rpc.js';
import { fetchFile, fetchRuntime } from './runtimeFiles.js';

/** Neutral momenta of all jets in GeV, and what the jets weigh with them. */
export interface NeutralImages {
  /** (jets, side, side) */
  readonly pixels: Float32Array;
  /** (jets,) GeV, with the tracks of the leading vertex */
  readonly pt: Float64Array;
  readonly mass: Float64Array;
}

export interface CleanedJets {
  readonly name: string;
  /** that were cleaned */
  readonly jets: number;
  /** in the file */
  readonly of: number;
  readonly side: number;
  readonly halfWidth: number;
  readonly before: NeutralImages;
  readonly after: NeutralImages;
  /** by the vertices of the file */
  readonly truth: NeutralImages;
}

/** More is not looked at one by one. */
const MOST = 2000;
const SLICE = 100;

/**
 * Cleans the first jets of a file.
 *
 * @param input `file` of the visitor, or the address of one of the site; `model` the address of a regressor
 * @throws {JetError} as `openJets` and `loadRegressor`; BAD_DATASET for jets without charge and vertex
 */
export async function clean(
  input: { readonly file: File | string; readonly model: string },
  task: Task,
): Promise<CleanedJets> {
  const file = typeof input.file === 'string' ? await fetchFile(input.file, task) : input.file;
  const source = await openJets(file);
  try {
    await fetchRuntime('wasm', task);
    await using regressor = await loadRegressor(input.model, {
      device: 'wasm',
      signal: task.signal,
      onProgress: task.progress,
    });
    const { card, recipe, output } = regressor.info;
    const { halfWidth } = output;
    const [first] = imageRecipes(recipe).values();
    if (card.truth === undefined || first === undefined)
      throw new JetError('BAD_MODEL', `${card.name}: a card without a truth; expected how the true images are made`);
    const jets = Math.min(MOST, source.count);
    const [side] = output.shape as [number];
    const before = room(jets, side);
    const after = room(jets, side);
    const truth = room(jets, side);
    const options = { recipe, halfWidth };
    for await (const { start, part } of slices(source, jets, task)) {
      const images = await regressor.correct(part, { signal: task.signal, onWarning: () => undefined });
      put(before, start, made(first, part), part, options);
      put(after, start, { kind: 'images', ...images }, part, options);
      put(truth, start, made(card.truth, part), part, options);
    }
    return { name: source.name, jets, of: source.count, side, halfWidth, before, after, truth };
  } finally {
    source.close();
  }
}

type Constituents = Extract<Awaited<ReturnType<JetSource['read']>>, { kind: 'constituents' }>;

async function* slices(source: JetSource, jets: number, { signal, progress }: Task) {
  const rest = breath(signal);
  for (let start = 0; start < jets; start += SLICE) {
    const stop = Math.min(start + SLICE, jets);
    const part = await source.read(start, stop);
    if (part.kind !== 'constituents' || part.vertex === undefined || part.charge === undefined)
      throw new JetError(
        'BAD_DATASET',
        `${source.name}: ${part.kind === 'images' ? 'images' : 'constituents without charge and vertex'}; expected constituents with both, of which the images are made`,
      );
    yield { start, part };
    progress({ done: stop, total: jets });
    await rest();
  }
}

function made(recipe: Recipe, jets: Constituents): JetImages {
  const make = imager(recipe);
  const pixels = new Float32Array(jets.shape[0] * make.shape[0] * make.shape[1] * make.shape[2]);
  make.fill(jets, pixels);
  return jetImages(pixels, make.shape);
}

const room = (jets: number, side: number): NeutralImages => ({
  pixels: new Float32Array(jets * side * side),
  pt: new Float64Array(jets),
  mass: new Float64Array(jets),
});

function put(
  into: NeutralImages,
  start: number,
  images: JetImages,
  jets: Constituents,
  options: Parameters<typeof correctedJets>[2],
): void {
  const { pt, mass } = correctedJets(images, jets, options);
  into.pixels.set(images.data, (start * into.pixels.length) / into.pt.length);
  into.pt.set(pt, start);
  into.mass.set(mass, start);
}
