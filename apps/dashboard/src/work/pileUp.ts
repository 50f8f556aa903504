/** @file Jets with pile-up, before and after a regressor has taken it out. */
import { loadRegressor } from '@jetsdk/infer';
import {
  imageRecipes,
  JetError,
  type Jets,
  type Recipe,
  rangeSource,
  readCorrections,
  type Tensor,
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
  /** the first image of the model's recipe, by the pixels of what it gives */
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
    const measured: Recipe = {
      ...first,
      steps: first.steps.map((step) => (step.step === 'pixelate' ? { ...step, pixels: side } : step)),
    };
    const rest = breath(task.signal);
    const corrected = async (part: Jets): Promise<Tensor> => {
      await rest();
      return regressor.correct(part, { signal: task.signal, onWarning: () => undefined });
    };
    const [before, after, truth] = (
      await readCorrections(rangeSource(source, 0, jets), [measured, corrected, card.truth], {
        recipe,
        halfWidth,
        block: SLICE,
        onProgress: task.progress,
      })
    ).map(({ images, pt, mass }): NeutralImages => ({ pixels: images.data, pt, mass }));
    return { name: source.name, jets, of: source.count, side, halfWidth, before, after, truth };
  } finally {
    source.close();
  }
}
